/* pipelines/output/frame-memory.c - a rung's frames since its last keyframe.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/frame-memory.h"

static void
clear_frame (gpointer data)
{
  McuFrame *frame = data;

  gst_clear_buffer (&frame->buffer);
}

void
mcu_frame_memory_init (McuFrameMemory *self)
{
  self->frames = g_array_new (FALSE, FALSE, sizeof (McuFrame));
  g_array_set_clear_func (self->frames, clear_frame);
  self->bytes = 0;
}

void
mcu_frame_memory_finish (McuFrameMemory *self)
{
  g_clear_pointer (&self->frames, g_array_unref);
}

static void
forget (McuFrameMemory *self)
{
  g_array_set_size (self->frames, 0);
  self->bytes = 0;
}

static gboolean
is_too_old (const McuFrameMemory *self, const McuFrame *newest)
{
  const McuFrame *oldest;

  if (self->frames->len == 0)
    return FALSE;
  oldest = &g_array_index (self->frames, McuFrame, 0);
  return GST_BUFFER_PTS (newest->buffer) - GST_BUFFER_PTS (oldest->buffer) >
         MCU_FRAME_MEMORY_MAX_US * (guint64) GST_USECOND;
}

void
mcu_frame_memory_add (McuFrameMemory *self, const McuFrame *frame)
{
  gsize size = gst_buffer_get_size (frame->buffer);
  McuFrame kept = *frame;

  if (frame->is_keyframe)
    forget (self);
  else if (self->frames->len == 0)
    return;
  if (is_too_old (self, frame) || self->bytes + size > MCU_FRAME_MEMORY_MAX_BYTES) {
    forget (self);
    return;
  }
  kept.buffer = gst_buffer_ref (frame->buffer);
  g_array_append_val (self->frames, kept);
  self->bytes += size;
}

gboolean
mcu_frame_memory_find (const McuFrameMemory *self, guint64 next_index, guint *first)
{
  guint64 oldest;

  if (self->frames->len == 0)
    return FALSE;
  oldest = g_array_index (self->frames, McuFrame, 0).index;
  if (next_index == G_MAXUINT64) {
    *first = 0;
    return TRUE;
  }
  if (next_index < oldest || next_index >= oldest + self->frames->len)
    return FALSE;
  *first = next_index - oldest;
  return TRUE;
}
