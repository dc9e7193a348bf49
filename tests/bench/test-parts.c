/* tests/bench/test-parts.c - the measuring is measured: parts of the load client that a run against
 * itself would not show to be wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/bench/frames.h"
#include "tests/bench/rtp.h"
#include "tests/bench/stun.h"
#include "tests/bench/tick.h"
#include "tests/bench/timecode.h"
#include "tests/bench/twcc.h"

#define WIDTH 640
#define HEIGHT 360

/* Every n-th pixel of @in, at @x, @y of a canvas of the same size. */
static void
shrink (const guint8 *in, guint8 *out, int n, const McuLoadRect *tile)
{
  for (int y = 0; y < tile->height; y++)
    for (int x = 0; x < tile->width; x++)
      out[(tile->y + y) * WIDTH + tile->x + x] = in[MIN (y * n, HEIGHT - 1) * WIDTH + x * n];
}

static void
test_timecode__every_code_survives_shrinking_and_noise (void)
{
  g_autofree guint8 *picture = g_malloc (WIDTH * HEIGHT), *canvas = g_malloc (WIDTH * HEIGHT);
  const McuLoadRect whole = {0, 0, WIDTH, HEIGHT}, tile = {100, 60, WIDTH / 7, HEIGHT / 7};
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint code = 0; code < MCU_TIMECODE_N_CODES; code += 13) {
    for (int i = 0; i < WIDTH * HEIGHT; i++)
      picture[i] = canvas[i] = (guint8) g_rand_int_range (random, 16, 236);
    mcu_timecode_draw (picture, WIDTH, WIDTH, HEIGHT, code);
    g_assert_cmpint (mcu_timecode_read (picture, WIDTH, &whole), ==, (int) code);
    shrink (picture, canvas, 7, &tile);
    g_assert_cmpint (mcu_timecode_read (canvas, WIDTH, &tile), ==, (int) code);
  }
}

static void
test_timecode__nothing_is_read_where_nothing_is (void)
{
  g_autofree guint8 *picture = g_malloc (WIDTH * HEIGHT);
  const McuLoadRect whole = {0, 0, WIDTH, HEIGHT};

  memset (picture, 128, WIDTH * HEIGHT);
  g_assert_cmpint (mcu_timecode_read (picture, WIDTH, &whole), ==, -1);
  mcu_timecode_draw (picture, WIDTH, WIDTH, HEIGHT, 77);
  /* One block turned round must fail the checksum. */
  for (int y = 0; y < HEIGHT; y++)
    memset (picture + y * WIDTH + 5 * WIDTH / 16,
            picture[y * WIDTH + 5 * WIDTH / 16] > 128 ? 16 : 235, WIDTH / 16);
  g_assert_cmpint (mcu_timecode_read (picture, WIDTH, &whole), ==, -1);
}

typedef struct
{
  guint n, next_pitch;
  gssize errors[64];
} Heard;

static void
on_tick (guint pitch, gint64 at, gpointer user_data)
{
  Heard *heard = user_data;
  gssize every = MCU_TICK_RATE_HZ / 1000 * MCU_TICK_EVERY_MS;
  gssize sent = MCU_TICK_RATE_HZ / 1000 * MCU_TICK_FIRST_MS + (gssize) heard->n * every;

  g_assert_cmpuint (pitch, ==, heard->n % MCU_TICK_N_PITCHES);
  g_assert_cmpuint (heard->n, <, G_N_ELEMENTS (heard->errors));
  heard->errors[heard->n++] = at - sent;
}

static void
test_tick__each_is_heard_once_and_in_time (void)
{
  Heard heard = {0};
  McuTickDetector *detector = mcu_tick_detector_new (on_tick, &heard);
  g_autoptr (GRand) random = g_rand_new_with_seed (2);

  for (int block = 0; block < 200; block++) { /* 4 s */
    gint16 samples[960];

    for (int i = 0; i < 960; i++)
      samples[i] = (gint16) g_rand_int_range (random, -1000, 1000);
    mcu_tick_add (samples, 960, (gsize) block * 960);
    mcu_tick_detector_feed (detector, samples, 960);
  }
  g_assert_cmpuint (heard.n, ==, 16);
  for (guint i = 0; i < heard.n;
       i++) { /* half a window early, always: the direct path has it too */
    g_assert_cmpint (heard.errors[i], <=, 0);
    g_assert_cmpint (heard.errors[i], >=, -(MCU_TICK_RATE_HZ / 200));
    g_assert_cmpint (ABS (heard.errors[i] - heard.errors[0]), <=, MCU_TICK_RATE_HZ / 800);
  }
  mcu_tick_detector_free (detector);
}

static void
test_stun__checks_are_signed (void)
{
  const guint8 id[12] = {1, 2, 3};
  McuStunCheck check = {"them:us", "a password of theirs", 1234, 5678, TRUE};
  McuStunMessage message;
  guint8 out[MCU_STUN_MAX_SIZE];
  gsize size = mcu_stun_write_check (out, id, &check);

  g_assert_true (mcu_stun_is_stun (out, size));
  g_assert_true (mcu_stun_parse (out, size, &message));
  g_assert_cmpint (message.type, ==, MCU_STUN_BINDING_REQUEST);
  g_assert_cmpstr (message.username, ==, "them:us");
  g_assert_true (mcu_stun_is_from (out, &message, check.password));
  g_assert_false (mcu_stun_is_from (out, &message, "another"));
  out[25] ^= 1;
  g_assert_false (mcu_stun_is_from (out, &message, check.password));
  for (gsize shorter = 0; shorter < size; shorter++)
    g_assert_false (mcu_stun_parse (out, shorter, &message));
}

static void
count_frame (McuFrames *frames, guint16 first, guint16 last, gint64 arrival_ns, gpointer user_data)
{
  GString *log = user_data;

  g_string_append_printf (log, "%u-%u@%d ", first, last, (int) arrival_ns);
}

static void
add_packet (McuFrames *frames, guint16 seq, gboolean marker, gint64 arrival_ns)
{
  McuFramesPacket packet = {.seq = seq, .marker = marker, .arrival_ns = arrival_ns};

  mcu_frames_add (frames, &packet);
}

static void
test_frames__late_packets_complete_frames_in_order (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  McuFrames *frames = mcu_frames_new (count_frame, log);
  guint16 seqs[8];

  add_packet (frames, 65534, FALSE, 1);
  add_packet (frames, 65535, TRUE, 2);
  add_packet (frames, 0, FALSE, 3);
  add_packet (frames, 2, TRUE, 4); /* 1 is missing */
  add_packet (frames, 3, TRUE, 5);
  g_assert_cmpstr (log->str, ==, "65534-65535@2 ");
  g_assert_cmpuint (mcu_frames_missing (frames, 10, seqs, 8), ==, 1);
  g_assert_cmpuint (seqs[0], ==, 1);
  g_assert_cmpuint (mcu_frames_missing (frames, 11, seqs, 8), ==, 0); /* asked just now */
  add_packet (frames, 1, FALSE, 20);
  add_packet (frames, 1, FALSE, 21);
  g_assert_cmpstr (log->str, ==, "65534-65535@2 0-2@20 3-3@5 ");
  g_assert_cmpuint (frames->n_recovered, ==, 1);
  g_assert_cmpuint (frames->n_packets, ==, 6);
  mcu_frames_free (frames);
}

static void
test_frames__a_hole_is_given_up (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  McuFrames *frames = mcu_frames_new (count_frame, log);
  guint16 seqs[8];
  guint n_asked = 0;

  add_packet (frames, 10, TRUE, 1);
  add_packet (frames, 12, TRUE, 2); /* the end of the frame that 11 begins */
  add_packet (frames, 13, TRUE, 3);
  for (gint64 now_ms = 0; now_ms < 2000; now_ms += 10)
    n_asked += mcu_frames_missing (frames, now_ms * 1000000, seqs, 8);
  g_assert_cmpuint (n_asked, >, 1);
  g_assert_cmpuint (n_asked, <, 20);
  g_assert_cmpuint (frames->n_skipped, ==, 1);
  g_assert_cmpstr (log->str, ==, "10-10@1 13-13@3 ");
  mcu_frames_free (frames);
}

static void
test_twcc__feedback_says_what_came_when (void)
{
  McuTwcc twcc = {0};
  guint8 out[MCU_TWCC_MAX_SIZE];
  const gint64 start = G_GINT64_CONSTANT (64000000) * 1000;

  mcu_twcc_add (&twcc, 65535, start);
  mcu_twcc_add (&twcc, 0, start + 1000000);  /* 4 units of 250 us */
  mcu_twcc_add (&twcc, 2, start + 81000000); /* 1 is lost; 320 units need two bytes */
  gsize size = mcu_twcc_write (&twcc, out, 1, 2);

  g_assert_cmpuint (size, ==, 28);
  g_assert_cmpuint (mcu_read_u16 (out + 2), ==, size / 4 - 1);
  g_assert_cmpuint (mcu_read_u16 (out + 12), ==, 65535);
  g_assert_cmpuint (mcu_read_u16 (out + 14), ==, 4);
  g_assert_cmpuint (mcu_read_u32 (out + 16) >> 8, ==, 1000);
  g_assert_cmpuint (mcu_read_u16 (out + 20), ==, 0xc000 | 1 << 12 | 1 << 10 | 0 << 8 | 2 << 6);
  g_assert_cmpuint (out[22], ==, 0);
  g_assert_cmpuint (out[23], ==, 4);
  g_assert_cmpuint (mcu_read_u16 (out + 24), ==, 320);
  g_assert_cmpuint (mcu_twcc_write (&twcc, out, 1, 2), ==, 0); /* told once */
}

static void
test_rtp__extensions_are_read_back (void)
{
  McuRtpHeader in = {.pt = 96, .marker = TRUE, .seq = 7, .timestamp = 9, .ssrc = 11}, header;
  McuRtpExtensions extensions = {.twcc_id = 3, .twcc = 513, .mid_id = 4, .mid = '1', .level_id = 1};
  guint8 out[64];
  gsize size = mcu_rtp_write (out, &in, &extensions);

  g_assert_true (mcu_rtp_parse (out, size, 3, &header));
  g_assert_cmpuint (header.header_size, ==, size);
  g_assert_cmpint (header.twcc, ==, 513);
  g_assert_true (header.marker);
  g_assert_cmpuint (header.ssrc, ==, 11);
  for (gsize shorter = 0; shorter < size; shorter++)
    g_assert_false (mcu_rtp_parse (out, shorter, 3, &header));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/timecode/survives",
                   test_timecode__every_code_survives_shrinking_and_noise);
  g_test_add_func ("/bench/timecode/nothing", test_timecode__nothing_is_read_where_nothing_is);
  g_test_add_func ("/bench/tick/in-time", test_tick__each_is_heard_once_and_in_time);
  g_test_add_func ("/bench/stun/signed", test_stun__checks_are_signed);
  g_test_add_func ("/bench/frames/in-order", test_frames__late_packets_complete_frames_in_order);
  g_test_add_func ("/bench/frames/given-up", test_frames__a_hole_is_given_up);
  g_test_add_func ("/bench/twcc/feedback", test_twcc__feedback_says_what_came_when);
  g_test_add_func ("/bench/rtp/extensions", test_rtp__extensions_are_read_back);
  return g_test_run ();
}
