/* signaling/whip-sessions.c - the ICE names of WHIP and WHEP sessions.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/whip-sessions.h"

#include <string.h>

#include "mcu/server.h"
#include "signaling/trickle.h"

typedef struct
{
  McuServer *server; /* unowned */
  char *room_name;
  McuKind kind;
  char *ufrag_lines; /* the offer's a=ice-ufrag lines */
} Session;

static GHashTable *sessions; /* (element-type utf8 Session) */

static void
free_session (gpointer data)
{
  Session *session = data;

  g_free (session->room_name);
  g_free (session->ufrag_lines);
  g_free (session);
}

static gboolean
is_over (gpointer key, gpointer value, gpointer user_data)
{
  Session *session = value;

  return mcu_server_whip_etag (session->server, session->room_name, session->kind, key) == NULL;
}

static char *
ufrag_lines_of (const char *offer)
{
  g_auto (GStrv) lines = g_strsplit (offer, "\n", -1);
  GString *kept = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "a=ice-ufrag:"))
      g_string_append_printf (kept, "%s\n", g_strchomp (lines[i]));
  return g_string_free (kept, FALSE);
}

void
mcu_whip_sessions_add (McuServer *server, const char *room_name, McuKind kind,
                       const char *session_id, const char *offer)
{
  Session *session = g_new0 (Session, 1);

  if (sessions == NULL)
    sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_session);
  g_hash_table_foreach_remove (sessions, is_over, NULL);
  session->server = server;
  session->room_name = g_strdup (room_name);
  session->kind = kind;
  session->ufrag_lines = ufrag_lines_of (offer);
  g_hash_table_insert (sessions, g_strdup (session_id), session);
}

gboolean
mcu_whip_sessions_has_ufrag (const char *session_id, const char *ufrag)
{
  Session *session = sessions != NULL ? g_hash_table_lookup (sessions, session_id) : NULL;

  return session == NULL ||
         mcu_trickle_offer_has_ufrag (session->ufrag_lines, strlen (session->ufrag_lines), ufrag);
}

void
mcu_whip_sessions_remove (const char *session_id)
{
  if (sessions != NULL)
    g_hash_table_remove (sessions, session_id);
}
