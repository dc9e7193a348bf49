/* tests/unit/pipelines/output/receiver.c - the frame memory and needs-key, with a real appsrc.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/receiver.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#define FRAME_NS (GST_SECOND / 30)

/* A rung without its encoder: frames are numbered, and the receiver's end is read from an appsink.
 */
typedef struct
{
  GstElement *pipeline;
  GstAppSrc *source;
  GstAppSink *sink;
  McuFrameMemory memory;
  McuReceiver *receiver;
  guint64 next_index;
  guint firsts;
} Fixture;

static void
on_first (gpointer user_data, guint64 pts_ns)
{
  Fixture *fixture = user_data;

  fixture->firsts++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->pipeline = gst_parse_launch ("appsrc name=in is-live=true format=time max-bytes=0 ! "
                                        "appsink name=out sync=false async=false",
                                        NULL);
  fixture->source = GST_APP_SRC (gst_bin_get_by_name (GST_BIN (fixture->pipeline), "in"));
  fixture->sink = GST_APP_SINK (gst_bin_get_by_name (GST_BIN (fixture->pipeline), "out"));
  mcu_frame_memory_init (&fixture->memory);
  fixture->receiver = mcu_receiver_new (fixture->source, on_first, fixture, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mcu_receiver_close (fixture->receiver);
  gst_element_set_state (fixture->pipeline, GST_STATE_NULL);
  mcu_receiver_unref (fixture->receiver);
  mcu_frame_memory_finish (&fixture->memory);
  gst_object_unref (fixture->source);
  gst_object_unref (fixture->sink);
  gst_object_unref (fixture->pipeline);
}

/* The next frame of the rung, with its index as its first bytes. */
static void
make_frame (Fixture *fixture, gboolean is_keyframe, gsize size, gboolean give)
{
  McuFrame frame = {.index = fixture->next_index++, .is_keyframe = is_keyframe};

  frame.buffer = gst_buffer_new_allocate (NULL, MAX (size, sizeof frame.index), NULL);
  gst_buffer_fill (frame.buffer, 0, &frame.index, sizeof frame.index);
  GST_BUFFER_PTS (frame.buffer) = frame.index * FRAME_NS;
  mcu_frame_memory_add (&fixture->memory, &frame);
  if (give)
    mcu_receiver_give (fixture->receiver, &frame, &fixture->memory);
  gst_buffer_unref (frame.buffer);
}

static void
assert_received (Fixture *fixture, guint64 index)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (fixture->sink, 5 * GST_SECOND);
  guint64 received;

  g_assert_nonnull (sample);
  gst_buffer_extract (gst_sample_get_buffer (sample), 0, &received, sizeof received);
  g_assert_cmpuint (received, ==, index);
}

static void
assert_nothing_waits (Fixture *fixture)
{
  g_assert_cmpuint (gst_app_src_get_current_level_buffers (fixture->source), ==, 0);
  g_assert_null (gst_app_sink_try_pull_sample (fixture->sink, 0));
}

static void
play (Fixture *fixture)
{
  gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING);
}

static void
test_receiver__starts_at_a_keyframe (Fixture *fixture, gconstpointer data)
{
  play (fixture);
  make_frame (fixture, FALSE, 100, TRUE);
  assert_nothing_waits (fixture);
  g_assert_cmpint (mcu_receiver_take_wish (fixture->receiver, 0), ==, MCU_RECEIVER_WANTS_FIRST);
  make_frame (fixture, TRUE, 100, TRUE);
  assert_received (fixture, 1);
  g_assert_cmpuint (fixture->firsts, ==, 1);
  g_assert_cmpint (mcu_receiver_take_wish (fixture->receiver, 0), ==, MCU_RECEIVER_CONTENT);
}

static void
test_receiver__joiner_is_served_from_memory (Fixture *fixture, gconstpointer data)
{
  play (fixture);
  make_frame (fixture, TRUE, 100, FALSE);
  make_frame (fixture, FALSE, 100, FALSE);
  mcu_receiver_catch_up (fixture->receiver, &fixture->memory);
  assert_received (fixture, 0);
  assert_received (fixture, 1);
  make_frame (fixture, FALSE, 100, TRUE);
  assert_received (fixture, 2);
}

static void
test_receiver__no_memory_that_is_old_or_large (Fixture *fixture, gconstpointer data)
{
  guint first;

  make_frame (fixture, TRUE, 100, FALSE);
  g_assert_true (mcu_frame_memory_find (&fixture->memory, G_MAXUINT64, &first));
  for (guint i = 0; i < 32; i++)
    make_frame (fixture, FALSE, 100, FALSE);
  g_assert_false (mcu_frame_memory_find (&fixture->memory, G_MAXUINT64, &first));
  make_frame (fixture, TRUE, MCU_FRAME_MEMORY_MAX_BYTES, FALSE);
  g_assert_true (mcu_frame_memory_find (&fixture->memory, G_MAXUINT64, &first));
  make_frame (fixture, FALSE, 100, FALSE);
  g_assert_false (mcu_frame_memory_find (&fixture->memory, G_MAXUINT64, &first));
}

/* A peer whose thread stands still: nothing leaks from its queue, and when it runs again it gets
 * either what it missed or a keyframe, never a frame whose reference it does not have. */
static void
test_receiver__stalled_gets_what_it_missed (Fixture *fixture, gconstpointer data)
{
  McuReceiverStats stats;

  make_frame (fixture, TRUE, 100, TRUE);
  for (guint i = 0; i < 6; i++)
    make_frame (fixture, FALSE, 100, TRUE);
  mcu_receiver_get_stats (fixture->receiver, &stats);
  g_assert_cmpuint (stats.needs_key, ==, 1);
  g_assert_cmpuint (stats.frames, ==, MCU_RECEIVER_MAX_WAITING + 1);
  /* Still stalled: asking for a keyframe now would help nobody. */
  g_assert_cmpint (mcu_receiver_take_wish (fixture->receiver, 0), ==, MCU_RECEIVER_CONTENT);

  play (fixture);
  for (guint i = 0; i <= MCU_RECEIVER_MAX_WAITING; i++)
    assert_received (fixture, i);
  mcu_receiver_catch_up (fixture->receiver, &fixture->memory);
  for (guint i = MCU_RECEIVER_MAX_WAITING + 1; i < 7; i++)
    assert_received (fixture, i);
  make_frame (fixture, FALSE, 100, TRUE);
  assert_received (fixture, 7);
}

static void
test_receiver__stalled_too_long_waits_for_a_keyframe (Fixture *fixture, gconstpointer data)
{
  make_frame (fixture, TRUE, 100, TRUE);
  for (guint i = 0; i < 60; i++)
    make_frame (fixture, FALSE, 100, TRUE);
  play (fixture);
  for (guint i = 0; i <= MCU_RECEIVER_MAX_WAITING; i++)
    assert_received (fixture, i);
  g_assert_cmpint (mcu_receiver_take_wish (fixture->receiver, 0), ==, MCU_RECEIVER_WANTS_REFRESH);
  make_frame (fixture, FALSE, 100, TRUE);
  assert_nothing_waits (fixture);
  make_frame (fixture, TRUE, 100, TRUE);
  assert_received (fixture, 62);
}

/* Who comes from another rung has seen pictures up to some moment: nothing from before it, neither
 * of the memory nor a keyframe that was under way. */
static void
test_receiver__moved_sees_no_time_go_back (Fixture *fixture, gconstpointer data)
{
  play (fixture);
  for (guint i = 0; i < 5; i++) {
    make_frame (fixture, i == 0, 100, TRUE);
    assert_received (fixture, i);
  }
  mcu_frame_memory_finish (&fixture->memory);
  mcu_frame_memory_init (&fixture->memory);
  fixture->next_index = 2;
  make_frame (fixture, TRUE, 100, FALSE);
  make_frame (fixture, FALSE, 100, FALSE);
  mcu_receiver_restart (fixture->receiver);
  mcu_receiver_catch_up (fixture->receiver, &fixture->memory);
  assert_nothing_waits (fixture);
  make_frame (fixture, TRUE, 100, TRUE); /* of the moment that was seen last */
  assert_nothing_waits (fixture);
  g_assert_cmpint (mcu_receiver_take_wish (fixture->receiver, 0), ==, MCU_RECEIVER_WANTS_FIRST);
  make_frame (fixture, TRUE, 100, TRUE);
  assert_received (fixture, 5);
  g_assert_cmpuint (fixture->firsts, ==, 2);
}

static void
send_request (Fixture *fixture)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (fixture->sink), "sink");

  gst_pad_push_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

/* 100 requests a second from one receiver, for ten seconds. */
static void
test_receiver__requests_have_a_budget (Fixture *fixture, gconstpointer data)
{
  guint granted = 0;
  McuReceiverStats stats;

  play (fixture);
  make_frame (fixture, TRUE, 100, TRUE);
  assert_received (fixture, 0);
  for (guint i = 0; i < 1000; i++) {
    send_request (fixture);
    granted += mcu_receiver_take_wish (fixture->receiver, 1 + i * 10000) ==
               MCU_RECEIVER_WANTS_REFRESH;
  }
  mcu_receiver_get_stats (fixture->receiver, &stats);
  g_assert_cmpuint (stats.requests, ==, 1000);
  g_assert_cmpuint (granted, >=, MCU_RECEIVER_REQUEST_BURST);
  g_assert_cmpuint (granted, <=, MCU_RECEIVER_REQUEST_BURST + 5);
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  add ("/output/receiver/starts-at-a-keyframe", test_receiver__starts_at_a_keyframe);
  add ("/output/receiver/served-from-memory", test_receiver__joiner_is_served_from_memory);
  add ("/output/receiver/bounded-memory", test_receiver__no_memory_that_is_old_or_large);
  add ("/output/receiver/stalled", test_receiver__stalled_gets_what_it_missed);
  add ("/output/receiver/stalled-long", test_receiver__stalled_too_long_waits_for_a_keyframe);
  add ("/output/receiver/moved", test_receiver__moved_sees_no_time_go_back);
  add ("/output/receiver/request-budget", test_receiver__requests_have_a_budget);
  return g_test_run ();
}
