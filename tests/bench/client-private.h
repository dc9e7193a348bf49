/* tests/bench/client-private.h - what the halves of a client share: media, and feedback on them.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/client.h"
#include "tests/bench/frames.h"
#include "tests/bench/reception.h"
#include "tests/bench/twcc.h"

/* About two seconds: a layout is told of after its first picture. */
#define MCU_CLIENT_N_SEEN 64

typedef struct
{
  guint32 timestamp;
  gint64 arrival_ns;
} McuSeenFrame;

struct _McuClient
{
  McuClientConfig config;
  char cname[32];
  McuConnection *connection; /* owned */
  McuSender sender;
  McuLoadSdp remote;
  McuFrames *frames; /* owned */
  McuReception audio_in, video_in;
  McuTwcc twcc;
  McuProbe *probe; /* unowned (nullable) */

  gboolean has_key; /* a key frame came, and no frame was lost since (the probe) */
  gboolean is_live;
  gint64 offered_ns, first_picture_ns;
  gint64 next_report_ns, next_feedback_ns, next_key_ns;
  gint64 last_frame_ns;
  McuSeenFrame seen[MCU_CLIENT_N_SEEN]; /* the newest complete frames, a ring */
  guint n_seen;
  guint64 n_skipped_before;
  McuClientStats stats;
};

/* client-feedback.c: each sends one packet of RTCP, if there is something to say. */

void mcu_client_send_reports (McuClient *self, gint64 now_ns);
void mcu_client_ask_for_key (McuClient *self);
void mcu_client_ask_for_missing (McuClient *self, gint64 now_ns);
void mcu_client_send_twcc (McuClient *self);
