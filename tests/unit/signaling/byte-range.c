/* tests/unit/signaling/byte-range.c - which part of a file is asked for.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/byte-range.h"

#define ALL MCU_BYTE_RANGE_ALL
#define PART MCU_BYTE_RANGE_PART
#define OUTSIDE MCU_BYTE_RANGE_OUTSIDE
#define ETAG "\"abc\""

/* Of a file of 100 bytes. */
static const struct
{
  const char *range;
  const char *if_range;
  McuByteRangeKind kind;
  guint64 first;
  guint64 length;
} cases[] = {
    {NULL, NULL, ALL, 0, 100},
    {"bytes=0-", NULL, PART, 0, 100},
    {"bytes=0-0", NULL, PART, 0, 1},
    {"Bytes= 10-19 ", NULL, PART, 10, 10},
    {"bytes=99-", NULL, PART, 99, 1},
    {"bytes=90-200", NULL, PART, 90, 10},
    {"bytes=90-18446744073709551615", NULL, ALL, 0, 100},
    {"bytes=100-", NULL, OUTSIDE, 0, 0},
    {"bytes=100-200", NULL, OUTSIDE, 0, 0},
    {"bytes=-10", NULL, PART, 90, 10},
    {"bytes=-1000", NULL, PART, 0, 100},
    {"bytes=-0", NULL, OUTSIDE, 0, 0},
    {"bytes=9-5", NULL, ALL, 0, 100},
    {"bytes=0-1,5-6", NULL, ALL, 0, 100},
    {"bytes=", NULL, ALL, 0, 100},
    {"bytes=-", NULL, ALL, 0, 100},
    {"bytes=--5", NULL, ALL, 0, 100},
    {"bytes=5", NULL, ALL, 0, 100},
    {"bytes=99999999999999999999999-", NULL, ALL, 0, 100},
    {"bytes=0x1-", NULL, ALL, 0, 100},
    {"lines=0-1", NULL, ALL, 0, 100},
    {"bytes=0-9", ETAG, PART, 0, 10},
    {"bytes=0-9", "\"other\"", ALL, 0, 100},
    {"bytes=0-9", "W/" ETAG, ALL, 0, 100},
    {"bytes=0-9", "Sat, 21 Nov 2026 05:19:09 GMT", ALL, 0, 100},
};

static void
test_byte_range__cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    McuByteRange range;
    McuByteRangeKind kind = mcu_byte_range_read (cases[i].range, cases[i].if_range, ETAG, 100,
                                                 &range);

    g_test_message ("%s", cases[i].range != NULL ? cases[i].range : "none");
    g_assert_cmpint (kind, ==, cases[i].kind);
    if (kind == OUTSIDE)
      continue;
    g_assert_cmpuint (range.first, ==, cases[i].first);
    g_assert_cmpuint (range.length, ==, cases[i].length);
  }
}

static void
test_byte_range__of_nothing (void)
{
  McuByteRange range;

  g_assert_cmpint (mcu_byte_range_read ("bytes=0-", NULL, ETAG, 0, &range), ==, OUTSIDE);
  g_assert_cmpint (mcu_byte_range_read ("bytes=-5", NULL, ETAG, 0, &range), ==, OUTSIDE);
  g_assert_cmpint (mcu_byte_range_read (NULL, NULL, ETAG, 0, &range), ==, ALL);
  g_assert_cmpuint (range.length, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/byte_range/cases", test_byte_range__cases);
  g_test_add_func ("/signaling/byte_range/of_nothing", test_byte_range__of_nothing);
  return g_test_run ();
}
