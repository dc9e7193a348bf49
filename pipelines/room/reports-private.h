/* pipelines/room/reports-private.h - reports.c (noticed) and stats.c (asked).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/room/reports.h"

struct _McuReports
{
  /* Main loop only. */
  McuRoom *room;      /* unowned */
  GHashTable *levels; /* owned, (element-type utf8 Level): as last reported */
  JsonArray *changed; /* while the levels are looked through */
  guint timer;
  guint n_ticks;    /* of the timer */
  gint64 asked_us;  /* when stats were last read, for rates */
  GHashTable *seen; /* owned, (element-type utf8 McuVideoSeen): counters at that time, by peer */
};

/** mcu_reports_camera_packets: @out: (inout): left as it is where there is no camera. */
void mcu_reports_camera_packets (McuPeer *peer, McuGuardSectionStats *out);

typedef struct
{
  guint64 frames;
  guint64 bytes;
} McuVideoSeen;

typedef struct
{
  McuReports *reports;
  JsonArray *peers;
  guint n_decoders;
  guint64 decoded_frames;
  guint64 dropped[MCU_GUARD_N_REASONS];
} McuStatsWalk;
