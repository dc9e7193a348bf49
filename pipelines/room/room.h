/* pipelines/room/room.h - one meeting's media: people, peers, views and the sound.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Told by commands.c what control wants (docs/media-link.md), tells through McuRoomReport what
 * happened. It decides nothing about people. Main loop only. */
#pragma once

#include <json-glib/json-glib.h>

#include "layouts/placement.h"
#include "pipelines/mix/audio/mixer.h"
#include "pipelines/output/view.h"
#include "pipelines/peer/peer.h"
#include "pipelines/room/link-quality.h"
#include "pipelines/room/person.h"

#define MCU_ROOM_MAIN_VIEW "main"
/* Above what control allows; a bound on what the link can make us spend. */
#define MCU_ROOM_MAX_PEERS 400
#define MCU_ROOM_MAX_PEOPLE 400
#define MCU_ROOM_MAX_VIEWS 24 /* beside the main one */
#define MCU_ROOM_MIN_SIDE_PX 64
#define MCU_ROOM_MAX_SIDE_PX 4096
#define MCU_ROOM_MAX_FPS 60

typedef struct _McuRoom McuRoom;

/** McuRoomReportFunc: @message: (transfer full): for the link. */
typedef void (*McuRoomReportFunc) (JsonObject *message, gpointer user_data);

/** McuRoomAnswerFunc: once per added peer; @error: what the client is told instead. */
typedef void (*McuRoomAnswerFunc) (McuPeer *peer, const char *answer, const GError *error,
                                   gint64 request_id, gpointer user_data);

/** McuRoomSettings: of `room_state`; copied. */
typedef struct
{
  int width_px;
  int height_px;
  guint fps;
  McuCodec video_codecs[2]; /* most wanted first */
  guint n_video_codecs;
  McuPeerNetwork network; /* strings are copied */
} McuRoomSettings;

/** McuRoomPeerSpec: of `peer_add`; copied. */
typedef struct
{
  const char *id;
  const char *participant;
  const char *view;
  gint64 request_id; /* handed back with the answer */
} McuRoomPeerSpec;

/** McuSeat: what the room knows of a peer beside the peer itself. */
typedef struct
{
  char *peer_id; /* owned */
  char *view_id; /* owned */
  gint64 request_id;
  guint port;           /* in the mixer; 0: none */
  gboolean is_on_view;  /* its receiver is on view_id's rung */
  gboolean is_silent;   /* reported so */
  gboolean has_picture; /* the first mixed frame of its view was sent */
  gboolean had_picture; /* ... of any view */
  gint64 lip_delay_us;  /* that its sound waits for its picture */
  McuLinkQuality link;
} McuSeat;

McuRoom *mcu_room_new (McuRoomReportFunc report, McuRoomAnswerFunc answer, gpointer user_data);
void mcu_room_free (McuRoom *self);

/** mcu_room_set_up: the first time makes the main view; later only what can change does. */
void mcu_room_set_up (McuRoom *self, const McuRoomSettings *settings);
gboolean mcu_room_is_set_up (McuRoom *self);
const McuRoomSettings *mcu_room_get_settings (McuRoom *self);

/** McuPersonSpec: of `participant`; copied. */
typedef struct
{
  const char *id;
  const char *name;
  gboolean audio_muted;
  gboolean video_muted;
  gboolean shares_screen;
  gboolean hand_raised;
} McuPersonSpec;

/** mcu_room_set_person: adds or changes. FALSE when there are too many. */
gboolean mcu_room_set_person (McuRoom *self, const McuPersonSpec *spec);

/** mcu_room_set_speaking: the speaking border of their tile, where the layout has one. */
void mcu_room_set_speaking (McuRoom *self, const char *id, gboolean is_speaking);

/** mcu_room_set_bad_link: the mark on their tile. */
void mcu_room_set_bad_link (McuRoom *self, const char *id, gboolean is_bad);

/**
 * mcu_room_set_avatar:
 * @avatar_id: (nullable): kept with the person
 * @avatar: (nullable): instead of their initials
 */
void mcu_room_set_avatar (McuRoom *self, const char *id, const char *avatar_id, McuImage *avatar);

void mcu_room_remove_person (McuRoom *self, const char *id);
/** mcu_room_find_person: (transfer none) (nullable). */
McuPerson *mcu_room_find_person (McuRoom *self, const char *id);
/** mcu_room_list_people: (transfer full) (array zero-terminated=1): ids. */
char **mcu_room_list_people (McuRoom *self);

/** McuRoomViewSpec: of `view`; copied. */
typedef struct
{
  const char *id;
  int width_px; /* even */
  int height_px;
  guint fps;
} McuRoomViewSpec;

typedef void (*McuRoomViewFunc) (McuView *view, gpointer user_data);

/** mcu_room_find_view: (transfer none) (nullable). */
McuView *mcu_room_find_view (McuRoom *self, const char *id);
/**
 * mcu_room_add_view:
 * @error: MCU_ERROR_BAD_REQUEST: a size out of bounds or not its own, too many
 *
 * It shows the background until it is placed. TRUE when it is there already.
 */
gboolean mcu_room_add_view (McuRoom *self, const McuRoomViewSpec *spec, GError **error);
/** mcu_room_remove_view: its peers go to the main one; it goes when no recorder is on it either. */
void mcu_room_remove_view (McuRoom *self, const char *id);
/** mcu_room_tend_views: now and then: frees what nobody is on any more, mends what failed. */
void mcu_room_tend_views (McuRoom *self);
/** mcu_room_foreach_view: the main one too. */
void mcu_room_foreach_view (McuRoom *self, McuRoomViewFunc func, gpointer user_data);
/** mcu_room_list_views: (transfer full) (array zero-terminated=1): ids, `main` too. */
char **mcu_room_list_views (McuRoom *self);
/** McuEndedRung: what encoders that are no more have done. */
typedef struct
{
  McuCodec codec;
  int height_px;
  McuRungStats stats;
} McuEndedRung;

/** mcu_room_list_ended: (transfer full) (element-type McuEndedRung): by codec and height. */
GArray *mcu_room_list_ended (McuRoom *self);

/** mcu_room_get_view_stats: of all views that are and were. */
void mcu_room_get_view_stats (McuRoom *self, McuViewStats *stats);
/** mcu_room_place: @placements of people that are not here are left out. */
gboolean mcu_room_place (McuRoom *self, const char *view_id, const McuPlace *how,
                         const McuPlacement *placements, guint n, GError **error);

/** mcu_room_add_peer: @offer: (transfer full). On @error the answer function is not called. */
gboolean mcu_room_add_peer (McuRoom *self, const McuRoomPeerSpec *spec, McuOffer *offer,
                            GError **error);
void mcu_room_remove_peer (McuRoom *self, const char *peer_id);
/** mcu_room_set_peer_view: from a keyframe on. Nothing happens when there is no such view. */
void mcu_room_set_peer_view (McuRoom *self, const char *peer_id, const char *view_id);
McuPeerHub *mcu_room_get_hub (McuRoom *self);
McuSeat *mcu_room_find_seat (McuRoom *self, const char *peer_id);
McuAudioMixer *mcu_room_get_mixer (McuRoom *self);
/** mcu_room_get_base_time: of all running times. */
GstClockTime mcu_room_get_base_time (McuRoom *self);
McuTick *mcu_room_get_audio_tick (McuRoom *self);

/** mcu_room_report: @message: (transfer full). */
void mcu_room_report (McuRoom *self, JsonObject *message);
