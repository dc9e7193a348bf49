/* tests/bench/unit-costs.c - tessera-unit-costs CODEC MATERIAL-DIRECTORY N...: what the parts of a
 * mix cost on this machine now, in microseconds of CPU, as one line of JSON. Each part runs alone,
 * with nothing around it: the sum is what a server without any overhead would use.
 * SPDX-License-Identifier: Apache-2.0 */
#include <gst/app/gstappsrc.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "layouts/grid.h"
#include "pipelines/mix/audio/decoder.h"
#include "pipelines/mix/audio/encoder.h"
#include "pipelines/mix/video/canvas.h"
#include "pipelines/output/encoder.h"
#include "tests/bench/material.h"
#include "tests/bench/test-card.h"

#define CAMERA_WIDTH 640
#define CAMERA_HEIGHT 360
#define CANVAS_WIDTH 1280
#define CANVAS_HEIGHT 720
#define N_FRAMES 120
/* Sources are not in step, and none may come to its loop's end: a cut costs an encoder. */
#define N_DRAWN 160
#define N_AUDIO_FRAMES 500
#define MAX_PEOPLE MCU_PLACEMENT_MAX_TILES

static double
cpu_us (clockid_t clock)
{
  struct timespec spent;

  clock_gettime (clock, &spent);
  return (double) spent.tv_sec * 1e6 + (double) spent.tv_nsec / 1e3;
}

/* Decoding: the element, alone. */

static GstElement *
new_decoder (McuMaterialKind kind, GstElement **source)
{
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  GstElement *decoder = gst_element_factory_make (
      kind == MCU_MATERIAL_H264 ? "openh264dec" : "vp8dec", NULL);
  g_autoptr (GstCaps) caps = gst_caps_from_string (
      kind == MCU_MATERIAL_H264
          ? "video/x-h264, stream-format=byte-stream, alignment=au, profile=constrained-baseline, "
            "width=640, height=360"
          : "video/x-vp8, width=640, height=360");

  *source = gst_element_factory_make ("appsrc", NULL);
  g_assert_true (decoder != NULL);
  g_object_set (*source, "caps", caps, "format", GST_FORMAT_TIME, "max-bytes",
                G_GUINT64_CONSTANT (0), NULL);
  g_object_set (sink, "sync", FALSE, NULL);
  if (kind == MCU_MATERIAL_VP8)
    g_object_set (decoder, "threads", 1, NULL);
  gst_bin_add_many (GST_BIN (pipeline), *source, decoder, sink, NULL);
  g_assert_true (gst_element_link_many (*source, decoder, sink, NULL));
  return pipeline;
}

static double
measure_decode (const McuMaterial *material)
{
  GstElement *source, *pipeline = new_decoder (material->kind, &source);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  double before = cpu_us (CLOCK_PROCESS_CPUTIME_ID);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < material->frames->len; i++) {
    const McuMaterialFrame *frame = &g_array_index (material->frames, McuMaterialFrame, i);
    GstBuffer *buffer = gst_buffer_new_wrapped_full (
        GST_MEMORY_FLAG_READONLY, (gpointer) frame->data, frame->size, 0, frame->size, NULL, NULL);

    GST_BUFFER_PTS (buffer) = i * GST_SECOND / MCU_MATERIAL_FPS;
    gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
  }
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  g_autoptr (GstMessage)
      end = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  double spent = cpu_us (CLOCK_PROCESS_CPUTIME_ID) - before;

  g_assert_true (end != NULL && GST_MESSAGE_TYPE (end) == GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return spent / material->frames->len;
}

/* Scaling, composing, encoding. */

typedef struct
{
  GMutex lock;
  GCond cond;
  guint n_encoded;
  gsize n_bytes;
} Encoded;

/* Thread: the encoder's. */
static void
on_encoded (gpointer user_data, GstBuffer *frame, gboolean is_keyframe)
{
  Encoded *encoded = user_data;

  g_mutex_lock (&encoded->lock);
  encoded->n_encoded++;
  encoded->n_bytes += gst_buffer_get_size (frame);
  g_cond_signal (&encoded->cond);
  g_mutex_unlock (&encoded->lock);
}

static void
wait_until_encoded (Encoded *encoded, guint n)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  g_mutex_lock (&encoded->lock);
  while (encoded->n_encoded < n)
    g_assert_true (g_cond_wait_until (&encoded->cond, &encoded->lock, deadline));
  g_mutex_unlock (&encoded->lock);
}

static guint8 **
draw_cameras (void)
{
  McuTestCard *card = mcu_test_card_new (CAMERA_WIDTH, CAMERA_HEIGHT);
  guint8 **frames = g_new (guint8 *, N_DRAWN);

  for (guint i = 0; i < N_DRAWN; i++)
    frames[i] = g_memdup2 (mcu_test_card_draw (card, i), mcu_test_card_size (card));
  mcu_test_card_free (card);
  return frames;
}

static McuPicture *
wrap_camera (guint8 *i420)
{
  gsize luma = CAMERA_WIDTH * CAMERA_HEIGHT;
  guint8 *data[] = {i420, i420 + luma, i420 + luma + luma / 4};
  const int stride[] = {CAMERA_WIDTH, CAMERA_WIDTH / 2, CAMERA_WIDTH / 2};

  return mcu_picture_new_wrapped (CAMERA_WIDTH, CAMERA_HEIGHT, data, stride, NULL, NULL);
}

static void
place_people (McuCanvas *canvas, McuSource **sources, guint n)
{
  McuRect rects[MAX_PEOPLE];
  McuTile tiles[MAX_PEOPLE] = {0};
  g_autoptr (GError) error = NULL;

  mcu_grid_place (n, CANVAS_WIDTH, CANVAS_HEIGHT, rects);
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("Load %u", i);

    tiles[i].source = sources[i];
    tiles[i].decor = (McuDecor){.label = "Load", .show_video = TRUE};
    mcu_placement_init (&tiles[i].placement, name, MCU_VIDEO_CAMERA, &rects[i]);
  }
  if (!mcu_canvas_place (canvas, &(McuPlace){.seq = 1}, tiles, n, &error))
    g_error ("%s", error->message);
}

typedef struct
{
  double scale_us, compose_us, encode_us; /* per canvas frame */
  double kbps;
} MixCost;

/* One frame of everything; @at counts frames. */
static void
mix_frame (McuCanvas *canvas, McuSource **sources, guint n, guint8 **cameras, guint at,
           McuEncoder *encoder, Encoded *encoded, MixCost *cost)
{
  g_autoptr (McuPicture) picture = mcu_canvas_new_picture (canvas);
  McuComposeInfo info;
  double start = cpu_us (CLOCK_THREAD_CPUTIME_ID);

  for (guint i = 0; i < n; i++)
    mcu_source_push (sources[i], wrap_camera (cameras[at + i * 7 % (N_DRAWN - N_FRAMES)]), 0, 0);
  double scaled = cpu_us (CLOCK_THREAD_CPUTIME_ID);
  mcu_canvas_compose (canvas, 0, picture, &info);
  double composed = cpu_us (CLOCK_THREAD_CPUTIME_ID);
  double before = cpu_us (CLOCK_PROCESS_CPUTIME_ID);
  mcu_encoder_push (encoder, picture, at * GST_SECOND / MCU_MATERIAL_FPS);
  wait_until_encoded (encoded, at + 1);

  cost->encode_us += (cpu_us (CLOCK_PROCESS_CPUTIME_ID) - before) / N_FRAMES;
  cost->scale_us += (scaled - start) / N_FRAMES;
  cost->compose_us += (composed - scaled) / N_FRAMES;
}

static void
measure_mix (McuMaterialKind kind, guint n, guint8 **cameras, MixCost *cost)
{
  McuEncoderSettings settings = {
      kind == MCU_MATERIAL_H264 ? MCU_CODEC_H264 : MCU_CODEC_VP8, CANVAS_WIDTH, CANVAS_HEIGHT,
      MCU_MATERIAL_FPS,
      mcu_encoder_default_bitrate_bps (CANVAS_WIDTH, CANVAS_HEIGHT, MCU_MATERIAL_FPS)};
  Encoded encoded = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (McuCanvas) canvas = mcu_canvas_new (CANVAS_WIDTH, CANVAS_HEIGHT);
  McuSource *sources[MAX_PEOPLE];
  McuEncoder *encoder = mcu_encoder_new (&settings, 0, on_encoded, &encoded, &error);

  if (encoder == NULL)
    g_error ("%s", error->message);
  for (guint i = 0; i < n; i++)
    sources[i] = mcu_source_new ();
  place_people (canvas, sources, n);
  for (guint at = 0; at < N_FRAMES; at++)
    mix_frame (canvas, sources, n, cameras, at, encoder, &encoded, cost);
  cost->kbps = (double) encoded.n_bytes * 8 / 1000 * MCU_MATERIAL_FPS / N_FRAMES;
  mcu_encoder_free (encoder);
  mcu_canvas_place (canvas, &(McuPlace){.seq = 2}, NULL, 0, NULL);
  for (guint i = 0; i < n; i++)
    mcu_source_unref (sources[i]);
}

/* Opus. */

static void
measure_opus (const McuMaterial *talk, double *decode_us, double *encode_us)
{
  McuAudioDecoder *decoder = mcu_audio_decoder_new (MCU_CODEC_OPUS);
  McuAudioEncoder *encoder = mcu_audio_encoder_new (MCU_CODEC_OPUS);
  gint16 pcm[MCU_AUDIO_MAX_PACKET];
  guint8 payload[MCU_AUDIO_MAX_PAYLOAD];

  for (guint i = 0; i < N_AUDIO_FRAMES; i++) {
    const McuMaterialFrame *frame = &g_array_index (talk->frames, McuMaterialFrame,
                                                    i % talk->frames->len);
    double start = cpu_us (CLOCK_THREAD_CPUTIME_ID);

    mcu_audio_decoder_decode (decoder, frame->data, frame->size, pcm);
    double decoded = cpu_us (CLOCK_THREAD_CPUTIME_ID);
    mcu_audio_encoder_encode (encoder, pcm, payload);
    *decode_us += (decoded - start) / N_AUDIO_FRAMES;
    *encode_us += (cpu_us (CLOCK_THREAD_CPUTIME_ID) - decoded) / N_AUDIO_FRAMES;
  }
  mcu_audio_decoder_free (decoder);
  mcu_audio_encoder_free (encoder);
}

static JsonObject *
measure_mixes (McuMaterialKind kind, char **numbers)
{
  JsonObject *mixes = json_object_new ();
  guint8 **cameras = draw_cameras ();

  for (; *numbers != NULL; numbers++) {
    JsonObject *object = json_object_new ();
    MixCost cost = {0};

    measure_mix (kind, (guint) CLAMP (atoi (*numbers), 1, MAX_PEOPLE), cameras, &cost);
    json_object_set_double_member (object, "scale_us", cost.scale_us);
    json_object_set_double_member (object, "compose_us", cost.compose_us);
    json_object_set_double_member (object, "encode_us", cost.encode_us);
    json_object_set_double_member (object, "kbps", cost.kbps);
    json_object_set_object_member (mixes, *numbers, object);
  }
  for (guint i = 0; i < N_DRAWN; i++)
    g_free (cameras[i]);
  g_free (cameras);
  return mixes;
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc < 4) {
    g_printerr ("usage: tessera-unit-costs h264|vp8 MATERIAL-DIRECTORY N...\n");
    return 2;
  }
  gboolean is_h264 = strcmp (argv[1], "h264") == 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (McuMaterial)
      video = mcu_material_load (argv[2], is_h264 ? "camera-h264" : "camera-vp8", &error);
  g_autoptr (McuMaterial) talk = video != NULL ? mcu_material_load (argv[2], "talk", &error) : NULL;
  if (talk == NULL) {
    g_printerr ("tessera-unit-costs: %s\n", error->message);
    return 1;
  }

  JsonObject *report = json_object_new ();
  double opus_decode_us = 0, opus_encode_us = 0;
  measure_opus (talk, &opus_decode_us, &opus_encode_us);
  json_object_set_double_member (report, "decode_us", measure_decode (video));
  json_object_set_double_member (report, "opus_decode_us", opus_decode_us);
  json_object_set_double_member (report, "opus_encode_us", opus_encode_us);
  json_object_set_object_member (report, "mix", measure_mixes (video->kind, argv + 3));

  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), report);
  g_autofree char *text = json_to_string (node, FALSE);
  json_object_unref (report);
  g_print ("%s\n", text);
  return 0;
}
