/* pipelines/ingest/decoded.h - what a decoder's appsink gives, as a picture.
 * From: video-in, a live input's guest.  To: McuSource.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/video/video.h>

#include "pipelines/mix/video/picture.h"

/** McuDecodedFormat: all zero at first. Thread: the appsink's. */
typedef struct
{
  GstVideoInfo info;
  GstCaps *caps; /* owned (nullable): @info is of these */
} McuDecodedFormat;

/** mcu_decoded_format_read: @caps: (nullable). FALSE for what is no picture of ours. */
gboolean mcu_decoded_format_read (McuDecodedFormat *self, GstCaps *caps);
void mcu_decoded_format_clear (McuDecodedFormat *self);

/** mcu_decoded_wrap: (transfer full) (nullable): without a copy; it keeps @buffer mapped. */
McuPicture *mcu_decoded_wrap (const McuDecodedFormat *self, GstBuffer *buffer);
