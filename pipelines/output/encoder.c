/* pipelines/output/encoder.c - stage 4 of 6: composed pictures in, encoded frames out.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/encoder.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "mcu/base/error.h"
#include "pipelines/output/h264-colour.h"

/* Bits per pixel at which a grid of talking heads is clean with openh264 and libvpx at their fast
 * settings: 1.5 Mbit/s at 1280x720, 30 frames/s. */
#define BITS_PER_PIXEL 0.055
#define LEAST_BITRATE_BPS 150000
/* Keyframes come when somebody needs one, never by the clock: 2^31 frames are more than a year. */
#define NO_PERIODIC_KEYFRAME 0x7fffffff
/* Raw pictures waiting for the encoder; a newer one is worth more than an older one. */
#define MAX_WAITING_PICTURES 2

struct _McuEncoder
{
  /* Set once in new(), then read by any thread. */
  McuEncoderSettings settings;
  GstElement *pipeline; /* owned */
  GstAppSrc *source;    /* owned */
  McuEncodedFunc func;
  gpointer user_data; /* unowned: the rung frees us first */

  gint has_failed; /* written by whoever posts an error, read by any: atomic */
};

/* Keyframes only, so the copy costs nothing that counts. */
static GstBuffer *
say_colours (GstBuffer *frame)
{
  GByteArray *told = NULL;
  GstBuffer *copy;
  GstMapInfo map;
  gsize size;

  if (gst_buffer_map (frame, &map, GST_MAP_READ)) {
    told = mcu_h264_colour_frame (map.data, map.size);
    gst_buffer_unmap (frame, &map);
  }
  if (told == NULL)
    return gst_buffer_ref (frame);
  size = told->len;
  copy = gst_buffer_new_wrapped (g_byte_array_free (told, FALSE), size);
  gst_buffer_copy_into (copy, frame, GST_BUFFER_COPY_METADATA, 0, -1);
  return copy;
}

static void
hand_on (McuEncoder *self, GstBuffer *frame)
{
  gboolean is_keyframe = !GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
  g_autoptr (GstBuffer) told = is_keyframe && self->settings.codec == MCU_CODEC_H264
                                   ? say_colours (frame)
                                   : gst_buffer_ref (frame);

  self->func (self->user_data, told, is_keyframe);
}

/* Thread: the encoder's. */
static GstFlowReturn
on_encoded (GstAppSink *sink, gpointer user_data)
{
  McuEncoder *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *frame;

  if (sample == NULL)
    return GST_FLOW_EOS;
  frame = gst_sample_get_buffer (sample);
  if (frame != NULL)
    hand_on (self, frame);
  return GST_FLOW_OK;
}

/* Thread: any that posts. Nobody reads this bus, so nothing may gather on it. */
static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) error = NULL;

    gst_message_parse_error (message, &error, NULL);
    g_atomic_int_set (&((McuEncoder *) user_data)->has_failed, 1);
    g_warning ("an encoder failed: %s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

guint
mcu_encoder_default_bitrate_bps (guint width_px, guint height_px, guint fps)
{
  return MAX (LEAST_BITRATE_BPS, (guint) (BITS_PER_PIXEL * width_px * height_px * fps));
}

/* scene-change-detection and an unset max-bitrate make IDRs at layout changes and at the first
 * bit-rate change (measured). */
static void
set_up_h264 (GstElement *encoder, const McuEncoderSettings *settings)
{
  gst_util_set_object_arg (G_OBJECT (encoder), "complexity", "low");
  gst_util_set_object_arg (G_OBJECT (encoder), "rate-control", "bitrate");
  g_object_set (encoder, "bitrate", settings->bitrate_bps, "max-bitrate",
                settings->bitrate_bps + settings->bitrate_bps / 2, "gop-size", NO_PERIODIC_KEYFRAME,
                "scene-change-detection", FALSE, "background-detection", FALSE,
                "adaptive-quantization", FALSE, "enable-frame-skip", FALSE, "multi-thread", 1,
                NULL);
}

static void
set_up_vp8 (GstElement *encoder, const McuEncoderSettings *settings)
{
  gst_util_set_object_arg (G_OBJECT (encoder), "end-usage", "cbr");
  gst_util_set_object_arg (G_OBJECT (encoder), "keyframe-mode", "disabled");
  g_object_set (encoder, "deadline", G_GINT64_CONSTANT (1), "cpu-used", -12, "threads", 1,
                "target-bitrate", (int) settings->bitrate_bps, "keyframe-max-dist",
                NO_PERIODIC_KEYFRAME, "lag-in-frames", 0, "buffer-size", 150, "buffer-initial-size",
                100, "buffer-optimal-size", 120, "max-intra-bitrate", 250, "min-quantizer", 4,
                "max-quantizer", 56, "static-threshold", 100, NULL);
}

static GstElement *
make_codec (const McuEncoderSettings *settings, GError **error)
{
  gboolean is_h264 = settings->codec == MCU_CODEC_H264;
  const char *name = is_h264 ? "openh264enc" : "vp8enc";
  GstElement *encoder = gst_element_factory_make (name, NULL);

  if (encoder == NULL) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no element %s", name);
    return NULL;
  }
  if (is_h264)
    set_up_h264 (encoder, settings);
  else
    set_up_vp8 (encoder, settings);
  return encoder;
}

static GstElement *
make_source (const McuEncoderSettings *settings)
{
  GstElement *source = gst_element_factory_make ("appsrc", "source");
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, settings->width_px,
      "height", G_TYPE_INT, settings->height_px, "framerate", GST_TYPE_FRACTION, settings->fps, 1,
      "interlace-mode", G_TYPE_STRING, "progressive", "colorimetry", G_TYPE_STRING, "bt601", NULL);

  g_object_set (source, "caps", caps, "is-live", TRUE, "format", GST_FORMAT_TIME, "max-bytes",
                G_GUINT64_CONSTANT (0), "max-buffers", (guint64) MAX_WAITING_PICTURES, "leaky-type",
                2 /* downstream: the oldest goes */, "block", FALSE, NULL);
  return source;
}

static GstElement *
make_sink (McuEncoder *self)
{
  GstElement *sink = gst_element_factory_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_encoded};

  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  return sink;
}

static GstCaps *
output_caps (McuCodec codec)
{
  if (codec == MCU_CODEC_VP8)
    return gst_caps_new_empty_simple ("video/x-vp8");
  return gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING, "byte-stream",
                              "alignment", G_TYPE_STRING, "au", "profile", G_TYPE_STRING,
                              "constrained-baseline", NULL);
}

McuEncoder *
mcu_encoder_new (const McuEncoderSettings *settings, GstClockTime base_time, McuEncodedFunc func,
                 gpointer user_data, GError **error)
{
  g_autoptr (McuEncoder) self = g_new0 (McuEncoder, 1);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstCaps) caps = output_caps (settings->codec);
  g_autoptr (GstBus) bus = NULL;
  GstElement *codec, *sink;

  self->settings = *settings;
  self->func = func;
  self->user_data = user_data;
  codec = make_codec (settings, error);
  if (codec == NULL)
    return NULL;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->source = GST_APP_SRC (gst_object_ref_sink (make_source (settings)));
  sink = make_sink (self);
  gst_bin_add_many (GST_BIN (self->pipeline), GST_ELEMENT (self->source), codec, sink, NULL);
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, self, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, base_time);
  if (!gst_element_link (GST_ELEMENT (self->source), codec) ||
      !gst_element_link_filtered (codec, sink, caps) ||
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "the %s encoder does not start",
                 mcu_codec_to_string (settings->codec));
    return NULL;
  }
  return g_steal_pointer (&self);
}

static void
append_block (GstBuffer *buffer, McuPicture *picture, guint8 *data, gsize size)
{
  gst_buffer_append_memory (buffer, gst_memory_new_wrapped (GST_MEMORY_FLAG_READONLY, data, size, 0,
                                                            size, mcu_picture_ref (picture),
                                                            (GDestroyNotify) mcu_picture_unref));
}

/* The picture's planes as they lie: no copy on the way to the encoder. */
static GstBuffer *
wrap_picture (McuPicture *picture)
{
  GstBuffer *buffer = gst_buffer_new ();
  gsize offsets[GST_VIDEO_MAX_PLANES] = {0};
  int strides[GST_VIDEO_MAX_PLANES] = {0};
  gsize offset = 0;

  if (picture->size > 0)
    append_block (buffer, picture, picture->data[0], picture->size);
  for (guint i = 0; i < 3; i++) {
    gsize size = (gsize) picture->stride[i] *
                 (i == 0 ? picture->height : (picture->height + 1) / 2);

    if (picture->size > 0) {
      offsets[i] = picture->data[i] - picture->data[0];
    } else {
      append_block (buffer, picture, picture->data[i], size);
      offsets[i] = offset;
    }
    strides[i] = picture->stride[i];
    offset += size;
  }
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420,
                                  picture->width, picture->height, 3, offsets, strides);
  return buffer;
}

void
mcu_encoder_push (McuEncoder *self, McuPicture *picture, guint64 pts_ns)
{
  GstBuffer *buffer = wrap_picture (picture);

  GST_BUFFER_PTS (buffer) = pts_ns;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / self->settings.fps;
  gst_app_src_push_buffer (self->source, buffer);
}

void
mcu_encoder_force_keyframe (McuEncoder *self)
{
  gst_element_send_event (
      GST_ELEMENT (self->source),
      gst_video_event_new_downstream_force_key_unit (GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE,
                                                     GST_CLOCK_TIME_NONE, TRUE, 0));
}

gboolean
mcu_encoder_has_failed (McuEncoder *self)
{
  return g_atomic_int_get (&self->has_failed);
}

void
mcu_encoder_free (McuEncoder *self)
{
  if (self->pipeline != NULL) {
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
    gst_object_unref (self->pipeline);
  }
  g_clear_pointer ((GstElement **) &self->source, gst_object_unref);
  g_free (self);
}
