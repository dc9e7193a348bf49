/* pipelines/record/avc.c - H.264 as senders send it into H.264 as Matroska keeps it; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/avc.h"

#define NAL_SPS 7
#define NAL_PPS 8
#define NAL_DELIMITER 9
#define MAX_SETS 31 /* numOfSequenceParameterSets has five bits */
#define MAX_SET_BYTES 0xffff

typedef struct
{
  GByteArray *bytes; /* each with its length before it */
  guint n;
  const guint8 *first;
} Sets;

/* Returns: where the start code at or behind @at begins, or @n; *@after: behind it. */
static gsize
find_start (const guint8 *data, gsize n, gsize at, gsize *after)
{
  for (; at + 3 <= n; at++)
    if (data[at] == 0 && data[at + 1] == 0 && data[at + 2] == 1) {
      *after = at + 3;
      return at;
    }
  *after = n;
  return n;
}

static void
put_u16 (GByteArray *out, gsize value)
{
  guint8 big[2] = {value >> 8, value};

  g_byte_array_append (out, big, sizeof big);
}

static void
add_set (Sets *sets, const guint8 *nal, gsize n)
{
  if (n > MAX_SET_BYTES || sets->n >= MAX_SETS)
    return;
  if (sets->n++ == 0)
    sets->first = nal;
  put_u16 (sets->bytes, n);
  g_byte_array_append (sets->bytes, nal, n);
}

static void
add_unit (GByteArray *out, const guint8 *nal, gsize n)
{
  guint8 big[4] = {n >> 24, n >> 16, n >> 8, n};

  g_byte_array_append (out, big, sizeof big);
  g_byte_array_append (out, nal, n);
}

static GByteArray *
make_record (const Sets *sps, const Sets *pps)
{
  GByteArray *record = g_byte_array_new ();
  guint8 head[6] = {1, sps->first[1], sps->first[2], sps->first[3], 0xff, 0xe0 | sps->n};
  guint8 n_pps = pps->n;

  g_byte_array_append (record, head, sizeof head);
  g_byte_array_append (record, sps->bytes->data, sps->bytes->len);
  g_byte_array_append (record, &n_pps, 1);
  g_byte_array_append (record, pps->bytes->data, pps->bytes->len);
  return record;
}

GByteArray *
mcu_avc_convert (const guint8 *data, gsize n, GByteArray *out)
{
  Sets sps = {.bytes = g_byte_array_new ()}, pps = {.bytes = g_byte_array_new ()};
  GByteArray *record = NULL;
  gsize begin, end, after;

  find_start (data, n, 0, &begin);
  while (begin < n) {
    gsize size;

    end = find_start (data, n, begin, &after);
    size = end - begin;
    while (size > 1 && data[begin + size - 1] == 0) /* trailing_zero_8bits */
      size--;
    if (size > 3 && (data[begin] & 0x1f) == NAL_SPS)
      add_set (&sps, data + begin, size);
    else if (size > 0 && (data[begin] & 0x1f) == NAL_PPS)
      add_set (&pps, data + begin, size);
    else if (size > 0 && (data[begin] & 0x1f) != NAL_DELIMITER)
      add_unit (out, data + begin, size);
    begin = after;
  }
  if (sps.n > 0 && pps.n > 0)
    record = make_record (&sps, &pps);
  g_byte_array_unref (sps.bytes);
  g_byte_array_unref (pps.bytes);
  return record;
}
