/* pipelines/room/room-private.h - what the parts of a room share: room.c (people, views, sound) and
 * room-peers.c (connections), room-views.c (more views).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/base/hop.h"
#include "pipelines/room/room.h"

struct _McuRoom
{
  /* Set once in new(), then read by any thread. */
  McuRoomReportFunc report;
  McuRoomAnswerFunc answer;
  gpointer user_data;
  McuHop *hop; /* owned */
  GstClockTime base_time;

  /* Main loop only. */
  McuRoomSettings settings;
  gboolean is_set_up;
  guint32 video_rtp_offset;
  GHashTable *people;        /* owned, (element-type utf8 McuPerson) */
  GHashTable *views;         /* owned, (element-type utf8 McuView) */
  GHashTable *leaving_views; /* owned, set of ids: removed, but a recorder is on them */
  GArray *ended;             /* owned, (element-type McuEndedRung): of views that are gone */
  McuViewStats gone_views;   /* sums */
  GHashTable *seats;         /* owned, (element-type utf8 McuSeat) */
  McuPeerHub *hub;           /* owned */
  McuAudioMixer *mixer;      /* owned; its tick's thread too, see mixer.h */
  McuTick *audio_tick;       /* owned */
};

/** mcu_room_on_placed: an McuViewPlacedFunc. */
void mcu_room_on_placed (gpointer user_data, const char *view_id, guint64 seq, guint64 pts_ns);
/** mcu_room_insert_view: @spec is good, and no such view is there. */
void mcu_room_insert_view (McuRoom *self, const McuRoomViewSpec *spec);
