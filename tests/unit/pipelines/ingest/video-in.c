/* tests/unit/pipelines/ingest/video-in.c - real packets of VP8, from the payloader to the source.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/ingest/video-in.h"

#include "pipelines/process/plugins.h"
#include "tests/unit/pipelines/peer/support.h"

#include <gst/app/gstappsrc.h>

#define WIDTH_PX 64
#define HEIGHT_PX 48
#define WATCHDOG_US (10 * G_USEC_PER_SEC)

typedef struct
{
  GstElement *pipeline;
  GstAppSrc *raw;
  McuOffer *offer;
  McuRtpGuard *guard;
  McuSource *source;
  McuVideoIn *in;
  guint n_sent;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pay = NULL;
  g_autoptr (GstPad) pad = NULL;

  fixture->pipeline = gst_parse_launch (
      "appsrc name=raw format=time max-bytes=0 "
      "caps=video/x-raw,format=I420,width=64,height=48,framerate=30/1 ! "
      "vp8enc deadline=1 lag-in-frames=0 ! rtpvp8pay name=pay",
      &error);
  g_assert_no_error (error);
  fixture->raw = GST_APP_SRC (gst_bin_get_by_name (GST_BIN (fixture->pipeline), "raw"));
  pay = gst_bin_get_by_name (GST_BIN (fixture->pipeline), "pay");
  pad = gst_element_get_static_pad (pay, "src");
  fixture->offer = test_offer ("chromium-meeting", MCU_OFFER_BROWSER);
  fixture->guard = mcu_rtp_guard_new (fixture->offer);
  fixture->source = mcu_source_new ();
  fixture->in = mcu_video_in_new (GST_BIN (fixture->pipeline), MCU_CODEC_VP8, fixture->source,
                                  fixture->guard, 1, &error);
  g_assert_no_error (error);
  mcu_video_in_link (fixture->in, pad);
  gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_element_set_state (fixture->pipeline, GST_STATE_NULL);
  gst_object_unref (fixture->raw);
  gst_object_unref (fixture->pipeline);
  mcu_video_in_free (fixture->in);
  mcu_source_unref (fixture->source);
  mcu_rtp_guard_free (fixture->guard);
  mcu_offer_free (fixture->offer);
}

static McuVideoInStats
stats_of (Fixture *fixture)
{
  McuVideoInStats stats;

  mcu_video_in_get_stats (fixture->in, &stats);
  return stats;
}

/* Returns when it has come through, decoded or not. */
static void
send_picture (Fixture *fixture)
{
  gsize size = WIDTH_PX * HEIGHT_PX * 3 / 2;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  gint64 give_up_us = g_get_monotonic_time () + WATCHDOG_US;

  gst_buffer_memset (buffer, 0, 16 + fixture->n_sent * 10 % 200, size);
  GST_BUFFER_PTS (buffer) = fixture->n_sent * GST_SECOND / 30;
  gst_app_src_push_buffer (fixture->raw, buffer);
  fixture->n_sent++;
  while (stats_of (fixture).frames_received < fixture->n_sent) {
    g_assert_cmpint (g_get_monotonic_time (), <, give_up_us);
    g_usleep (1000);
  }
}

static void
wait_for_decoded (Fixture *fixture, guint64 n)
{
  gint64 give_up_us = g_get_monotonic_time () + WATCHDOG_US;

  while (stats_of (fixture).frames_decoded < n) {
    g_assert_cmpint (g_get_monotonic_time (), <, give_up_us);
    g_usleep (1000);
  }
}

static void
wait_for_picture (Fixture *fixture)
{
  gint64 give_up_us = g_get_monotonic_time () + WATCHDOG_US;

  while (!mcu_source_has_picture (fixture->source)) {
    g_assert_cmpint (g_get_monotonic_time (), <, give_up_us);
    g_usleep (1000);
  }
}

/* The older connection still feeds the source. */
static void
test_video_in__feeds_nothing_before_its_start (Fixture *fixture, gconstpointer data)
{
  g_assert_false (mcu_video_in_is_feeding (fixture->in));
  send_picture (fixture);
  send_picture (fixture);
  wait_for_decoded (fixture, 1);
  g_assert_false (mcu_source_has_picture (fixture->source));

  mcu_video_in_start (fixture->in);
  g_assert_true (mcu_video_in_is_feeding (fixture->in));
  send_picture (fixture);
  wait_for_picture (fixture);
}

static void
test_video_in__silenced_feeds_no_more (Fixture *fixture, gconstpointer data)
{
  mcu_video_in_start (fixture->in);
  send_picture (fixture);
  wait_for_picture (fixture);
  mcu_video_in_silence (fixture->in);
  g_assert_false (mcu_video_in_is_feeding (fixture->in));
  mcu_source_clear (fixture->source);
  send_picture (fixture);
  mcu_video_in_set_wanted (fixture->in, TRUE);
  send_picture (fixture);
  g_assert_false (mcu_source_has_picture (fixture->source));
}

static void
test_video_in__is_live_while_pictures_come (Fixture *fixture, gconstpointer data)
{
  gint64 picture_us;

  mcu_video_in_start (fixture->in);
  g_assert_false (mcu_video_in_is_live (fixture->in, g_get_monotonic_time ()));
  send_picture (fixture);
  wait_for_decoded (fixture, 1);
  picture_us = stats_of (fixture).last_picture_us;
  g_assert_true (mcu_video_in_is_live (fixture->in, picture_us));
  g_assert_false (mcu_video_in_is_live (fixture->in, picture_us + MCU_VIDEO_STALL_US));
}

/* Packets come, but nothing that can be shown: what is on the tile would be a frozen frame. */
static void
test_video_in__undecoded_is_live_only_unwanted (Fixture *fixture, gconstpointer data)
{
  gint64 frame_us, later_us;

  mcu_video_in_start (fixture->in);
  send_picture (fixture);
  wait_for_decoded (fixture, 1);
  mcu_video_in_set_wanted (fixture->in, FALSE);
  send_picture (fixture);
  frame_us = stats_of (fixture).last_frame_us;
  later_us = frame_us + MCU_VIDEO_STALL_US - 1;
  g_assert_true (mcu_video_in_is_live (fixture->in, later_us));

  /* Wanted again, but only delta frames come: live until the stall counts from there. */
  mcu_video_in_set_wanted (fixture->in, TRUE);
  g_assert_true (mcu_video_in_is_live (fixture->in, g_get_monotonic_time ()));
  g_assert_cmpuint (stats_of (fixture).frames_decoded, ==, 1);
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
  add ("/ingest/video-in/start", test_video_in__feeds_nothing_before_its_start);
  add ("/ingest/video-in/silence", test_video_in__silenced_feeds_no_more);
  add ("/ingest/video-in/live", test_video_in__is_live_while_pictures_come);
  add ("/ingest/video-in/undecoded", test_video_in__undecoded_is_live_only_unwanted);
  return g_test_run ();
}
