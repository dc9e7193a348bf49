/* pipelines/mix/audio/g711.c - PCMU and PCMA, sample by sample (ITU-T G.711).
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/g711.h"

/* mu-law is made of 14 bit: the bias of 33 is 132 in 16 bit, the clip 8158 is 32632 (table 2a). */
#define ULAW_BIAS 132
#define ULAW_CLIP 32635

/* The number of the segment: how many bits the value has above @first_bits. */
static guint
segment_of (guint value, guint first_bits)
{
  guint segment = 0;

  for (value >>= first_bits; value != 0; value >>= 1)
    segment++;
  return segment;
}

guint8
mcu_g711_ulaw_encode (gint16 sample)
{
  guint sign = sample < 0 ? 0x80 : 0;
  guint magnitude = MIN (ABS ((int) sample), ULAW_CLIP) + ULAW_BIAS;
  guint segment = segment_of (magnitude, 8);

  return ~(sign | segment << 4 | (magnitude >> (segment + 3) & 0x0f));
}

gint16
mcu_g711_ulaw_decode (guint8 code)
{
  guint bits = ~code & 0xff;
  int magnitude = (((int) (bits & 0x0f) << 3) + ULAW_BIAS) << (bits >> 4 & 7);

  return bits & 0x80 ? ULAW_BIAS - magnitude : magnitude - ULAW_BIAS;
}

/* A-law is made of 13 bit; even bits are inverted (0x55), and the sign bit is 1 for positive. */
guint8
mcu_g711_alaw_encode (gint16 sample)
{
  guint sign = sample < 0 ? 0 : 0x80;
  guint magnitude = sample < 0 ? ~sample : sample;
  guint segment = segment_of (magnitude, 8);
  guint shift = segment > 1 ? segment + 3 : 4;

  return (sign | segment << 4 | (magnitude >> shift & 0x0f)) ^ 0x55;
}

gint16
mcu_g711_alaw_decode (guint8 code)
{
  guint bits = code ^ 0x55;
  guint segment = bits >> 4 & 7;
  int magnitude = (int) (bits & 0x0f) << 4 | 8;

  if (segment > 0)
    magnitude = (magnitude | 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}
