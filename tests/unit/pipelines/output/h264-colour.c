/* tests/unit/pipelines/output/h264-colour.c
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/h264-colour.h"

#include <string.h>

#include "pipelines/peer/bitstream-h264.h"

/* As openh264enc 1.22 writes it for 1280x720. */
static const guint8 sps[] = {0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x8d, 0x40, 0x28,
                             0x02, 0xdd, 0x00, 0xf0, 0x88, 0x46, 0xa0};

/* Its first 82 bits, then 1, 101, 0, 1 and three times 00000110, then the rest after its flag. */
static const guint8 expected[] = {0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x8d, 0x40, 0x28, 0x02,
                                  0xdd, 0x35, 0x06, 0x06, 0x06, 0x07, 0x84, 0x42, 0x35};

static void
test_h264_colour__is_written_where_it_belongs (void)
{
  g_autoptr (GByteArray) told = mcu_h264_colour_sps (sps, sizeof sps);
  McuSpsSize size;

  g_assert_nonnull (told);
  g_assert_cmpmem (told->data, told->len, expected, sizeof expected);
  g_assert_true (mcu_h264_sps_size (told->data, told->len, &size));
  g_assert_cmpuint (size.width_px, ==, 1280);
  g_assert_cmpuint (size.height_px, ==, 720);
}

static void
test_h264_colour__is_not_written_twice (void)
{
  g_autoptr (GByteArray) told = mcu_h264_colour_sps (sps, sizeof sps);
  g_autoptr (GByteArray) again = mcu_h264_colour_sps (told->data, told->len);

  g_assert_null (again);
}

static void
test_h264_colour__cut_ones_are_left_alone (void)
{
  for (gsize n = 0; n < 10; n++) {
    g_autofree guint8 *cut = g_memdup2 (sps, MAX (n, 1));

    g_assert_null (mcu_h264_colour_sps (cut, n));
  }
}

static void
test_h264_colour__rest_of_the_frame_stays (void)
{
  static const guint8 start[] = {0, 0, 0, 1}, pps[] = {0x68, 0xce, 0x3c, 0x80},
                      slice[] = {0x65, 0xb8, 0, 4, 0, 0, 3, 1, 7};
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  g_autoptr (GByteArray) told = NULL;
  gsize tail = 2 * sizeof start + sizeof pps + sizeof slice;

  g_byte_array_append (frame, start, sizeof start);
  g_byte_array_append (frame, sps, sizeof sps);
  g_byte_array_append (frame, start, sizeof start);
  g_byte_array_append (frame, pps, sizeof pps);
  g_byte_array_append (frame, start, sizeof start);
  g_byte_array_append (frame, slice, sizeof slice);
  told = mcu_h264_colour_frame (frame->data, frame->len);
  g_assert_nonnull (told);
  g_assert_cmpmem (told->data + told->len - tail, tail, frame->data + frame->len - tail, tail);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output/h264-colour/written", test_h264_colour__is_written_where_it_belongs);
  g_test_add_func ("/output/h264-colour/once", test_h264_colour__is_not_written_twice);
  g_test_add_func ("/output/h264-colour/cut", test_h264_colour__cut_ones_are_left_alone);
  g_test_add_func ("/output/h264-colour/rest", test_h264_colour__rest_of_the_frame_stays);
  return g_test_run ();
}
