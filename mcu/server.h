/* mcu/server.h - all rooms of this machine: what signaling/ asks and hears.
 * SPDX-License-Identifier: Apache-2.0
 *
 * WebSocket people come through mcu/client.h; here are WHIP and WHEP sessions, lists for REST,
 * metrics, and the life of the whole. Thread: main loop. Nothing here blocks. */
#pragma once

#include <json-glib/json-glib.h>

#include "mcu/pass.h"
#include "mcu/recordings.h"

/**
 * mcu_server_new:
 * @config: finished; a reference is kept
 * @error: MCU_ERROR_INTERNAL when the state directory cannot be used
 *
 * Returns: (transfer full) (nullable): a server without rooms; starts to warm a spare room process
 * as soon as the main loop runs.
 */
McuServer *mcu_server_new (McuConfig *config, GError **error);

/** mcu_server_free: at once: links close, so room processes exit by themselves. */
void mcu_server_free (McuServer *self);

McuConfig *mcu_server_get_config (McuServer *self);

/* ---- life ---- */

/**
 * mcu_server_set_config:
 * @config: finished; a reference is kept
 *
 * SIGHUP. What holds for rooms that begin, connections that are made and questions that are asked
 * from now on; running rooms keep their canvas.
 */
void mcu_server_set_config (McuServer *self, McuConfig *config);

/**
 * mcu_server_set_draining:
 *
 * PUT and DELETE /v1/node/drain: TRUE refuses joins with `draining`; meetings that run, run on.
 */
void mcu_server_set_draining (McuServer *self, gboolean draining);
gboolean mcu_server_is_draining (McuServer *self);

typedef void (*McuServerStoppedFunc) (gpointer user_data);

/**
 * mcu_server_stop:
 * @func: called once, from the main loop: every room process has exited, or drain_timeout_s is over
 *
 * SIGTERM: `bye draining` to all, `drain` to every room process.
 */
void mcu_server_stop (McuServer *self, McuServerStoppedFunc func, gpointer user_data);

/**
 * mcu_server_is_ready:
 * @reasons: (out) (optional) (transfer full): of strings: "starting", "draining", "overloaded"
 *
 * GET /readyz. Returns: TRUE when a join would be taken.
 */
gboolean mcu_server_is_ready (McuServer *self, JsonArray **reasons);

/* ---- WHIP and WHEP ---- */

/**
 * McuWhipFunc:
 * @session_id: (nullable): 128 random bits, to be put into Location; NULL on error
 * @answer: (nullable): SDP
 * @error: (nullable): MCU_ERROR_BAD_SDP, NO_COMMON_CODEC, TOO_MANY_STREAMS, ROOM_FULL, DRAINING,
 *         OVERLOADED, RATE_LIMITED, MEDIA_FAULT, NOT_FOUND, TIMEOUT (5 s), ...
 */
typedef void (*McuWhipFunc) (const char *session_id, const char *answer, const GError *error,
                             gpointer user_data);

/**
 * mcu_server_whip_add:
 * @kind: MCU_KIND_WHIP or MCU_KIND_WHEP
 * @name: (nullable): display name as the user gave it
 * @pass: (nullable): what its token says; copied
 * @offer: SDP, at most 64 KiB
 * @func: called exactly once, within about 5 s, never from inside this call; when the session is
 *        removed before it is answered: with MCU_ERROR_GONE, from inside mcu_server_whip_remove()
 *
 * Returns: (transfer full): a handle for mcu_server_whip_remove() while the answer is awaited: the
 * session's id to be.
 */
char *mcu_server_whip_add (McuServer *self, const char *room_name, McuKind kind, const char *name,
                           const McuPass *pass, const char *offer, McuWhipFunc func,
                           gpointer user_data);

/**
 * mcu_server_whip_etag:
 * @room_name, @kind: as in the path, compared with the session's
 *
 * Returns: (transfer none) (nullable): the session's strong entity tag, with its quotes, one for
 * its whole life; NULL when there is no such session (any more): 404.
 */
const char *mcu_server_whip_etag (McuServer *self, const char *room_name, McuKind kind,
                                  const char *session_id);

/**
 * mcu_server_whip_candidate:
 * @candidate: (nullable): text after "a=", or NULL or "" for the end of them
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_RATE_LIMITED (over 20), MCU_ERROR_TOO_LARGE
 */
gboolean mcu_server_whip_candidate (McuServer *self, const char *session_id, const char *candidate,
                                    const char *sdp_mid, GError **error);

/** mcu_server_whip_remove: DELETE. Returns: FALSE when there is none. */
gboolean mcu_server_whip_remove (McuServer *self, const char *session_id);

/**
 * mcu_server_ice_servers:
 *
 * Returns: (transfer full): of the RTCIceServer shape, from [turn]; empty when none is configured.
 * Credentials are made now and hold for ttl_s.
 */
JsonArray *mcu_server_ice_servers (McuServer *self);

/* ---- REST ---- */

#define MCU_LIST_MAX 200

/**
 * mcu_server_list_rooms:
 * @limit: 1..MCU_LIST_MAX, else MCU_LIST_MAX
 * @after: (nullable): the cursor that was `next`
 *
 * Returns: (transfer full): {"rooms": [room], "next": null or cursor}
 */
JsonObject *mcu_server_list_rooms (McuServer *self, guint limit, const char *after);

/** mcu_server_get_room: (transfer full) (nullable): the contract's room object; NULL: not_found. */
JsonObject *mcu_server_get_room (McuServer *self, const char *room_name);

/**
 * mcu_server_create_room:
 * @members: (transfer none): `name`, and any settings (mcu/room-settings.h)
 * @is_new: (out): FALSE: there is one already, made with the same settings or having them now
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_TOO_LARGE, MCU_ERROR_BAD_ROOM_NAME, MCU_ERROR_EXISTS
 *         (with other settings), MCU_ERROR_GONE (it is just ending), MCU_ERROR_DRAINING,
 *         MCU_ERROR_OVERLOADED (max_rooms)
 *
 * It waits empty_timeout_s for somebody, and then goes.
 *
 * Returns: (transfer full) (nullable): the room.
 */
JsonObject *mcu_server_create_room (McuServer *self, JsonObject *members, gboolean *is_new,
                                    GError **error);

/**
 * mcu_server_configure_room:
 * @members: (transfer none): settings that change; null: the default of now
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_BAD_REQUEST, MCU_ERROR_TOO_LARGE,
 *         MCU_ERROR_PRECONDITION_FAILED (the canvas of a room that somebody is in)
 *
 * Returns: (transfer full) (nullable): the room.
 */
JsonObject *mcu_server_configure_room (McuServer *self, const char *room_name, JsonObject *members,
                                       GError **error);

/** mcu_server_delete_room: `bye room_ended` to all. Returns: FALSE when there is none. */
gboolean mcu_server_delete_room (McuServer *self, const char *room_name);

/**
 * mcu_server_configure_participant:
 * @members: (transfer none): audio_muted_by_moderator, video_muted_by_moderator, role, name, admit
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_BAD_REQUEST, MCU_ERROR_ROOM_FULL (admit)
 *
 * Returns: (transfer full) (nullable): the participant.
 */
JsonObject *mcu_server_configure_participant (McuServer *self, const char *room_name,
                                              const char *id, JsonObject *members, GError **error);

/** mcu_server_remove_participant: a kick. @error: MCU_ERROR_NOT_FOUND */
gboolean mcu_server_remove_participant (McuServer *self, const char *room_name, const char *id,
                                        GError **error);

/** mcu_server_list_layouts: (transfer full): {"layouts": [{name, title}]}. */
JsonObject *mcu_server_list_layouts (McuServer *self);

/** mcu_server_get_layout: (transfer full) (nullable): the document; NULL: not_found. */
JsonObject *mcu_server_get_layout (McuServer *self, const char *name);

/** mcu_server_get_room_layout: (transfer full) (nullable): of what the room has; NULL: not_found.
 */
JsonObject *mcu_server_get_room_layout (McuServer *self, const char *room_name);

/**
 * mcu_server_set_room_layout:
 * @wanted: {"name": of one that there is}, or a whole document; at most 64 KiB of JSON
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_BAD_REQUEST (names path and reason)
 *
 * Takes effect in the running picture.
 */
gboolean mcu_server_set_room_layout (McuServer *self, const char *room_name, JsonObject *wanted,
                                     GError **error);

/** mcu_server_get_caption: (transfer full) (nullable): {"text": string or null}; NULL: not_found.
 */
JsonObject *mcu_server_get_caption (McuServer *self, const char *room_name);

/**
 * mcu_server_set_caption:
 * @text: (nullable): UTF-8; NULL and "" take it away
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_TOO_LARGE (over 500 bytes)
 *
 * Drawn in all pictures of the room from now on, and still after its process is restarted.
 */
gboolean mcu_server_set_caption (McuServer *self, const char *room_name, const char *text,
                                 GError **error);

/**
 * mcu_server_set_avatar:
 * @bytes: (nullable) (array length=length): PNG or JPEG, at most 256 KiB; NULL takes it away
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_TOO_LARGE, MCU_ERROR_UNSUPPORTED_TYPE
 *
 * It is looked into by the room's process alone: what it cannot read it says as a warning, and
 * initials stay.
 */
gboolean mcu_server_set_avatar (McuServer *self, const char *room_name, const char *participant,
                                const char *bytes, gsize length, GError **error);

/** mcu_server_reload_layouts: SIGHUP: reads the operator's files again; logs what is wrong. */
void mcu_server_reload_layouts (McuServer *self);

/**
 * mcu_server_list_participants:
 *
 * Returns: (transfer full) (nullable): {"participants": [participant with media], "next": ...};
 * NULL: not_found. Media figures are those of the room's last report, at most 2 s old.
 */
JsonObject *mcu_server_list_participants (McuServer *self, const char *room_name, guint limit,
                                          const char *after);

/* ---- live outputs and inputs (docs/live.md) ---- */

/**
 * mcu_server_add_stream:
 * @wanted: see mcu_room_live_add_stream()
 * @error: besides MCU_ERROR_NOT_FOUND: there is no such room
 *
 * Returns: (transfer full) (nullable): the contract's stream object.
 */
JsonObject *mcu_server_add_stream (McuServer *self, const char *room_name, JsonObject *wanted,
                                   GError **error);
/** mcu_server_list_streams: (transfer full) (nullable): {"streams": []}; NULL: no such room. */
JsonObject *mcu_server_list_streams (McuServer *self, const char *room_name);
gboolean mcu_server_remove_stream (McuServer *self, const char *room_name, const char *id);

/**
 * mcu_server_add_input:
 * @wanted: see mcu_room_live_add_input()
 * @error: besides what mcu_server_open_room() says: the room is made as for anybody who joins
 */
JsonObject *mcu_server_add_input (McuServer *self, const char *room_name, JsonObject *wanted,
                                  GError **error);
/** mcu_server_list_inputs: (transfer full) (nullable): {"inputs": []}; NULL: no such room. */
JsonObject *mcu_server_list_inputs (McuServer *self, const char *room_name);
gboolean mcu_server_remove_input (McuServer *self, const char *room_name, const char *id);

/** mcu_server_hls_playlist: (transfer full) (nullable): of any room's stream @id. */
char *mcu_server_hls_playlist (McuServer *self, const char *id);
/** mcu_server_hls_segment: (transfer full) (nullable): @name: as in the playlist. */
GBytes *mcu_server_hls_segment (McuServer *self, const char *id, const char *name);

/** mcu_server_stats: (transfer full): GET /v1/stats. */
JsonObject *mcu_server_stats (McuServer *self);

/* ---- recordings ---- */

/** mcu_server_get_recordings: (transfer none): those that run, and those that are there. */
McuRecordings *mcu_server_get_recordings (McuServer *self);

/** mcu_server_record: mcu_recordings_start() in the room of that name: MCU_ERROR_NOT_FOUND too. */
void mcu_server_record (McuServer *self, const char *room_name, JsonObject *wish,
                        McuRecordingFunc func, gpointer user_data);

/* ---- metrics ---- */

typedef enum
{
  MCU_METRIC_COUNTER,
  MCU_METRIC_GAUGE,
  MCU_METRIC_HISTOGRAM
} McuMetricType;

/**
 * McuMetricFunc:
 * @name: the family, e.g. "tessera_joins_total"; samples of one family come one after another
 * @suffix: "" or, of histograms, "_bucket", "_sum", "_count"
 * @labels: "" or e.g. `result="ok"`, escaped and ready to stand between braces
 */
typedef void (*McuMetricFunc) (const char *name, McuMetricType type, const char *help,
                               const char *suffix, const char *labels, double value,
                               gpointer user_data);

/** mcu_server_visit_metrics: calls @func for each sample, now. */
void mcu_server_visit_metrics (McuServer *self, McuMetricFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuServer, mcu_server_free)
