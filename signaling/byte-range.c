/* signaling/byte-range.c - which part of a file a request asks for (RFC 9110, 14).
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/byte-range.h"

#include <string.h>

static const char *
skip_spaces (const char *text)
{
  while (*text == ' ' || *text == '\t')
    text++;
  return text;
}

/* Returns: (nullable): what follows the digits; NULL when there are none, or too many. */
static const char *
read_number (const char *text, guint64 *number)
{
  const char *start = text;

  for (*number = 0; g_ascii_isdigit (*text); text++) {
    if (*number > (G_MAXUINT64 - 9) / 10)
      return NULL;
    *number = *number * 10 + (*text - '0');
  }
  return text != start ? text : NULL;
}

static gboolean
is_end (const char *text)
{
  return *skip_spaces (text) == '\0';
}

/* "-N": the last N bytes. */
static McuByteRangeKind
read_suffix (const char *text, guint64 size, McuByteRange *range)
{
  guint64 n;
  const char *rest = read_number (text, &n);

  if (rest == NULL || !is_end (rest))
    return MCU_BYTE_RANGE_ALL;
  if (n == 0 || size == 0)
    return MCU_BYTE_RANGE_OUTSIDE;
  range->length = MIN (n, size);
  range->first = size - range->length;
  return MCU_BYTE_RANGE_PART;
}

static McuByteRangeKind
read_range (const char *text, guint64 size, McuByteRange *range)
{
  guint64 first, last = G_MAXUINT64;
  const char *rest;

  text = skip_spaces (text);
  if (*text == '-')
    return read_suffix (text + 1, size, range);
  rest = read_number (text, &first);
  if (rest == NULL || *rest != '-')
    return MCU_BYTE_RANGE_ALL;
  rest++;
  if (!is_end (rest)) {
    rest = read_number (rest, &last);
    if (rest == NULL || !is_end (rest) || last < first)
      return MCU_BYTE_RANGE_ALL;
  }
  if (first >= size)
    return MCU_BYTE_RANGE_OUTSIDE;
  range->first = first;
  range->length = MIN (last, size - 1) - first + 1;
  return MCU_BYTE_RANGE_PART;
}

McuByteRangeKind
mcu_byte_range_read (const char *header, const char *if_range, const char *etag, guint64 size,
                     McuByteRange *range)
{
  McuByteRangeKind kind;

  *range = (McuByteRange){.length = size};
  if (header == NULL || g_ascii_strncasecmp (header, "bytes=", strlen ("bytes=")) != 0)
    return MCU_BYTE_RANGE_ALL;
  if (if_range != NULL && strcmp (if_range, etag) != 0)
    return MCU_BYTE_RANGE_ALL;
  kind = read_range (header + strlen ("bytes="), size, range);
  if (kind == MCU_BYTE_RANGE_ALL)
    *range = (McuByteRange){.length = size};
  return kind;
}
