/* tests/unit/pipelines/process/sandbox.c - what is closed is closed, and what a room needs is not.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/process/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each runs in a child of its own: nothing of the sandbox can be undone. */
static void
run_inside (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("sanitizer builds have no sandbox");
#else
  g_test_trap_subprocess (NULL, 10 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
#endif
}

static void
enter (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_sandbox_enter (&error));
  g_assert_no_error (error);
}

static gboolean
can_open_socket (int family, int type)
{
  int fd = socket (family, type | SOCK_CLOEXEC, 0);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static void
test_sandbox__only_datagrams (void)
{
  struct ifaddrs *addresses = NULL;
  int pair[2];

  if (!g_test_subprocess ()) {
    run_inside ();
    return;
  }
  enter ();
  g_assert_true (can_open_socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK));
  g_assert_false (can_open_socket (AF_INET, SOCK_STREAM));
  g_assert_false (can_open_socket (AF_INET6, SOCK_STREAM | SOCK_NONBLOCK));
  g_assert_false (can_open_socket (AF_UNIX, SOCK_STREAM));
  g_assert_false (can_open_socket (AF_PACKET, SOCK_RAW));
  g_assert_false (can_open_socket (AF_ALG, SOCK_SEQPACKET));
  g_assert_cmpint (getifaddrs (&addresses), ==, 0);
  freeifaddrs (addresses);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
}

/* A live output or an input: it connects, and that is all it may more than a room. */
static void
test_sandbox__network_connects_only (void)
{
  int fd;

  if (!g_test_subprocess ()) {
    run_inside ();
    return;
  }
  mcu_sandbox_allow_network (NULL);
  enter ();
  fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (listen (fd, 1), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
  g_assert_true (can_open_socket (AF_INET6, SOCK_STREAM | SOCK_NONBLOCK) || errno == EAFNOSUPPORT);
  g_assert_false (can_open_socket (AF_UNIX, SOCK_STREAM));
  g_assert_false (can_open_socket (AF_PACKET, SOCK_RAW));
  g_assert_cmpint (open ("/etc/tessera-sandbox", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), ==, -1);
  g_assert_cmpint (execl ("/bin/true", "true", NULL), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
}

static gpointer
run_thread (gpointer data)
{
  return data;
}

static void
test_sandbox__threads_but_no_processes (void)
{
  if (!g_test_subprocess ()) {
    run_inside ();
    return;
  }
  enter ();
  g_assert_true (g_thread_join (g_thread_new ("inside", run_thread, &errno)) == &errno);
  g_assert_cmpint (fork (), ==, -1);
  g_assert_cmpint (execl ("/bin/true", "true", NULL), ==, -1);
}

static void
test_sandbox__no_signals_to_others (void)
{
  if (!g_test_subprocess ()) {
    run_inside ();
    return;
  }
  enter ();
  g_assert_cmpint (kill (getppid (), 0), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
  g_assert_cmpint (tgkill (getppid (), getppid (), 0), ==, -1);
  g_assert_cmpint (tgkill (getpid (), gettid (), 0), ==, 0);
}

/* A pipe that signals its owner is as good as kill(). */
static void
test_sandbox__no_ways_around (void)
{
  struct f_owner_ex owner = {F_OWNER_PID, 0};
  struct rlimit limit = {0};
  int ends[2], pid;

  if (!g_test_subprocess ()) {
    run_inside ();
    return;
  }
  owner.pid = pid = getppid ();
  g_assert_cmpint (pipe (ends), ==, 0);
  enter ();
  g_assert_cmpint (fcntl (ends[0], F_SETOWN, pid), ==, -1);
  g_assert_cmpint (fcntl (ends[0], F_SETOWN_EX, &owner), ==, -1);
  g_assert_cmpint (fcntl (ends[0], F_SETSIG, SIGKILL), ==, -1);
  g_assert_cmpint (ioctl (ends[0], FIOSETOWN, &pid), ==, -1);
  g_assert_cmpint (syscall (SYS_fcntl, ends[0], G_GUINT64_CONSTANT (1) << 32 | F_SETOWN, pid), ==,
                   -1);
  g_assert_cmpint (errno, ==, EPERM);
  g_assert_cmpint (fcntl (ends[0], F_SETFL, O_NONBLOCK), ==, 0);
  g_assert_cmpint (prlimit (pid, RLIMIT_NOFILE, NULL, &limit), ==, -1);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

static void
test_sandbox__no_changes_to_files (void)
{
  g_autofree char *name = NULL;
  int fd;

  if (!g_test_subprocess ()) {
    run_inside ();
    return;
  }
  fd = g_file_open_tmp (NULL, &name, NULL);
  g_assert_cmpint (fd, >=, 0);
  unlink (name);
  enter ();
  g_assert_cmpint (fchmod (fd, 0777), ==, -1);
  g_assert_cmpint (syscall (452, fd, "", 0777, AT_EMPTY_PATH), ==, -1); /* fchmodat2 */
  g_assert_cmpint (errno, ==, EPERM);
  g_assert_cmpint (truncate ("/dev/null", 0), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
}

static gboolean
has_landlock (void)
{
  return syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

#define RECORDINGS "TESSERA_TEST_RECORDINGS"

/* Two folders, one in the other, where whom root becomes may write, as control would see to. */
static void
record_inside (void)
{
  g_autofree char *outer = g_dir_make_tmp ("tessera-sandbox-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (outer, "recordings", NULL);
  g_autofree char *file = g_build_filename (inner, "p1.mp4", NULL);

  if (!has_landlock ()) {
    g_test_skip ("NOT TESTED: no Landlock in this kernel");
    return;
  }
  g_assert_cmpint (mkdir (inner, 0700), ==, 0);
  g_assert_cmpint (chmod (outer, 0777), ==, 0);
  g_assert_cmpint (chmod (inner, 0777), ==, 0);
  g_setenv (RECORDINGS, inner, TRUE);
  run_inside ();
  unlink (file);
  rmdir (inner);
  rmdir (outer);
}

/* Files can be made and written among the recordings, and nowhere beside them. */
static void
test_sandbox__recordings_can_be_written (void)
{
  int recordings_fd, beside_fd, fd;

  if (!g_test_subprocess ()) {
    record_inside ();
    return;
  }
  recordings_fd = open (g_getenv (RECORDINGS), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  beside_fd = openat (recordings_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  mcu_sandbox_allow_recordings (recordings_fd);
  enter ();
  fd = openat (recordings_fd, "p1.mp4", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  g_assert_cmpint (fdatasync (fd), ==, 0);
  g_assert_cmpint (ftruncate (fd, 0), ==, 0);
  g_assert_cmpint (fsync (recordings_fd), ==, 0);
  g_assert_cmpint (openat (beside_fd, "p1.mp4", O_WRONLY | O_CREAT | O_EXCL, 0640), ==, -1);
  g_assert_cmpint (errno, ==, EACCES);
  g_assert_cmpint (unlinkat (recordings_fd, "p1.mp4", 0), ==, -1);
  g_assert_cmpint (renameat (recordings_fd, "p1.mp4", recordings_fd, "p2.mp4"), ==, -1);
}

/* How control ends a room that hangs, and how a failed assertion ends it. */
static void
test_sandbox__abort_still_ends (void)
{
  if (!g_test_subprocess ()) {
#ifdef __SANITIZE_ADDRESS__
    g_test_skip ("sanitizer builds have no sandbox");
#else
    g_test_trap_subprocess (NULL, 10 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
    g_assert_false (g_test_trap_has_passed ());
    g_assert_false (g_test_trap_reached_timeout ());
#endif
    return;
  }
  enter ();
  abort ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process/sandbox/datagrams", test_sandbox__only_datagrams);
  g_test_add_func ("/process/sandbox/network", test_sandbox__network_connects_only);
  g_test_add_func ("/process/sandbox/threads", test_sandbox__threads_but_no_processes);
  g_test_add_func ("/process/sandbox/signals", test_sandbox__no_signals_to_others);
  g_test_add_func ("/process/sandbox/around", test_sandbox__no_ways_around);
  g_test_add_func ("/process/sandbox/files", test_sandbox__no_changes_to_files);
  g_test_add_func ("/process/sandbox/recordings", test_sandbox__recordings_can_be_written);
  g_test_add_func ("/process/sandbox/abort", test_sandbox__abort_still_ends);
  return g_test_run ();
}
