/* pipelines/record/muxer.c - encoded pictures and mixed sound in, a file's bytes out.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   appsrc (a McuReceiver's) -> queue -> parser -> muxer -> appsink -> the writer
 *   appsrc (the mixer's tap) -> encoder -----------^ */
#include "pipelines/record/muxer.h"

#include <gst/app/gstappsink.h>

#include "mcu/base/error.h"
#include "pipelines/record/timeline.h"

/* The receiver lets three frames wait at most, and the muxer waits for the slower of its two
 * inputs: here is where pictures wait for sound. Some seconds of them. Sound waits longer: when an
 * encoder fails and is made anew its last picture stays, and nothing is missing. */
#define WAITING_VIDEO_BYTES (8 * 1024 * 1024)
#define WAITING_SOUND_BYTES (30 * MCU_RECORD_RATE_HZ * sizeof (gint16))

/* Measured with a click (tests/unit/pipelines/record/recorder.c): voaacenc gives its first frame
 * the time of the first sample, though a decoder puts that one 1600 samples later. Of Opus the
 * pre-skip (RFC 7845 4.2: 6.5 ms) stays when it is in Matroska; in Ogg it is taken off. */
#define AAC_DELAY_SAMPLES 1600
#define OPUS_DELAY_SAMPLES 312

struct _McuRecordMuxer
{
  /* Set once in new(), then read by any thread. */
  McuRecordMuxerSettings settings;
  const McuRecordMuxerEvents *events;
  gpointer user_data;   /* unowned: outlives us */
  GstElement *pipeline; /* owned */
  GstAppSrc *video;     /* owned (nullable) */
  GstAppSrc *sound;     /* owned */
};

static const struct
{
  const char *plugin; /* file, without libgst and .so */
  const char *element;
} needed[] = {
    {"isomp4", "mp4mux"},      {"matroska", "matroskamux"}, {"ogg", "oggmux"},
    {"opus", "opusenc"},       {"voaacenc", "voaacenc"},    {"videoparsersbad", "h264parse"},
    {"coreelements", "queue"}, {"app", "appsrc"},
};

/* Not at the start of the process: most meetings are not recorded, and the spare is to be small.
 * The sandbox lets /usr be read. */
static gboolean
load_plugins (GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (needed[i].element);
    g_autofree char *path = g_strdup_printf ("%s/libgst%s.so", TESSERA_GST_PLUGINS_DIR,
                                             needed[i].plugin);
    g_autoptr (GstPlugin) plugin = NULL;
    g_autoptr (GError) why = NULL;

    if (factory != NULL)
      continue;
    plugin = gst_plugin_load_file (path, &why);
    if (plugin == NULL) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "GStreamer plugin %s: %s",
                   needed[i].plugin, why->message);
      return FALSE;
    }
  }
  return TRUE;
}

/* ---- the pipeline's threads ---- */

/* Thread: the video appsrc's. The frame is shared with the rung's other receivers. */
static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  McuRecordMuxer *self = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  guint64 file_ns;

  if (!self->events->place (self->user_data, frame, &file_ns))
    return GST_PAD_PROBE_DROP;
  frame = gst_buffer_make_writable (frame); /* a copy of the metadata */
  GST_BUFFER_PTS (frame) = GST_BUFFER_DTS (frame) = file_ns;
  GST_BUFFER_DURATION (frame) = GST_SECOND / self->settings.fps;
  info->data = frame;
  return GST_PAD_PROBE_OK;
}

/* Thread: the muxer's. */
static GstFlowReturn
on_bytes (GstAppSink *sink, gpointer user_data)
{
  McuRecordMuxer *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  gpointer data;
  gsize size;

  if (buffer == NULL)
    return GST_FLOW_EOS;
  gst_buffer_extract_dup (buffer, 0, -1, &data, &size);
  return self->events->write (self->user_data, g_bytes_new_take (data, size)) ? GST_FLOW_OK
                                                                              : GST_FLOW_EOS;
}

/* Thread: the muxer's. */
static void
on_eos (GstAppSink *sink, gpointer user_data)
{
  McuRecordMuxer *self = user_data;

  self->events->ended (self->user_data);
}

/* Thread: any that posts. Nobody reads this bus, so nothing may gather on it. */
static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  McuRecordMuxer *self = user_data;

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

/* Thread: the video appsrc's. A full queue would block it, and the receiver would leave out frames:
 * a hole that nobody is told of. */
static void
on_overrun (GstElement *queue, gpointer user_data)
{
  McuRecordMuxer *self = user_data;
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_OVERLOADED,
                                                  "pictures wait for sound that does not come");

  self->events->failed (self->user_data, error);
}

/* ---- how it is made ---- */

static GstElement *
make (McuRecordMuxer *self, const char *name)
{
  GstElement *element = gst_element_factory_make (name, NULL);

  g_assert (element != NULL); /* load_plugins() saw them all */
  gst_bin_add (GST_BIN (self->pipeline), element);
  return element;
}

static GstElement *
make_source (McuRecordMuxer *self, GstCaps *caps)
{
  GstElement *source = make (self, "appsrc");

  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "max-bytes",
                G_GUINT64_CONSTANT (0), "block", FALSE, NULL);
  return source;
}

static GstElement *
make_mux (McuRecordMuxer *self)
{
  GstElement *mux;

  switch (self->settings.format) {
  case MCU_RECORD_MP4:
    mux = make (self, "mp4mux");
    gst_util_set_object_arg (G_OBJECT (mux), "fragment-mode", "dash-or-mss");
    /* streamable: nothing is gone back to at the end; the index comes when the parts are joined. */
    g_object_set (mux, "fragment-duration", MCU_RECORD_FRAGMENT_MS, "streamable", TRUE, NULL);
    return mux;
  case MCU_RECORD_WEBM:
  case MCU_RECORD_MKV:
    mux = make (self, self->settings.format == MCU_RECORD_WEBM ? "webmmux" : "matroskamux");
    g_object_set (mux, "streamable", TRUE, "min-cluster-duration", G_GINT64_CONSTANT (0),
                  "max-cluster-duration", MCU_RECORD_FRAGMENT_MS * (gint64) GST_MSECOND,
                  "writing-app", "tessera", NULL);
    return mux;
  case MCU_RECORD_OGG:
    mux = make (self, "oggmux");
    g_object_set (mux, "max-page-delay", MCU_RECORD_FRAGMENT_MS * GST_MSECOND, NULL);
    return mux;
  }
  return NULL;
}

static GstElement *
make_sound_encoder (McuRecordMuxer *self)
{
  GstElement *encoder;

  if (self->settings.format == MCU_RECORD_MP4) {
    encoder = make (self, "voaacenc");
    g_object_set (encoder, "bitrate", MCU_RECORD_AAC_BITRATE_BPS, NULL);
    return encoder;
  }
  encoder = make (self, "opusenc");
  g_object_set (encoder, "bitrate", MCU_RECORD_OPUS_BITRATE_BPS, "complexity", 5, NULL);
  return encoder;
}

static gboolean
add_sound (McuRecordMuxer *self, GstElement *mux)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT, MCU_RECORD_RATE_HZ,
      "channels", G_TYPE_INT, 1, "layout", G_TYPE_STRING, "interleaved", NULL);
  GstElement *source = make_source (self, caps);

  self->sound = GST_APP_SRC (gst_object_ref (source));
  return gst_element_link_many (source, make_sound_encoder (self), mux, NULL);
}

static GstCaps *
video_caps (McuRecordMuxer *self, McuCodec codec)
{
  GstCaps *caps = codec == MCU_CODEC_VP8
                      ? gst_caps_new_empty_simple ("video/x-vp8")
                      : gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING,
                                             "byte-stream", "alignment", G_TYPE_STRING, "au", NULL);

  gst_caps_set_simple (caps, "width", G_TYPE_INT, self->settings.width_px, "height", G_TYPE_INT,
                       self->settings.height_px, "framerate", GST_TYPE_FRACTION, self->settings.fps,
                       1, NULL);
  return caps;
}

static gboolean
add_video (McuRecordMuxer *self, GstElement *mux, McuCodec codec)
{
  g_autoptr (GstCaps) caps = video_caps (self, codec);
  GstElement *source = make_source (self, caps);
  GstElement *queue = make (self, "queue");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");

  self->video = GST_APP_SRC (gst_object_ref (source));
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);
  g_object_set (queue, "max-size-buffers", 0, "max-size-time", G_GUINT64_CONSTANT (0),
                "max-size-bytes", WAITING_VIDEO_BYTES, NULL);
  g_signal_connect (queue, "overrun", G_CALLBACK (on_overrun), self);
  if (codec == MCU_CODEC_VP8)
    return gst_element_link_many (source, queue, mux, NULL);
  return gst_element_link_many (source, queue, make (self, "h264parse"), mux, NULL);
}

static gboolean
add_sink (McuRecordMuxer *self, GstElement *mux)
{
  GstElement *sink = make (self, "appsink");
  GstAppSinkCallbacks callbacks = {.new_sample = on_bytes, .eos = on_eos};

  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  return gst_element_link (mux, sink);
}

McuRecordMuxer *
mcu_record_muxer_new (const McuRecordMuxerSettings *settings, const McuRecordMuxerEvents *events,
                      gpointer user_data, GError **error)
{
  McuCodec codec = mcu_record_format_video (settings->format, settings->audio_only);
  g_autoptr (McuRecordMuxer) self = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstElement *mux;

  if (!load_plugins (error))
    return NULL;
  self = g_new0 (McuRecordMuxer, 1);
  self->settings = *settings;
  self->events = events;
  self->user_data = user_data;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, self, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), NULL);
  mux = make_mux (self);
  if ((codec != MCU_CODEC_NONE && !add_video (self, mux, codec)) || !add_sound (self, mux) ||
      !add_sink (self, mux) ||
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "the %s muxer does not start",
                 mcu_record_format_to_string (settings->format));
    return NULL;
  }
  return g_steal_pointer (&self);
}

GstAppSrc *
mcu_record_muxer_get_video (McuRecordMuxer *self)
{
  return self->video;
}

gboolean
mcu_record_muxer_push_sound (McuRecordMuxer *self, const gint16 *pcm, guint n_samples,
                             guint64 file_sample)
{
  gsize size = n_samples * sizeof *pcm;
  GstBuffer *buffer;

  if (pcm != NULL && gst_app_src_get_current_level_bytes (self->sound) > WAITING_SOUND_BYTES)
    return FALSE;
  buffer = gst_buffer_new_allocate (NULL, size, NULL);
  if (pcm != NULL)
    gst_buffer_fill (buffer, 0, pcm, size);
  else
    gst_buffer_memset (buffer, 0, 0, size);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale_int (file_sample, GST_SECOND, MCU_RECORD_RATE_HZ);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale_int (n_samples, GST_SECOND,
                                                            MCU_RECORD_RATE_HZ);
  gst_app_src_push_buffer (self->sound, buffer);
  return TRUE;
}

guint
mcu_record_muxer_sound_delay_samples (McuRecordFormat format)
{
  switch (format) {
  case MCU_RECORD_MP4:
    return AAC_DELAY_SAMPLES;
  case MCU_RECORD_WEBM:
  case MCU_RECORD_MKV:
    return OPUS_DELAY_SAMPLES;
  case MCU_RECORD_OGG:
    break;
  }
  return 0;
}

void
mcu_record_muxer_finish (McuRecordMuxer *self)
{
  if (self->video != NULL)
    gst_app_src_end_of_stream (self->video);
  gst_app_src_end_of_stream (self->sound);
}

void
mcu_record_muxer_free (McuRecordMuxer *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object ((GstElement **) &self->video);
  gst_clear_object ((GstElement **) &self->sound);
  gst_object_unref (self->pipeline);
  g_free (self);
}
