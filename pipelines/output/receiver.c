/* pipelines/output/receiver.c - stage 6 of 6: one peer's end of a rung.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/receiver.h"

#include <gst/video/video.h>

#define NO_FRAME_YET G_MAXUINT64

struct _McuReceiver
{
  /* Set once in new(), then read by any thread. */
  gatomicrefcount refs;
  GstAppSrc *source; /* owned */
  gulong probe;      /* main loop only */
  McuReceiverFirstFunc on_first;
  gpointer user_data; /* owned through free_data */
  GDestroyNotify free_data;
  gboolean is_steady; /* set once before the first rung */
  guint bitrate_bps;  /* main loop only */

  /* Written by the peer's RTCP thread, taken by the ticker: atomic. */
  gint requested;
  gint n_requests;

  /* Guarded by the lock of the rung that it is on. */
  guint64 next_index;  /* the frame it needs next; NO_FRAME_YET before the first */
  guint64 sent_pts_ns; /* of the newest frame sent, on whatever rung; GST_CLOCK_TIME_NONE: none */
  gboolean is_lost;    /* in needs-key: nothing is sent until a keyframe or the missing frames */
  gboolean refresh_granted; /* for this loss: asked once, paid once */
  gboolean was_first_told;
  double budget; /* keyframe requests it may still make */
  gint64 budget_at_us;

  /* Written under the rung's lock, read by any thread. */
  GMutex stats_lock;
  McuReceiverStats stats;
};

/* Thread: the peer's RTCP thread. Only sets a flag: the ticker looks at it within one frame. */
static GstPadProbeReturn
on_upstream_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  McuReceiver *self = user_data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  if (!gst_video_event_is_force_key_unit (event))
    return GST_PAD_PROBE_OK;
  g_atomic_int_set (&self->requested, 1);
  g_atomic_int_inc (&self->n_requests);
  return GST_PAD_PROBE_DROP;
}

McuReceiver *
mcu_receiver_new (GstAppSrc *source, McuReceiverFirstFunc on_first, gpointer user_data,
                  GDestroyNotify free_data)
{
  McuReceiver *self = g_new0 (McuReceiver, 1);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (source), "src");

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->stats_lock);
  self->source = gst_object_ref (source);
  self->on_first = on_first;
  self->user_data = user_data;
  self->free_data = free_data;
  self->next_index = NO_FRAME_YET;
  self->sent_pts_ns = GST_CLOCK_TIME_NONE;
  self->is_lost = TRUE;
  self->budget = MCU_RECEIVER_REQUEST_BURST;
  self->probe = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_upstream_event,
                                   mcu_receiver_ref (self), (GDestroyNotify) mcu_receiver_unref);
  return self;
}

McuReceiver *
mcu_receiver_ref (McuReceiver *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_receiver_unref (McuReceiver *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->free_data != NULL)
    self->free_data (self->user_data);
  gst_object_unref (self->source);
  g_mutex_clear (&self->stats_lock);
  g_free (self);
}

void
mcu_receiver_close (McuReceiver *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (self->source), "src");

  if (self->probe != 0)
    gst_pad_remove_probe (pad, self->probe);
  self->probe = 0;
}

void
mcu_receiver_set_steady (McuReceiver *self)
{
  self->is_steady = TRUE;
}

gboolean
mcu_receiver_is_steady (McuReceiver *self)
{
  return self->is_steady;
}

void
mcu_receiver_set_bitrate (McuReceiver *self, guint bitrate_bps)
{
  self->bitrate_bps = bitrate_bps;
}

guint
mcu_receiver_get_bitrate (McuReceiver *self)
{
  return self->bitrate_bps;
}

void
mcu_receiver_restart (McuReceiver *self)
{
  self->next_index = NO_FRAME_YET;
  self->is_lost = TRUE;
  self->was_first_told = FALSE;
}

static void
send_frame (McuReceiver *self, const McuFrame *frame)
{
  gsize bytes = gst_buffer_get_size (frame->buffer);

  /* The appsrc has no bound of its own and does not block: this only queues. */
  gst_app_src_push_buffer (self->source, gst_buffer_ref (frame->buffer));
  self->next_index = frame->index + 1;
  self->sent_pts_ns = GST_BUFFER_PTS (frame->buffer);
  g_mutex_lock (&self->stats_lock);
  self->stats.frames++;
  self->stats.bytes += bytes;
  g_mutex_unlock (&self->stats_lock);
  if (!self->was_first_told) {
    self->was_first_told = TRUE;
    self->on_first (self->user_data, GST_BUFFER_PTS (frame->buffer));
  }
}

static gboolean
is_keeping_up (McuReceiver *self)
{
  return gst_app_src_get_current_level_buffers (self->source) <= MCU_RECEIVER_MAX_WAITING;
}

/* Who comes from another rung has seen that one's pictures: time does not go back for them. */
static gboolean
is_newer (McuReceiver *self, const McuFrame *frame)
{
  return self->sent_pts_ns == GST_CLOCK_TIME_NONE ||
         GST_BUFFER_PTS (frame->buffer) > self->sent_pts_ns;
}

static void
lose_place (McuReceiver *self)
{
  self->is_lost = TRUE;
  self->refresh_granted = FALSE;
  g_mutex_lock (&self->stats_lock);
  self->stats.needs_key++;
  g_mutex_unlock (&self->stats_lock);
}

void
mcu_receiver_catch_up (McuReceiver *self, const McuFrameMemory *memory)
{
  guint first;

  if (!self->is_lost || !is_keeping_up (self) ||
      !mcu_frame_memory_find (memory, self->next_index, &first) ||
      !is_newer (self, &g_array_index (memory->frames, McuFrame, first)))
    return;
  for (guint i = first; i < memory->frames->len; i++)
    send_frame (self, &g_array_index (memory->frames, McuFrame, i));
  self->is_lost = FALSE;
}

void
mcu_receiver_give (McuReceiver *self, const McuFrame *frame, const McuFrameMemory *memory)
{
  if (!is_keeping_up (self)) {
    if (!self->is_lost)
      lose_place (self);
    return;
  }
  if (self->is_lost && !frame->is_keyframe) {
    mcu_receiver_catch_up (self, memory);
    return;
  }
  if (!is_newer (self, frame))
    return;
  self->is_lost = FALSE;
  send_frame (self, frame);
}

static gboolean
spend_request (McuReceiver *self, gint64 now_us)
{
  double refill = (now_us - self->budget_at_us) / (double) MCU_RECEIVER_REQUEST_REFILL_US;

  if (self->budget_at_us != 0)
    self->budget = MIN (MCU_RECEIVER_REQUEST_BURST, self->budget + refill);
  self->budget_at_us = now_us;
  if (self->budget < 1)
    return FALSE;
  self->budget -= 1;
  return TRUE;
}

McuReceiverWish
mcu_receiver_take_wish (McuReceiver *self, gint64 now_us)
{
  gboolean asked = g_atomic_int_compare_and_exchange (&self->requested, 1, 0);

  gboolean is_back = self->is_lost && is_keeping_up (self);

  if (is_back && self->next_index == NO_FRAME_YET)
    return MCU_RECEIVER_WANTS_FIRST;
  /* Also who loses its place again and again pays from the same budget: the others see nothing of
   * it. */
  if (is_back && self->refresh_granted)
    return MCU_RECEIVER_WANTS_REFRESH;
  if (!asked && !is_back)
    return MCU_RECEIVER_CONTENT;
  if (spend_request (self, now_us)) {
    self->refresh_granted = is_back;
    return MCU_RECEIVER_WANTS_REFRESH;
  }
  g_mutex_lock (&self->stats_lock);
  self->stats.requests_refused++;
  g_mutex_unlock (&self->stats_lock);
  return MCU_RECEIVER_CONTENT;
}

void
mcu_receiver_get_stats (McuReceiver *self, McuReceiverStats *stats)
{
  g_mutex_lock (&self->stats_lock);
  *stats = self->stats;
  g_mutex_unlock (&self->stats_lock);
  stats->waiting = gst_app_src_get_current_level_buffers (self->source);
  stats->requests = g_atomic_int_get (&self->n_requests);
}
