/* pipelines/live/guest.c - an input's frames into a room: decoded and heard as a peer's are.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   socket -> reading thread -> appsrc -> decoder -> appsink -> source
 *                            -> playout */
#include "pipelines/live/guest.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "pipelines/ingest/decoded.h"
#include "pipelines/live/exchange.h"
#include "pipelines/peer/bitstream.h"

/* A decoder that is behind is waited for, by the other process in the end. */
#define WAITING_FRAMES 8
/* Twice what a camera here is asked for (ingest/video-in.h). */
#define MAX_FPS 65
#define RTP_HEADER_BYTES 12
#define OPUS_PAYLOAD_TYPE 111
/* Source: RFC 6716: 120 ms in at most 48 frames; nobody sends so much. */
#define MAX_OPUS_BYTES 4000

struct _McuLiveGuest
{
  /* Set once in new(), then read by any thread. */
  int fd;              /* owned */
  McuSource *source;   /* owned */
  McuPlayout *playout; /* owned */
  GThread *reader;     /* owned */

  /* The reading thread's while it runs, then the main loop's. */
  GstElement *pipeline; /* owned (nullable): before the first frame */
  GstAppSrc *video;     /* owned (nullable) */
  McuCodec codec;
  gboolean waits_for_key;
  guint16 sequence;
  gint64 second_started_us;
  guint frames_this_second;

  /* The decoder's thread only. */
  McuDecodedFormat format;

  /* Any thread: hold lock. */
  GMutex lock;
  McuLiveGuestStats stats;
};

/* ---- the decoder's thread ---- */

static GstFlowReturn
on_picture (GstAppSink *sink, gpointer user_data)
{
  McuLiveGuest *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  McuPicture *picture;

  if (sample == NULL)
    return GST_FLOW_EOS;
  if (!mcu_decoded_format_read (&self->format, gst_sample_get_caps (sample)))
    return GST_FLOW_OK;
  picture = mcu_decoded_wrap (&self->format, gst_sample_get_buffer (sample));
  if (picture == NULL)
    return GST_FLOW_OK;
  g_mutex_lock (&self->lock);
  self->stats.width_px = picture->width;
  self->stats.height_px = picture->height;
  self->stats.frames_decoded++;
  self->stats.last_picture_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  mcu_source_push (self->source, picture, 0, g_get_monotonic_time ());
  return GST_FLOW_OK;
}

/* Thread: any that posts. A decoder that gives up shows as a camera without pictures. It takes
 * nothing any more, so the reader, who may wait for it, is told: the main loop joins the reader. */
static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_app_src_end_of_stream (user_data);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* ---- the reading thread ---- */

static GstElement *
make_decoder (McuCodec codec)
{
  GstElement *decoder = gst_element_factory_make (
      codec == MCU_CODEC_H264 ? "openh264dec" : "vp8dec", NULL);

  if (decoder != NULL)
    g_object_set (decoder, "qos", FALSE, NULL);
  if (decoder != NULL && codec == MCU_CODEC_VP8)
    g_object_set (decoder, "threads", 1, NULL);
  return decoder;
}

/* The profile is only for openh264dec's negotiation (ingest/video-in.c); it reads the stream's. */
static GstCaps *
make_caps (McuCodec codec)
{
  if (codec == MCU_CODEC_VP8)
    return gst_caps_new_empty_simple ("video/x-vp8");
  return gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING, "byte-stream",
                              "alignment", G_TYPE_STRING, "au", "profile", G_TYPE_STRING, "high",
                              NULL);
}

static gboolean
make_pipeline (McuLiveGuest *self, McuCodec codec)
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *decoder = make_decoder (codec);
  GstElement *sink = gst_element_factory_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_picture};
  g_autoptr (GstCaps) caps = make_caps (codec);
  g_autoptr (GstBus) bus = NULL;

  self->codec = codec;
  self->waits_for_key = TRUE;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  bus = gst_element_get_bus (self->pipeline);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), NULL);
  if (source == NULL || decoder == NULL || sink == NULL)
    return FALSE;
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "block", TRUE, "max-bytes",
                G_GUINT64_CONSTANT (0), "max-buffers", (guint64) WAITING_FRAMES, NULL);
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, "qos", FALSE,
                NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  gst_bin_add_many (GST_BIN (self->pipeline), source, decoder, sink, NULL);
  self->video = gst_object_ref (GST_APP_SRC (source));
  gst_bus_set_sync_handler (bus, on_bus_message, gst_object_ref (source), gst_object_unref);
  return gst_element_link_many (source, decoder, sink, NULL) &&
         gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

static gboolean
is_too_fast (McuLiveGuest *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us - self->second_started_us >= G_USEC_PER_SEC) {
    self->second_started_us = now_us;
    self->frames_this_second = 0;
  }
  return ++self->frames_this_second > MAX_FPS;
}

static gboolean
is_for_decoder (McuLiveGuest *self, const McuExchangeFrame *frame, const guint8 *data)
{
  McuBitstreamInfo info = {0};
  gboolean is_good = mcu_bitstream_check (frame->codec, data, frame->size, &info) ==
                         MCU_BITSTREAM_OK &&
                     !is_too_fast (self);

  g_mutex_lock (&self->lock);
  self->stats.frames_received++;
  self->stats.refused += !is_good;
  g_mutex_unlock (&self->lock);
  self->waits_for_key = !is_good || (self->waits_for_key && !info.is_keyframe);
  return !self->waits_for_key;
}

/* Returns: FALSE when there is no decoder for it. */
static gboolean
take_video (McuLiveGuest *self, const McuExchangeFrame *frame, guint8 *data)
{
  GstBuffer *buffer;

  if ((self->pipeline == NULL && !make_pipeline (self, frame->codec)) ||
      frame->codec != self->codec) {
    g_free (data);
    return FALSE;
  }
  if (!is_for_decoder (self, frame, data)) {
    g_free (data);
    return TRUE;
  }
  buffer = gst_buffer_new_wrapped (data, frame->size);
  GST_BUFFER_PTS (buffer) = frame->pts_ns;
  return gst_app_src_push_buffer (self->video, buffer) == GST_FLOW_OK;
}

/* The playout takes what a peer's packets are: RFC 3550, 5.1. */
static void
take_sound (McuLiveGuest *self, const McuExchangeFrame *frame, guint8 *data)
{
  guint8 packet[RTP_HEADER_BYTES + MAX_OPUS_BYTES] = {0x80, OPUS_PAYLOAD_TYPE};
  guint32 timestamp = (guint32) gst_util_uint64_scale_round (frame->pts_ns, MCU_AUDIO_RATE,
                                                             GST_SECOND);

  if (frame->codec == MCU_CODEC_OPUS && frame->size <= MAX_OPUS_BYTES) {
    self->sequence++;
    GST_WRITE_UINT16_BE (packet + 2, self->sequence);
    GST_WRITE_UINT32_BE (packet + 4, timestamp);
    GST_WRITE_UINT32_BE (packet + 8, 1);
    memcpy (packet + RTP_HEADER_BYTES, data, frame->size);
    mcu_playout_push (self->playout, packet, RTP_HEADER_BYTES + frame->size,
                      g_get_monotonic_time ());
  }
  g_free (data);
}

static gpointer
run_reader (gpointer user_data)
{
  McuLiveGuest *self = user_data;
  McuExchangeFrame frame;
  guint8 *data;

  while (mcu_exchange_read (self->fd, &frame, &data)) {
    if (frame.kind == MCU_EXCHANGE_SOUND)
      take_sound (self, &frame, data);
    else if (!take_video (self, &frame, data))
      break;
  }
  /* Whoever writes on is told. */
  shutdown (self->fd, SHUT_RDWR);
  return NULL;
}

/* ---- main loop ---- */

McuLiveGuest *
mcu_live_guest_new (int fd, McuSource *source, McuPlayout *playout)
{
  McuLiveGuest *self = g_new0 (McuLiveGuest, 1);

  g_mutex_init (&self->lock);
  self->fd = fd;
  self->source = mcu_source_ref (source);
  self->playout = mcu_playout_ref (playout);
  self->reader = g_thread_new ("input", run_reader, self);
  return self;
}

void
mcu_live_guest_free (McuLiveGuest *self)
{
  /* The reader waits at one of two places: in the socket, or for the decoder, which goes on. */
  shutdown (self->fd, SHUT_RDWR);
  g_thread_join (self->reader);
  close (self->fd);
  if (self->pipeline != NULL) {
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
    gst_object_unref (self->pipeline);
  }
  gst_clear_object ((GstElement **) &self->video);
  mcu_decoded_format_clear (&self->format);
  mcu_source_unref (self->source);
  mcu_playout_unref (self->playout);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mcu_live_guest_get_stats (McuLiveGuest *self, McuLiveGuestStats *stats)
{
  g_mutex_lock (&self->lock);
  *stats = self->stats;
  g_mutex_unlock (&self->lock);
}
