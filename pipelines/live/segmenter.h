/* pipelines/live/segmenter.h - one MPEG transport stream cut into pieces that each play alone.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/gst.h>

/* Cut at the first keyframe after so long. A steady rung has one every 2 s. */
#define MCU_SEGMENT_WANTED_NS (2 * GST_SECOND)
/* Many times what 4 s are at the rates that we encode. */
#define MCU_SEGMENT_MAX_BYTES (8 * 1024 * 1024)

typedef struct _McuSegmenter McuSegmenter;

/**
 * McuSegmentFunc:
 * @memfd: (transfer full): sealed: it can neither change nor shrink; -1: it could not be made, or
 *   was too large: nothing more comes
 *
 * Thread: that of the pad.
 */
typedef void (*McuSegmentFunc) (gpointer user_data, int memfd, guint duration_ms);

/**
 * mcu_segmenter_new:
 * @pad: (transfer none): where mpegtsmux's output arrives; force-key-unit events on it say where a
 *   keyframe begins, behind new program tables
 *
 * Thread: main loop, before anything comes.  Returns: (transfer full).
 */
McuSegmenter *mcu_segmenter_new (GstPad *pad, McuSegmentFunc func, gpointer user_data);

/** mcu_segmenter_free: only after the pipeline is in NULL. */
void mcu_segmenter_free (McuSegmenter *self);
