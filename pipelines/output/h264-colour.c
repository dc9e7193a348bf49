/* pipelines/output/h264-colour.c - says in the stream which colours it has.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/h264-colour.h"

#include "pipelines/peer/bitstream-h264.h"

#define PROFILE_BASELINE 66
#define ASPECT_EXTENDED 255
#define VIDEO_FORMAT_UNSPECIFIED 5
#define SMPTE_170M 6
#define MAX_SPS_BYTES 64 /* openh264's has 15 */

/* Reads past the end give zeros and are noticed by the caller. */
typedef struct
{
  GByteArray *bytes; /* unowned: without emulation prevention */
  gsize at;          /* bits */
} Bits;

static guint
take (Bits *bits, guint n)
{
  guint value = 0;

  for (guint i = 0; i < n; i++, bits->at++) {
    gsize byte = bits->at / 8;
    guint bit = byte < bits->bytes->len ? bits->bytes->data[byte] >> (7 - bits->at % 8) & 1 : 0;

    value = value << 1 | bit;
  }
  return value;
}

static guint
take_ue (Bits *bits)
{
  guint zeros = 0;

  while (zeros < 31 && take (bits, 1) == 0)
    zeros++;
  return (1u << zeros) - 1 + take (bits, zeros);
}

static void
put (Bits *bits, guint n, guint value)
{
  for (guint i = 0; i < n; i++, bits->at++) {
    static const guint8 zero;

    if (bits->at % 8 == 0)
      g_byte_array_append (bits->bytes, &zero, 1);
    bits->bytes->data[bits->at / 8] |= (value >> (n - 1 - i) & 1) << (7 - bits->at % 8);
  }
}

static GByteArray *
unescape (const guint8 *nal, gsize n)
{
  GByteArray *plain = g_byte_array_sized_new (n);
  guint zeros = 0;

  for (gsize i = 0; i < n; i++) {
    if (zeros >= 2 && nal[i] == 3) {
      zeros = 0;
      continue;
    }
    zeros = nal[i] == 0 ? zeros + 1 : 0;
    g_byte_array_append (plain, nal + i, 1);
  }
  return plain;
}

static GByteArray *
escape (GByteArray *plain)
{
  static const guint8 guard = 3;
  GByteArray *nal = g_byte_array_sized_new (plain->len + 4);
  guint zeros = 0;

  for (guint i = 0; i < plain->len; i++) {
    if (zeros >= 2 && plain->data[i] <= 3) {
      g_byte_array_append (nal, &guard, 1);
      zeros = 0;
    }
    zeros = plain->data[i] == 0 ? zeros + 1 : 0;
    g_byte_array_append (nal, plain->data + i, 1);
  }
  return nal;
}

/* Leaves @bits at vui_parameters_present_flag. */
static gboolean
skip_to_vui (Bits *bits)
{
  guint order_type;

  take (bits, 8);
  if (take (bits, 8) != PROFILE_BASELINE)
    return FALSE;
  take (bits, 16);
  take_ue (bits); /* id */
  take_ue (bits); /* frame number */
  order_type = take_ue (bits);
  if (order_type == 1)
    return FALSE;
  if (order_type == 0)
    take_ue (bits);
  take_ue (bits); /* reference frames */
  take (bits, 1);
  take_ue (bits); /* width */
  take_ue (bits); /* height */
  if (take (bits, 1) == 0)
    take (bits, 1);
  take (bits, 1);
  if (take (bits, 1) == 1)
    for (guint i = 0; i < 4; i++)
      take_ue (bits); /* cropping */
  return TRUE;
}

/* Leaves @bits at video_signal_type_present_flag. */
static gboolean
skip_to_signal_type (Bits *bits)
{
  if (!skip_to_vui (bits) || take (bits, 1) == 0)
    return FALSE;
  if (take (bits, 1) == 1 && take (bits, 8) == ASPECT_EXTENDED)
    take (bits, 32);
  if (take (bits, 1) == 1)
    take (bits, 1); /* overscan */
  return TRUE;
}

static gsize
find_stop_bit (GByteArray *plain)
{
  gsize at = (gsize) plain->len * 8;

  while (at > 0 && (plain->data[(at - 1) / 8] >> (7 - (at - 1) % 8) & 1) == 0)
    at--;
  return at;
}

GByteArray *
mcu_h264_colour_sps (const guint8 *nal, gsize n)
{
  g_autoptr (GByteArray) plain = n <= MAX_SPS_BYTES ? unescape (nal, n) : g_byte_array_new ();
  g_autoptr (GByteArray) written = g_byte_array_new ();
  gsize end = find_stop_bit (plain), flag;
  Bits in = {plain, 0}, out = {written, 0};

  if (end == 0 || !skip_to_signal_type (&in) || in.at >= end || take (&in, 1) != 0)
    return NULL;
  flag = in.at - 1;
  for (in.at = 0; in.at < flag;)
    put (&out, 1, take (&in, 1));
  put (&out, 1, 1);
  put (&out, 3, VIDEO_FORMAT_UNSPECIFIED);
  put (&out, 1, 0); /* limited range */
  put (&out, 1, 1);
  for (guint i = 0; i < 3; i++) /* primaries, transfer, matrix */
    put (&out, 8, SMPTE_170M);
  for (in.at = flag + 1; in.at < end;)
    put (&out, 1, take (&in, 1));
  return escape (written);
}

GByteArray *
mcu_h264_colour_frame (const guint8 *data, gsize n)
{
  static const guint8 start_code[] = {0, 0, 0, 1};
  g_autoptr (GByteArray) frame = g_byte_array_sized_new (n + 16);
  gboolean changed = FALSE;
  McuNalReader reader;
  const guint8 *nal;
  gsize length;

  mcu_nal_reader_init (&reader, data, n);
  while (mcu_nal_reader_next (&reader, &nal, &length)) {
    g_autoptr (GByteArray) sps = NULL;

    /* A zero before the next start code is part of that, not of this unit, which ends with a one.
     */
    while (length > 1 && nal[length - 1] == 0)
      length--;
    if ((nal[0] & 0x1f) == MCU_NAL_SPS)
      sps = mcu_h264_colour_sps (nal, length);
    g_byte_array_append (frame, start_code, sizeof start_code);
    if (sps != NULL)
      g_byte_array_append (frame, sps->data, sps->len);
    else
      g_byte_array_append (frame, nal, length);
    changed |= sps != NULL;
  }
  return changed && !reader.broken ? g_steal_pointer (&frame) : NULL;
}
