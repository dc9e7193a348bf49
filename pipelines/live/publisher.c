/* pipelines/live/publisher.c - encoded pictures and sound in, RTMP, SRT or HLS pieces out.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   appsrc -> h264parse -------------> flvmux ----> rtmp2sink
 *   appsrc -> voaacenc -> aacparse --> mpegtsmux -> srtsink, or the segmenter */
#include "pipelines/live/publisher.h"

#include <string.h>

#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "mcu/base/error.h"
#include "pipelines/live/segmenter.h"
#include "pipelines/record/muxer.h"
#include "pipelines/record/timeline.h"

#define AAC_BITRATE_BPS 128000
/* What waits for a slow network; beyond it the room is told by not being read from. */
#define WAITING_VIDEO_NS (3 * GST_SECOND)
/* The muxer waits for the slower of the two: longer than pictures can be away (a steady rung has a
 * keyframe every 2 s), or each would wait for the other. */
#define WAITING_SOUND_BYTES (10 * MCU_RECORD_RATE_HZ * sizeof (gint16))
#define SOUND_BYTES (MCU_RECORD_SOUND_SAMPLES * sizeof (gint16))
/* Source: libsrt's payload of whole transport packets. */
#define TS_PACKETS_PER_BUFFER 7
#define SRT_LATENCY_MS 200

struct _McuPublisher
{
  /* Set once in new(), then read by any thread. */
  McuPublisherSettings settings; /* @url and @address: only in new() */
  const McuPublisherEvents *events;
  gpointer user_data;
  GstElement *pipeline;    /* owned */
  GstAppSrc *video;        /* owned */
  GstAppSrc *sound;        /* owned */
  McuSegmenter *segmenter; /* owned (nullable) */

  /* The feeding thread only. */
  McuRecordTimeline timeline;
};

/* ---- the pipeline's threads ---- */

/* Thread: any that posts. */
static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  McuPublisher *self = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) why = NULL;
    g_autoptr (GError) error = NULL;

    gst_message_parse_error (message, &why, NULL);
    error = g_error_new (MCU_ERROR, MCU_ERROR_INTERNAL, "%s: %s", GST_MESSAGE_SRC_NAME (message),
                         why->message);
    self->events->failed (self->user_data, error);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* Thread: the muxer's. What comes to a sink for the second time tells that the first went out. */
static GstPadProbeReturn
on_output (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  McuPublisher *self = user_data;

  self->events->sent (self->user_data);
  return GST_PAD_PROBE_OK;
}

/* Thread: the muxer's. */
static void
on_segment (gpointer user_data, int memfd, guint duration_ms)
{
  McuPublisher *self = user_data;
  g_autoptr (GError) error = NULL;

  if (memfd >= 0) {
    self->events->segment (self->user_data, memfd, duration_ms);
    return;
  }
  error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TOO_LARGE,
                               "a piece of the stream is too large");
  self->events->failed (self->user_data, error);
}

/* Thread: the video appsrc's. The parser and the muxer hand it on to where the keyframe begins. */
static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  GstClockTime pts_ns = GST_BUFFER_PTS (frame);

  if (!GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT))
    gst_pad_push_event (
        pad, gst_video_event_new_downstream_force_key_unit (pts_ns, pts_ns, pts_ns, TRUE, 0));
  return GST_PAD_PROBE_OK;
}

/* ---- how it is made ---- */

static GstElement *
make (McuPublisher *self, const char *factory, const char *name, GError **error)
{
  GstElement *element = gst_element_factory_make (factory, name);

  if (element != NULL)
    gst_bin_add (GST_BIN (self->pipeline), element);
  else if (error != NULL && *error == NULL)
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no GStreamer element %s", factory);
  return element;
}

static void
set_up_rtmp (GstElement *sink, const McuLiveUrl *url)
{
  const char *last = strrchr (url->path, '/');
  g_autofree char *application = g_strndup (url->path + 1, last - url->path - 1);
  g_autofree char *stream = url->query != NULL ? g_strdup_printf ("%s?%s", last + 1, url->query)
                                               : g_strdup (last + 1);

  gst_util_set_object_arg (G_OBJECT (sink), "scheme",
                           url->scheme == MCU_LIVE_RTMPS ? "rtmps" : "rtmp");
  /* The name, for the server's certificate and its virtual hosts; egress.h sees to the rest. */
  g_object_set (sink, "host", url->host, "port", url->port, "application", application, "stream",
                stream, "username", url->user, "password", url->password, "timeout", 15u, NULL);
}

static void
set_up_srt (GstElement *sink, const McuLiveUrl *url, GInetAddress *address)
{
  g_autofree char *host = g_inet_address_to_string (address);
  gboolean is_v6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  g_autofree char *uri = g_strdup_printf ("srt://%s%s%s:%u", is_v6 ? "[" : "", host,
                                          is_v6 ? "]" : "", url->port);

  g_object_set (sink, "uri", uri, "latency",
                url->latency_ms > 0 ? (int) url->latency_ms : SRT_LATENCY_MS, "auto-reconnect",
                FALSE, "wait-for-connection", TRUE, NULL);
  if (url->stream_id != NULL)
    g_object_set (sink, "streamid", url->stream_id, NULL);
  if (url->passphrase != NULL)
    g_object_set (sink, "passphrase", url->passphrase, NULL);
  if (url->key_bytes > 0)
    g_object_set (sink, "pbkeylen", (int) url->key_bytes, NULL);
}

static GstElement *
make_sink (McuPublisher *self, GError **error)
{
  GstElement *sink = NULL;

  switch (self->settings.kind) {
  case MCU_PUBLISH_RTMP:
    sink = make (self, "rtmp2sink", "rtmp", error);
    if (sink != NULL)
      set_up_rtmp (sink, self->settings.url);
    break;
  case MCU_PUBLISH_SRT:
    sink = make (self, "srtsink", "srt", error);
    if (sink != NULL)
      set_up_srt (sink, self->settings.url, self->settings.address);
    break;
  case MCU_PUBLISH_HLS:
    sink = make (self, "fakesink", "hls", error);
    break;
  }
  if (sink != NULL)
    g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  return sink;
}

static GstElement *
make_mux (McuPublisher *self, GError **error)
{
  gboolean is_flv = self->settings.kind == MCU_PUBLISH_RTMP;
  GstElement *mux = make (self, is_flv ? "flvmux" : "mpegtsmux", NULL, error);

  if (mux != NULL && is_flv)
    g_object_set (mux, "streamable", TRUE, "metadatacreator", "tessera", "encoder", "tessera",
                  NULL);
  else if (mux != NULL && self->settings.kind == MCU_PUBLISH_SRT)
    g_object_set (mux, "alignment", TS_PACKETS_PER_BUFFER, NULL);
  return mux;
}

static gboolean
add_end (McuPublisher *self, GstElement *mux, GError **error)
{
  GstElement *sink = make_sink (self, error);
  g_autoptr (GstPad) pad = sink != NULL ? gst_element_get_static_pad (sink, "sink") : NULL;

  if (sink == NULL)
    return FALSE;
  if (self->settings.kind == MCU_PUBLISH_HLS)
    self->segmenter = mcu_segmenter_new (pad, on_segment, self);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_output,
                     self, NULL);
  return gst_element_link (mux, sink);
}

static GstElement *
make_source (McuPublisher *self, GstCaps *caps, GError **error)
{
  GstElement *source = make (self, "appsrc", NULL, error);

  if (source != NULL)
    g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "block", TRUE, "max-bytes",
                  G_GUINT64_CONSTANT (0), NULL);
  return source;
}

static gboolean
add_video (McuPublisher *self, GstElement *mux, GError **error)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "video/x-h264", "stream-format", G_TYPE_STRING, "byte-stream", "alignment", G_TYPE_STRING,
      "au", "width", G_TYPE_INT, self->settings.width_px, "height", G_TYPE_INT,
      self->settings.height_px, "framerate", GST_TYPE_FRACTION, self->settings.fps, 1, NULL);
  GstElement *source = make_source (self, caps, error);
  GstElement *parser = make (self, "h264parse", NULL, error);
  g_autoptr (GstPad) pad = source != NULL ? gst_element_get_static_pad (source, "src") : NULL;

  if (source == NULL || parser == NULL)
    return FALSE;
  self->video = GST_APP_SRC (gst_object_ref (source));
  gst_app_src_set_max_time (self->video, WAITING_VIDEO_NS);
  if (self->settings.kind == MCU_PUBLISH_HLS)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);
  return gst_element_link_many (source, parser, mux, NULL);
}

static gboolean
add_sound (McuPublisher *self, GstElement *mux, GError **error)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT, MCU_RECORD_RATE_HZ,
      "channels", G_TYPE_INT, 1, "layout", G_TYPE_STRING, "interleaved", NULL);
  GstElement *source = make_source (self, caps, error);
  GstElement *encoder = make (self, "voaacenc", NULL, error);
  GstElement *parser = make (self, "aacparse", NULL, error);

  if (source == NULL || encoder == NULL || parser == NULL)
    return FALSE;
  self->sound = GST_APP_SRC (gst_object_ref (source));
  gst_app_src_set_max_bytes (self->sound, WAITING_SOUND_BYTES);
  g_object_set (encoder, "bitrate", AAC_BITRATE_BPS, NULL);
  return gst_element_link_many (source, encoder, parser, mux, NULL);
}

McuPublisher *
mcu_publisher_new (const McuPublisherSettings *settings, const McuPublisherEvents *events,
                   gpointer user_data, GError **error)
{
  g_autoptr (McuPublisher) self = g_new0 (McuPublisher, 1);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GError) why = NULL;
  GstElement *mux;

  self->settings = *settings;
  self->events = events;
  self->user_data = user_data;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, self, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), NULL);
  mcu_record_timeline_init (&self->timeline, 0, settings->fps,
                            mcu_record_muxer_sound_delay_samples (MCU_RECORD_MP4));
  mux = make_mux (self, &why);
  if (mux == NULL || !add_video (self, mux, &why) || !add_sound (self, mux, &why) ||
      !add_end (self, mux, &why) ||
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    if (why != NULL)
      g_propagate_error (error, g_steal_pointer (&why));
    else
      g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "the stream does not start");
    return NULL;
  }
  self->settings.url = NULL;
  self->settings.address = NULL;
  return g_steal_pointer (&self);
}

void
mcu_publisher_unblock (McuPublisher *self)
{
  /* A source that is not in order takes nothing, and so lets nobody wait. */
  g_object_set (self->video, "block", FALSE, NULL);
  g_object_set (self->sound, "block", FALSE, NULL);
  gst_element_set_state (GST_ELEMENT (self->video), GST_STATE_READY);
  gst_element_set_state (GST_ELEMENT (self->sound), GST_STATE_READY);
}

void
mcu_publisher_free (McuPublisher *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object ((GstElement **) &self->video);
  gst_clear_object ((GstElement **) &self->sound);
  gst_object_unref (self->pipeline);
  g_clear_pointer (&self->segmenter, mcu_segmenter_free);
  g_free (self);
}

void
mcu_publisher_begin_feed (McuPublisher *self)
{
  mcu_record_timeline_pause (&self->timeline);
  mcu_record_timeline_resume (&self->timeline, 0);
}

static void
take_video (McuPublisher *self, const McuExchangeFrame *frame, guint8 *data)
{
  guint64 at_ns;
  GstBuffer *buffer;

  if (frame->codec != MCU_CODEC_H264 ||
      !mcu_record_timeline_video (&self->timeline, frame->pts_ns, frame->is_keyframe, &at_ns)) {
    g_free (data);
    return;
  }
  buffer = gst_buffer_new_wrapped (data, frame->size);
  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = at_ns;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / self->settings.fps;
  if (!frame->is_keyframe)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  gst_app_src_push_buffer (self->video, buffer);
}

static void
push_sound (McuPublisher *self, gpointer pcm, gsize size, guint64 at_sample)
{
  GstBuffer *buffer = gst_buffer_new_wrapped (pcm, size);

  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale_int (at_sample, GST_SECOND, MCU_RECORD_RATE_HZ);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale_int (size / sizeof (gint16), GST_SECOND,
                                                            MCU_RECORD_RATE_HZ);
  gst_app_src_push_buffer (self->sound, buffer);
}

static void
take_sound (McuPublisher *self, const McuExchangeFrame *frame, guint8 *data)
{
  guint silence;
  guint64 at_sample;

  if (frame->codec != MCU_CODEC_NONE || frame->size != SOUND_BYTES ||
      !mcu_record_timeline_sound (&self->timeline, frame->pts_ns, &silence, &at_sample)) {
    g_free (data);
    return;
  }
  if (silence > 0)
    push_sound (self, g_malloc0 (silence * sizeof (gint16)), silence * sizeof (gint16), at_sample);
  push_sound (self, data, frame->size, at_sample + silence);
}

void
mcu_publisher_take (McuPublisher *self, const McuExchangeFrame *frame, guint8 *data)
{
  switch (frame->kind) {
  case MCU_EXCHANGE_VIDEO:
    take_video (self, frame, data);
    return;
  case MCU_EXCHANGE_SOUND:
    take_sound (self, frame, data);
    return;
  }
}
