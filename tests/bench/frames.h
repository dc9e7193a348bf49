/* tests/bench/frames.h - received video packets become frames: what is complete, what is missing.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_FRAMES_WINDOW 1024

typedef struct
{
  gboolean has_arrived, marker;
  guint8 n_nacks;
  guint32 timestamp;
  gint64 arrival_ns;
  gint64 nack_ns;  /* when to ask (again) for it */
  guint8 *payload; /* owned (nullable): only while payloads are kept */
  gsize payload_size;
} McuFramesSlot;

typedef struct _McuFrames McuFrames;

/**
 * McuFramesFunc: a complete frame, the packets @first to @last.
 * @arrival_ns: when its last missing packet came
 */
typedef void (*McuFramesFunc) (McuFrames *self, guint16 first, guint16 last, gint64 arrival_ns,
                               gpointer user_data);

/** McuFrames: one video stream. One thread. */
struct _McuFrames
{
  McuFramesSlot slots[MCU_FRAMES_WINDOW];
  gboolean has_any;
  gboolean keep_payloads;
  guint16 first; /* of the frame that is being collected */
  guint16 next;  /* everything before it has arrived */
  guint16 highest;
  guint32 n_cycles;
  McuFramesFunc func;
  gpointer user_data;

  guint64 n_packets; /* without repeats */
  guint64 n_frames;
  guint64 n_skipped;   /* holes that were given up */
  guint64 n_recovered; /* packets that came after they had been asked for */
};

McuFrames *mcu_frames_new (McuFramesFunc func, gpointer user_data);
void mcu_frames_free (McuFrames *self);

/** McuFramesPacket: @payload is (transfer none) and may be NULL when payloads are not kept. */
typedef struct
{
  guint16 seq;
  gboolean marker;
  guint32 timestamp;
  gint64 arrival_ns;
  const guint8 *payload;
  gsize payload_size;
} McuFramesPacket;

void mcu_frames_add (McuFrames *self, const McuFramesPacket *packet);
/** mcu_frames_missing: what to ask for now, in order; gives up holes that were asked for in vain.
 * Returns: how many of @seqs (at most @max). */
guint mcu_frames_missing (McuFrames *self, gint64 now_ns, guint16 *seqs, guint max);
McuFramesSlot *mcu_frames_slot (McuFrames *self, guint16 seq);
/** mcu_frames_keep_payloads: from now on; what was kept is freed when @keep is FALSE. */
void mcu_frames_keep_payloads (McuFrames *self, gboolean keep);
