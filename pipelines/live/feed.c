/* pipelines/live/feed.c - one more receiver of a rung and of the mix: to another process of ours.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   appsrc (a McuReceiver's) -> appsink \
 *   appsrc (the mixer's tap) -> appsink -> socket; each appsrc's thread waits there, nobody else */
#include "pipelines/live/feed.h"

#include <sys/socket.h>
#include <unistd.h>

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "mcu/base/error.h"
#include "pipelines/live/exchange.h"
#include "pipelines/mix/audio/playout.h"

#define WAITING_TICKS 100 /* 2 s of sound */

struct _McuLiveFeed
{
  /* Set once in new(), then read by any thread. */
  int fd; /* owned */
  GstClockTime base_time;
  GstElement *pipeline;  /* owned */
  GstAppSrc *video;      /* owned */
  GstAppSrc *sound;      /* owned */
  McuReceiver *receiver; /* owned */

  /* The two appsrcs' threads: one frame at a time. Held while it is written. */
  GMutex write_lock;
};

static GstFlowReturn
send_buffer (McuLiveFeed *self, GstBuffer *buffer, McuExchangeFrame *frame)
{
  gboolean is_sent;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_ERROR;
  frame->size = map.size;
  frame->pts_ns = GST_BUFFER_PTS (buffer);
  if (frame->kind == MCU_EXCHANGE_VIDEO && frame->size > MCU_EXCHANGE_MAX_VIDEO_BYTES) {
    gst_buffer_unmap (buffer, &map);
    return GST_FLOW_ERROR;
  }
  g_mutex_lock (&self->write_lock);
  is_sent = mcu_exchange_write (self->fd, frame, map.data);
  g_mutex_unlock (&self->write_lock);
  gst_buffer_unmap (buffer, &map);
  return is_sent ? GST_FLOW_OK : GST_FLOW_EOS;
}

/* Thread: the video appsrc's. */
static GstFlowReturn
on_frame (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  McuExchangeFrame frame = {.kind = MCU_EXCHANGE_VIDEO, .codec = MCU_CODEC_H264};

  if (buffer == NULL)
    return GST_FLOW_EOS;
  frame.is_keyframe = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return send_buffer (user_data, buffer, &frame);
}

/* Thread: the sound appsrc's. */
static GstFlowReturn
on_sound (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  McuExchangeFrame frame = {.kind = MCU_EXCHANGE_SOUND, .codec = MCU_CODEC_NONE};

  return buffer != NULL ? send_buffer (user_data, buffer, &frame) : GST_FLOW_EOS;
}

/* Thread: any that posts. Nobody reads this bus: that the other process is gone, control sees. */
static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
on_first_frame (gpointer user_data, guint64 pts_ns)
{
}

static GstAppSrc *
add_branch (McuLiveFeed *self, GstFlowReturn (*on_sample) (GstAppSink *, gpointer))
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *sink = gst_element_factory_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_sample};

  if (source == NULL || sink == NULL)
    return NULL;
  g_object_set (source, "format", GST_FORMAT_TIME, "block", FALSE, "max-bytes",
                G_GUINT64_CONSTANT (0), NULL);
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  gst_bin_add_many (GST_BIN (self->pipeline), source, sink, NULL);
  return gst_element_link (source, sink) ? gst_object_ref (GST_APP_SRC (source)) : NULL;
}

McuLiveFeed *
mcu_live_feed_new (int fd, GstClockTime base_time, GError **error)
{
  g_autoptr (McuLiveFeed) self = g_new0 (McuLiveFeed, 1);
  g_autoptr (GstBus) bus = NULL;

  g_mutex_init (&self->write_lock);
  self->fd = fd;
  self->base_time = base_time;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, NULL, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), NULL);
  self->video = add_branch (self, on_frame);
  self->sound = add_branch (self, on_sound);
  if (self->video == NULL || self->sound == NULL ||
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "a live feed does not start");
    return NULL;
  }
  gst_util_set_object_arg (G_OBJECT (self->sound), "leaky-type", "downstream");
  g_object_set (self->sound, "max-buffers", (guint64) WAITING_TICKS, NULL);
  self->receiver = mcu_receiver_new (self->video, on_first_frame, NULL, NULL);
  mcu_receiver_set_steady (self->receiver);
  return g_steal_pointer (&self);
}

void
mcu_live_feed_free (McuLiveFeed *self)
{
  if (self->receiver != NULL) {
    mcu_receiver_close (self->receiver);
    mcu_receiver_unref (self->receiver);
  }
  /* Whoever waits in a write comes back at once. */
  shutdown (self->fd, SHUT_RDWR);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  close (self->fd);
  gst_clear_object ((GstElement **) &self->video);
  gst_clear_object ((GstElement **) &self->sound);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->write_lock);
  g_free (self);
}

McuReceiver *
mcu_live_feed_get_receiver (McuLiveFeed *self)
{
  return self->receiver;
}

void
mcu_live_feed_hear (gpointer feed, const gint16 *pcm, gint64 tick_us)
{
  McuLiveFeed *self = feed;
  gint64 running_ns = tick_us * 1000 - (gint64) self->base_time;
  GstBuffer *buffer;

  if (running_ns < 0)
    return;
  buffer = gst_buffer_new_memdup (pcm, MCU_AUDIO_FRAME * sizeof *pcm);
  GST_BUFFER_PTS (buffer) = running_ns;
  gst_app_src_push_buffer (self->sound, buffer);
}
