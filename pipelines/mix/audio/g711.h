/* pipelines/mix/audio/g711.h - PCMU and PCMA, sample by sample (ITU-T G.711).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All: pure, any thread. Linear samples are 16 bit. */
guint8 mcu_g711_ulaw_encode (gint16 sample);
gint16 mcu_g711_ulaw_decode (guint8 code);
guint8 mcu_g711_alaw_encode (gint16 sample);
gint16 mcu_g711_alaw_decode (guint8 code);

G_END_DECLS
