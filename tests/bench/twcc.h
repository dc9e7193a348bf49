/* tests/bench/twcc.h - transport-wide feedback for what we receive
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_TWCC_WINDOW 1024
#define MCU_TWCC_MAX_PACKETS 256
/* Header, FCI, one chunk per 7 packets, two bytes each. */
#define MCU_TWCC_MAX_SIZE (20 + MCU_TWCC_MAX_PACKETS * 2 + MCU_TWCC_MAX_PACKETS / 7 * 2 + 8)

/** McuTwcc: zero-initialise. One thread. */
typedef struct
{
  gint64 arrivals_ns[MCU_TWCC_WINDOW]; /* 0: not arrived */
  gboolean has_any;
  guint16 next; /* the first that no feedback has told of */
  guint16 highest;
  guint8 n_sent;
} McuTwcc;

void mcu_twcc_add (McuTwcc *self, guint16 seq, gint64 arrival_ns);
/** mcu_twcc_write: Returns: the packet's size, 0 when there is nothing to tell. */
gsize mcu_twcc_write (McuTwcc *self, guint8 *out, guint32 ssrc, guint32 media_ssrc);
