/* mcu/peers.c - offers, candidates, connections: one person's sessions.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/peers.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/room-layout.h"
#include "mcu/room-media.h"
#include "mcu/room-views.h"
#include "mcu/roster.h"
#include "mcu/times.h"

/* What a `peer_add` on its way knows: names, because all of them may be gone when it is answered.
 */
typedef struct
{
  McuRoom *room;
  char *participant;
  gint64 session;
} Asked;

static void
free_peer (McuPeer *peer)
{
  if (peer == NULL)
    return;
  if (peer->silent_source != 0)
    g_source_remove (peer->silent_source);
  g_free (peer->id);
  g_free (peer);
}

static void
remove_peer (McuParticipant *participant, McuPeer *peer)
{
  JsonObject *message;

  if (peer == NULL)
    return;
  message = mcu_message_new ("peer_remove");
  json_object_set_string_member (message, "peer", peer->id);
  mcu_room_media_send (participant->room, message);
  free_peer (peer);
}

static void
drop_old (McuParticipant *participant)
{
  if (participant->old_source != 0)
    g_source_remove (participant->old_source);
  participant->old_source = 0;
  remove_peer (participant, g_steal_pointer (&participant->old));
}

static gboolean
on_old_too_old (gpointer data)
{
  McuParticipant *participant = data;

  participant->old_source = 0;
  drop_old (participant);
  return G_SOURCE_REMOVE;
}

static void
answer (McuParticipant *participant, gint64 session, const char *sdp, const GError *error)
{
  if (participant->ops != NULL)
    participant->ops->answered (participant->holder, session, sdp, error);
}

static void
refuse (McuParticipant *participant, gint64 session, McuError code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, code, why);

  answer (participant, session, NULL, error);
}

/* A connection that has media stays until the new one has them; one that has none goes at once. */
static void
make_way (McuParticipant *participant)
{
  McuPeer *current = g_steal_pointer (&participant->current);

  if (current == NULL)
    return;
  if (!current->connected) {
    if (!current->answered)
      refuse (participant, current->session, MCU_ERROR_GONE, "a newer offer came");
    remove_peer (participant, current);
    return;
  }
  drop_old (participant);
  participant->old = current;
  participant->old_source = g_timeout_add (mcu_times_ms (MCU_OLD_SESSION_MS), on_old_too_old,
                                           participant);
}

/* The new connection came to nothing: whatever was before it is what there is. */
static void
fall_back (McuParticipant *participant)
{
  remove_peer (participant, g_steal_pointer (&participant->current));
  participant->current = g_steal_pointer (&participant->old);
  if (participant->old_source != 0)
    g_source_remove (participant->old_source);
  participant->old_source = 0;
}

static void
accept_streams (McuParticipant *participant, JsonObject *reply)
{
  JsonArray *streams = mcu_json_array (reply, "streams");
  guint n = streams != NULL ? json_array_get_length (streams) : 0;
  gboolean had_seat = participant->has_seat;
  gboolean had_screen = participant->has_screen;

  if (!mcu_participant_can_publish (participant))
    return;
  participant->has_seat = had_seat || streams == NULL || n > 0;
  participant->has_screen = FALSE;
  for (guint i = 0; i < n; i++) {
    JsonObject *one = mcu_json_array_object (streams, i);
    if (one != NULL && g_strcmp0 (mcu_json_string (one, "stream"), "screen") == 0)
      participant->has_screen = TRUE;
  }
  if (participant->has_seat != had_seat || participant->has_screen != had_screen)
    mcu_room_layout_changed (participant->room);
}

static void
handle_answer (McuParticipant *participant, JsonObject *reply, const GError *error)
{
  gint64 session = participant->current->session;
  const char *sdp = reply != NULL ? mcu_json_string (reply, "answer") : NULL;

  if (sdp != NULL && strlen (sdp) <= MCU_MAX_SDP_BYTES) {
    participant->current->answered = TRUE;
    accept_streams (participant, reply);
    answer (participant, session, sdp, NULL);
    return;
  }
  fall_back (participant);
  if (error != NULL)
    answer (participant, session, NULL, error);
  else
    refuse (participant, session, MCU_ERROR_INTERNAL, "no answer in the room's reply");
}

static void
on_answer (JsonObject *reply, const GError *error, gpointer data)
{
  Asked *asked = data;
  McuParticipant *participant = mcu_room_find (asked->room, asked->participant);

  /* Who got no answer stays a suspect, should the process die of it. */
  if (reply != NULL || (error->code != MCU_ERROR_INTERNAL && error->code != MCU_ERROR_TIMEOUT))
    mcu_crash_loop_answered (asked->room->crash_loop, asked->participant, g_get_monotonic_time ());
  mcu_metrics_count (asked->room->node->metrics, "tessera_joins_total",
                     reply != NULL ? "result=\"ok\"" : "result=\"error\"", 1);
  if (participant != NULL && participant->current != NULL &&
      participant->current->session == asked->session)
    handle_answer (participant, reply, error);
  g_free (asked->participant);
  g_free (asked);
}

/* (nullable): `canPublishSources` in the link's words. */
static JsonArray *
denied_streams (McuParticipant *participant)
{
  static const struct
  {
    guint right;
    const char *stream;
  } all[] = {
      {MCU_NO_MICROPHONE, "microphone"}, {MCU_NO_CAMERA, "camera"}, {MCU_NO_SCREEN, "screen"}};
  JsonArray *array = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    if ((participant->rights & all[i].right) == 0)
      continue;
    if (array == NULL)
      array = json_array_new ();
    json_array_add_string_element (array, all[i].stream);
  }
  return array;
}

static JsonObject *
peer_add_message (McuParticipant *participant, const char *sdp, JsonObject *streams)
{
  JsonObject *message = mcu_message_new ("peer_add");
  JsonArray *denied = denied_streams (participant);
  McuKind kind;

  json_object_set_string_member (message, "peer", participant->current->id);
  json_object_set_string_member (message, "participant", participant->id);
  json_object_set_string_member (message, "offer", sdp);
  if (streams != NULL)
    json_object_set_object_member (message, "streams", json_object_ref (streams));
  /* To who may not subscribe nothing is sent, whatever they offer: as to an encoder. */
  kind = (participant->rights & MCU_MAY_SUBSCRIBE) != 0 ? participant->kind : MCU_KIND_WHIP;
  json_object_set_string_member (message, "kind", mcu_kind_to_string (kind));
  json_object_set_boolean_member (message, "viewer", !mcu_participant_can_publish (participant));
  if (denied != NULL)
    json_object_set_array_member (message, "denied", denied);
  json_object_set_string_member (message, "view", mcu_room_views_id_of (participant));
  return message;
}

static void
ask (McuParticipant *participant, gint64 session, const char *sdp, JsonObject *streams)
{
  McuRoom *room = participant->room;
  Asked *asked = g_new0 (Asked, 1);
  McuPeer *peer = g_new0 (McuPeer, 1);

  peer->id = g_strdup_printf ("%s.%" G_GINT64_FORMAT, participant->id, session);
  peer->session = session;
  make_way (participant);
  participant->current = peer;
  participant->last_session = session;
  asked->room = room;
  asked->participant = g_strdup (participant->id);
  asked->session = session;
  mcu_crash_loop_asked (room->crash_loop, participant->id, g_get_monotonic_time ());
  mcu_room_process_request (room->process, peer_add_message (participant, sdp, streams),
                            mcu_times_ms (MCU_OFFER_TIMEOUT_MS), on_answer, asked);
}

static gboolean
may_offer (McuParticipant *participant, gint64 session, const char *sdp, GError **error)
{
  McuRoom *room = participant->room;
  gint64 now_us = g_get_monotonic_time ();
  McuError code;
  const char *why;

  if (session <= participant->last_session || session > G_MAXINT32) {
    code = MCU_ERROR_BAD_REQUEST;
    why = "session must count up";
  } else if (sdp == NULL || strlen (sdp) > MCU_MAX_SDP_BYTES ||
             !g_utf8_validate (sdp, -1, NULL)) { /* the link is JSON */
    code = MCU_ERROR_BAD_SDP;
    why = "no offer, too long a one, or not UTF-8";
  } else if (participant->n_offers >= MCU_MAX_OFFERS ||
             !mcu_rate_take (&participant->offer_rate, now_us)) {
    code = MCU_ERROR_RATE_LIMITED;
    why = "too many offers";
  } else if (mcu_crash_loop_refused_ms (room->crash_loop, participant->id, now_us) > 0) {
    code = MCU_ERROR_MEDIA_FAULT;
    why = "your connection made the room's media fail";
  } else if (!mcu_crash_loop_may_offer (room->crash_loop, participant->id, now_us)) {
    code = MCU_ERROR_OVERLOADED;
    why = "the room's media come back one by one; wait for renegotiate";
  } else {
    return mcu_room_media_start (room, error);
  }
  g_set_error_literal (error, MCU_ERROR, code, why);
  return FALSE;
}

void
mcu_peers_offer (McuParticipant *participant, gint64 session, const char *sdp, JsonObject *streams)
{
  g_autoptr (GError) error = NULL;

  if (may_offer (participant, session, sdp, &error)) {
    participant->n_offers++;
    ask (participant, session, sdp, streams);
  } else {
    answer (participant, session, NULL, error);
  }
}

gboolean
mcu_peers_candidate (McuParticipant *participant, gint64 session, const char *candidate,
                     const char *sdp_mid, GError **error)
{
  McuPeer *peer = participant->current;
  JsonObject *message;

  if (peer == NULL || peer->session != session)
    return TRUE; /* of an older session: ignored */
  if ((candidate != NULL && strlen (candidate) > MCU_MAX_CANDIDATE_BYTES) ||
      (sdp_mid != NULL && strlen (sdp_mid) > MCU_MAX_CANDIDATE_BYTES)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "too long a candidate");
    return FALSE;
  }
  if ((candidate != NULL && !g_utf8_validate (candidate, -1, NULL)) ||
      (sdp_mid != NULL && !g_utf8_validate (sdp_mid, -1, NULL))) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "not UTF-8");
    return FALSE;
  }
  if (peer->n_candidates++ >= MCU_MAX_CANDIDATES) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_RATE_LIMITED, "too many candidates");
    return FALSE;
  }
  message = mcu_message_new ("peer_candidate");
  json_object_set_string_member (message, "peer", peer->id);
  json_object_set_string_member (message, "candidate", candidate != NULL ? candidate : "");
  if (sdp_mid != NULL)
    json_object_set_string_member (message, "sdp_mid", sdp_mid);
  mcu_room_media_send (participant->room, message);
  return TRUE;
}

McuParticipant *
mcu_peers_find (McuRoom *room, const char *peer_id, McuPeer **peer)
{
  const char *dot = peer_id != NULL ? strrchr (peer_id, '.') : NULL;
  g_autofree char *id = dot != NULL ? g_strndup (peer_id, dot - peer_id) : NULL;
  McuParticipant *participant = mcu_room_find (room, id);
  McuPeer *found = NULL;

  if (participant == NULL)
    return NULL;
  if (participant->current != NULL && g_str_equal (participant->current->id, peer_id))
    found = participant->current;
  else if (participant->old != NULL && g_str_equal (participant->old->id, peer_id))
    found = participant->old;
  if (peer != NULL)
    *peer = found;
  return found != NULL ? participant : NULL;
}

void
mcu_peers_renegotiate (McuParticipant *participant, const char *reason)
{
  g_autoptr (JsonObject) message = mcu_message_new ("renegotiate");

  json_object_set_int_member (message, "session", participant->last_session);
  json_object_set_string_member (message, "reason", reason);
  mcu_participant_send (participant, message);
}

static void
handle_connected (McuParticipant *participant, McuPeer *peer)
{
  peer->connected = TRUE;
  mcu_crash_loop_connected (participant->room->crash_loop, participant->id,
                            g_get_monotonic_time ());
  if (peer != participant->current)
    return;
  drop_old (participant);
  participant->camera_live = TRUE; /* until the room says otherwise */
  if (participant->ops != NULL)
    mcu_participant_handle (participant, MCU_PARTICIPANT_SOCKET_BACK);
  if (mcu_participant_handle (participant, MCU_PARTICIPANT_CONNECTED))
    mcu_roster_changed (participant->room, participant);
}

/* An encoder or a player cannot be asked for a new offer: it makes a new session by itself. */
static void
handle_lost (McuParticipant *participant, McuPeer *peer, const char *reason)
{
  if (peer == participant->old) {
    drop_old (participant);
    return;
  }
  if (participant->kind != MCU_KIND_BROWSER) {
    mcu_room_dismiss (participant->room, participant, "idle", reason, 0);
    return;
  }
  fall_back (participant);
  if (participant->current == NULL &&
      mcu_participant_handle (participant, MCU_PARTICIPANT_MEDIA_LOST))
    mcu_roster_changed (participant->room, participant);
  mcu_peers_renegotiate (participant, reason);
}

typedef struct
{
  McuParticipant *participant;
  McuPeer *peer;
} Silence;

static gboolean
on_silent_too_long (gpointer data)
{
  Silence *silence = data;

  silence->peer->silent_source = 0;
  handle_lost (silence->participant, silence->peer, "silent");
  return G_SOURCE_REMOVE;
}

static void
handle_silent (McuParticipant *participant, McuPeer *peer)
{
  Silence *silence;

  if (peer->silent_source != 0)
    return;
  silence = g_new0 (Silence, 1);
  silence->participant = participant;
  silence->peer = peer;
  peer->silent_source = g_timeout_add_full (G_PRIORITY_DEFAULT, mcu_times_ms (MCU_SILENT_GONE_MS),
                                            on_silent_too_long, silence, g_free);
  if (peer == participant->current && !peer->told_silent && participant->kind == MCU_KIND_BROWSER)
    mcu_peers_renegotiate (participant, "silent");
  peer->told_silent = TRUE;
  if (peer == participant->current)
    participant->camera_live = FALSE;
  mcu_room_layout_changed (participant->room);
}

static void
handle_active (McuPeer *peer)
{
  if (peer->silent_source != 0)
    g_source_remove (peer->silent_source);
  peer->silent_source = 0;
}

void
mcu_peers_state (McuRoom *room, JsonObject *message)
{
  const char *state = mcu_json_string (message, "state");
  const char *reason = mcu_json_string (message, "reason");
  McuPeer *peer;
  McuParticipant *participant = mcu_peers_find (room, mcu_json_string (message, "peer"), &peer);

  if (participant == NULL || state == NULL)
    return;
  g_info ("%s: %s%s%s", peer->id, state, reason != NULL ? ": " : "", reason != NULL ? reason : "");
  if (g_str_equal (state, "connected"))
    handle_connected (participant, peer);
  else if (g_str_equal (state, "silent"))
    handle_silent (participant, peer);
  else if (g_str_equal (state, "active"))
    handle_active (peer);
  else if (g_str_equal (state, "failed") || g_str_equal (state, "closed"))
    handle_lost (participant, peer, reason != NULL ? reason : state);
}

void
mcu_peers_first_frame (McuRoom *room, JsonObject *message)
{
  gint64 join_ms = mcu_json_int (message, "join_ms", -1);

  if (mcu_peers_find (room, mcu_json_string (message, "peer"), NULL) != NULL && join_ms >= 0 &&
      join_ms <= 3600 * 1000)
    mcu_metrics_join_ms (room->node->metrics, join_ms);
}

void
mcu_peers_close (McuParticipant *participant)
{
  drop_old (participant);
  remove_peer (participant, g_steal_pointer (&participant->current));
}

void
mcu_peers_forget (McuParticipant *participant)
{
  if (participant->old_source != 0)
    g_source_remove (participant->old_source);
  participant->old_source = 0;
  g_clear_pointer (&participant->old, free_peer);
  g_clear_pointer (&participant->current, free_peer);
}
