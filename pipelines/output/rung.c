/* pipelines/output/rung.c - stage 5 of 6: one encode of one view, shared by all who get it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/rung.h"

struct _McuRung
{
  /* Set once in new(), then read by any thread. */
  McuEncoderSettings settings;
  McuEncoder *encoder; /* owned */
  McuRungSentFunc on_sent;
  gpointer user_data; /* unowned: the view frees us first */

  /* The ticker's thread only. */
  gboolean keyframe_due;

  /* Main loop, ticker and encoder thread: hold lock. Only queues are filled under it. */
  GMutex lock;
  GPtrArray *receivers; /* owned, (element-type McuReceiver) owned */
  McuFrameMemory memory;
  McuKeyframePolicy policy;
  McuKeyframeReason forced; /* why the keyframe under way was asked for */
  guint64 n_frames;
  McuRungStats stats;
};

/* Thread: the encoder's. */
static void
on_encoded (gpointer user_data, GstBuffer *buffer, gboolean is_keyframe)
{
  McuRung *self = user_data;
  McuFrame frame = {.buffer = buffer, .is_keyframe = is_keyframe};

  g_mutex_lock (&self->lock);
  frame.index = self->n_frames++;
  self->stats.frames++;
  self->stats.bytes += gst_buffer_get_size (buffer);
  if (is_keyframe) {
    self->stats.keyframes[self->forced]++;
    self->forced = MCU_KEYFRAME_NONE;
    mcu_keyframe_policy_served (&self->policy);
  }
  mcu_frame_memory_add (&self->memory, &frame);
  for (guint i = 0; i < self->receivers->len; i++)
    mcu_receiver_give (g_ptr_array_index (self->receivers, i), &frame, &self->memory);
  g_mutex_unlock (&self->lock);
  self->on_sent (self->user_data, GST_BUFFER_PTS (buffer));
}

McuRung *
mcu_rung_new (const McuEncoderSettings *settings, GstClockTime base_time, McuRungSentFunc on_sent,
              gpointer user_data, GError **error)
{
  McuRung *self = g_new0 (McuRung, 1);

  g_mutex_init (&self->lock);
  self->settings = *settings;
  self->on_sent = on_sent;
  self->user_data = user_data;
  self->receivers = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_receiver_unref);
  mcu_frame_memory_init (&self->memory);
  self->encoder = mcu_encoder_new (settings, base_time, on_encoded, self, error);
  if (self->encoder == NULL)
    g_clear_pointer (&self, mcu_rung_free);
  return self;
}

void
mcu_rung_free (McuRung *self)
{
  g_clear_pointer (&self->encoder, mcu_encoder_free);
  g_ptr_array_unref (self->receivers);
  mcu_frame_memory_finish (&self->memory);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const McuEncoderSettings *
mcu_rung_settings (McuRung *self)
{
  return &self->settings;
}

void
mcu_rung_add (McuRung *self, McuReceiver *receiver)
{
  g_mutex_lock (&self->lock);
  mcu_receiver_restart (receiver);
  g_ptr_array_add (self->receivers, mcu_receiver_ref (receiver));
  mcu_receiver_catch_up (receiver, &self->memory);
  g_mutex_unlock (&self->lock);
}

gboolean
mcu_rung_has_failed (McuRung *self)
{
  return mcu_encoder_has_failed (self->encoder);
}

void
mcu_rung_move_all (McuRung *self, McuRung *to)
{
  g_autoptr (GPtrArray) receivers = NULL;

  g_mutex_lock (&self->lock);
  receivers = g_steal_pointer (&self->receivers);
  self->receivers = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_receiver_unref);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < receivers->len; i++)
    mcu_rung_add (to, g_ptr_array_index (receivers, i));
}

void
mcu_rung_remove (McuRung *self, McuReceiver *receiver)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->receivers, receiver);
  g_mutex_unlock (&self->lock);
}

gboolean
mcu_rung_needs_picture (McuRung *self, gint64 now_us)
{
  McuKeyframeReason reason;
  gboolean is_steady = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->receivers->len; i++) {
    McuReceiver *receiver = g_ptr_array_index (self->receivers, i);

    is_steady |= mcu_receiver_is_steady (receiver);
    mcu_receiver_catch_up (receiver, &self->memory);
    switch (mcu_receiver_take_wish (receiver, now_us)) {
    case MCU_RECEIVER_CONTENT:
      break;
    case MCU_RECEIVER_WANTS_REFRESH:
      mcu_keyframe_policy_ask (&self->policy, MCU_KEYFRAME_REQUEST);
      break;
    case MCU_RECEIVER_WANTS_FIRST:
      mcu_keyframe_policy_ask (&self->policy, MCU_KEYFRAME_JOIN);
      break;
    }
  }
  if (is_steady)
    mcu_keyframe_policy_ask_steady (&self->policy, now_us);
  reason = mcu_keyframe_policy_take (&self->policy, now_us);
  if (reason != MCU_KEYFRAME_NONE)
    self->forced = reason;
  g_mutex_unlock (&self->lock);

  if (reason != MCU_KEYFRAME_NONE)
    self->keyframe_due = TRUE;
  return self->keyframe_due || is_steady;
}

void
mcu_rung_push (McuRung *self, McuPicture *picture, guint64 pts_ns)
{
  if (self->keyframe_due)
    mcu_encoder_force_keyframe (self->encoder);
  self->keyframe_due = FALSE;
  mcu_encoder_push (self->encoder, picture, pts_ns);
}

void
mcu_rung_get_stats (McuRung *self, McuRungStats *stats)
{
  g_mutex_lock (&self->lock);
  *stats = self->stats;
  stats->n_receivers = self->receivers->len;
  g_mutex_unlock (&self->lock);
}

void
mcu_rung_stats_add (McuRungStats *self, const McuRungStats *other)
{
  self->frames += other->frames;
  self->bytes += other->bytes;
  for (guint i = 0; i < MCU_KEYFRAME_N_REASONS; i++)
    self->keyframes[i] += other->keyframes[i];
}
