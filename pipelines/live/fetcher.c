/* pipelines/live/fetcher.c - one attempt at a camera, a file or an HTTP stream: frames come out.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   rtspsrc -> depayloader \
 *   souphttpsrc or fdsrc -> typefind -> demuxer -> queue -> (decoder -> encoder) -> appsink */
#include "pipelines/live/fetcher.h"

#include <string.h>
#include <unistd.h>

#include <gst/app/gstappsink.h>

#include "mcu/base/error.h"
#include "pipelines/live/transcode.h"

#define HTTP_TIMEOUT_S 10u
#define RTSP_TIMEOUT_US G_GUINT64_CONSTANT (10000000)
#define RTSP_LATENCY_MS 50u
/* Between demuxer and time: one stream is not to wait for what the file has of the other first. */
#define QUEUE_NS (4 * GST_SECOND)
#define QUEUE_BYTES (16 * 1024 * 1024u)
#define SINK_BUFFERS 16u
/* A time so far from what is due is no delay but a jump. */
#define JUMP_US 2000000

struct _McuFetcher
{
  /* Set once in new(), then read by any thread. */
  const McuFetcherEvents *events;
  gpointer user_data;
  gboolean gpl_aac;
  gboolean is_paced;    /* it comes as fast as it can be read */
  GstElement *pipeline; /* owned */

  /* Any streaming thread: hold lock. */
  GMutex lock;
  GCond stopped; /* with @is_stopping */
  gboolean is_stopping;
  gboolean has_video, has_sound;
  gboolean is_anchored;
  gint64 anchor_us;       /* monotonic ... */
  gint64 anchor_media_ns; /* ... when this was due */
};

/** One stream on its way out; freed with its appsink. */
typedef struct
{
  McuFetcher *fetcher;
  const McuTranscode *way;
} Branch;

/* ---- streaming threads ---- */

static void
tell_failed (McuFetcher *self, McuError code, const char *what, const char *why, gboolean is_final)
{
  g_autoptr (GError)
      error = g_error_new (MCU_ERROR, code, "%s%s%s", what, *what != '\0' ? ": " : "", why);

  self->events->failed (self->user_data, error, is_final);
}

/* Waits until @media_ns is due. Returns: the time that it is then, in ns; 0 when it is over. */
static gint64
wait_until_due (McuFetcher *self, gint64 media_ns)
{
  gint64 now_us, due_us, ahead_us;

  g_mutex_lock (&self->lock);
  now_us = g_get_monotonic_time ();
  due_us = self->anchor_us + (media_ns - self->anchor_media_ns) / 1000;
  if (!self->is_anchored || ABS (due_us - now_us) > JUMP_US) {
    self->is_anchored = TRUE;
    /* Whole milliseconds are whole samples: RTP timestamps made of them follow each other. */
    self->anchor_us = due_us = now_us / 1000 * 1000;
    self->anchor_media_ns = media_ns;
  }
  ahead_us = self->anchor_us * 1000 - self->anchor_media_ns;
  while (!self->is_stopping && g_cond_wait_until (&self->stopped, &self->lock, due_us))
    ;
  if (self->is_stopping)
    ahead_us = -media_ns;
  g_mutex_unlock (&self->lock);
  return ahead_us + media_ns;
}

/* In the order of decoding where that differs: so it is to be sent. */
static gint64
media_time (GstSample *sample, GstBuffer *buffer)
{
  GstClockTime ns = GST_BUFFER_DTS_IS_VALID (buffer) ? GST_BUFFER_DTS (buffer)
                                                     : GST_BUFFER_PTS (buffer);
  guint64 running_ns;

  if (!GST_CLOCK_TIME_IS_VALID (ns))
    return -1;
  running_ns = gst_segment_to_running_time (gst_sample_get_segment (sample), GST_FORMAT_TIME, ns);
  return GST_CLOCK_TIME_IS_VALID (running_ns) ? running_ns : ns;
}

static void
send_buffer (Branch *branch, GstSample *sample, GstBuffer *buffer)
{
  McuFetcher *self = branch->fetcher;
  gint64 at_ns = media_time (sample, buffer);
  McuExchangeFrame frame = {.kind = branch->way->kind, .codec = branch->way->codec};
  guint32 most = frame.kind == MCU_EXCHANGE_VIDEO ? MCU_EXCHANGE_MAX_VIDEO_BYTES
                                                  : MCU_EXCHANGE_MAX_SOUND_BYTES;
  GstMapInfo map;

  if (at_ns < 0)
    at_ns = g_get_monotonic_time () * 1000;
  else if (self->is_paced)
    at_ns = wait_until_due (self, at_ns);
  if (at_ns <= 0 && self->is_paced)
    return;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  frame.is_keyframe = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  frame.size = MIN (map.size, G_MAXUINT32);
  frame.pts_ns = at_ns;
  if (frame.size > 0 && frame.size <= most)
    self->events->frame (self->user_data, &frame, map.data);
  gst_buffer_unmap (buffer, &map);
}

static GstFlowReturn
on_sample (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;

  if (buffer == NULL)
    return GST_FLOW_EOS;
  send_buffer (user_data, sample, buffer);
  return GST_FLOW_OK;
}

/* Thread: any that posts. */
static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  McuFetcher *self = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) why = NULL;

    gst_message_parse_error (message, &why, NULL);
    tell_failed (self, MCU_ERROR_INTERNAL, "", why->message, FALSE);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    self->events->ended (self->user_data);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* ---- how branches are made; on the thread that found the stream ---- */

static GstElement *
add_element (McuFetcher *self, const char *name, GError **error)
{
  GstElement *element = mcu_transcode_make (name, error);

  if (element != NULL)
    gst_bin_add (GST_BIN (self->pipeline), element);
  return element;
}

static GstElement *
add_sink (McuFetcher *self, const McuTranscode *way, GError **error)
{
  GstElement *sink = add_element (self, "appsink", error);
  GstAppSinkCallbacks callbacks = {.new_sample = on_sample};
  Branch *branch;

  if (sink == NULL)
    return NULL;
  branch = g_new0 (Branch, 1);
  branch->fetcher = self;
  branch->way = way;
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, "max-buffers",
                SINK_BUFFERS, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, branch, g_free);
  return sink;
}

static GstElement *
add_filter (McuFetcher *self, const char *text, GError **error)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);
  GstElement *filter = add_element (self, "capsfilter", error);

  if (filter != NULL)
    g_object_set (filter, "caps", caps, NULL);
  return filter;
}

static gboolean
append (GstElement **last, GstElement *next)
{
  if (next == NULL || !gst_element_link (*last, next))
    return FALSE;
  *last = next;
  return TRUE;
}

/* From the end to the beginning, so that nothing arrives before what it needs. */
static void
start_elements (GPtrArray *elements)
{
  for (guint i = elements->len; i > 0; i--)
    gst_element_sync_state_with_parent (elements->pdata[i - 1]);
}

static gboolean
build (McuFetcher *self, GstPad *pad, const char *first, const McuTranscode *way, GError **error)
{
  g_autoptr (GPtrArray) elements = g_ptr_array_new ();
  GstElement *last = add_element (self, first != NULL ? first : "queue", error);
  g_autoptr (GstPad) entry = last != NULL ? gst_element_get_static_pad (last, "sink") : NULL;
  GstElement *next;

  if (last == NULL)
    return FALSE;
  if (first == NULL)
    g_object_set (last, "max-size-time", QUEUE_NS, "max-size-bytes", QUEUE_BYTES,
                  "max-size-buffers", 0, NULL);
  g_ptr_array_add (elements, last);
  for (guint i = 0; way->elements[i] != NULL; i++) {
    if ((next = add_element (self, way->elements[i], error)) == NULL || !append (&last, next))
      return FALSE;
    g_ptr_array_add (elements, next);
  }
  if (way->caps != NULL) {
    if ((next = add_filter (self, way->caps, error)) == NULL || !append (&last, next))
      return FALSE;
    g_ptr_array_add (elements, next);
  }
  if ((next = add_sink (self, way, error)) == NULL || !append (&last, next))
    return FALSE;
  g_ptr_array_add (elements, next);
  start_elements (elements);
  return gst_pad_link (pad, entry) == GST_PAD_LINK_OK;
}

/* The first of each kind is taken. */
static gboolean
claim (McuFetcher *self, McuExchangeKind kind)
{
  gboolean *has = kind == MCU_EXCHANGE_VIDEO ? &self->has_video : &self->has_sound;
  gboolean is_first;

  g_mutex_lock (&self->lock);
  is_first = !*has && !self->is_stopping;
  *has |= is_first;
  g_mutex_unlock (&self->lock);
  return is_first;
}

static void
take_stream (McuFetcher *self, GstPad *pad, const GstCaps *caps, const char *first)
{
  const McuTranscode *way = mcu_transcode_find (caps, self->gpl_aac);
  g_autoptr (GError) error = NULL;

  if (way == NULL || !claim (self, way->kind))
    return;
  if (!build (self, pad, first, way, &error))
    tell_failed (self, MCU_ERROR_INTERNAL, "", error != NULL ? error->message : "it does not link",
                 FALSE);
}

static GstCaps *
dup_caps (GstPad *pad)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);

  return caps != NULL ? caps : gst_pad_query_caps (pad, NULL);
}

static void
on_demuxed (GstElement *demuxer, GstPad *pad, gpointer user_data)
{
  g_autoptr (GstCaps) caps = dup_caps (pad);

  if (caps != NULL && GST_PAD_IS_SRC (pad))
    take_stream (user_data, pad, caps, NULL);
}

static void
on_all_demuxed (GstElement *demuxer, gpointer user_data)
{
  McuFetcher *self = user_data;
  gboolean has_any;

  g_mutex_lock (&self->lock);
  has_any = self->has_video || self->has_sound;
  g_mutex_unlock (&self->lock);
  if (!has_any)
    tell_failed (self, MCU_ERROR_UNSUPPORTED_TYPE, "", "there is nothing in it that can be taken",
                 TRUE);
}

/* ---- containers ---- */

static void
on_type (GstElement *typefind, guint probability, GstCaps *caps, gpointer user_data)
{
  McuFetcher *self = user_data;
  const char *name = mcu_transcode_find_demuxer (caps);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (typefind, "src");
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPad) out = NULL;
  GstElement *demuxer;

  if (name == NULL) {
    g_autofree char *type = gst_caps_to_string (caps);

    tell_failed (self, MCU_ERROR_UNSUPPORTED_TYPE, "not taken", type, TRUE);
    return;
  }
  if (*name == '\0') {
    take_stream (self, pad, caps, NULL);
    return;
  }
  demuxer = add_element (self, name, &error);
  if (demuxer == NULL) {
    tell_failed (self, MCU_ERROR_INTERNAL, "", error->message, FALSE);
    return;
  }
  g_signal_connect (demuxer, "pad-added", G_CALLBACK (on_demuxed), self);
  g_signal_connect (demuxer, "no-more-pads", G_CALLBACK (on_all_demuxed), self);
  out = gst_element_get_static_pad (demuxer, "src"); /* of wavparse */
  if (out != NULL) {
    g_autoptr (GstCaps) raw = gst_caps_new_empty_simple ("audio/x-raw");

    take_stream (self, out, raw, NULL);
  }
  gst_element_sync_state_with_parent (demuxer);
  gst_element_link (typefind, demuxer);
}

static gboolean
add_container (McuFetcher *self, GstElement *source, GError **error)
{
  GstElement *typefind = add_element (self, "typefind", error);

  self->is_paced = TRUE;
  if (typefind == NULL)
    return FALSE;
  g_signal_connect (typefind, "have-type", G_CALLBACK (on_type), self);
  return gst_element_link (source, typefind);
}

static char *
url_without_secrets (const McuLiveUrl *url, const char *scheme)
{
  gboolean is_v6 = strchr (url->host, ':') != NULL;

  return g_strdup_printf ("%s://%s%s%s:%u%s%s%s", scheme, is_v6 ? "[" : "", url->host,
                          is_v6 ? "]" : "", url->port, *url->path != '\0' ? url->path : "/",
                          url->query != NULL ? "?" : "", url->query != NULL ? url->query : "");
}

static gboolean
add_http (McuFetcher *self, const McuLiveUrl *url, GError **error)
{
  g_autofree char *location = url_without_secrets (url, url->scheme == MCU_LIVE_HTTPS ? "https"
                                                                                      : "http");
  GstElement *source = add_element (self, "souphttpsrc", error);

  if (source == NULL)
    return FALSE;
  g_object_set (source, "location", location, "user-id", url->user, "user-pw", url->password,
                "timeout", HTTP_TIMEOUT_S, "retries", 0, "ssl-strict", TRUE, "user-agent",
                "tessera", NULL);
  return add_container (self, source, error);
}

static gboolean
add_file (McuFetcher *self, int fd, GError **error)
{
  GstElement *source = add_element (self, "fdsrc", error);

  if (source == NULL || fd < 0 || lseek (fd, 0, SEEK_SET) != 0)
    return FALSE;
  g_object_set (source, "fd", fd, NULL);
  return add_container (self, source, error);
}

/* ---- RTSP ---- */

static gboolean
on_select_stream (GstElement *source, guint number, GstCaps *caps, gpointer user_data)
{
  return mcu_transcode_find_depayloader (caps) != NULL;
}

/* What a depayloader gives, for what is known before a packet has come. */
static GstCaps *
depayloaded_caps (GstElement *depayloader)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (depayloader, "src");

  return gst_pad_get_pad_template_caps (pad);
}

static void
on_rtp (GstElement *source, GstPad *pad, gpointer user_data)
{
  McuFetcher *self = user_data;
  g_autoptr (GstCaps) caps = dup_caps (pad);
  const char *name = caps != NULL ? mcu_transcode_find_depayloader (caps) : NULL;
  g_autoptr (GstElement) probe = NULL;
  g_autoptr (GstCaps) out = NULL;
  g_autoptr (GError) error = NULL;

  if (name == NULL)
    return;
  probe = mcu_transcode_make (name, &error);
  if (probe == NULL) {
    tell_failed (self, MCU_ERROR_INTERNAL, "", error->message, FALSE);
    return;
  }
  gst_object_ref_sink (probe);
  out = depayloaded_caps (probe);
  take_stream (self, pad, out, name);
}

static gboolean
add_rtsp (McuFetcher *self, const McuLiveUrl *url, GError **error)
{
  g_autofree char *location = url_without_secrets (url, url->scheme == MCU_LIVE_RTSPS ? "rtsps"
                                                                                      : "rtsp");
  GstElement *source = add_element (self, "rtspsrc", error);

  if (source == NULL)
    return FALSE;
  g_object_set (source, "location", location, "user-id", url->user, "user-pw", url->password,
                "latency", RTSP_LATENCY_MS, "timeout", G_GUINT64_CONSTANT (0), "tcp-timeout",
                RTSP_TIMEOUT_US, "user-agent", "tessera", NULL);
  /* Through the connection that was checked, and never a port of ours that anybody may send to. */
  gst_util_set_object_arg (G_OBJECT (source), "protocols", "tcp");
  /* Its own times: they follow each other; the room's playout sees to the clocks. */
  gst_util_set_object_arg (G_OBJECT (source), "buffer-mode", "none");
  g_signal_connect (source, "select-stream", G_CALLBACK (on_select_stream), self);
  g_signal_connect (source, "pad-added", G_CALLBACK (on_rtp), self);
  g_signal_connect (source, "no-more-pads", G_CALLBACK (on_all_demuxed), self);
  return TRUE;
}

/* ---- main loop ---- */

static gboolean
add_source (McuFetcher *self, const McuFetcherSettings *settings, GError **error)
{
  switch (settings->url->scheme) {
  case MCU_LIVE_RTSP:
  case MCU_LIVE_RTSPS:
    return add_rtsp (self, settings->url, error);
  case MCU_LIVE_HTTP:
  case MCU_LIVE_HTTPS:
    return add_http (self, settings->url, error);
  case MCU_LIVE_FILE:
    return add_file (self, settings->fd, error);
  case MCU_LIVE_RTMP:
  case MCU_LIVE_RTMPS:
  case MCU_LIVE_SRT:
    break;
  }
  return FALSE;
}

McuFetcher *
mcu_fetcher_new (const McuFetcherSettings *settings, const McuFetcherEvents *events,
                 gpointer user_data, GError **error)
{
  McuFetcher *self = g_new0 (McuFetcher, 1);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GError) why = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->stopped);
  self->events = events;
  self->user_data = user_data;
  self->gpl_aac = settings->gpl_aac;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, self, NULL);
  if (add_source (self, settings, &why) &&
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
    return self;
  if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  else
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "it cannot be opened");
  mcu_fetcher_free (self);
  return NULL;
}

void
mcu_fetcher_free (McuFetcher *self)
{
  g_mutex_lock (&self->lock);
  self->is_stopping = TRUE;
  g_cond_broadcast (&self->stopped);
  g_mutex_unlock (&self->lock);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->stopped);
  g_free (self);
}
