/* tests/bench/depacketize.c - see depacketize.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/depacketize.h"

#include "tests/bench/rtp.h"

static const guint8 start_code[] = {0, 0, 0, 1};

static void
depacketize_vp8 (const guint8 *payload, gsize size, GByteArray *frame)
{
  gsize at = 1;

  if (size > 1 && payload[0] & 0x80) {
    guint8 has = payload[1];

    at = 2;
    if (has & 0x80 && at < size)
      at += payload[at] & 0x80 ? 2 : 1;
    at += (has & 0x40 ? 1u : 0u) + (has & 0x30 ? 1u : 0u);
  }
  if (at < size)
    g_byte_array_append (frame, payload + at, (guint) (size - at));
}

static void
append_nal (GByteArray *frame, const guint8 *nal, gsize size)
{
  g_byte_array_append (frame, start_code, sizeof start_code);
  g_byte_array_append (frame, nal, (guint) size);
}

static void
depacketize_h264 (const guint8 *payload, gsize size, GByteArray *frame)
{
  guint type = size > 0 ? payload[0] & 0x1f : 0;

  if (type == 24) { /* STAP-A */
    for (gsize at = 1; at + 2 < size;) {
      gsize length = mcu_read_u16 (payload + at);

      if (at + 2 + length > size)
        return;
      append_nal (frame, payload + at + 2, length);
      at += 2 + length;
    }
  } else if (type == 28 && size > 2) { /* FU-A */
    guint8 header = (payload[0] & 0xe0) | (payload[1] & 0x1f);

    if (payload[1] & 0x80)
      append_nal (frame, &header, 1);
    g_byte_array_append (frame, payload + 2, (guint) (size - 2));
  } else if (type > 0 && type < 24) {
    append_nal (frame, payload, size);
  }
}

void
mcu_depacketize (McuMaterialKind kind, const guint8 *payload, gsize size, GByteArray *frame)
{
  if (kind == MCU_MATERIAL_VP8)
    depacketize_vp8 (payload, size, frame);
  else
    depacketize_h264 (payload, size, frame);
}

gboolean
mcu_frame_is_key (McuMaterialKind kind, const guint8 *frame, gsize size)
{
  if (kind == MCU_MATERIAL_VP8)
    return size > 0 && (frame[0] & 1) == 0;
  for (gsize i = 0; i + 4 < size; i++)
    if (frame[i] == 0 && frame[i + 1] == 0 && frame[i + 2] == 1 && (frame[i + 3] & 0x1f) == 5)
      return TRUE;
  return FALSE;
}
