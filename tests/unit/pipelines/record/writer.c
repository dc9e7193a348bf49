/* tests/unit/pipelines/record/writer.c - what a disk can do to a file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "mcu/base/error.h"

#define WATCHDOG_S 20
#define TMPFS_BYTES (256 * 1024)

typedef struct
{
  char *directory; /* owned */
  int directory_fd;
  gboolean is_mounted;
  McuRecordWriter *writer;

  GMutex lock;
  GCond changed;
  gboolean has_ended;
  gboolean is_freed;
  GError *error;
} Fixture;

static void
on_ended (gpointer user_data, const GError *error)
{
  Fixture *fixture = user_data;

  g_mutex_lock (&fixture->lock);
  g_assert_false (fixture->has_ended);
  fixture->has_ended = TRUE;
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
  g_cond_signal (&fixture->changed);
  g_mutex_unlock (&fixture->lock);
}

static void
on_freed (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_mutex_lock (&fixture->lock);
  fixture->is_freed = TRUE;
  g_cond_signal (&fixture->changed);
  g_mutex_unlock (&fixture->lock);
}

static void
wait_for (Fixture *fixture, gboolean *what)
{
  gint64 give_up_us = g_get_monotonic_time () + WATCHDOG_S * G_USEC_PER_SEC;

  g_mutex_lock (&fixture->lock);
  while (!*what)
    g_assert_true (g_cond_wait_until (&fixture->changed, &fixture->lock, give_up_us));
  g_mutex_unlock (&fixture->lock);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("tessera-writer-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  if (data != NULL) {
    g_autofree char *options = g_strdup_printf ("size=%d", TMPFS_BYTES);

    fixture->is_mounted = mount ("tessera", fixture->directory, "tmpfs", 0, options) == 0;
  }
  fixture->directory_fd = open (fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->writer != NULL) {
    g_clear_pointer (&fixture->writer, mcu_record_writer_abandon);
    wait_for (fixture, &fixture->is_freed);
  }
  unlinkat (fixture->directory_fd, "w", 0);
  close (fixture->directory_fd);
  if (fixture->is_mounted)
    g_assert_cmpint (umount (fixture->directory), ==, 0);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
  g_clear_error (&fixture->error);
}

static void
begin (Fixture *fixture, int fd, guint64 reserve_bytes)
{
  McuRecordFile file = {.fd = fd, .directory_fd = -1};
  g_autoptr (GError) error = NULL;

  if (fd < 0) {
    file.directory_fd = dup (fixture->directory_fd);
    file.name = g_strdup ("w");
  }
  fixture->writer = mcu_record_writer_new (&file, MCU_RECORD_OGG, reserve_bytes, on_ended, fixture,
                                           on_freed, &error);
  g_assert_no_error (error);
}

/* Something that begins as a page does, so that the file may be cut in front of it. */
static gboolean
give_page (Fixture *fixture, gsize size)
{
  guint8 *page = g_malloc0 (size);

  memcpy (page, "OggS", 4);
  return mcu_record_writer_give (fixture->writer, g_bytes_new_take (page, size));
}

static gsize
size_of_file (Fixture *fixture)
{
  struct stat status;

  g_assert_cmpint (fstatat (fixture->directory_fd, "w", &status, 0), ==, 0);
  return status.st_size;
}

static void
test_writer__writes_all_that_it_was_given (Fixture *fixture, gconstpointer data)
{
  begin (fixture, -1, 1);
  for (guint i = 1; i <= 100; i++)
    g_assert_true (give_page (fixture, 100 * i));
  mcu_record_writer_finish (fixture->writer);
  wait_for (fixture, &fixture->has_ended);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (size_of_file (fixture), ==, 100 * 5050);
  g_assert_cmpuint (mcu_record_writer_written (fixture->writer), ==, 100 * 5050);
  g_assert_false (give_page (fixture, 10));
}

/* Whoever lets go of it does not wait; what was given is written all the same. */
static void
test_writer__finishes_alone (Fixture *fixture, gconstpointer data)
{
  begin (fixture, -1, 0);
  for (guint i = 0; i < 100; i++)
    give_page (fixture, 1000);
  mcu_record_writer_finish (fixture->writer);
  g_clear_pointer (&fixture->writer, mcu_record_writer_abandon);
  wait_for (fixture, &fixture->is_freed);
  g_assert_cmpuint (size_of_file (fixture), ==, 100 * 1000);
}

static gboolean
is_tmpfs (Fixture *fixture)
{
  if (!fixture->is_mounted)
    g_test_skip ("NOT TESTED: a full disk needs a small tmpfs, and mounting one needs root");
  return fixture->is_mounted;
}

static void
test_writer__full_disk_leaves_whole_pages (Fixture *fixture, gconstpointer data)
{
  guint n = 0;

  if (!is_tmpfs (fixture))
    return;
  begin (fixture, -1, 0);
  while (give_page (fixture, 10000) && n < 100)
    n++;
  wait_for (fixture, &fixture->has_ended);
  g_assert_error (fixture->error, MCU_ERROR, MCU_ERROR_DISK_FULL);
  g_assert_cmpuint (size_of_file (fixture), ==, TMPFS_BYTES / 10000 * 10000);
}

static void
test_writer__reserve_is_left_free (Fixture *fixture, gconstpointer data)
{
  const guint64 reserve = 100 * 1024;
  guint n = 0;

  if (!is_tmpfs (fixture))
    return;
  begin (fixture, -1, reserve);
  while (give_page (fixture, 10000) && n < 100)
    n++;
  wait_for (fixture, &fixture->has_ended);
  g_assert_error (fixture->error, MCU_ERROR, MCU_ERROR_DISK_FULL);
  g_assert_cmpuint (size_of_file (fixture), <=, TMPFS_BYTES - reserve);
  g_assert_cmpuint (size_of_file (fixture), >, TMPFS_BYTES - reserve - 2 * 10000);
}

static void
wait_until_stuck (Fixture *fixture)
{
  gint64 give_up_us = g_get_monotonic_time () + WATCHDOG_S * G_USEC_PER_SEC;

  while (mcu_record_writer_stuck_us (fixture->writer) < 20000) {
    g_assert_cmpint (g_get_monotonic_time (), <, give_up_us);
    g_thread_yield ();
  }
}

/* A pipe that nobody reads: giving never waits, and ends when the queue is full. */
static void
test_writer__hanging_disk (Fixture *fixture, gconstpointer data)
{
  guint8 drain[65536];
  gint64 began_us;
  gint64 worst_us = 0;
  guint n_taken = 0;
  gboolean is_taken = TRUE;
  int fds[2];

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  begin (fixture, fds[1], 0);
  for (guint i = 0; i < 3; i++) /* a pipe holds one of them */
    g_assert_true (give_page (fixture, 65536));
  wait_until_stuck (fixture);
  while (is_taken) {
    began_us = g_get_monotonic_time ();
    is_taken = give_page (fixture, 65536);
    worst_us = MAX (worst_us, g_get_monotonic_time () - began_us);
    n_taken += is_taken;
    g_assert_cmpuint (n_taken, <=, MCU_RECORD_QUEUE_BYTES / 65536 + 2);
  }
  g_test_message ("%u taken, the longest wait %" G_GINT64_FORMAT " us", n_taken, worst_us);
  g_assert_cmpint (worst_us, <, 1000000);
  g_assert_false (fixture->has_ended);
  /* The disk is back: the writer ends, and says why. */
  g_assert_cmpint (fcntl (fds[0], F_SETFL, O_NONBLOCK), ==, 0);
  while (read (fds[0], drain, sizeof drain) > 0 || errno == EAGAIN) {
    g_mutex_lock (&fixture->lock);
    is_taken = fixture->has_ended;
    g_mutex_unlock (&fixture->lock);
    if (is_taken)
      break;
  }
  wait_for (fixture, &fixture->has_ended);
  g_assert_error (fixture->error, MCU_ERROR, MCU_ERROR_TIMEOUT);
  close (fds[0]);
}

#define ADD(name, small, func)                                                                     \
  g_test_add ("/record/writer/" name, Fixture, small, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("all", NULL, test_writer__writes_all_that_it_was_given);
  ADD ("alone", NULL, test_writer__finishes_alone);
  ADD ("full", "tmpfs", test_writer__full_disk_leaves_whole_pages);
  ADD ("reserve", "tmpfs", test_writer__reserve_is_left_free);
  ADD ("hang", NULL, test_writer__hanging_disk);
  return g_test_run ();
}
