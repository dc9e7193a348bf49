/* tests/support/fake-room.c - a room process without media, for tests of control.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Speaks docs/media-link.md on fd 3. Offers and candidates that are words are orders:
 *   offer "die", "hang", "refuse", "mute" (no reply); "connect..." is connected after the answer
 *   candidate "connect", "fail", "silent", "active", "die", "hang", "garbage", "voice", "quiet",
 *   "stalled", "streaming", "disk_full", "overloaded" (what recordings end with),
 *   "lie and fail" (with numbers and words that are none; with FAKE_ROOM_LIES all numbers are such)
 * A recording is a file of ten bytes. With --finish DIRECTORY FILE it says that it has put one in
 * order.
 * Each message that comes is one line `type detail` in the file named by FAKE_ROOM_LOG. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "tests/support/fake-side.h"

static GMainLoop *loop;
static GHashTable *seqs;      /* view -> newest placement (gint64), owned */
static GHashTable *views;     /* peer id -> view, owned */
static GHashTable *connected; /* set of peer ids */
static gboolean is_late;      /* said with each pong */

static void
note (const char *type, const char *detail)
{
  const char *path = g_getenv ("FAKE_ROOM_LOG");
  g_autofree char *line = g_strdup_printf ("%s %s\n", type, detail != NULL ? detail : "-");
  int fd = path != NULL ? open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

  if (fd < 0)
    return;
  if (write (fd, line, strlen (line)) < 0)
    abort ();
  close (fd);
}

static void
hang (void)
{
  for (;;)
    pause ();
}

static void
say_state (McuLink *link, const char *peer, const char *state)
{
  JsonObject *message = mcu_link_message_new ("peer_state");

  json_object_set_string_member (message, "peer", peer);
  json_object_set_string_member (message, "state", state);
  json_object_set_string_member (message, "reason", "told to");
  mcu_link_send (link, message);
}

static const char *
view_of (const char *peer)
{
  const char *view = g_hash_table_lookup (views, peer);

  return view != NULL ? view : "main";
}

static gint64
seq_of (const char *view)
{
  const gint64 *seq = g_hash_table_lookup (seqs, view);

  return seq != NULL ? *seq : 0;
}

static void
set_seq (JsonObject *place)
{
  gint64 *seq = g_new (gint64, 1);

  *seq = mcu_json_int (place, "seq", -1);
  g_hash_table_insert (seqs, g_strdup (mcu_json_string (place, "view")), seq);
}

static void
say_moved (McuLink *link, const char *peer)
{
  JsonObject *moved = mcu_link_message_new ("peer_moved");
  gint64 seq = seq_of (view_of (peer));

  json_object_set_string_member (moved, "peer", peer);
  json_object_set_string_member (moved, "view", view_of (peer));
  json_object_set_int_member (moved, "seq", seq);
  json_object_set_int_member (moved, "rtp_timestamp", 3000 * seq);
  mcu_link_send (link, moved);
}

/* Only to views that it was told of, as a room does. */
static void
set_view (const char *peer, const char *view)
{
  if (view != NULL && g_hash_table_contains (seqs, view))
    g_hash_table_insert (views, g_strdup (peer), g_strdup (view));
}

static gboolean
is_on_it (gpointer peer, gpointer view, gpointer data)
{
  return g_str_equal (view, data);
}

static void
connect_peer (McuLink *link, const char *peer)
{
  JsonObject *first = mcu_link_message_new ("first_frame");

  g_hash_table_add (connected, g_strdup (peer));
  say_state (link, peer, "connected");
  say_moved (link, peer);
  json_object_set_string_member (first, "peer", peer);
  json_object_set_int_member (first, "join_ms", 120);
  mcu_link_send (link, first);
}

static void
say_placed (McuLink *link, JsonObject *place)
{
  JsonObject *message = mcu_link_message_new ("placed");
  JsonObject *timestamps = json_object_new ();
  GHashTableIter iter;
  gpointer peer;

  const char *view = mcu_json_string (place, "view");

  set_seq (place);
  g_hash_table_iter_init (&iter, connected);
  while (g_hash_table_iter_next (&iter, &peer, NULL))
    if (g_str_equal (view_of (peer), view))
      json_object_set_int_member (timestamps, peer, 3000 * seq_of (view));
  json_object_set_string_member (message, "view", view);
  json_object_set_int_member (message, "seq", seq_of (view));
  json_object_set_object_member (message, "rtp_timestamps", timestamps);
  mcu_link_send (link, message);
}

static gboolean
is_denied (JsonObject *add, const char *stream)
{
  JsonArray *denied = mcu_json_array (add, "denied");

  for (guint i = 0; denied != NULL && i < json_array_get_length (denied); i++)
    if (g_strcmp0 (json_array_get_string_element (denied, i), stream) == 0)
      return TRUE;
  return FALSE;
}

static JsonArray *
accepted_streams (JsonObject *add)
{
  JsonObject *asked = mcu_json_object (add, "streams");
  JsonArray *streams = json_array_new ();
  g_autoptr (GList) mids = asked != NULL ? json_object_get_members (asked) : NULL;

  if (mcu_json_bool (add, "viewer", FALSE))
    return streams;
  for (GList *mid = mids; mid != NULL; mid = mid->next) {
    JsonObject *one;

    if (is_denied (add, mcu_json_string (asked, mid->data)))
      continue;
    one = json_object_new ();
    json_object_set_string_member (one, "mid", mid->data);
    json_object_set_string_member (one, "stream", mcu_json_string (asked, mid->data));
    json_array_add_object_element (streams, one);
  }
  if (asked == NULL && !is_denied (add, "camera")) {
    JsonObject *one = json_object_new ();
    json_object_set_string_member (one, "mid", "0");
    json_object_set_string_member (one, "stream", "camera");
    json_array_add_object_element (streams, one);
  }
  return streams;
}

static void
handle_add (McuLink *link, JsonObject *add)
{
  const char *offer = mcu_json_string (add, "offer");
  const char *peer = mcu_json_string (add, "peer");
  const char *view = mcu_json_string (add, "view");
  gint64 id = mcu_json_int (add, "id", -1);
  g_autofree char *answer = g_strdup_printf ("answer to %s", peer);
  JsonObject *reply = json_object_new ();

  note ("on", view);
  set_view (peer, view);
  if (g_str_equal (offer, "die"))
    abort ();
  if (g_str_equal (offer, "hang"))
    hang ();
  if (g_str_equal (offer, "refuse")) {
    g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_BAD_SDP, "told to");
    mcu_link_reply_error (link, id, error);
  } else if (!g_str_equal (offer, "mute")) {
    json_object_set_string_member (reply, "answer", answer);
    json_object_set_array_member (reply, "streams", accepted_streams (add));
    mcu_link_reply (link, id, json_object_ref (reply));
    if (g_str_has_prefix (offer, "connect"))
      connect_peer (link, peer);
  }
  json_object_unref (reply);
}

static void
say_stream (McuLink *link, const char *peer, gboolean is_live)
{
  JsonObject *message = mcu_link_message_new ("stream_state");
  g_autofree char *participant = g_strndup (peer, strrchr (peer, '.') - peer);

  json_object_set_string_member (message, "participant", participant);
  json_object_set_string_member (message, "stream", "camera");
  json_object_set_string_member (message, "state", is_live ? "live" : "stalled");
  json_object_set_int_member (message, "width", 640);
  json_object_set_int_member (message, "height", 360);
  mcu_link_send (link, message);
}

static void
say_levels (McuLink *link, const char *peer, gboolean voice)
{
  JsonObject *message = mcu_link_message_new ("levels");
  JsonArray *levels = json_array_new ();
  JsonObject *one = json_object_new ();
  g_autofree char *who = g_strndup (peer, strcspn (peer, "."));

  json_object_set_string_member (one, "participant", who);
  json_object_set_int_member (one, "level_dbov", -20);
  json_object_set_boolean_member (one, "voice", voice);
  json_array_add_object_element (levels, one);
  json_object_set_array_member (message, "levels", levels);
  mcu_link_send (link, message);
}

/* ---- recordings ---- */

static GHashTable *recordings; /* set of ids */

static void
say_recording (McuLink *link, const char *id, const char *state, const char *error_code)
{
  JsonObject *message = mcu_link_message_new ("recording_state");

  json_object_set_string_member (message, "recording", id);
  json_object_set_string_member (message, "state", state);
  json_object_set_int_member (message, "bytes", 10);
  json_object_set_int_member (message, "duration_ms", 500);
  if (error_code != NULL) {
    JsonObject *error = json_object_new ();

    json_object_set_string_member (error, "code", error_code);
    json_object_set_string_member (error, "detail", "told to");
    json_object_set_object_member (message, "error", error);
  }
  mcu_link_send (link, message);
}

static void
fail_recordings (McuLink *link, const char *code)
{
  g_autoptr (GList) ids = g_hash_table_get_keys (recordings);

  for (GList *id = ids; id != NULL; id = id->next)
    say_recording (link, id->data, "failed", code);
  g_hash_table_remove_all (recordings);
}

/* As a room does that has been taken over. */
static void
lie (McuLink *link, gboolean and_fail)
{
  g_autoptr (GList) ids = g_hash_table_get_keys (recordings);
  g_autofree char *words = g_strnfill (100000, 'x');

  for (GList *id = ids; id != NULL; id = id->next) {
    JsonObject *message = mcu_link_message_new ("recording_state");

    json_object_set_string_member (message, "recording", id->data);
    json_object_set_string_member (message, "state", and_fail ? "failed" : "recording");
    json_object_set_int_member (message, "bytes", G_MAXINT64);
    json_object_set_int_member (message, "duration_ms", G_MAXINT64);
    if (and_fail) {
      JsonObject *error = json_object_new ();

      json_object_set_string_member (error, "code", words);
      json_object_set_string_member (error, "detail", words);
      json_object_set_object_member (message, "error", error);
    }
    mcu_link_send (link, message);
  }
}

static void
start_recording (McuLink *link, JsonObject *message)
{
  const char *id = mcu_json_string (message, "recording");
  const char *part = mcu_json_string (message, "part");
  g_autofree char *file = g_strdup_printf ("%s.%s", part, mcu_json_string (message, "format"));
  g_autofree char *path = g_build_filename (g_getenv ("TESSERA_RECORDINGS"),
                                            mcu_json_string (message, "directory"), file, NULL);
  JsonArray *without = mcu_json_array (message, "without");
  g_autofree char *n = g_strdup_printf ("%u", json_array_get_length (without));

  if (!g_file_set_contents (path, "0123456789", -1, NULL))
    abort ();
  note ("part", part);
  note ("without", n);
  g_hash_table_add (recordings, g_strdup (id));
  mcu_link_reply (link, mcu_json_int (message, "id", -1), NULL);
  if (g_getenv ("FAKE_ROOM_LIES") != NULL)
    lie (link, FALSE);
  else
    say_recording (link, id, "recording", NULL);
}

static void
order_recording (McuLink *link, JsonObject *message)
{
  const char *type = mcu_json_string (message, "type");
  const char *id = mcu_json_string (message, "recording");

  if (!g_hash_table_contains (recordings, id))
    return;
  if (g_str_equal (type, "recording_pause"))
    say_recording (link, id, "paused", NULL);
  else if (g_str_equal (type, "recording_resume"))
    say_recording (link, id, "recording", NULL);
  else if (g_str_equal (type, "recording_stop")) {
    say_recording (link, id, "finished", NULL);
    g_hash_table_remove (recordings, id);
  }
}

static int
finish_file (int argc, char **argv)
{
  g_autofree char *sum = g_strnfill (64, 'a');

  if (argc < 4)
    return 2;
  while (getchar () != EOF) /* the chapters */
    ;
  printf ("{\"bytes\":20,\"duration_ms\":600,\"sha256\":\"%s\",\"playable\":true}\n", sum);
  return 0;
}

static void
handle_order (McuLink *link, const char *peer, const char *order)
{
  if (g_str_equal (order, "die"))
    abort ();
  else if (g_str_equal (order, "hang"))
    hang ();
  else if (g_str_equal (order, "garbage"))
    g_assert_cmpint (write (MCU_LINK_FD, "\xff\xff\xff\xff", 4), ==, 4);
  else if (g_str_equal (order, "connect"))
    connect_peer (link, peer);
  else if (g_str_equal (order, "fail"))
    say_state (link, peer, "failed");
  else if (g_str_equal (order, "silent") || g_str_equal (order, "active"))
    say_state (link, peer, order);
  else if (g_str_equal (order, "late") || g_str_equal (order, "in time"))
    is_late = g_str_equal (order, "late");
  else if (g_str_equal (order, "stalled") || g_str_equal (order, "streaming"))
    say_stream (link, peer, g_str_equal (order, "streaming"));
  else if (g_str_equal (order, "voice") || g_str_equal (order, "quiet"))
    say_levels (link, peer, g_str_equal (order, "voice"));
  else if (g_str_equal (order, "disk_full") || g_str_equal (order, "overloaded"))
    fail_recordings (link, order);
  else if (g_str_equal (order, "lie and fail"))
    lie (link, TRUE);
}

/* `image ID BYTES`, of what came with it. */
static void
handle_image (McuLink *link, JsonObject *message)
{
  int fd = mcu_link_take_fd (link, message);
  char bytes[64] = {0};
  g_autofree char *detail = NULL;

  if (fd < 0 || pread (fd, bytes, sizeof bytes - 1, 0) < 0)
    g_strlcpy (bytes, "nothing", sizeof bytes);
  /* Pictures begin with what is no text. */
  for (guint i = 0; bytes[i] != '\0'; i++)
    if (!g_ascii_isalnum (bytes[i]))
      bytes[i] = '.';
  detail = g_strdup_printf ("%s %s", mcu_json_string (message, "image"), bytes);
  note ("image", detail);
  if (fd >= 0)
    close (fd);
}

/* What a view has beside its tiles, by kind and picture. */
static void
note_elements (JsonObject *place)
{
  JsonArray *elements = mcu_json_array (place, "elements");

  for (guint i = 0; elements != NULL && i < json_array_get_length (elements); i++) {
    JsonObject *one = mcu_json_array_object (elements, i);
    const char *image = mcu_json_string (one, "image");
    g_autofree char *detail = g_strdup_printf ("%s %s", mcu_json_string (one, "kind"),
                                               image != NULL ? image : "-");

    note ("element", detail);
  }
}

static void
note_notices (JsonObject *notices)
{
  const char *caption = notices != NULL ? mcu_json_string (notices, "caption") : NULL;

  note ("caption", caption);
  note ("recorded", notices != NULL && mcu_json_bool (notices, "recorded", FALSE) ? "yes" : "no");
}

static void
handle_state (McuLink *link, JsonObject *state)
{
  JsonArray *list = mcu_json_array (state, "views");
  JsonArray *people = mcu_json_array (state, "participants");
  g_autofree char *n = g_strdup_printf ("%u", people != NULL ? json_array_get_length (people) : 0);

  note ("people", n);
  note_notices (mcu_json_object (state, "notices"));
  for (guint i = 0; people != NULL && i < json_array_get_length (people); i++)
    if (mcu_json_string (mcu_json_array_object (people, i), "avatar") != NULL)
      note ("avatar", mcu_json_string (mcu_json_array_object (people, i), "avatar"));
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++) {
    JsonObject *view = mcu_json_array_object (list, i);
    note ("has", mcu_json_string (view, "view"));
    note_elements (view);
    set_seq (view);
  }
  mcu_link_reply (link, mcu_json_int (state, "id", -1), NULL);
}

static void
reply_ping (McuLink *link, JsonObject *message)
{
  JsonObject *pong = json_object_new ();

  json_object_set_int_member (pong, "late_ms", is_late ? 500 : 0);
  json_object_set_int_member (pong, "teardown_ms", 0);
  json_object_set_double_member (pong, "load", is_late ? 0.95 : 0.1);
  mcu_link_reply (link, mcu_json_int (message, "id", -1), pong);
}

static void
reply_stats (McuLink *link, JsonObject *message)
{
  JsonObject *stats = json_object_new ();

  json_object_set_int_member (stats, "frames", 30);
  json_object_set_int_member (stats, "late_frames", 1);
  mcu_link_reply (link, mcu_json_int (message, "id", -1), stats);
}

static void
reply_snapshot (McuLink *link, JsonObject *message)
{
  static const char text[] = "a picture";
  int fd = memfd_create ("snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (write (fd, text, sizeof text - 1) < 0 ||
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE) != 0)
    abort ();
  mcu_link_reply_with_fd (link, mcu_json_int (message, "id", -1), NULL, fd);
}

static void
on_message (McuLink *link, JsonObject *message, gpointer data)
{
  const char *type = mcu_json_string (message, "type");
  const char *peer = mcu_json_string (message, "peer");
  const char *candidate = mcu_json_string (message, "candidate");
  const char *view = mcu_json_string (message, "view");

  if (!g_str_equal (type, "ping") && !g_str_equal (type, "stats") && !g_str_equal (type, "image"))
    note (type, candidate != NULL ? candidate
                : peer != NULL    ? peer
                : view != NULL    ? view
                                  : mcu_json_string (message, "participant"));
  if (g_str_equal (type, "image"))
    handle_image (link, message);
  if (g_str_equal (type, "image_remove"))
    note ("forgets", mcu_json_string (message, "image"));
  if (g_str_equal (type, "notices"))
    note_notices (message);
  if (g_str_equal (type, "place"))
    note_elements (message);
  if (g_str_equal (type, "participant") && mcu_json_string (message, "avatar") != NULL)
    note ("avatar", mcu_json_string (message, "avatar"));
  if (g_str_equal (type, "ping"))
    reply_ping (link, message);
  else if (g_str_equal (type, "stats"))
    reply_stats (link, message);
  else if (g_str_equal (type, "snapshot"))
    reply_snapshot (link, message);
  else if (g_str_equal (type, "room_state"))
    handle_state (link, message);
  else if (g_str_equal (type, "place"))
    say_placed (link, message);
  else if (g_str_equal (type, "view_remove")) {
    g_hash_table_remove (seqs, view);
    g_hash_table_foreach_remove (views, is_on_it, (gpointer) view);
  } else if (g_str_equal (type, "peer_view")) {
    set_view (peer, view);
    say_moved (link, peer);
  } else if (g_str_equal (type, "peer_add"))
    handle_add (link, message);
  else if (g_str_equal (type, "peer_remove"))
    g_hash_table_remove (connected, peer);
  else if (g_str_equal (type, "peer_candidate"))
    handle_order (link, peer, candidate);
  else if (g_str_equal (type, "recording_start"))
    start_recording (link, message);
  else if (g_str_has_prefix (type, "recording_"))
    order_recording (link, message);
  else if (g_str_equal (type, "drain"))
    g_main_loop_quit (loop);
}

static void
on_closed (McuLink *link, const char *reason, gpointer data)
{
  g_main_loop_quit (loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (McuLink) link = NULL;
  JsonObject *hello;

  if (argc > 1 && g_str_equal (argv[1], "--finish"))
    return finish_file (argc, argv);
  if (argc > 1)
    return fake_side_main (note);
  link = mcu_link_new (MCU_LINK_FD, on_message, on_closed, NULL);
  hello = mcu_link_message_new ("hello");
  recordings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  connected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  seqs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  loop = g_main_loop_new (NULL, FALSE);
  json_object_set_int_member (hello, "pid", getpid ());
  json_object_set_string_member (hello, "version", "0");
  if (g_getenv ("FAKE_ROOM_COLD") == NULL)
    mcu_link_send (link, hello);
  else
    json_object_unref (hello);
  g_main_loop_run (loop);
  note ("exit", NULL);
  g_main_loop_unref (loop);
  g_hash_table_unref (recordings);
  g_hash_table_unref (connected);
  g_hash_table_unref (views);
  g_hash_table_unref (seqs);
  return 0;
}
