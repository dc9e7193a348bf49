/* tests/unit/pipelines/live/exchange.c - frames between two processes, and what is none.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/exchange.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const McuExchangeFrame frames[] = {
    {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, TRUE, 700000, 0},
    {MCU_EXCHANGE_VIDEO, MCU_CODEC_VP8, FALSE, 1, G_GUINT64_CONSTANT (1) << 40},
    {MCU_EXCHANGE_SOUND, MCU_CODEC_NONE, FALSE, 1920, 20000000},
    {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, FALSE, 160, (G_GUINT64_CONSTANT (1) << 62) - 1},
    {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, FALSE, MCU_EXCHANGE_MAX_VIDEO_BYTES, 1},
    {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, FALSE, MCU_EXCHANGE_MAX_SOUND_BYTES, 1},
};

static void
assert_same (const McuExchangeFrame *a, const McuExchangeFrame *b)
{
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->codec, ==, b->codec);
  g_assert_cmpint (a->is_keyframe, ==, b->is_keyframe);
  g_assert_cmpuint (a->size, ==, b->size);
  g_assert_cmpuint (a->pts_ns, ==, b->pts_ns);
}

static void
test_exchange_headers_survive (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    guint8 header[MCU_EXCHANGE_HEADER_BYTES];
    McuExchangeFrame read;

    mcu_exchange_pack (&frames[i], header);
    g_assert_true (mcu_exchange_unpack (header, &read));
    assert_same (&frames[i], &read);
  }
}

static void
test_exchange_what_is_none_is_refused (void)
{
  static const McuExchangeFrame wrong[] = {
      {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, TRUE, 0, 0},
      {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, TRUE, MCU_EXCHANGE_MAX_VIDEO_BYTES + 1, 0},
      {MCU_EXCHANGE_VIDEO, MCU_CODEC_H264, TRUE, G_MAXUINT32, 0},
      {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, FALSE, MCU_EXCHANGE_MAX_SOUND_BYTES + 1, 0},
      {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, FALSE, 1, G_GUINT64_CONSTANT (1) << 62},
      {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, FALSE, 1, G_MAXUINT64},
      {0, MCU_CODEC_OPUS, FALSE, 1, 0},
      {3, MCU_CODEC_OPUS, FALSE, 1, 0},
  };
  guint8 header[MCU_EXCHANGE_HEADER_BYTES];
  McuExchangeFrame read;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    mcu_exchange_pack (&wrong[i], header);
    g_assert_false (mcu_exchange_unpack (header, &read));
  }
  mcu_exchange_pack (&frames[0], header);
  header[5] = 1; /* Opus as a picture */
  g_assert_false (mcu_exchange_unpack (header, &read));
  mcu_exchange_pack (&frames[0], header);
  header[0] ^= 1;
  g_assert_false (mcu_exchange_unpack (header, &read));
}

static gpointer
write_all_frames (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  g_autofree guint8 *bytes = g_malloc0 (MCU_EXCHANGE_MAX_VIDEO_BYTES);

  for (guint i = 0; i < MCU_EXCHANGE_MAX_VIDEO_BYTES; i++)
    bytes[i] = i * 31;
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    g_assert_true (mcu_exchange_write (fd, &frames[i], bytes));
  shutdown (fd, SHUT_RDWR);
  return NULL;
}

static void
make_pair (int fds[2])
{
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
}

/* Larger than what a socket holds: both sides come by many times. */
static void
test_exchange_frames_arrive_whole (void)
{
  McuExchangeFrame frame;
  GThread *writer;
  guint8 *data;
  int fds[2];

  make_pair (fds);
  writer = g_thread_new ("writer", write_all_frames, GINT_TO_POINTER (fds[0]));
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    g_assert_true (mcu_exchange_read (fds[1], &frame, &data));
    assert_same (&frame, &frames[i]);
    for (guint j = 0; j < frame.size; j++)
      g_assert_cmpuint (data[j], ==, (guint8) (j * 31));
    g_free (data);
  }
  g_assert_false (mcu_exchange_read (fds[1], &frame, &data));
  g_thread_join (writer);
  close (fds[0]);
  close (fds[1]);
}

static void
test_exchange_an_end_within_a_frame_is_one (void)
{
  guint8 header[MCU_EXCHANGE_HEADER_BYTES];
  McuExchangeFrame frame;
  guint8 *data;
  int fds[2];

  make_pair (fds);
  mcu_exchange_pack (&frames[0], header);
  g_assert_cmpint (send (fds[0], header, sizeof header, 0), ==, sizeof header);
  g_assert_cmpint (send (fds[0], "abc", 3, 0), ==, 3);
  close (fds[0]);
  g_assert_false (mcu_exchange_read (fds[1], &frame, &data));
  close (fds[1]);
}

static void
test_exchange_a_writer_learns_that_nobody_reads (void)
{
  const McuExchangeFrame frame = {MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS, FALSE, 3, 0};
  int fds[2];

  make_pair (fds);
  close (fds[1]);
  g_assert_false (mcu_exchange_write (fds[0], &frame, "abc"));
  close (fds[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/exchange/headers-survive", test_exchange_headers_survive);
  g_test_add_func ("/live/exchange/what-is-none-is-refused", test_exchange_what_is_none_is_refused);
  g_test_add_func ("/live/exchange/frames-arrive-whole", test_exchange_frames_arrive_whole);
  g_test_add_func ("/live/exchange/an-end-within-a-frame-is-one",
                   test_exchange_an_end_within_a_frame_is_one);
  g_test_add_func ("/live/exchange/a-writer-learns-that-nobody-reads",
                   test_exchange_a_writer_learns_that_nobody_reads);
  return g_test_run ();
}
