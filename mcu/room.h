/* mcu/room.h - a room: who is in it, how they come, speak to each other and go.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Beside it, each with its part of the same record: mcu/roster (who is told what), mcu/room-media
 * (the process and its replay), mcu/peers (offers and connections), mcu/room-layout (tiles),
 * mcu/room-view (one picture), mcu/room-views (receivers' own).
 * Thread: main loop. */
#pragma once

#include "layouts/layout.h"
#include "mcu/crash-loop.h"
#include "mcu/floor.h"
#include "mcu/node.h"
#include "mcu/participant.h"
#include "mcu/room-settings.h"

typedef void (*McuRoomEndedFunc) (McuRoom *room, gpointer user_data);

struct _McuRoom
{
  /* Set once. */
  McuNode *node; /* unowned */
  char *name;
  gint64 created_at_us; /* real time */
  McuRoomEndedFunc on_ended;
  gpointer user_data;

  /* Changed by room-configure.c only. */
  McuRoomSettings settings;
  McuRoomSettings made_with; /* the settings that it began with */
  gboolean is_created;       /* by REST: it makes no place for others while it waits */
  int canvas_width_px;       /* of the running picture: settings.canvas_* once nobody is in */
  int canvas_height_px;
  guint canvas_fps;

  /* room.c */
  GPtrArray *participants; /* owned, in the order of joining */
  GPtrArray *lobby;        /* owned: who waits to be let in: mcu/room-lobby.h */
  GHashTable *by_id;       /* unowned */
  GHashTable *kicked;      /* set of participant ids; final until the room ends */
  GHashTable *banned;      /* set of identities of those; as long */
  GHashTable *at_fault;    /* identity -> until when it is refused (gint64, monotonic), owned */
  guint64 next_order;
  guint n_guests;
  guint empty_source;
  guint moderator_source; /* while a moderator may still come back after a restart of ours */
  gboolean ending;

  /* roster.c */
  guint changed_source;
  gint64 changed_us; /* when the others were last told */

  /* room-media.c */
  McuRoomProcess *process; /* owned (nullable) */
  McuCrashLoop *crash_loop;
  McuFloor *floor;
  guint linger_source; /* an empty room's process waits a little for the next one */
  guint tick_source;   /* while there is a process or should be one */
  guint stats_source;
  gboolean stats_wanted; /* a `stats` is on its way */
  JsonObject *stats;     /* owned (nullable): the process's last report */
  McuRate warning_rate;  /* what its warnings may cost our log */

  /* room-layout.c */
  guint place_source; /* one placement per turn of the main loop */
  gint64 place_seq;
  GPtrArray *views;        /* owned, (element-type McuRoomView) owned; main first */
  guint n_views_made;      /* for their names */
  McuLayout *layout;       /* owned: as chosen */
  McuLayout *presentation; /* owned (nullable): instead of it while a screen is shared */
  char *floor_was;         /* (nullable): participant id: who had the floor last */

  /* room-signs.c */
  char *caption; /* (nullable) */
  gboolean shows_recording;
  GQueue sent_pictures; /* of ids, owned: of layouts, that the process has; newest last */
  /* room-live.c */
  McuRoomLive *live; /* owned (nullable): NULL until there is one */
  /* room-recordings.c */
  GPtrArray *recordings; /* unowned: of McuRecording; those that run, or have just ended */
  gint64 quiet_from_us;  /* monotonic: since when nobody spoke or showed a screen */
  gboolean is_quiet;     /* for so long that recordings pause */

  /* room-send.c */
  guint send_source; /* when there is something to say later */
};

/**
 * mcu_room_new:
 * @settings: (nullable): instead of the defaults for its name; copied
 * @on_ended: called last, from the main loop: empty for too long, or its media are lost for good
 */
McuRoom *mcu_room_new (McuNode *node, const char *name, const McuRoomSettings *settings,
                       McuRoomEndedFunc on_ended, gpointer user_data);

/** mcu_room_free: everybody who is still there gets `bye room_ended`. */
void mcu_room_free (McuRoom *self);

/** mcu_room_end: `bye` with @code to all, then on_ended. */
void mcu_room_end (McuRoom *self, const char *code, const char *reason);

/**
 * mcu_room_join:
 * @name: (nullable): as the user gave it
 * @viewer: whether they only want to look
 * @pass: (nullable): what their token says; whoever is here by the same identity is replaced
 * @error: MCU_ERROR_ROOM_FULL, MCU_ERROR_OVERLOADED, MCU_ERROR_MEDIA_FAULT, MCU_ERROR_BANNED (of a
 * pass whose identity was sent out), MCU_ERROR_ROOM_LOCKED
 *
 * Who joins is not announced before mcu_room_announce(), so that `welcome` is the first they hear.
 * In a room with a lobby they may be `waiting`: McuSeatOps.admitted says when that is over.
 *
 * Returns: (transfer none) (nullable)
 */
McuParticipant *mcu_room_join (McuRoom *self, const char *name, McuKind kind, gboolean viewer,
                               const McuPass *pass, const McuSeatOps *ops, gpointer holder,
                               GError **error);

/**
 * mcu_room_resume:
 * @resume: a verified token
 * @may_remake: whether somebody whom the room does not know is taken at the token's word: we were
 *              restarted
 * @error: MCU_ERROR_NOT_FOUND (join anew), MCU_ERROR_ROOM_FULL, MCU_ERROR_BANNED,
 *         MCU_ERROR_MEDIA_FAULT (@retry_after_ms is set)
 *
 * A holder that is still there gets `bye replaced`.
 */
McuParticipant *mcu_room_resume (McuRoom *self, const McuResume *resume, gboolean may_remake,
                                 const McuSeatOps *ops, gpointer holder, guint *retry_after_ms,
                                 GError **error);

/** mcu_room_announce: to the others, and to the room process. */
void mcu_room_announce (McuRoom *self, McuParticipant *participant);

/** mcu_room_away: the holder is gone without a word: they have 30 s to come back. */
void mcu_room_away (McuRoom *self, McuParticipant *participant);

/**
 * mcu_room_leave:
 * @reason: what the others are told: "left", "kicked", "timeout", "media_fault", ...
 *
 * @participant is freed. Its holder is told nothing: see mcu_room_dismiss().
 */
void mcu_room_leave (McuRoom *self, McuParticipant *participant, const char *reason);

/** mcu_room_dismiss: `bye` to the holder, then mcu_room_leave() with @code as the reason. */
void mcu_room_dismiss (McuRoom *self, McuParticipant *participant, const char *code,
                       const char *reason, guint retry_after_ms);

/** mcu_room_find: (transfer none) (nullable): by id; NULL is allowed. */
McuParticipant *mcu_room_find (McuRoom *self, const char *id);

/**
 * mcu_room_set_state:
 * @state: (transfer none): the message `state`; members that are absent stay
 */
void mcu_room_set_state (McuRoom *self, McuParticipant *participant, JsonObject *state);

/**
 * mcu_room_moderate:
 * @by: (nullable): NULL: somebody who may everything, by REST
 * @order: (transfer none): the message `moderate`
 * @error: MCU_ERROR_FORBIDDEN, MCU_ERROR_NOT_FOUND, MCU_ERROR_BAD_REQUEST
 */
gboolean mcu_room_moderate (McuRoom *self, McuParticipant *by, JsonObject *order, GError **error);

/** mcu_room_blame: @participant made the media fail: `bye`, and their identity is refused for long.
 */
void mcu_room_blame (McuRoom *self, McuParticipant *participant);

/** mcu_room_ensure_moderator: somebody is one, where no tokens say who. */
void mcu_room_ensure_moderator (McuRoom *self);

/** mcu_room_seat: of the room's files only: @participant (transfer full) is in it from now. */
void mcu_room_seat (McuRoom *self, McuParticipant *participant);

/** mcu_room_wait: the room is empty: its time to end begins (anew). */
void mcu_room_wait (McuRoom *self);

/** mcu_room_is_empty: nobody, not even somebody away. */
gboolean mcu_room_is_empty (McuRoom *self);
