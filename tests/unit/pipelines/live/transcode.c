/* tests/unit/pipelines/live/transcode.c - every way that is known can be gone.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/transcode.h"

#include "pipelines/process/plugins.h"

static const struct
{
  const char *caps;
  McuCodec codec; /* NONE: there is no way */
} ways[] = {
    {"video/x-h264,stream-format=avc,alignment=au", MCU_CODEC_H264},
    {"video/x-vp8", MCU_CODEC_VP8},
    {"video/x-vp9", MCU_CODEC_H264},
    {"image/jpeg", MCU_CODEC_H264},
    {"video/x-h265", MCU_CODEC_NONE},
    {"audio/x-opus,channel-mapping-family=0", MCU_CODEC_OPUS},
    {"audio/x-mulaw,rate=8000,channels=1", MCU_CODEC_OPUS},
    {"audio/x-alaw,rate=8000,channels=1", MCU_CODEC_OPUS},
    {"audio/x-raw,format=S16LE,rate=44100,channels=2", MCU_CODEC_OPUS},
    {"audio/x-vorbis", MCU_CODEC_OPUS},
    {"audio/x-flac", MCU_CODEC_OPUS},
    {"audio/mpeg,mpegversion=1,layer=3", MCU_CODEC_OPUS},
    {"audio/mpeg,mpegversion=4,stream-format=raw", MCU_CODEC_NONE},
    {"audio/x-ac3", MCU_CODEC_NONE},
    {"application/x-id3", MCU_CODEC_NONE},
};

static void
test_transcode_ways (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (GstCaps) caps = gst_caps_from_string (ways[i].caps);
    const McuTranscode *way = mcu_transcode_find (caps, FALSE);

    g_test_message ("%s", ways[i].caps);
    g_assert_cmpint (way != NULL ? way->codec : MCU_CODEC_NONE, ==, ways[i].codec);
    for (guint j = 0; way != NULL && way->elements[j] != NULL; j++) {
      g_autoptr (GError) error = NULL;
      GstElement *element = mcu_transcode_make (way->elements[j], &error);

      g_assert_no_error (error);
      gst_object_unref (gst_object_ref_sink (element));
    }
  }
}

static void
test_transcode_aac_only_when_asked (void)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("audio/mpeg,mpegversion=4,stream-format=adts");

  g_assert_null (mcu_transcode_find (caps, FALSE));
  g_assert_nonnull (mcu_transcode_find (caps, TRUE));
}

static void
test_transcode_containers (void)
{
  static const char *const types[] = {
      "video/quicktime", "video/webm",  "video/x-matroska", "video/mpegts",
      "application/ogg", "audio/x-wav", "video/x-flv",      NULL};

  for (guint i = 0; types[i] != NULL; i++) {
    g_autoptr (GstCaps) caps = gst_caps_from_string (types[i]);
    g_autoptr (GError) error = NULL;
    GstElement *element = mcu_transcode_make (mcu_transcode_find_demuxer (caps), &error);

    g_assert_no_error (error);
    gst_object_unref (gst_object_ref_sink (element));
  }
}

static void
test_transcode_nothing_else_is_made (void)
{
  g_autoptr (GstCaps) playlist = gst_caps_from_string ("application/x-hls");
  g_autoptr (GstCaps) text = gst_caps_from_string ("text/plain");
  g_autoptr (GstCaps) rtp = gst_caps_from_string ("application/x-rtp,encoding-name=H265");

  g_assert_null (mcu_transcode_find_demuxer (playlist));
  g_assert_null (mcu_transcode_find_demuxer (text));
  g_assert_null (mcu_transcode_find_depayloader (rtp));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mcu_plugins_start (NULL));
  g_test_add_func ("/live/transcode/ways", test_transcode_ways);
  g_test_add_func ("/live/transcode/aac-only-when-asked", test_transcode_aac_only_when_asked);
  g_test_add_func ("/live/transcode/containers", test_transcode_containers);
  g_test_add_func ("/live/transcode/nothing-else-is-made", test_transcode_nothing_else_is_made);
  return g_test_run ();
}
