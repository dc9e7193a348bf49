/* pipelines/peer/bitstream-h264.c - H.264 NAL units, and the picture size in an SPS.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/bitstream-h264.h"

#include <string.h>

/* Far beyond level 6.2's 139264 macroblocks a side; keeps all arithmetic small. */
#define MAX_SIDE_MBS 4096
#define MB_PX 16

/* --- NAL units --- */

/* The first 00 00 01 in [p, end), or end. */
static const guint8 *
find_start_code (const guint8 *p, const guint8 *end)
{
  while (end - p >= 3) {
    const guint8 *one = memchr (p + 2, 1, end - p - 2);

    if (one == NULL)
      return end;
    if (one[-1] == 0 && one[-2] == 0)
      return one - 2;
    p = one - 1;
  }
  return end;
}

void
mcu_nal_reader_init (McuNalReader *self, const guint8 *data, gsize n)
{
  gboolean three = n >= 3 && data[0] == 0 && data[1] == 0 && data[2] == 1;
  gboolean four = n >= 4 && data[0] == 0 && data[1] == 0 && data[2] == 0 && data[3] == 1;

  /* 00 00 00 01 could be a length of 1 as well; no access unit starts with a NAL of one byte. */
  self->byte_stream = three || four;
  self->next = data;
  self->end = data + n;
  self->broken = n == 0;
}

static gboolean
next_of_byte_stream (McuNalReader *self, const guint8 **nal, gsize *length)
{
  while (self->next < self->end) {
    const guint8 *code = find_start_code (self->next, self->end);
    if (code == self->end)
      break;
    const guint8 *start = code + 3;
    const guint8 *stop = find_start_code (start, self->end);

    self->next = stop;
    if (stop > start) {
      *nal = start;
      *length = stop - start;
      return TRUE;
    }
  }

  self->next = self->end;
  return FALSE;
}

static gboolean
next_of_lengths (McuNalReader *self, const guint8 **nal, gsize *length)
{
  while (self->next < self->end) {
    if (self->end - self->next < 4)
      break;
    gsize n = (gsize) self->next[0] << 24 | self->next[1] << 16 | self->next[2] << 8 |
              self->next[3];
    self->next += 4;
    if (n == 0 || n > (gsize) (self->end - self->next))
      break;
    *nal = self->next;
    *length = n;
    self->next += n;
    return TRUE;
  }

  self->broken |= self->next < self->end;
  self->next = self->end;
  return FALSE;
}

gboolean
mcu_nal_reader_next (McuNalReader *self, const guint8 **nal, gsize *length)
{
  return self->byte_stream ? next_of_byte_stream (self, nal, length)
                           : next_of_lengths (self, nal, length);
}

/* --- Bits --- */

/* Reads an RBSP, taking out emulation prevention bytes on the way. */
typedef struct
{
  const guint8 *next, *end;
  guint zeros; /* bytes 00 in a row before @next */
  guint8 byte;
  guint left; /* bits of @byte */
  gboolean overrun;
} Bits;

static guint
read_bit (Bits *b)
{
  if (b->left == 0) {
    if (b->next < b->end && b->zeros >= 2 && *b->next == 3) {
      b->next++;
      b->zeros = 0;
    }
    if (b->next >= b->end) {
      b->overrun = TRUE;
      return 0;
    }
    b->byte = *b->next++;
    b->zeros = b->byte == 0 ? b->zeros + 1 : 0;
    b->left = 8;
  }

  return b->byte >> --b->left & 1;
}

static guint
read_bits (Bits *b, guint n)
{
  guint value = 0;

  while (n-- > 0)
    value = value << 1 | read_bit (b);
  return value;
}

/* ue(v), section 9.1; over @max counts as an overrun, because nothing behind it can be trusted. */
static guint
read_ue (Bits *b, guint max)
{
  guint zeros = 0;

  while (read_bit (b) == 0)
    if (b->overrun || ++zeros > 31) {
      b->overrun = TRUE;
      return 0;
    }

  guint64 value = ((guint64) 1 << zeros) - 1 + read_bits (b, zeros);
  if (value > max) {
    b->overrun = TRUE;
    return 0;
  }
  return (guint) value;
}

/* se(v); only that it is there matters here. */
static void
skip_se (Bits *b)
{
  read_ue (b, G_MAXUINT32 - 1);
}

/* --- SPS --- */

static gboolean
has_chroma_info (guint profile)
{
  static const guint8 profiles[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};

  return memchr (profiles, (int) profile, sizeof profiles) != NULL;
}

static void
skip_scaling_list (Bits *b, guint size)
{
  int next = 8;

  for (guint i = 0; i < size && next != 0 && !b->overrun; i++) {
    guint code = read_ue (b, 512);
    int delta = (code & 1) != 0 ? (int) (code + 1) / 2 : -(int) (code / 2);
    next = (next + delta + 256) & 0xff;
  }
}

/* Returns chroma_format_idc, 0 when the planes are separate (ChromaArrayType). */
static guint
read_chroma (Bits *b)
{
  guint chroma = read_ue (b, 3);

  if (chroma == 3 && read_bit (b))
    chroma = 0;
  read_ue (b, 6);
  read_ue (b, 6);
  read_bit (b);
  if (read_bit (b))
    for (guint i = 0; i < (chroma != 3 ? 8 : 12); i++)
      if (read_bit (b))
        skip_scaling_list (b, i < 6 ? 16 : 64);

  return chroma;
}

static void
skip_order_count (Bits *b)
{
  guint type = read_ue (b, 2);

  if (type == 0)
    read_ue (b, 12);
  if (type == 1) {
    read_bit (b);
    skip_se (b);
    skip_se (b);
    guint n = read_ue (b, 255);
    for (guint i = 0; i < n && !b->overrun; i++)
      skip_se (b);
  }
}

static gboolean
read_size (Bits *b, guint chroma, McuSpsSize *out)
{
  guint width_mbs = read_ue (b, MAX_SIDE_MBS - 1) + 1;
  guint height_units = read_ue (b, MAX_SIDE_MBS - 1) + 1;
  gboolean frames_only = read_bit (b) != 0;
  guint left = 0, right = 0, top = 0, bottom = 0;

  if (!frames_only)
    read_bit (b);
  read_bit (b);
  if (read_bit (b)) {
    left = read_ue (b, MAX_SIDE_MBS * MB_PX);
    right = read_ue (b, MAX_SIDE_MBS * MB_PX);
    top = read_ue (b, MAX_SIDE_MBS * MB_PX);
    bottom = read_ue (b, MAX_SIDE_MBS * MB_PX);
  }
  read_bit (b); /* vui_parameters_present_flag: must be there */

  guint field = frames_only ? 1 : 2;
  guint unit_x = chroma == 1 || chroma == 2 ? 2 : 1; /* table 6-1 */
  guint unit_y = (chroma == 1 ? 2 : 1) * field;
  out->coded_width_px = width_mbs * MB_PX;
  out->coded_height_px = height_units * MB_PX * field;
  if (b->overrun || (left + right) * unit_x >= out->coded_width_px ||
      (top + bottom) * unit_y >= out->coded_height_px)
    return FALSE;
  out->width_px = out->coded_width_px - (left + right) * unit_x;
  out->height_px = out->coded_height_px - (top + bottom) * unit_y;
  return TRUE;
}

gboolean
mcu_h264_sps_size (const guint8 *nal, gsize n, McuSpsSize *out)
{
  if (n < 5)
    return FALSE;

  Bits b = {.next = nal + 1, .end = nal + n};
  guint profile = read_bits (&b, 8);
  read_bits (&b, 16); /* constraint flags, level */
  read_ue (&b, 31);   /* its id */
  guint chroma = has_chroma_info (profile) ? read_chroma (&b) : 1;
  read_ue (&b, 12); /* log2_max_frame_num_minus4 */
  skip_order_count (&b);
  read_ue (&b, 16); /* max_num_ref_frames */
  read_bit (&b);
  return read_size (&b, chroma, out);
}
