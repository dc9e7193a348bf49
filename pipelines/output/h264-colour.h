/* pipelines/output/h264-colour.h - says in the stream which colours it has.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A 720p stream that says nothing is taken for BT.709 by Chromium, and greens and reds are wrong;
 * what we compose is BT.601, as cameras send it. openh264enc cannot be told to write that, so its
 * SPS is written anew (ITU-T H.264, 7.3.2.1.1 and E.1.1; tables E-3 to E-5: 6 is SMPTE 170M). Pure.
 */
#pragma once

#include <glib.h>

/**
 * mcu_h264_colour_sps:
 * @nal: (array length=n): an SPS with its header byte, as openh264 writes it
 *
 * Thread: any.
 * Returns: (transfer full) (nullable): the same with its colours in it; %NULL when it says them
 * already or is not of the shape that openh264 writes.
 */
GByteArray *mcu_h264_colour_sps (const guint8 *nal, gsize n);

/**
 * mcu_h264_colour_frame:
 * @data: (array length=n): an access unit with start codes
 *
 * Returns: (transfer full) (nullable): the same with the colours in each SPS; %NULL: nothing to
 * change.
 */
GByteArray *mcu_h264_colour_frame (const guint8 *data, gsize n);
