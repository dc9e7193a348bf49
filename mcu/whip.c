/* mcu/whip.c - WHIP and WHEP sessions: participants that come by HTTP.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/peers.h"
#include "mcu/room-media.h"
#include "mcu/server-private.h"

#define SESSION 1 /* one offer, one session */

typedef struct
{
  McuServer *server; /* unowned */
  char *id;
  char *etag;
  char *room_name;
  McuKind kind;
  McuParticipant *participant; /* unowned (nullable) */

  /* Until it is answered. */
  char *name;
  McuPass *pass; /* (nullable) */
  char *offer;
  McuWhipFunc func; /* (nullable): NULL once called */
  gpointer user_data;
  guint start_source;
} McuWhip;

static void
finish (McuWhip *self, const char *answer, const GError *error)
{
  McuWhipFunc func = g_steal_pointer (&self->func);

  if (func != NULL)
    func (error == NULL ? self->id : NULL, answer, error, self->user_data);
}

void
mcu_whip_free (gpointer data)
{
  McuWhip *self = data;
  McuParticipant *participant = g_steal_pointer (&self->participant);
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_GONE, "it was removed");

  if (self->start_source != 0)
    g_source_remove (self->start_source);
  if (participant != NULL)
    mcu_room_leave (participant->room, participant, "left");
  finish (self, NULL, error);
  g_free (self->id);
  g_free (self->etag);
  g_free (self->room_name);
  g_free (self->name);
  mcu_pass_free (self->pass);
  g_free (self->offer);
  g_free (self);
}

static void
fail (McuWhip *self, const GError *error)
{
  mcu_metrics_count (self->server->node.metrics, "tessera_joins_total", "result=\"refused\"", 1);
  finish (self, NULL, error);
  g_hash_table_remove (self->server->whips, self->id);
}

static void
on_seat_send (gpointer holder, JsonObject *message)
{
  /* HTTP has nowhere to say it. */
}

static void
on_seat_answered (gpointer holder, gint64 session, const char *sdp, const GError *error)
{
  McuWhip *self = holder;

  if (error != NULL) {
    fail (self, error);
    return;
  }
  mcu_room_announce (self->participant->room, self->participant);
  finish (self, sdp, NULL);
}

static void
on_seat_bye (gpointer holder, const char *code, const char *reason, guint retry_after_ms)
{
  McuWhip *self = holder;
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, mcu_error_from_code (code), reason);

  self->participant = NULL;
  finish (self, NULL, error);
  g_hash_table_remove (self->server->whips, self->id);
}

static const McuSeatOps seat_ops = {on_seat_send, on_seat_answered, on_seat_bye};

static gboolean
on_start (gpointer data)
{
  McuWhip *self = data;
  g_autoptr (GError) error = NULL;
  McuRoom *room = mcu_server_open_room (self->server, self->room_name, NULL, &error);

  self->start_source = 0;
  if (room != NULL)
    self->participant = mcu_room_join (room, self->name, self->kind, FALSE, self->pass, &seat_ops,
                                       self, &error);
  if (self->participant == NULL || !mcu_room_media_start (room, &error)) {
    fail (self, error);
    return G_SOURCE_REMOVE;
  }
  mcu_room_media_tell (room, self->participant);
  mcu_peers_offer (self->participant, SESSION, self->offer, NULL);
  return G_SOURCE_REMOVE;
}

char *
mcu_server_whip_add (McuServer *server, const char *room_name, McuKind kind, const char *name,
                     const McuPass *pass, const char *offer, McuWhipFunc func, gpointer user_data)
{
  McuWhip *self = g_new0 (McuWhip, 1);
  g_autofree char *tag = mcu_id_new (NULL);

  self->server = server;
  self->id = mcu_id_new ("w");
  self->etag = g_strdup_printf ("\"%s\"", tag);
  self->room_name = g_strdup (room_name);
  self->kind = kind;
  self->name = g_strdup (name);
  self->pass = mcu_pass_copy (pass);
  self->offer = g_strdup (offer);
  self->func = func;
  self->user_data = user_data;
  self->start_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_start, self, NULL);
  g_hash_table_insert (server->whips, self->id, self);
  return g_strdup (self->id);
}

static McuWhip *
find (McuServer *server, const char *session_id)
{
  McuWhip *self = session_id != NULL ? g_hash_table_lookup (server->whips, session_id) : NULL;

  return self != NULL && self->func == NULL ? self : NULL;
}

const char *
mcu_server_whip_etag (McuServer *server, const char *room_name, McuKind kind,
                      const char *session_id)
{
  McuWhip *self = find (server, session_id);

  return self != NULL && self->kind == kind && g_strcmp0 (room_name, self->room_name) == 0
             ? self->etag
             : NULL;
}

gboolean
mcu_server_whip_candidate (McuServer *server, const char *session_id, const char *candidate,
                           const char *sdp_mid, GError **error)
{
  McuWhip *self = find (server, session_id);

  if (self == NULL || self->participant == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such session");
    return FALSE;
  }
  return mcu_peers_candidate (self->participant, SESSION, candidate, sdp_mid, error);
}

gboolean
mcu_server_whip_remove (McuServer *server, const char *session_id)
{
  return session_id != NULL && g_hash_table_remove (server->whips, session_id);
}
