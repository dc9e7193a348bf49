/* pipelines/live/transcode.h - what is done to a stream that a camera or a file has, so that a room
 * takes it.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/gst.h>

#include "pipelines/live/exchange.h"

/** McuTranscode: a way from caps to a codec of the exchange: elements by name, one after another.
 */
typedef struct
{
  McuExchangeKind kind;
  McuCodec codec;
  const char *const *elements; /* (array zero-terminated=1); none: as it is */
  const char *caps;            /* (nullable): what comes out at the end */
} McuTranscode;

/**
 * mcu_transcode_find:
 * @caps: of a demuxer's or a depayloader's pad
 * @gpl_aac: whether libfaad may be used
 *
 * Thread: any.  Returns: (nullable): static; NULL: there is no way.
 */
const McuTranscode *mcu_transcode_find (const GstCaps *caps, gboolean gpl_aac);

/** mcu_transcode_find_depayloader: (nullable): by the caps of an RTP stream. */
const char *mcu_transcode_find_depayloader (const GstCaps *caps);

/** mcu_transcode_find_demuxer: (nullable): by the type that was found; for a stream that is no
 *  container: its parser, or "" when none is needed. */
const char *mcu_transcode_find_demuxer (const GstCaps *caps);

/**
 * mcu_transcode_make:
 * @element: a name of one of the above, or of those that fetcher.c uses
 * @error: MCU_ERROR_INTERNAL: its plugin is not there
 *
 * Loads the plugin first, by its file.  Thread: any.  Returns: (transfer floating) (nullable).
 */
GstElement *mcu_transcode_make (const char *element, GError **error);
