/* tests/bench/bare.c - tessera-bare: answers WHIP posts with one bare webrtcbin each, on 127.0.0.1
 * at a port of the system's choice, which it prints. What it costs is a unit cost of the bench.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib-unix.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/bare-peer.h"

#define MAX_PEERS 100

typedef struct
{
  McuMaterialKind kind;
  McuMaterial *video, *audio; /* owned */
  guint video_at, audio_at;
  GPtrArray *peers; /* owned, (element-type McuBarePeer) owned */
  GMainLoop *loop;
} Bare;

static GstBuffer *
frame_at (const McuMaterial *material, guint at, gboolean *is_key)
{
  const McuMaterialFrame *frame = &g_array_index (material->frames, McuMaterialFrame, at);

  *is_key = (frame->flags & MCU_MATERIAL_FLAG_KEY) != 0;
  return gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, (gpointer) frame->data, frame->size,
                                      0, frame->size, NULL, NULL);
}

/* A key frame comes every 5 s in the material: nobody should wait so long for a first picture. */
static void
serve_joiners (Bare *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    if (mcu_bare_peer_wants_key (self->peers->pdata[i]))
      self->video_at = 0;
}

static gboolean
on_video_due (gpointer user_data)
{
  Bare *self = user_data;
  gboolean is_key;

  serve_joiners (self);
  g_autoptr (GstBuffer) frame = frame_at (self->video, self->video_at, &is_key);

  self->video_at = (self->video_at + 1) % self->video->frames->len;
  for (guint i = 0; i < self->peers->len; i++)
    mcu_bare_peer_push_video (self->peers->pdata[i], frame, is_key);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_audio_due (gpointer user_data)
{
  Bare *self = user_data;
  gboolean is_key;
  g_autoptr (GstBuffer) packet = frame_at (self->audio, self->audio_at, &is_key);

  self->audio_at = (self->audio_at + 1) % self->audio->frames->len;
  for (guint i = 0; i < self->peers->len; i++)
    mcu_bare_peer_push_audio (self->peers->pdata[i], packet);
  return G_SOURCE_CONTINUE;
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  Bare *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autofree char *offer = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GError) error = NULL;
  char *answer = NULL;

  if (strcmp (soup_server_message_get_method (message), SOUP_METHOD_POST) != 0 ||
      self->peers->len == MAX_PEERS) {
    soup_server_message_set_status (message, 200, NULL);
    return;
  }
  McuBarePeer *peer = mcu_bare_peer_new (offer, self->kind, &answer, &error);
  if (peer == NULL) {
    g_printerr ("tessera-bare: %s\n", error->message);
    soup_server_message_set_status (message, 500, NULL);
    return;
  }
  g_ptr_array_add (self->peers, peer);
  soup_server_message_set_status (message, 201, NULL);
  soup_server_message_set_response (message, "application/sdp", SOUP_MEMORY_TAKE, answer,
                                    strlen (answer));
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
load (Bare *self, const char *directory, GError **error)
{
  self->video = mcu_material_load (
      directory, self->kind == MCU_MATERIAL_H264 ? "canvas-h264" : "canvas-vp8", error);
  self->audio = self->video != NULL ? mcu_material_load (directory, "talk", error) : NULL;
  return self->audio != NULL;
}

static gboolean
listen_on_loopback (SoupServer *server, GError **error)
{
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  GSList *uris = soup_server_get_uris (server);
  g_print ("bare ready: http://127.0.0.1:%d/\n", g_uri_get_port (uris->data));
  fflush (stdout);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return TRUE;
}

int
main (int argc, char **argv)
{
  Bare self = {.kind = MCU_MATERIAL_H264};
  g_autoptr (SoupServer) server = NULL;
  g_autoptr (GError) error = NULL;

  gst_init (&argc, &argv);
  if (argc != 3) {
    g_printerr ("usage: tessera-bare h264|vp8 MATERIAL-DIRECTORY\n");
    return 2;
  }
  if (strcmp (argv[1], "vp8") == 0)
    self.kind = MCU_MATERIAL_VP8;
  self.peers = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_bare_peer_free);
  self.loop = g_main_loop_new (NULL, FALSE);
  server = soup_server_new (NULL, NULL);
  soup_server_add_handler (server, NULL, on_request, &self, NULL);
  if (!load (&self, argv[2], &error) || !listen_on_loopback (server, &error)) {
    g_printerr ("tessera-bare: %s\n", error->message);
    return 1;
  }
  g_timeout_add (1000 / MCU_MATERIAL_FPS, on_video_due, &self);
  g_timeout_add (20, on_audio_due, &self);
  g_unix_signal_add (SIGTERM, on_signal, self.loop);
  g_unix_signal_add (SIGINT, on_signal, self.loop);
  g_main_loop_run (self.loop);
  g_ptr_array_unref (self.peers);
  mcu_material_free (self.video);
  mcu_material_free (self.audio);
  g_main_loop_unref (self.loop);
  return 0;
}
