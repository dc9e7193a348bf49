/* tests/bench/sender.h - the material as one client's RTP streams, on time.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/material.h"
#include "tests/bench/rtp.h"
#include "tests/bench/sdp.h"

#define MCU_SENDER_HISTORY 512

/** McuSenderFunc: one packet, ready to be protected; @data has room behind @size. */
typedef void (*McuSenderFunc) (guint8 *data, gsize size, gpointer user_data);

typedef struct
{
  const McuMaterial *material; /* unowned (nullable): nothing is sent */
  guint position;              /* the next frame */
  gint64 next_ns;
  gint64 period_ns;
  guint32 ssrc, timestamp, step;
  guint16 seq;
  guint8 pt;
  McuRtpExtensions extensions; /* the ids that the other side accepted */
  guint32 n_packets, n_bytes, n_frames;
  gint64 *sent_ns; /* owned: when the frame of that position last went out */
} McuSenderTrack;

/** McuSender: one thread, but for sent_ns, which the probe reads. */
typedef struct
{
  McuSenderTrack audio, video;
  guint32 rtx_ssrc;
  guint8 rtx_pt; /* 0: no retransmissions */
  guint16 rtx_seq;
  guint16 twcc;
  guint16 picture_id;
  gboolean key_wanted;
  gboolean is_in_step;      /* see mcu_sender_keep_step() */
  gboolean is_video_paused; /* time goes on, nothing is sent */
  gint64 last_key_ns;
  guint n_keys, n_rtx;
  McuSenderFunc func;
  gpointer user_data;

  struct
  {
    const McuMaterialPacket *packet;
    guint32 timestamp;
    guint16 picture_id;
    guint16 seq;
  } history[MCU_SENDER_HISTORY];
} McuSender;

/** mcu_sender_init: makes the SSRCs. */
void mcu_sender_init (McuSender *self, const McuMaterial *video, const McuMaterial *audio,
                      McuSenderFunc func, gpointer user_data);
/** mcu_sender_sweep: makes the camera a three-hundredth slower than 30 frames/s, so that within 10
 * s it meets every phase of a mixer's clock: a delay is then a distribution and not one run's luck.
 */
void mcu_sender_sweep (McuSender *self);
/** mcu_sender_keep_step: from its start on the place in the picture's material is that in the
 * sound's. It costs the answers to requests for key frames (they come every 5 s anyway) and what a
 * camera would lose in a stall of this machine: it is sent late. */
void mcu_sender_keep_step (McuSender *self);
void mcu_sender_clear (McuSender *self);
/** mcu_sender_start: takes payload types and extensions from the other side's description;
 * @phase: 0..1, where in a frame's period this one begins. */
void mcu_sender_start (McuSender *self, const McuLoadSdp *sdp, gint64 now_ns, double phase);
/** mcu_sender_tick: sends what is due. */
void mcu_sender_tick (McuSender *self, gint64 now_ns);
/** mcu_sender_request_key: jumps to a key frame, at most every 300 ms. */
void mcu_sender_request_key (McuSender *self);
/** mcu_sender_resend: answers one NACK entry. */
void mcu_sender_resend (McuSender *self, guint16 seq);
/** mcu_sender_report: the sender info of a track now. */
McuRtcpSender mcu_sender_report (const McuSenderTrack *track, gint64 now_ns);
