/* pipelines/output/receiver.h - stage 6 of 6: one peer's end of a rung.
 * From: output/rung.  To: the peer's webrtcbin.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "pipelines/output/frame-memory.h"

/* More than this waiting means that the peer's thread does not keep up; a leak of frames before the
 * payloader would leave no gap in the sequence numbers, so it is a clean stop until a keyframe. */
#define MCU_RECEIVER_MAX_WAITING 3
/* What one receiver may make all others pay: this many keyframe requests at once, one more each
 * MCU_RECEIVER_REQUEST_REFILL_US. */
#define MCU_RECEIVER_REQUEST_BURST 3
#define MCU_RECEIVER_REQUEST_REFILL_US 2000000

typedef struct _McuReceiver McuReceiver;

/**
 * McuReceiverFirstFunc:
 * @pts_ns: running time of the first frame that was handed to the peer
 *
 * Called once per rung that the receiver is put on.  Thread: encoder's or main loop; copy and hop.
 */
typedef void (*McuReceiverFirstFunc) (gpointer user_data, guint64 pts_ns);

/**
 * mcu_receiver_new:
 * @source: (transfer none): the appsrc before this peer's payloader; its upstream events are
 * watched
 * @free_data: for @user_data, when the last reference goes
 *
 * Returns: (transfer full): one reference (the rung takes another).  Thread: main loop.
 */
McuReceiver *mcu_receiver_new (GstAppSrc *source, McuReceiverFirstFunc on_first, gpointer user_data,
                               GDestroyNotify free_data);
McuReceiver *mcu_receiver_ref (McuReceiver *self);
void mcu_receiver_unref (McuReceiver *self);

/**
 * mcu_receiver_close: lets go of the appsrc's events; the peer calls it before its pipeline goes,
 * off any rung.  Thread: main loop.
 */
void mcu_receiver_close (McuReceiver *self);

/**
 * mcu_receiver_set_steady: for what writes a file: its rung gets every picture, also of a still
 * canvas, and a keyframe each MCU_KEYFRAME_STEADY_INTERVAL_US.  Thread: main loop, once, before the
 * first rung.
 */
void mcu_receiver_set_steady (McuReceiver *self);
/** mcu_receiver_is_steady: Thread: any. */
gboolean mcu_receiver_is_steady (McuReceiver *self);

/** mcu_receiver_set_bitrate: of a rung that is made for it first; 0: the usual one. Thread: main
 * loop. */
void mcu_receiver_set_bitrate (McuReceiver *self, guint bitrate_bps);
guint mcu_receiver_get_bitrate (McuReceiver *self);

/** mcu_receiver_restart: it is on a new rung and has none of its frames; of that one it gets only
 * what is newer than all it was sent before. Thread: main loop, off any rung. */
void mcu_receiver_restart (McuReceiver *self);

/**
 * mcu_receiver_give:
 * @memory: the rung's, which has @frame as its newest already
 *
 * Sends @frame, and before it what is missing, if that makes a right picture; else nothing.
 *
 * Thread: with the rung's lock held.
 */
void mcu_receiver_give (McuReceiver *self, const McuFrame *frame, const McuFrameMemory *memory);

/** mcu_receiver_catch_up: sends what the memory holds, if that makes a right picture; rung's lock
 * held. */
void mcu_receiver_catch_up (McuReceiver *self, const McuFrameMemory *memory);

/** McuReceiverWish: what it wants of its rung. */
typedef enum
{
  MCU_RECEIVER_CONTENT,
  MCU_RECEIVER_WANTS_REFRESH, /* has a picture and asked for a keyframe, or lost its place */
  MCU_RECEIVER_WANTS_FIRST    /* has no picture yet */
} McuReceiverWish;

/**
 * mcu_receiver_take_wish: what it wants since the last call; a request past its budget is dropped
 * and counted.  Thread: the ticker's, rung's lock held.
 */
McuReceiverWish mcu_receiver_take_wish (McuReceiver *self, gint64 now_us);

/** McuReceiverStats: counts since it was made. */
typedef struct
{
  guint64 frames;
  guint64 bytes;
  guint64 needs_key;        /* times it lost its place */
  guint64 requests;         /* keyframe requests from the peer */
  guint64 requests_refused; /* past its budget */
  guint waiting;            /* now: frames that its thread has not taken yet */
} McuReceiverStats;

/** mcu_receiver_get_stats: Thread: any. */
void mcu_receiver_get_stats (McuReceiver *self, McuReceiverStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuReceiver, mcu_receiver_unref)
