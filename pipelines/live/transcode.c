/* pipelines/live/transcode.c - what is done to a stream that a camera or a file has, so that a room
 * takes it.  SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/transcode.h"

#include "mcu/base/error.h"
#include "pipelines/process/plugins.h"

#define AU_CAPS "video/x-h264,stream-format=byte-stream,alignment=au"

static const char *const as_it_is[] = {NULL};
static const char *const h264[] = {"h264parse", NULL};
static const char *const from_vp9[] = {"vp9dec", "videoconvert", "openh264enc", "h264parse", NULL};
static const char *const from_jpeg[] = {"jpegdec", "videoconvert", "openh264enc", "h264parse",
                                        NULL};
static const char *const opus[] = {"opusparse", NULL};
static const char *const from_mulaw[] = {"mulawdec", "audioconvert", "audioresample", "opusenc",
                                         NULL};
static const char *const from_alaw[] = {"alawdec", "audioconvert", "audioresample", "opusenc",
                                        NULL};
static const char *const from_raw[] = {"audioconvert", "audioresample", "opusenc", NULL};
static const char *const from_vorbis[] = {"vorbisdec", "audioconvert", "audioresample", "opusenc",
                                          NULL};
static const char *const from_flac[] = {"flacparse",     "flacdec", "audioconvert",
                                        "audioresample", "opusenc", NULL};
static const char *const from_mp3[] = {"mpegaudioparse", "mpg123audiodec", "audioconvert",
                                       "audioresample",  "opusenc",        NULL};
static const char *const from_aac[] = {"aacparse",      "faad",    "audioconvert",
                                       "audioresample", "opusenc", NULL};

static const struct
{
  const char *caps;
  gboolean is_gpl;
  McuTranscode way;
} ways[] = {
    {"video/x-h264", FALSE, {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, h264, AU_CAPS}},
    {"video/x-vp8", FALSE, {MCU_EXCHANGE_VIDEO, MCU_CODEC_VP8, as_it_is, NULL}},
    {"video/x-vp9", FALSE, {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, from_vp9, AU_CAPS}},
    {"image/jpeg", FALSE, {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, from_jpeg, AU_CAPS}},
    {"audio/x-opus", FALSE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, opus, NULL}},
    {"audio/x-mulaw", FALSE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, from_mulaw, NULL}},
    {"audio/x-alaw", FALSE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, from_alaw, NULL}},
    {"audio/x-raw", FALSE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, from_raw, NULL}},
    {"audio/x-vorbis", FALSE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, from_vorbis, NULL}},
    {"audio/x-flac", FALSE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, from_flac, NULL}},
    {"audio/mpeg,mpegversion=1", FALSE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, from_mp3, NULL}},
    {"audio/mpeg,mpegversion={2,4}", TRUE, {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, from_aac, NULL}},
};

static const struct
{
  const char *encoding; /* of SDP, upper case */
  const char *element;
} depayloaders[] = {
    {"H264", "rtph264depay"}, {"VP8", "rtpvp8depay"},   {"VP9", "rtpvp9depay"},
    {"JPEG", "rtpjpegdepay"}, {"OPUS", "rtpopusdepay"}, {"PCMU", "rtppcmudepay"},
    {"PCMA", "rtppcmadepay"}, {"L16", "rtpL16depay"},   {"MPEG4-GENERIC", "rtpmp4gdepay"},
    {"MPA", "rtpmpadepay"},
};

static const struct
{
  const char *caps;
  const char *element;
} demuxers[] = {
    {"video/quicktime", "qtdemux"},
    {"audio/x-m4a", "qtdemux"},
    {"video/x-matroska", "matroskademux"},
    {"audio/x-matroska", "matroskademux"},
    {"video/webm", "matroskademux"},
    {"audio/webm", "matroskademux"},
    {"video/mpegts", "tsdemux"},
    {"video/x-flv", "flvdemux"},
    {"application/ogg", "oggdemux"},
    {"audio/ogg", "oggdemux"},
    {"video/ogg", "oggdemux"},
    {"audio/x-wav", "wavparse"},
    {"audio/mpeg,mpegversion=1", ""},
    {"application/x-id3", "id3demux"},
    {"audio/x-flac", ""},
};

/* File of the plugin, without libgst and .so. */
static const struct
{
  const char *element;
  const char *plugin;
} homes[] = {
    {"queue", "coreelements"},
    {"capsfilter", "coreelements"},
    {"typefind", "typefindfunctions"}, /* the functions; the element is of coreelements */
    {"fdsrc", "coreelements"},
    {"appsink", "app"},
    {"rtspsrc", "rtsp"},
    {"souphttpsrc", "soup"},
    {"h264parse", "videoparsersbad"},
    {"vp9dec", "vpx"},
    {"jpegdec", "jpeg"},
    {"videoconvert", "videoconvertscale"},
    {"openh264enc", "openh264"},
    {"opusparse", "opusparse"},
    {"opusenc", "opus"},
    {"mulawdec", "mulaw"},
    {"alawdec", "alaw"},
    {"audioconvert", "audioconvert"},
    {"audioresample", "audioresample"},
    {"vorbisdec", "vorbis"},
    {"flacparse", "audioparsers"},
    {"flacdec", "flac"},
    {"mpegaudioparse", "audioparsers"},
    {"mpg123audiodec", "mpg123"},
    {"aacparse", "audioparsers"},
    {"faad", "faad"},
    {"rtph264depay", "rtp"},
    {"rtpvp8depay", "rtp"},
    {"rtpvp9depay", "rtp"},
    {"rtpjpegdepay", "rtp"},
    {"rtpopusdepay", "rtp"},
    {"rtppcmudepay", "rtp"},
    {"rtppcmadepay", "rtp"},
    {"rtpL16depay", "rtp"},
    {"rtpmp4gdepay", "rtp"},
    {"rtpmpadepay", "rtp"},
    {"qtdemux", "isomp4"},
    {"matroskademux", "matroska"},
    {"tsdemux", "mpegtsdemux"},
    {"flvdemux", "flv"},
    {"oggdemux", "ogg"},
    {"wavparse", "wavparse"},
    {"id3demux", "id3demux"},
};

static gboolean
fits (const GstCaps *caps, const char *pattern)
{
  g_autoptr (GstCaps) wanted = gst_caps_from_string (pattern);

  return gst_caps_can_intersect (caps, wanted);
}

const McuTranscode *
mcu_transcode_find (const GstCaps *caps, gboolean gpl_aac)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (fits (caps, ways[i].caps))
      return ways[i].is_gpl && !gpl_aac ? NULL : &ways[i].way;
  return NULL;
}

const char *
mcu_transcode_find_depayloader (const GstCaps *caps)
{
  const GstStructure *structure = gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0)
                                                               : NULL;
  const char *encoding = structure != NULL ? gst_structure_get_string (structure, "encoding-name")
                                           : NULL;

  for (guint i = 0; encoding != NULL && i < G_N_ELEMENTS (depayloaders); i++)
    if (g_ascii_strcasecmp (depayloaders[i].encoding, encoding) == 0)
      return depayloaders[i].element;
  return NULL;
}

const char *
mcu_transcode_find_demuxer (const GstCaps *caps)
{
  for (guint i = 0; i < G_N_ELEMENTS (demuxers); i++)
    if (fits (caps, demuxers[i].caps))
      return demuxers[i].element;
  return NULL;
}

/* A camera in a room: what a sender here is asked for at most. */
static void
set_up (GstElement *element, const char *name)
{
  if (g_str_equal (name, "openh264enc")) {
    g_object_set (element, "bitrate", 2000000u, "gop-size", 60u, "scene-change-detection", FALSE,
                  NULL);
    gst_util_set_object_arg (G_OBJECT (element), "complexity", "low");
  } else if (g_str_equal (name, "opusenc")) {
    g_object_set (element, "bitrate", 64000, "complexity", 5, NULL);
  } else if (g_str_equal (name, "h264parse")) {
    g_object_set (element, "config-interval", -1, NULL);
  }
}

GstElement *
mcu_transcode_make (const char *name, GError **error)
{
  const char *plugins[] = {NULL, NULL};
  GstElement *element;

  for (guint i = 0; i < G_N_ELEMENTS (homes) && plugins[0] == NULL; i++)
    if (g_str_equal (homes[i].element, name))
      plugins[0] = homes[i].plugin;
  if (!mcu_plugins_load (plugins, error))
    return NULL;
  element = gst_element_factory_make (name, NULL);
  if (element != NULL)
    set_up (element, name);
  else
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no GStreamer element %s", name);
  return element;
}
