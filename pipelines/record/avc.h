/* pipelines/record/avc.h - H.264 as senders send it into H.264 as Matroska keeps it; pure.
 * Sources: ITU-T H.264 B.1, ISO/IEC 14496-15 5.3.3.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_avc_convert:
 * @data: (array length=n): an access unit with start codes
 * @out: what is appended to: its units with their lengths before them, without parameter sets and
 *     delimiters
 *
 * Reads at most @n bytes, time is linear in @n.
 * Returns: (transfer full) (nullable): the avcC record when it has parameter sets of its own.
 */
GByteArray *mcu_avc_convert (const guint8 *data, gsize n, GByteArray *out);
