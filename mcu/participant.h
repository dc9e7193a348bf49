/* mcu/participant.h - one person in a room: who they are, what they do, how they are connected.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A record that the room's files share (room, roster, peers, room-layout); the room owns it. Others
 * only pass it on. Thread: main loop. */
#pragma once

#include <json-glib/json-glib.h>

#include "layouts/placement.h"
#include "mcu/participant-state.h"
#include "mcu/pass.h"
#include "mcu/rate.h"
#include "mcu/send-bound.h"
#include "mcu/types.h"

/** McuSeatOps: how the room speaks to whoever holds a participant: a client, or a WHIP session. */
typedef struct
{
  /** send: a message of the contract. @message: (transfer none) */
  void (*send) (gpointer holder, JsonObject *message);
  /** answered: an offer's end, exactly one of @sdp and @error. */
  void (*answered) (gpointer holder, gint64 session, const char *sdp, const GError *error);
  /** bye: it is over; the participant is no longer the holder's. */
  void (*bye) (gpointer holder, const char *code, const char *reason, guint retry_after_ms);
  /** admitted: (nullable where nobody can wait): they waited in the lobby, and are in the room. */
  void (*admitted) (gpointer holder);
} McuSeatOps;

/** McuPeer: one connection: one offer. */
typedef struct
{
  char *id; /* `<participant>.<session>` */
  gint64 session;
  gboolean answered;
  gboolean connected;
  gboolean told_silent;
  guint n_candidates;
  gint64 placed_seq;   /* the placement it was last told of; 0: none */
  gint64 placed_rtp;   /* ... and from which RTP timestamp on it shows */
  guint silent_source; /* removes it when the silence lasts */
} McuPeer;

/** McuViewWish: what somebody wants of their own picture: the contract's `view`. */
typedef struct
{
  char *pin; /* owned (nullable): participant id */
  gboolean hide_self;
  gboolean portrait;
  int max_height_px; /* 0: no bound */
} McuViewWish;

struct _McuParticipant
{
  McuRoom *room; /* unowned */
  char *id;
  char *name;
  char *identity; /* (nullable): of a token */
  McuKind kind;
  McuRole role;
  guint rights; /* of McuRights */
  McuParticipantState state;
  gint64 joined_at_us; /* real time */
  guint64 order;       /* who came first */
  gboolean announced;  /* the others know of them */

  gboolean audio_muted;
  gboolean video_muted;
  gboolean audio_muted_by_moderator;
  gboolean video_muted_by_moderator;
  gboolean screen;
  gint64 hand_raised_at_us; /* real time; 0: down */
  gboolean left_out;        /* of recordings, as they wish */
  gboolean left_out_by_moderator;

  /* Who holds the seat; NULL while the socket is lost. */
  const McuSeatOps *ops;
  gpointer holder;
  guint away_source;

  /* Media. */
  McuPeer *current;    /* owned (nullable): the newest session */
  McuPeer *old;        /* owned (nullable): keeps its media until the new one is connected */
  guint old_source;    /* ... or for 10 s */
  gint64 last_session; /* the highest number used */
  guint n_offers;      /* of this hold of the seat */
  McuRate offer_rate;
  gboolean has_seat;        /* on the canvas: media were accepted once */
  gboolean has_screen;      /* a stream for it was accepted */
  gint64 screen_started_ms; /* monotonic */
  gint64 last_spoke_ms;     /* monotonic: had the floor; 0: never */
  gboolean camera_live;     /* no word of the room yet that nothing comes */

  /* room-views.c */
  McuViewWish wish;  /* kept while they are in the room */
  McuRoomView *view; /* unowned (nullable): NULL: main */

  /* room-send.c; each by McuVideo. */
  McuSendState send[MCU_VIDEO_SCREEN + 1];
  int picture_width_px[MCU_VIDEO_SCREEN + 1]; /* as it comes; 0: not known */
  int picture_height_px[MCU_VIDEO_SCREEN + 1];

  /* room-signs.c */
  guint64 avatar_number; /* of the one they have, or had last */
  GBytes *avatar;        /* owned (nullable): as it was given */
  gboolean avatar_sent;  /* the room's process has it */

  gboolean changed; /* the others are to be told */
  char *report;     /* (nullable): its last `stats`, JSON text */
};

/** mcu_participant_new: (transfer full): joining, not yet in any list. @name is clean. */
McuParticipant *mcu_participant_new (McuRoom *room, const char *id, const char *name, McuKind kind,
                                     McuRole role);
void mcu_participant_free (McuParticipant *self);

/** mcu_participant_handle: steps the state table and logs. Returns: TRUE when it changed. */
gboolean mcu_participant_handle (McuParticipant *self, McuParticipantEvent event);

/** mcu_participant_is_seen: whether the others know of them: announced, and not hidden. */
gboolean mcu_participant_is_seen (McuParticipant *self);

/** mcu_participant_can_publish: whether they may send. */
gboolean mcu_participant_can_publish (McuParticipant *self);

/** mcu_participant_send: to whoever holds the seat, if anybody. @message: (transfer none) */
void mcu_participant_send (McuParticipant *self, JsonObject *message);

/** mcu_participant_to_json: (transfer full): the contract's object, without `media`. */
JsonObject *mcu_participant_to_json (McuParticipant *self, gboolean speaking);

/** mcu_time_to_json: (transfer full): RFC 3339, UTC, milliseconds. @real_us: of g_get_real_time()
 */
char *mcu_time_to_json (gint64 real_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuParticipant, mcu_participant_free)
