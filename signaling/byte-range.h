/* signaling/byte-range.h - which part of a file a request asks for (RFC 9110, 14). Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

typedef enum
{
  MCU_BYTE_RANGE_ALL,     /* 200: none is asked for, or not in words that we take */
  MCU_BYTE_RANGE_PART,    /* 206 */
  MCU_BYTE_RANGE_OUTSIDE, /* 416 */
} McuByteRangeKind;

typedef struct
{
  guint64 first;
  guint64 length; /* of ALL too: what is to be sent */
} McuByteRange;

/**
 * mcu_byte_range_read:
 * @header: (nullable): Range; several ranges in one are answered with the whole, as is allowed
 * @if_range: (nullable): If-Range: an entity tag; anything else never matches
 * @etag: of the file, strong, with its quotes
 * @size: of the file
 */
McuByteRangeKind mcu_byte_range_read (const char *header, const char *if_range, const char *etag,
                                      guint64 size, McuByteRange *range);
