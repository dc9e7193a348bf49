/* pipelines/output/frame-memory.h - a rung's frames since its last keyframe.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/gst.h>

/* What a joiner may be sent at once: more would be a burst that a thin link pays with its delay. */
#define MCU_FRAME_MEMORY_MAX_US 1000000
#define MCU_FRAME_MEMORY_MAX_BYTES 300000

/** McuFrame: one encoded picture. @index counts a rung's frames from 0, without gaps. */
typedef struct
{
  GstBuffer *buffer; /* owned by the memory */
  guint64 index;
  gboolean is_keyframe;
} McuFrame;

/** McuFrameMemory: not locked; the rung's lock guards it. */
typedef struct
{
  GArray
      *frames; /* owned, (element-type McuFrame): a keyframe first; empty when too old or large */
  gsize bytes;
} McuFrameMemory;

void mcu_frame_memory_init (McuFrameMemory *self);
void mcu_frame_memory_finish (McuFrameMemory *self);

/**
 * mcu_frame_memory_add:
 * @frame: (transfer none): the next frame; its buffer is referenced
 *
 * A keyframe starts anew. What is past the bounds is forgotten until the next keyframe.
 */
void mcu_frame_memory_add (McuFrameMemory *self, const McuFrame *frame);

/**
 * mcu_frame_memory_find:
 * @next_index: the first frame that a receiver misses; G_MAXUINT64 for one that has seen none
 * @first: (out): where to start in `frames`
 *
 * Returns: TRUE when sending from there on gives this receiver a right picture.
 */
gboolean mcu_frame_memory_find (const McuFrameMemory *self, guint64 next_index, guint *first);
