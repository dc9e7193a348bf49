/* pipelines/process/sandbox.c - what a room process may no longer do once it is warm.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/process/sandbox.h"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mcu/base/error.h"

/* A package makes the first; every Debian has the second. */
static const char *const users[] = {"tessera", "nobody"};

/* What is read after the start: fonts that a name needs and its fallbacks. */
static const char *const readable[] = {"/usr",   "/etc/fonts",   "/var/cache/fontconfig", "/lib",
                                       "/lib64", "/dev/urandom", "/etc/localtime"};

/* Linux 6.6; the same number on every machine, and not yet in every libseccomp. */
#define FCHMODAT2 452

#define SOCKET_TYPE_MASK 0xf /* the rest of the argument are flags (socket (2)) */

#define ALL_FILE_ACCESS                                                                            \
  (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |     \
   LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |  \
   LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |      \
   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |   \
   LANDLOCK_ACCESS_FS_MAKE_SYM)

static const int forbidden[] = {
    SCMP_SYS (execve),
    SCMP_SYS (execveat),
    SCMP_SYS (fork),
    SCMP_SYS (vfork),
    SCMP_SYS (ptrace),
    SCMP_SYS (process_vm_readv),
    SCMP_SYS (process_vm_writev),
    SCMP_SYS (mount),
    SCMP_SYS (umount2),
    SCMP_SYS (pivot_root),
    SCMP_SYS (chroot),
    SCMP_SYS (unshare),
    SCMP_SYS (setns),
    SCMP_SYS (bpf),
    SCMP_SYS (perf_event_open),
    SCMP_SYS (init_module),
    SCMP_SYS (finit_module),
    SCMP_SYS (delete_module),
    SCMP_SYS (kexec_load),
    SCMP_SYS (kexec_file_load),
    SCMP_SYS (reboot),
    SCMP_SYS (swapon),
    SCMP_SYS (swapoff),
    SCMP_SYS (keyctl),
    SCMP_SYS (add_key),
    SCMP_SYS (request_key),
    SCMP_SYS (userfaultfd),
    SCMP_SYS (io_uring_setup),
    SCMP_SYS (settimeofday),
    SCMP_SYS (clock_settime),
    SCMP_SYS (open_by_handle_at),
    SCMP_SYS (setuid),
    SCMP_SYS (setgid),
    SCMP_SYS (setresuid),
    SCMP_SYS (setresgid),
    SCMP_SYS (setgroups),
    SCMP_SYS (acct),
    SCMP_SYS (quotactl),
    SCMP_SYS (listen),
    SCMP_SYS (accept),
    SCMP_SYS (accept4),
    SCMP_SYS (symlink),
    SCMP_SYS (symlinkat),
    SCMP_SYS (link),
    SCMP_SYS (linkat),
    SCMP_SYS (mknod),
    SCMP_SYS (mknodat),
    /* What Landlock does not judge, on files that are the user's when it is not root who started
       us. */
    SCMP_SYS (truncate),
    SCMP_SYS (chmod),
    SCMP_SYS (fchmod),
    SCMP_SYS (fchmodat),
    FCHMODAT2,
    SCMP_SYS (chown),
    SCMP_SYS (fchown),
    SCMP_SYS (fchownat),
    SCMP_SYS (lchown),
    SCMP_SYS (setxattr),
    SCMP_SYS (lsetxattr),
    SCMP_SYS (fsetxattr),
    SCMP_SYS (removexattr),
    SCMP_SYS (lremovexattr),
    SCMP_SYS (fremovexattr),
    SCMP_SYS (utime),
    SCMP_SYS (utimes),
    SCMP_SYS (futimesat),
    SCMP_SYS (utimensat),
    /* Other rooms run as the same user; abort() signals its own thread with tgkill. */
    SCMP_SYS (kill),
    SCMP_SYS (tkill),
    SCMP_SYS (rt_sigqueueinfo),
    SCMP_SYS (rt_tgsigqueueinfo),
    SCMP_SYS (pidfd_open),
    SCMP_SYS (pidfd_getfd),
    SCMP_SYS (pidfd_send_signal),
    SCMP_SYS (process_madvise),
};

/* UDP, and a netlink socket to list the machine's addresses, is all that a room opens. */
static const int families[] = {AF_INET, AF_INET6, AF_NETLINK};

static int recordings_fd = -1;
/* A tool rewrites what a room may only add. */
static gboolean is_tool;

/* What a process reads that finds hosts by their names and speaks TLS to them. */
static const char *const readable_for_network[] = {
    "/etc/resolv.conf",   "/etc/hosts",           "/etc/host.conf",
    "/etc/nsswitch.conf", "/etc/gai.conf",        "/etc/services",
    "/etc/ssl",           "/etc/gnutls",          "/etc/pki",
    "/etc/protocols",     "/etc/ca-certificates", "/run/systemd/resolve"};

static gboolean has_network;
static const char *authorities; /* (nullable) */

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "sandbox: %s: %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
become_nobody (GError **error)
{
  const struct passwd *user = NULL;

  if (geteuid () != 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (users) && user == NULL; i++)
    user = getpwnam (users[i]);
  if (user == NULL)
    return fail (error, "no unprivileged user");
  if (setgroups (0, NULL) != 0 || setresgid (user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
      setresuid (user->pw_uid, user->pw_uid, user->pw_uid) != 0)
    return fail (error, "another user");
  return TRUE;
}

static void
allow_reading (int ruleset, const char *path)
{
  struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
                                                              LANDLOCK_ACCESS_FS_READ_DIR};
  int is_directory = g_file_test (path, G_FILE_TEST_IS_DIR);

  rule.parent_fd = open (path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return; /* not on this machine, so nothing to read there */
  if (!is_directory)
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
  syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close (rule.parent_fd);
}

/* New files, not other people's away: nothing is renamed or removed from here. */
static void
allow_recordings (int ruleset)
{
  struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_ACCESS_FS_MAKE_REG |
                                                              LANDLOCK_ACCESS_FS_WRITE_FILE |
                                                              LANDLOCK_ACCESS_FS_READ_DIR,
                                            .parent_fd = recordings_fd};

  if (is_tool)
    rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE;
  if (recordings_fd >= 0)
    syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* Debian 12's kernel has it; where it is absent the user's own rights are what is left. */
static gboolean
close_files (GError **error)
{
  struct landlock_ruleset_attr attributes = {.handled_access_fs = ALL_FILE_ACCESS};
  int ruleset = syscall (SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  int failed;

  if (ruleset < 0) {
    g_message ("sandbox: no Landlock in this kernel");
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (readable); i++)
    allow_reading (ruleset, readable[i]);
  for (guint i = 0; has_network && i < G_N_ELEMENTS (readable_for_network); i++)
    allow_reading (ruleset, readable_for_network[i]);
  if (authorities != NULL)
    allow_reading (ruleset, authorities);
  allow_recordings (ruleset);
  failed = syscall (SYS_landlock_restrict_self, ruleset, 0);
  close (ruleset);
  return failed == 0 || fail (error, "Landlock");
}

/* New threads, but no new processes; clone3 hides its flags in memory, so glibc is sent to clone.
 */
static int
allow_only_threads (scmp_filter_ctx filter)
{
  int failed = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1,
                                 SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));

  return failed != 0 ? failed
                     : seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0);
}

static gboolean
is_used_family (int family)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i] == family)
      return TRUE;
  return FALSE;
}

/* No connection to a service of the machine or of its network: rules only know comparisons, so the
 * families are named one by one. */
static int
allow_only_datagrams (scmp_filter_ctx filter)
{
  const uint32_t no = SCMP_ACT_ERRNO (EACCES);
  int failed = seccomp_rule_add (filter, no, SCMP_SYS (socket), 1, SCMP_A0 (SCMP_CMP_GE, AF_MAX));

  for (int family = 0; family < AF_MAX && failed == 0; family++)
    if (!is_used_family (family))
      failed = seccomp_rule_add (filter, no, SCMP_SYS (socket), 1, SCMP_A0 (SCMP_CMP_EQ, family));
    else if (family != AF_NETLINK && !has_network)
      failed = seccomp_rule_add (filter, no, SCMP_SYS (socket), 2, SCMP_A0 (SCMP_CMP_EQ, family),
                                 SCMP_A1 (SCMP_CMP_MASKED_EQ, SOCKET_TYPE_MASK, SOCK_STREAM));
  return failed;
}

static int
allow_no_sockets (scmp_filter_ctx filter)
{
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (EACCES), SCMP_SYS (socket), 0);
}

/* To its own threads only: that is how abort() ends the process. */
static int
allow_own_signals (scmp_filter_ctx filter)
{
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (tgkill), 1,
                           SCMP_A0 (SCMP_CMP_NE, (scmp_datum_t) getpid ()));
}

/* A descriptor can be made to signal any process of the same user, with any signal (fcntl (2),
 * F_SETOWN and F_SETSIG), and limits can be set of one: other rooms run as the same user. */
static int
allow_no_ways_around (scmp_filter_ctx filter)
{
  static const struct
  {
    int call;
    scmp_datum_t command;
  } closed[] = {{SCMP_SYS (fcntl), F_SETOWN},
                {SCMP_SYS (fcntl), F_SETOWN_EX},
                {SCMP_SYS (fcntl), F_SETSIG},
                {SCMP_SYS (ioctl), FIOSETOWN},
                {SCMP_SYS (ioctl), SIOCSPGRP}};
  const uint32_t no = SCMP_ACT_ERRNO (EPERM);
  int failed = seccomp_rule_add (filter, no, SCMP_SYS (prlimit64), 1, SCMP_A0 (SCMP_CMP_NE, 0));

  /* The kernel looks at 32 bits of it. */
  for (guint i = 0; i < G_N_ELEMENTS (closed) && failed == 0; i++)
    failed = seccomp_rule_add (filter, no, closed[i].call, 1,
                               SCMP_A1 (SCMP_CMP_MASKED_EQ, 0xffffffff, closed[i].command));
  return failed;
}

static gboolean
close_system_calls (GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  int failed = filter != NULL ? allow_only_threads (filter) : -ENOMEM;

  if (failed == 0)
    failed = is_tool ? allow_no_sockets (filter) : allow_only_datagrams (filter);
  if (failed == 0)
    failed = allow_own_signals (filter);
  if (failed == 0)
    failed = allow_no_ways_around (filter);

  for (guint i = 0; i < G_N_ELEMENTS (forbidden) && failed == 0; i++)
    failed = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), forbidden[i], 0);
  /* Threads that libraries have started already are closed in too. */
  if (failed == 0)
    failed = seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1);
  if (failed == 0)
    failed = seccomp_load (filter);
  if (filter != NULL)
    seccomp_release (filter);
  errno = -failed;
  return failed == 0 || fail (error, "seccomp");
}

void
mcu_sandbox_allow_recordings (int directory_fd)
{
  recordings_fd = directory_fd;
}

void
mcu_sandbox_allow_network (const char *ca_file)
{
  has_network = TRUE;
  authorities = ca_file;
}

gboolean
mcu_sandbox_enter (GError **error)
{
  /* 0 would not count where cores go to a program; 1 stops both (core (5), fs/coredump.c). */
  const struct rlimit no_core = {1, 1};

#ifdef __SANITIZE_ADDRESS__
  /* The leak check at exit is a process that traces this one: just what is closed here. */
  return TRUE;
#endif
  if (!become_nobody (error))
    return FALSE;
  /* A core file would hold keys and people's pictures. */
  setrlimit (RLIMIT_CORE, &no_core);
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return fail (error, "no new privileges");
  return close_files (error) && close_system_calls (error);
}

gboolean
mcu_sandbox_enter_tool (int directory_fd, GError **error)
{
  recordings_fd = directory_fd;
  is_tool = TRUE;
  return mcu_sandbox_enter (error);
}
