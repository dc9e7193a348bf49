/* tests/unit/mcu/hls.c - the newest pieces of a live output, and the playlist of them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/hls.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_WRITE)

static int
make_piece (const char *text, int seals)
{
  int fd = memfd_create ("piece", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, seals), ==, 0);
  return fd;
}

static void
add (McuHls *hls, guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_true (mcu_hls_add (hls, make_piece ("piece", SEALS), 2000));
}

static void
test_hls_playlist (void)
{
  g_autoptr (McuHls) hls = mcu_hls_new ();
  g_autofree char *two = NULL, *three = NULL, *many = NULL, *ended = NULL;

  g_assert_null (mcu_hls_playlist (hls));
  add (hls, 2);
  two = mcu_hls_playlist (hls);
  g_assert_null (two);
  add (hls, 1);
  three = mcu_hls_playlist (hls);
  g_assert_cmpstr (three, ==,
                   "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n"
                   "#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n"
                   "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
                   "#EXTINF:2.000,\n0.ts\n#EXTINF:2.000,\n1.ts\n#EXTINF:2.000,\n2.ts\n");
  add (hls, 20);
  many = mcu_hls_playlist (hls);
  g_assert_nonnull (strstr (many, "#EXT-X-MEDIA-SEQUENCE:17\n"));
  g_assert_nonnull (strstr (many, "\n17.ts\n"));
  g_assert_nonnull (strstr (many, "\n22.ts\n"));
  g_assert_null (strstr (many, "\n16.ts\n"));
  mcu_hls_end (hls);
  ended = mcu_hls_playlist (hls);
  g_assert_true (g_str_has_suffix (ended, "22.ts\n#EXT-X-ENDLIST\n"));
  g_assert_false (mcu_hls_add (hls, make_piece ("piece", SEALS), 2000));
}

static void
test_hls_old_pieces_go (void)
{
  g_autoptr (McuHls) hls = mcu_hls_new ();
  g_autoptr (GBytes) oldest = NULL, newest = NULL;

  add (hls, 20);
  oldest = mcu_hls_find (hls, "11.ts");
  newest = mcu_hls_find (hls, "19.ts");
  g_assert_nonnull (oldest);
  g_assert_nonnull (newest);
  g_assert_cmpmem (g_bytes_get_data (newest, NULL), g_bytes_get_size (newest), "piece", 5);
  g_assert_null (mcu_hls_find (hls, "10.ts"));
  g_assert_null (mcu_hls_find (hls, "20.ts"));
  g_assert_null (mcu_hls_find (hls, "019.ts"));
  g_assert_null (mcu_hls_find (hls, "19.ts/.."));
  /* A piece that is being sent outlives its place in the list. */
  add (hls, 20);
  g_assert_cmpint (((const char *) g_bytes_get_data (oldest, NULL))[0], ==, 'p');
}

static void
test_hls_breaks_are_counted_on (void)
{
  g_autoptr (McuHls) hls = mcu_hls_new ();
  g_autofree char *before = NULL, *after = NULL, *gone = NULL;

  mcu_hls_break (hls); /* before anything it is none */
  add (hls, 3);
  mcu_hls_break (hls);
  add (hls, 1);
  before = mcu_hls_playlist (hls);
  g_assert_nonnull (strstr (before, "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"));
  g_assert_nonnull (strstr (before, "2.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:2.000,\n3.ts\n"));
  add (hls, MCU_HLS_LISTED); /* there, but not listed any more */
  after = mcu_hls_playlist (hls);
  g_assert_nonnull (strstr (after, "#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
  g_assert_null (strstr (after, "#EXT-X-DISCONTINUITY\n"));
  add (hls, MCU_HLS_KEPT);
  gone = mcu_hls_playlist (hls);
  g_assert_nonnull (strstr (gone, "#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
}

static void
test_hls_what_is_no_piece_is_refused (void)
{
  g_autoptr (McuHls) hls = mcu_hls_new ();
  int pipe_fds[2];
  int sparse;

  g_assert_false (mcu_hls_add (hls, -1, 2000));
  g_assert_false (mcu_hls_add (hls, make_piece ("piece", 0), 2000));
  g_assert_false (mcu_hls_add (hls, make_piece ("piece", F_SEAL_WRITE), 2000));
  g_assert_false (mcu_hls_add (hls, make_piece ("piece", F_SEAL_SHRINK), 2000));
  g_assert_false (mcu_hls_add (hls, make_piece ("", SEALS), 2000));
  g_assert_false (mcu_hls_add (hls, make_piece ("piece", SEALS), 0));
  g_assert_false (mcu_hls_add (hls, make_piece ("piece", SEALS), MCU_HLS_MAX_DURATION_MS + 1));
  g_assert_false (mcu_hls_add (hls, open ("/dev/zero", O_RDONLY | O_CLOEXEC), 2000));
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  g_assert_false (mcu_hls_add (hls, pipe_fds[0], 2000));
  close (pipe_fds[1]);
  sparse = memfd_create ("big", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_assert_cmpint (ftruncate (sparse, MCU_HLS_MAX_SEGMENT_BYTES + 1), ==, 0);
  g_assert_cmpint (fcntl (sparse, F_ADD_SEALS, SEALS), ==, 0);
  g_assert_false (mcu_hls_add (hls, sparse, 2000));
  g_assert_null (mcu_hls_playlist (hls));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu/hls/playlist", test_hls_playlist);
  g_test_add_func ("/mcu/hls/old-pieces-go", test_hls_old_pieces_go);
  g_test_add_func ("/mcu/hls/breaks-are-counted-on", test_hls_breaks_are_counted_on);
  g_test_add_func ("/mcu/hls/what-is-no-piece-is-refused", test_hls_what_is_no_piece_is_refused);
  return g_test_run ();
}
