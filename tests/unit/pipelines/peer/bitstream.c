/* tests/unit/pipelines/peer/bitstream.c - tests pipelines/peer/bitstream.c and bitstream-h264.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/bitstream.h"

#include <string.h>

/* Writes an SPS bit by bit. */
typedef struct
{
  guint8 bytes[128];
  guint n_bits;
} Writer;

typedef struct
{
  guint profile, width_mbs, height_units, chroma;
  gboolean interlaced, scaling_lists;
  guint crop_right, crop_bottom;
} Sps;

static void
put (Writer *w, guint n, guint value)
{
  while (n-- > 0) {
    w->bytes[w->n_bits / 8] |= (guint8) ((value >> n & 1) << (7 - w->n_bits % 8));
    w->n_bits++;
  }
}

static void
put_ue (Writer *w, guint value)
{
  guint length = g_bit_storage (value + 1);

  put (w, length - 1, 0);
  put (w, length, value + 1);
}

static void
put_high_profile (Writer *w, const Sps *sps)
{
  put_ue (w, sps->chroma);
  if (sps->chroma == 3)
    put (w, 1, 0);
  put_ue (w, 0);
  put_ue (w, 0);
  put (w, 1, 0);
  put (w, 1, sps->scaling_lists);
  for (guint i = 0; sps->scaling_lists && i < (sps->chroma != 3 ? 8 : 12); i++) {
    put (w, 1, i == 0);
    for (guint j = 0; i == 0 && j < 16; j++)
      put_ue (w, 0);
  }
}

static gsize
write_sps (const Sps *sps, guint8 *out)
{
  Writer w = {.bytes = {0x67}, .n_bits = 8};

  put (&w, 8, sps->profile);
  put (&w, 16, 0xe01f);
  put_ue (&w, 0);
  if (sps->profile == 100)
    put_high_profile (&w, sps);
  put_ue (&w, 0);
  put_ue (&w, 2);
  put_ue (&w, 1);
  put (&w, 1, 0);
  put_ue (&w, sps->width_mbs - 1);
  put_ue (&w, sps->height_units - 1);
  put (&w, 1, !sps->interlaced);
  if (sps->interlaced)
    put (&w, 1, 0);
  put (&w, 1, 1);
  put (&w, 1, sps->crop_right + sps->crop_bottom > 0);
  if (sps->crop_right + sps->crop_bottom > 0) {
    put_ue (&w, 0);
    put_ue (&w, sps->crop_right);
    put_ue (&w, 0);
    put_ue (&w, sps->crop_bottom);
  }
  put (&w, 1, 0);
  put (&w, 1, 1);

  gsize n = (w.n_bits + 7) / 8;
  memcpy (out, w.bytes, n);
  return n;
}

static gsize
write_unit (const Sps *sps, guint8 *out)
{
  static const guint8 aud[] = {0, 0, 0, 1, 0x09, 0x10, 0, 0, 1};
  static const guint8 idr[] = {0, 0, 1, 0x65, 0x88, 0x84, 0x21};
  gsize n = sizeof aud;

  memcpy (out, aud, n);
  n += write_sps (sps, out + n);
  memcpy (out + n, idr, sizeof idr);
  return n + sizeof idr;
}

static const struct
{
  Sps sps;
  McuBitstreamResult result;
  guint width_px, height_px, coded_width_px, coded_height_px;
} sizes[] = {
    {{66, 40, 23, 1, FALSE, FALSE, 0, 4}, MCU_BITSTREAM_OK, 640, 360, 640, 368},
    {{66, 80, 45, 1, FALSE, FALSE, 0, 0}, MCU_BITSTREAM_OK, 1280, 720, 1280, 720},
    {{66, 120, 68, 1, FALSE, FALSE, 0, 4}, MCU_BITSTREAM_OK, 1920, 1080, 1920, 1088},
    {{66, 68, 120, 1, FALSE, FALSE, 4, 0}, MCU_BITSTREAM_OK, 1080, 1920, 1088, 1920},
    {{100, 40, 12, 1, TRUE, TRUE, 0, 6}, MCU_BITSTREAM_OK, 640, 360, 640, 384},
    {{100, 40, 23, 3, FALSE, TRUE, 0, 8}, MCU_BITSTREAM_OK, 640, 360, 640, 368},
    {{66, 121, 68, 1, FALSE, FALSE, 0, 0}, MCU_BITSTREAM_TOO_BIG, 1936, 1088, 1936, 1088},
    {{66, 120, 69, 1, FALSE, FALSE, 0, 0}, MCU_BITSTREAM_TOO_BIG, 1920, 1104, 1920, 1104},
    /* Cropped to a stamp, and yet the decoder must allocate it all. */
    {{66, 4096, 4096, 1, FALSE, FALSE, 32760, 32760}, MCU_BITSTREAM_TOO_BIG, 16, 16, 65536, 65536},
    {{66, 40, 23, 1, FALSE, FALSE, 320, 0}, MCU_BITSTREAM_BROKEN, 0, 0, 0, 0},
    {{66, 5000, 1, 1, FALSE, FALSE, 0, 0}, MCU_BITSTREAM_BROKEN, 0, 0, 0, 0},
};

static void
test_bitstream__h264_sizes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint8 unit[256];
    gsize n = write_unit (&sizes[i].sps, unit);
    McuBitstreamInfo info;

    g_test_message ("row %u", i);
    g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_H264, unit, n, &info), ==, sizes[i].result);
    g_assert_true (info.is_keyframe);
    g_assert_cmpuint (info.width_px, ==, sizes[i].width_px);
    g_assert_cmpuint (info.height_px, ==, sizes[i].height_px);
    g_assert_cmpuint (info.coded_width_px, ==, sizes[i].coded_width_px);
    g_assert_cmpuint (info.coded_height_px, ==, sizes[i].coded_height_px);
  }
}

static void
test_bitstream__h264_every_sps_counts (void)
{
  guint8 unit[512];
  gsize n = write_unit (&sizes[8].sps, unit);
  McuBitstreamInfo info;

  n += write_unit (&sizes[0].sps, unit + n);
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_H264, unit, n, &info), ==, MCU_BITSTREAM_TOO_BIG);
  g_assert_cmpuint (info.coded_width_px, ==, 65536);
}

static void
test_bitstream__h264_lengths_instead_of_start_codes (void)
{
  guint8 unit[256] = {0, 0, 0, 0};
  gsize n = write_sps (&sizes[1].sps, unit + 4);
  McuBitstreamInfo info;

  unit[3] = (guint8) n;
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_H264, unit, n + 4, &info), ==, MCU_BITSTREAM_OK);
  g_assert_cmpuint (info.width_px, ==, 1280);
  unit[3]++;
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_H264, unit, n + 4, &info), ==,
                   MCU_BITSTREAM_BROKEN);
}

static void
test_bitstream__h264_delta_frame_says_nothing (void)
{
  static const guint8 unit[] = {0, 0, 0, 1, 0x41, 0x9a, 0x24, 0x6c};
  McuBitstreamInfo info;

  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_H264, unit, sizeof unit, &info), ==,
                   MCU_BITSTREAM_OK);
  g_assert_false (info.is_keyframe);
  g_assert_cmpuint (info.width_px, ==, 0);
}

static void
test_bitstream__h264_cut_anywhere (void)
{
  guint8 unit[256];
  gsize n = write_unit (&sizes[4].sps, unit);

  for (gsize i = 0; i < n; i++) {
    g_autofree guint8 *cut = g_memdup2 (unit, i); /* exactly so long, for ASan */
    McuBitstreamInfo info;
    mcu_bitstream_check (MCU_CODEC_H264, cut, i, &info);
    g_assert_cmpuint (info.coded_width_px, <=, 640);
  }
}

static void
test_bitstream__h264_emulation_prevention (void)
{
  /* profile_idc 66, flags 0, level 0: a 03 stands behind the two zeros, as the encoder must. */
  guint8 plain[128], escaped[128] = {0, 0, 1};
  gsize n = write_sps (&sizes[1].sps, plain), at = 3;
  guint zeros = 0;
  McuBitstreamInfo info;

  plain[2] = plain[3] = 0;
  for (gsize i = 0; i < n; i++) {
    if (zeros == 2 && plain[i] <= 3) {
      escaped[at++] = 3;
      zeros = 0;
    }
    escaped[at++] = plain[i];
    zeros = plain[i] == 0 ? zeros + 1 : 0;
  }
  if (at == n + 3) { /* nothing small followed: make the decoder see one all the same */
    memmove (escaped + 8, escaped + 7, at - 7);
    escaped[7] = 3;
    at++;
  }
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_H264, escaped, at, &info), ==, MCU_BITSTREAM_OK);
  g_assert_cmpuint (info.width_px, ==, 1280);
  g_assert_cmpuint (info.height_px, ==, 720);
}

static void
test_bitstream__vp8 (void)
{
  guint8 key[] = {0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0xc1, 0, 0};
  static const guint8 delta[] = {0x11, 0x02, 0x00};
  McuBitstreamInfo info;

  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_VP8, key, sizeof key, &info), ==,
                   MCU_BITSTREAM_OK);
  g_assert_true (info.is_keyframe);
  g_assert_cmpuint (info.width_px, ==, 640);
  g_assert_cmpuint (info.height_px, ==, 360); /* the scaling bits do not count */
  for (gsize n = 0; n < 10; n++)
    g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_VP8, key, n, &info), ==, MCU_BITSTREAM_BROKEN);
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_VP8, delta, 3, &info), ==, MCU_BITSTREAM_OK);
  g_assert_false (info.is_keyframe);

  key[7] = 0x3f;
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_VP8, key, sizeof key, &info), ==,
                   MCU_BITSTREAM_TOO_BIG);
  key[6] = key[7] = 0;
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_VP8, key, sizeof key, &info), ==,
                   MCU_BITSTREAM_BROKEN);
  key[3] = 0;
  g_assert_cmpint (mcu_bitstream_check (MCU_CODEC_VP8, key, sizeof key, &info), ==,
                   MCU_BITSTREAM_BROKEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bitstream/h264-sizes", test_bitstream__h264_sizes);
  g_test_add_func ("/bitstream/h264-every-sps", test_bitstream__h264_every_sps_counts);
  g_test_add_func ("/bitstream/h264-lengths", test_bitstream__h264_lengths_instead_of_start_codes);
  g_test_add_func ("/bitstream/h264-delta", test_bitstream__h264_delta_frame_says_nothing);
  g_test_add_func ("/bitstream/h264-cut", test_bitstream__h264_cut_anywhere);
  g_test_add_func ("/bitstream/h264-escapes", test_bitstream__h264_emulation_prevention);
  g_test_add_func ("/bitstream/vp8", test_bitstream__vp8);
  return g_test_run ();
}
