/* pipelines/ingest/video-in.c - stages 1 to 3 of 6 for video: depacketize, decode, hand on.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/ingest/video-in.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "mcu/base/error.h"
#include "pipelines/ingest/decoded.h"
#include "pipelines/mix/video/range.h"
#include "pipelines/peer/bitstream.h"

/* Between two keyframe requests to one sender; it needs a round trip and a frame to answer. */
#define KEYFRAME_REQUEST_INTERVAL_US 500000
/* Packets for so long without a frame: the slowest camera has two frames a second and more. */
#define FRAMELESS_US 600000
/* The newest stays with the source; one more is being filled. */
#define IDLE_PICTURES 2

struct _McuVideoIn
{
  /* Set once in new(), then read by any thread. */
  McuCodec codec;
  McuSource *source;  /* owned */
  McuRtpGuard *guard; /* unowned: the peer frees it after us */
  guint section;
  McuPicturePool *pool; /* owned: of pictures brought into range */
  GstElement *depay;    /* owned */
  GstPad *decoder_sink; /* owned */

  /* The stream's thread only. */
  gboolean waits_for_key; /* what was skipped must not reach the decoder's reference pictures */
  gint64 asked_at_us;
  gint64 second_started_us;
  guint frames_this_second;
  McuDecodedFormat format;

  gint64 nudged_at_us; /* main loop only */

  /* Main loop and the stream's thread: atomic. */
  gint is_wanted;

  /* Main loop only. */
  gint64 wanted_since_us; /* 0: from the beginning */

  /* Held while a picture is handed on (one scaling, about a millisecond), so that silencing is
   * final: a source takes pictures from one thread at a time. */
  GMutex push_lock;
  gboolean is_started;
  gboolean is_silenced;

  /* Main loop writes, the stream's thread reads: hold tap_lock, also during the call. */
  GMutex tap_lock;
  McuVideoTapFunc tap; /* (nullable) */
  gpointer tap_data;   /* owned through tap_free */
  GDestroyNotify tap_free;

  /* Written by the stream's thread, read by any: hold lock. */
  GMutex lock;
  McuVideoInStats stats;
  gint64 arrival_us; /* of the frame that is being decoded */
};

/* @asked_at_us: when the caller's thread did so last. */
static void
ask_for_keyframe (McuVideoIn *self, gint64 *asked_at_us, gint64 now_us)
{
  GstEvent *event;

  if (now_us - *asked_at_us < KEYFRAME_REQUEST_INTERVAL_US)
    return;
  *asked_at_us = now_us;
  event = gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, FALSE, 0);
  gst_pad_push_event (self->decoder_sink, event);
}

static gboolean
is_too_fast (McuVideoIn *self, gint64 now_us)
{
  if (now_us - self->second_started_us >= G_USEC_PER_SEC) {
    self->second_started_us = now_us;
    self->frames_this_second = 0;
  }
  return ++self->frames_this_second > MCU_VIDEO_MAX_FPS;
}

/* Returns: whether who listens needs a keyframe. */
static gboolean
tell_tap (McuVideoIn *self, GstBuffer *buffer, const GstMapInfo *map, const McuBitstreamInfo *info)
{
  McuCodedFrame frame = {.data = map->data,
                         .size = map->size,
                         .running_ns = GST_BUFFER_PTS (buffer),
                         .is_keyframe = info->is_keyframe,
                         .width_px = info->width_px,
                         .height_px = info->height_px};
  gboolean needs_key;

  g_mutex_lock (&self->tap_lock);
  needs_key = self->tap != NULL && GST_BUFFER_PTS_IS_VALID (buffer) &&
              self->tap (self->tap_data, &frame);
  g_mutex_unlock (&self->tap_lock);
  return needs_key;
}

static gboolean
is_harmless (McuVideoIn *self, GstBuffer *frame, gint64 now_us, gboolean *is_keyframe)
{
  McuBitstreamInfo info = {0};
  McuBitstreamResult result = MCU_BITSTREAM_BROKEN;
  GstMapInfo map;

  if (gst_buffer_map (frame, &map, GST_MAP_READ)) {
    result = mcu_bitstream_check (self->codec, map.data, map.size, &info);
    if (result == MCU_BITSTREAM_OK && tell_tap (self, frame, &map, &info))
      ask_for_keyframe (self, &self->asked_at_us, now_us);
    gst_buffer_unmap (frame, &map);
  }
  *is_keyframe = info.is_keyframe;
  if (result != MCU_BITSTREAM_OK) {
    mcu_rtp_guard_count (self->guard, result == MCU_BITSTREAM_TOO_BIG ? MCU_GUARD_PICTURE_TOO_BIG
                                                                      : MCU_GUARD_PICTURE_BROKEN);
    return FALSE;
  }
  if (is_too_fast (self, now_us)) {
    mcu_rtp_guard_count (self->guard, MCU_GUARD_FRAME_RATE);
    return FALSE;
  }
  return TRUE;
}

/* Thread: the stream's. What is dropped here is not decoded; the decoder then needs a keyframe. */
static GstPadProbeReturn
on_coded_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  McuVideoIn *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  gboolean is_keyframe = FALSE;
  gboolean passes;

  passes = is_harmless (self, GST_PAD_PROBE_INFO_BUFFER (info), now_us, &is_keyframe) &&
           g_atomic_int_get (&self->is_wanted);
  if (passes && is_keyframe)
    self->waits_for_key = FALSE;
  else if (!passes)
    self->waits_for_key = TRUE;

  g_mutex_lock (&self->lock);
  self->stats.frames_received++;
  self->stats.last_frame_us = now_us;
  self->arrival_us = now_us;
  g_mutex_unlock (&self->lock);

  if (!self->waits_for_key)
    return GST_PAD_PROBE_OK;
  if (passes)
    ask_for_keyframe (self, &self->asked_at_us, now_us);
  return GST_PAD_PROBE_DROP;
}

/* Decoders do not say which range a stream has; everything after here is video range. */
static McuPicture *
bring_into_range (McuVideoIn *self, McuPicture *picture)
{
  McuGuardSectionStats known;
  McuPicture *limited;

  if (!mcu_rtp_guard_section_stats (self->guard, self->section, &known) || !known.full_range)
    return picture;
  limited = mcu_picture_pool_take (self->pool, picture->width, picture->height);
  mcu_range_limit (picture, limited);
  mcu_picture_unref (picture);
  return limited;
}

/* Thread: the stream's. */
static GstFlowReturn
on_picture (GstAppSink *sink, gpointer user_data)
{
  McuVideoIn *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  McuPicture *picture;
  gint64 arrival_us;

  if (sample == NULL)
    return GST_FLOW_EOS;
  if (!mcu_decoded_format_read (&self->format, gst_sample_get_caps (sample)))
    return GST_FLOW_OK;
  picture = mcu_decoded_wrap (&self->format, gst_sample_get_buffer (sample));
  if (picture == NULL)
    return GST_FLOW_OK;

  picture = bring_into_range (self, picture);

  g_mutex_lock (&self->lock);
  arrival_us = self->arrival_us;
  self->stats.width_px = picture->width;
  self->stats.height_px = picture->height;
  self->stats.frames_decoded++;
  self->stats.last_picture_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);

  g_mutex_lock (&self->push_lock);
  if (self->is_started && !self->is_silenced)
    mcu_source_push (self->source, picture, 0, arrival_us);
  else
    mcu_picture_unref (picture);
  g_mutex_unlock (&self->push_lock);
  return GST_FLOW_OK;
}

static GstElement *
make_decoder (McuCodec codec)
{
  GstElement *decoder = gst_element_factory_make (
      codec == MCU_CODEC_H264 ? "openh264dec" : "vp8dec", NULL);

  if (decoder == NULL)
    return NULL;
  g_object_set (decoder, "automatic-request-sync-points", TRUE, "discard-corrupted-frames", TRUE,
                "min-force-key-unit-interval", KEYFRAME_REQUEST_INTERVAL_US * GST_USECOND, "qos",
                FALSE, NULL);
  if (codec == MCU_CODEC_VP8)
    g_object_set (decoder, "threads", 1, NULL);
  return decoder;
}

static GstElement *
make_end (McuVideoIn *self)
{
  GstElement *sink = gst_element_factory_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_picture};

  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, "qos", FALSE,
                NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  return sink;
}

/* openh264dec wants to know the profile, which rtph264depay does not say, and a parser for it would
 * be one more reader of hostile bytes: the gateway takes only baseline, so it is said here. */
static GstPadProbeReturn
on_depay_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstCaps) told = NULL;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  told = gst_caps_copy (caps);
  gst_caps_set_simple (told, "profile", G_TYPE_STRING, "constrained-baseline", NULL);
  GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_caps (told);
  gst_event_unref (event);
  return GST_PAD_PROBE_OK;
}

McuVideoIn *
mcu_video_in_new (GstBin *pipeline, McuCodec codec, McuSource *source, McuRtpGuard *guard,
                  guint section, GError **error)
{
  g_autoptr (McuVideoIn) self = g_new0 (McuVideoIn, 1);
  g_autoptr (GstPad) depay_src = NULL;
  GstElement *decoder = make_decoder (codec);
  GstElement *sink = make_end (self);

  g_mutex_init (&self->lock);
  g_mutex_init (&self->push_lock);
  g_mutex_init (&self->tap_lock);
  self->codec = codec;
  self->source = mcu_source_ref (source);
  self->guard = guard;
  self->section = section;
  self->pool = mcu_picture_pool_new (IDLE_PICTURES);
  self->is_wanted = 1;
  self->waits_for_key = TRUE;
  self->depay = gst_element_factory_make (codec == MCU_CODEC_H264 ? "rtph264depay" : "rtpvp8depay",
                                          NULL);
  if (self->depay == NULL || decoder == NULL) {
    g_clear_object (&decoder);
    g_object_unref (gst_object_ref_sink (sink));
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no elements to decode %s",
                 mcu_codec_to_string (codec));
    return NULL;
  }
  gst_object_ref_sink (self->depay);
  g_object_set (self->depay, "request-keyframe", TRUE, "wait-for-keyframe", TRUE, NULL);
  gst_bin_add_many (pipeline, self->depay, decoder, sink, NULL);
  gst_element_link_many (self->depay, decoder, sink, NULL);
  depay_src = gst_element_get_static_pad (self->depay, "src");
  if (codec == MCU_CODEC_H264)
    gst_pad_add_probe (depay_src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_depay_event, NULL, NULL);
  self->decoder_sink = gst_element_get_static_pad (decoder, "sink");
  gst_pad_add_probe (self->decoder_sink, GST_PAD_PROBE_TYPE_BUFFER, on_coded_frame, self, NULL);
  return g_steal_pointer (&self);
}

void
mcu_video_in_free (McuVideoIn *self)
{
  g_clear_pointer (&self->source, mcu_source_unref);
  g_clear_pointer (&self->pool, mcu_picture_pool_unref);
  g_clear_object (&self->depay);
  g_clear_object (&self->decoder_sink);
  mcu_decoded_format_clear (&self->format);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->push_lock);
  if (self->tap_free != NULL)
    self->tap_free (self->tap_data);
  g_mutex_clear (&self->tap_lock);
  g_free (self);
}

void
mcu_video_in_link (McuVideoIn *self, GstPad *pad)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->depay, "sink");

  if (gst_pad_is_linked (sink))
    return;
  gst_pad_link (pad, sink);
}

void
mcu_video_in_start (McuVideoIn *self)
{
  g_mutex_lock (&self->push_lock);
  self->is_started = TRUE;
  g_mutex_unlock (&self->push_lock);
}

void
mcu_video_in_set_wanted (McuVideoIn *self, gboolean wanted)
{
  wanted = wanted && !self->is_silenced;
  /* The first frame that comes then finds waits_for_key and asks for a keyframe. */
  if (wanted && !g_atomic_int_get (&self->is_wanted))
    self->wanted_since_us = g_get_monotonic_time ();
  g_atomic_int_set (&self->is_wanted, wanted);
}

void
mcu_video_in_silence (McuVideoIn *self)
{
  g_atomic_int_set (&self->is_wanted, 0);
  g_mutex_lock (&self->push_lock);
  self->is_silenced = TRUE;
  g_mutex_unlock (&self->push_lock);
}

gboolean
mcu_video_in_is_feeding (McuVideoIn *self)
{
  return self->is_started && !self->is_silenced; /* only the main loop writes them */
}

gboolean
mcu_video_in_is_live (McuVideoIn *self, gint64 now_us)
{
  McuVideoInStats stats;

  mcu_video_in_get_stats (self, &stats);
  if (stats.last_picture_us == 0 || now_us - stats.last_frame_us >= MCU_VIDEO_STALL_US)
    return FALSE;
  return !g_atomic_int_get (&self->is_wanted) ||
         now_us - MAX (stats.last_picture_us, self->wanted_since_us) < MCU_VIDEO_STALL_US;
}

void
mcu_video_in_nudge (McuVideoIn *self, gint64 now_us)
{
  McuVideoInStats stats;
  McuGuardSectionStats arrived;

  mcu_video_in_get_stats (self, &stats);
  if (!g_atomic_int_get (&self->is_wanted) ||
      !mcu_rtp_guard_section_stats (self->guard, self->section, &arrived))
    return;
  if (now_us - arrived.last_rtp_us < FRAMELESS_US && now_us - stats.last_frame_us > FRAMELESS_US)
    ask_for_keyframe (self, &self->nudged_at_us, now_us);
}

void
mcu_video_in_set_tap (McuVideoIn *self, McuVideoTapFunc func, gpointer user_data,
                      GDestroyNotify free_data)
{
  GDestroyNotify old_free = self->tap_free;
  gpointer old_data = self->tap_data;

  g_mutex_lock (&self->tap_lock);
  self->tap = func;
  self->tap_data = user_data;
  self->tap_free = free_data;
  g_mutex_unlock (&self->tap_lock);
  if (old_free != NULL)
    old_free (old_data);
}

McuCodec
mcu_video_in_get_codec (McuVideoIn *self)
{
  return self->codec;
}

void
mcu_video_in_get_stats (McuVideoIn *self, McuVideoInStats *stats)
{
  g_mutex_lock (&self->lock);
  *stats = self->stats;
  g_mutex_unlock (&self->lock);
}
