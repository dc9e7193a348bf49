/* tests/unit/pipelines/room/views.c - more than one picture of a room.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/room.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "pipelines/process/plugins.h"

#define WATCHDOG_S 20

/* A room, and the end of one receiver: an appsrc that is read. */
typedef struct
{
  McuRoom *room;
  GstElement *pipeline;
  GstAppSrc *source;
  McuReceiver *receiver;
  gint n_firsts;     /* atomic */
  gint64 placed_seq; /* the last one that was told */
  char *placed_view; /* owned */
  guint watchdog;
} Fixture;

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("nothing came in %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static void
on_report (JsonObject *message, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (g_strcmp0 (mcu_json_string (message, "type"), "placed") == 0) {
    fixture->placed_seq = mcu_json_int (message, "seq", -1);
    g_free (fixture->placed_view);
    fixture->placed_view = g_strdup (mcu_json_string (message, "view"));
  }
  json_object_unref (message);
}

static void
on_answer (McuPeer *peer, const char *answer, const GError *error, gint64 request_id,
           gpointer user_data)
{
}

static void
on_first (gpointer user_data, guint64 pts_ns)
{
  Fixture *fixture = user_data;

  g_atomic_int_inc (&fixture->n_firsts);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  McuRoomSettings settings = {.width_px = 320, .height_px = 180, .fps = 30};
  McuPersonSpec ann = {.id = "a", .name = "Ann"};

  fixture->watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
  fixture->room = mcu_room_new (on_report, on_answer, fixture);
  mcu_room_set_up (fixture->room, &settings);
  mcu_room_set_person (fixture->room, &ann);
  fixture->pipeline = gst_parse_launch ("appsrc name=in is-live=true format=time max-bytes=0 ! "
                                        "fakesink sync=false async=false",
                                        NULL);
  fixture->source = GST_APP_SRC (gst_bin_get_by_name (GST_BIN (fixture->pipeline), "in"));
  fixture->receiver = mcu_receiver_new (fixture->source, on_first, fixture, NULL);
  gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mcu_receiver_close (fixture->receiver);
  gst_element_set_state (fixture->pipeline, GST_STATE_NULL);
  mcu_receiver_unref (fixture->receiver);
  gst_object_unref (fixture->source);
  gst_object_unref (fixture->pipeline);
  mcu_room_free (fixture->room);
  g_free (fixture->placed_view);
  g_source_remove (fixture->watchdog);
}

static gboolean
add_view (Fixture *fixture, const char *id, int width_px, int height_px, guint fps)
{
  McuRoomViewSpec spec = {id, width_px, height_px, fps};
  g_autoptr (GError) error = NULL;
  gboolean is_there = mcu_room_add_view (fixture->room, &spec, &error);

  if (!is_there)
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  return is_there;
}

static void
place_ann (Fixture *fixture, const char *view, gint64 seq)
{
  McuPlace how = {.seq = seq};
  McuRect rect = {0, 0, 160, 90};
  McuPlacement placement;
  g_autoptr (GError) error = NULL;

  mcu_placement_init (&placement, "a", MCU_VIDEO_CAMERA, &rect);
  mcu_room_place (fixture->room, view, &how, &placement, 1, &error);
  g_assert_no_error (error);
}

static void
watch (Fixture *fixture, const char *view)
{
  g_autoptr (GError) error = NULL;

  mcu_view_add_receiver (mcu_room_find_view (fixture->room, view), MCU_CODEC_VP8, fixture->receiver,
                         &error);
  g_assert_no_error (error);
}

static void
look_away (Fixture *fixture, const char *view)
{
  mcu_view_remove_receiver (mcu_room_find_view (fixture->room, view), MCU_CODEC_VP8,
                            fixture->receiver);
}

static void
wait_for_firsts (Fixture *fixture, gint n)
{
  while (g_atomic_int_get (&fixture->n_firsts) < n) {
    g_main_context_iteration (NULL, FALSE);
    g_thread_yield ();
  }
}

static void
test_views__are_bounded (Fixture *fixture, gconstpointer data)
{
  g_assert_true (add_view (fixture, "one", 180, 320, 30));
  g_assert_true (add_view (fixture, "one", 180, 320, 30));
  g_assert_false (add_view (fixture, "one", 320, 180, 30));
  g_assert_false (add_view (fixture, "odd", 181, 320, 30));
  g_assert_false (add_view (fixture, "small", 32, 320, 30));
  g_assert_false (add_view (fixture, "large", 320, 4098, 30));
  g_assert_false (add_view (fixture, "still", 320, 180, 0));
  g_assert_false (add_view (fixture, "quick", 320, 180, 61));
  for (guint i = 1; i < MCU_ROOM_MAX_VIEWS; i++) {
    g_autofree char *id = g_strdup_printf ("v%u", i);
    g_assert_true (add_view (fixture, id, 320, 180, 30));
  }
  g_assert_false (add_view (fixture, "one-more", 320, 180, 30));
  mcu_room_remove_view (fixture->room, "v1");
  g_assert_true (add_view (fixture, "one-more", 320, 180, 30));
  mcu_room_remove_view (fixture->room, MCU_ROOM_MAIN_VIEW);
  g_assert_nonnull (mcu_room_find_view (fixture->room, MCU_ROOM_MAIN_VIEW));
}

static void
test_views__nobody_costs_nothing (Fixture *fixture, gconstpointer data)
{
  McuView *view;
  McuViewStats stats;

  add_view (fixture, "one", 320, 180, 30);
  view = mcu_room_find_view (fixture->room, "one");
  place_ann (fixture, "one", 1);
  g_assert_null (mcu_view_get_tick (view));
  g_assert_null (mcu_view_get_tick (mcu_room_find_view (fixture->room, MCU_ROOM_MAIN_VIEW)));
  watch (fixture, "one");
  wait_for_firsts (fixture, 1);
  g_assert_nonnull (mcu_view_get_tick (view));
  g_assert_null (mcu_view_get_tick (mcu_room_find_view (fixture->room, MCU_ROOM_MAIN_VIEW)));
  while (fixture->placed_seq != 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->placed_view, ==, "one");
  look_away (fixture, "one");
  g_assert_null (mcu_view_get_tick (view));
  mcu_view_get_stats (view, &stats);
  g_assert_cmpuint (stats.n_rungs, ==, 0);
}

static guint64
count_ended (Fixture *fixture)
{
  g_autoptr (GArray) ended = mcu_room_list_ended (fixture->room);

  g_assert_cmpuint (ended->len, ==, 1);
  g_assert_cmpint (g_array_index (ended, McuEndedRung, 0).codec, ==, MCU_CODEC_VP8);
  g_assert_cmpint (g_array_index (ended, McuEndedRung, 0).height_px, ==, 180);
  return g_array_index (ended, McuEndedRung, 0).stats.frames;
}

/* Their placements are apart, and what one counted stays counted when it goes. */
static void
test_views__go (Fixture *fixture, gconstpointer data)
{
  McuViewStats stats;
  guint64 n, n_encoded;

  add_view (fixture, "one", 320, 180, 30);
  place_ann (fixture, "one", 7);
  place_ann (fixture, MCU_ROOM_MAIN_VIEW, 3);
  watch (fixture, "one");
  wait_for_firsts (fixture, 1);
  mcu_room_remove_view (fixture->room, "one");
  mcu_room_tend_views (fixture->room);
  /* Somebody who is no peer is on it still: a recorder. */
  g_assert_nonnull (mcu_room_find_view (fixture->room, "one"));
  look_away (fixture, "one");
  mcu_room_get_view_stats (fixture->room, &stats);
  n = stats.frames;
  g_assert_cmpuint (n, >, 0);
  n_encoded = count_ended (fixture);
  g_assert_cmpuint (n_encoded, >, 0);
  mcu_room_tend_views (fixture->room);
  g_assert_null (mcu_room_find_view (fixture->room, "one"));
  mcu_room_get_view_stats (fixture->room, &stats);
  g_assert_cmpuint (stats.frames, ==, n);
  g_assert_cmpuint (count_ended (fixture), ==, n_encoded);
  watch (fixture, MCU_ROOM_MAIN_VIEW);
  wait_for_firsts (fixture, 2);
  while (fixture->placed_seq != 3)
    g_main_context_iteration (NULL, TRUE);
  look_away (fixture, MCU_ROOM_MAIN_VIEW);
}

/* Removed and wanted again before the recorder left: it stays. */
static void
test_views__wanted_again (Fixture *fixture, gconstpointer data)
{
  add_view (fixture, "one", 320, 180, 30);
  watch (fixture, "one");
  mcu_room_remove_view (fixture->room, "one");
  g_assert_true (add_view (fixture, "one", 320, 180, 30));
  look_away (fixture, "one");
  mcu_room_tend_views (fixture->room);
  g_assert_nonnull (mcu_room_find_view (fixture->room, "one"));
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  mcu_plugins_init (&error);
  g_assert_no_error (error);
  add ("/room/views/bounded", test_views__are_bounded);
  add ("/room/views/nobody-costs-nothing", test_views__nobody_costs_nothing);
  add ("/room/views/go", test_views__go);
  add ("/room/views/wanted-again", test_views__wanted_again);
  return g_test_run ();
}
