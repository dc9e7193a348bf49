/* mcu/room-process.c - one tessera-room process: started, pinged, and ended when it hangs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-process.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

/* Looked at more often than pinged, so that a hang is seen soon after its time is over. */
#define CHECKS_PER_PING 4

typedef struct
{
  McuRoomProcess *process;
  McuLinkReplyFunc func; /* (nullable): NULL once the owner has been told */
  gpointer user_data;
} Question;

/* Its own, not that of mcu/times.h: a test that shortens people's times means no hangs. */
static guint process_divisor = 1;

struct _McuRoomProcess
{
  grefcount refs; /* one of the owner, one until the child is reaped */
  GPid pid;
  guint divisor;                /* set once */
  McuLink *link;                /* owned (nullable): NULL once it is closed */
  const McuRoomProcessOps *ops; /* (nullable) */
  gpointer owner;
  GPtrArray *questions; /* of Question, unowned: the link's request has it */

  gboolean warm;
  gint64 spawned_us;
  gint64 well_us;  /* last sign of life */
  gint64 check_us; /* when we last looked */
  guint check_ms;  /* how often we do */
  guint checks;
  guint check_source;
  guint kill_source;
  gboolean reaped;

  guint late_ms;
  double load;
  double cpu_seconds;
  double cores;
  gint64 cpu_us; /* when cpu_seconds was read; 0: never */

  McuRoomExitedFunc exited_func; /* (nullable) */
  gpointer exited_data;
};

static guint
scaled_ms (McuRoomProcess *self, guint ms)
{
  return MAX (1, ms / self->divisor);
}

static gint64
scaled_us (McuRoomProcess *self, guint ms)
{
  return (gint64) ms * 1000 / self->divisor;
}

static void
clear_timer (guint *source)
{
  if (*source != 0)
    g_source_remove (*source);
  *source = 0;
}

static void
unref_process (McuRoomProcess *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->questions);
  g_free (self);
}

static gboolean
on_kill (gpointer data)
{
  McuRoomProcess *self = data;

  self->kill_source = 0;
  if (!self->reaped)
    kill (self->pid, SIGKILL);
  return G_SOURCE_REMOVE;
}

static void
kill_after (McuRoomProcess *self, guint ms)
{
  clear_timer (&self->kill_source);
  if (!self->reaped)
    self->kill_source = g_timeout_add (scaled_ms (self, ms), on_kill, self);
}

static void
stop_talking (McuRoomProcess *self)
{
  clear_timer (&self->check_source);
  mcu_link_free (g_steal_pointer (&self->link));
}

/* The last thing done to the process: the owner may free it. */
static void
tell_death (McuRoomProcess *self, McuDeath death, const char *why)
{
  const McuRoomProcessOps *ops = g_steal_pointer (&self->ops);

  if (ops == NULL)
    return;
  g_warning ("room process %d %s: %s", (int) self->pid, mcu_death_to_string (death), why);
  if (death == MCU_DEATH_EXITED) /* it was well until now */
    self->well_us = g_get_monotonic_time ();
  ops->died (self->owner, death, self->well_us);
}

static void
abort_hung (McuRoomProcess *self, const char *why)
{
  stop_talking (self);
  if (!self->reaped)
    kill (self->pid, SIGABRT); /* for the core file */
  kill_after (self, MCU_ROOM_KILL_MS);
  tell_death (self, MCU_DEATH_HUNG, why);
}

static void
on_exited (GPid pid, int status, gpointer data)
{
  McuRoomProcess *self = data;
  g_autofree char *why = WIFSIGNALED (status) ? g_strdup_printf ("signal %d", WTERMSIG (status))
                                              : g_strdup_printf ("status %d", WEXITSTATUS (status));

  self->reaped = TRUE;
  g_spawn_close_pid (pid);
  clear_timer (&self->kill_source);
  g_info ("room process %d has ended: %s", (int) pid, why);
  if (self->exited_func != NULL)
    self->exited_func (self->exited_data);
  self->exited_func = NULL;
  if (self->link != NULL) {
    stop_talking (self);
    tell_death (self, MCU_DEATH_EXITED, why);
  }
}

static void
on_link_closed (McuLink *link, const char *reason, gpointer data)
{
  McuRoomProcess *self = data;
  gboolean stalled = g_str_has_prefix (reason, "stalled") || g_str_has_prefix (reason, "queue");

  g_ref_count_inc (&self->refs);
  if (stalled) {
    abort_hung (self, reason);
  } else {
    stop_talking (self);
    kill_after (self, MCU_ROOM_KILL_MS);
    tell_death (self, MCU_DEATH_EXITED, reason);
  }
  unref_process (self);
}

static void
on_message (McuLink *link, JsonObject *message, gpointer data)
{
  McuRoomProcess *self = data;

  if (self->well_us != 0)
    self->well_us = g_get_monotonic_time ();
  if (g_strcmp0 (mcu_json_string (message, "type"), "hello") == 0) {
    if (!self->warm)
      g_info ("room process %d is warm after %" G_GINT64_FORMAT " ms", (int) self->pid,
              (g_get_monotonic_time () - self->spawned_us) / 1000);
    self->warm = TRUE;
  } else if (self->ops != NULL) {
    g_ref_count_inc (&self->refs);
    self->ops->message (self->owner, message);
    unref_process (self);
  }
}

static double
read_cpu_seconds (GPid pid)
{
  char path[64];
  unsigned long user = 0, kernel = 0;
  FILE *file;

  g_snprintf (path, sizeof path, "/proc/%d/stat", (int) pid);
  file = fopen (path, "re");
  if (file == NULL)
    return 0;
  /* Source: proc(5): utime and stime are fields 14 and 15; our programs' names have no brackets. */
  if (fscanf (file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
              &kernel) != 2)
    user = kernel = 0;
  fclose (file);
  return (double) (user + kernel) / sysconf (_SC_CLK_TCK);
}

static void
read_cpu (McuRoomProcess *self, gint64 now_us)
{
  double seconds = MAX (self->cpu_seconds, read_cpu_seconds (self->pid));

  if (self->cpu_us != 0 && now_us > self->cpu_us)
    self->cores = (seconds - self->cpu_seconds) * G_USEC_PER_SEC / (now_us - self->cpu_us);
  self->cpu_seconds = seconds;
  self->cpu_us = now_us;
}

static void
on_pong (JsonObject *reply, const GError *error, gpointer data)
{
  McuRoomProcess *self = data;
  JsonNode *load;

  if (reply == NULL)
    return;
  self->well_us = g_get_monotonic_time ();
  self->late_ms = CLAMP (mcu_json_int (reply, "late_ms", 0), 0, G_MAXINT);
  load = json_object_get_member (reply, "load");
  if (load != NULL && JSON_NODE_HOLDS_VALUE (load))
    self->load = CLAMP (json_node_get_double (load), 0, 1);
  /* Condemned on the next check, not here: the link is ours to free, but not from inside it. */
  if (mcu_json_int (reply, "teardown_ms", 0) > MCU_ROOM_TEARDOWN_MS)
    self->well_us = 0;
}

static gboolean
on_check (gpointer data)
{
  McuRoomProcess *self = data;
  gint64 now_us = g_get_monotonic_time ();

  /* When we ourselves stood still (a suspended machine, a debugger), nobody else is to blame. */
  if (now_us - self->check_us > self->check_ms * 1000 + scaled_us (self, MCU_ROOM_HANG_MS) / 2 &&
      self->well_us != 0) {
    self->well_us = MAX (self->well_us, now_us - scaled_us (self, MCU_ROOM_PING_MS));
    self->spawned_us += now_us - self->check_us;
  }
  self->check_us = now_us;

  if (!self->warm) {
    if (now_us - self->spawned_us < scaled_us (self, MCU_ROOM_WARM_MS))
      return G_SOURCE_CONTINUE;
    self->check_source = 0;
    abort_hung (self, "never got warm");
    return G_SOURCE_REMOVE;
  }
  if (now_us - self->well_us >= scaled_us (self, MCU_ROOM_HANG_MS)) {
    const char *why = self->well_us == 0 ? "a teardown does not end" : "no answer to pings";
    if (self->well_us == 0)
      self->well_us = now_us - scaled_us (self, MCU_ROOM_TEARDOWN_MS);
    self->check_source = 0;
    abort_hung (self, why);
    return G_SOURCE_REMOVE;
  }
  if (self->checks++ % CHECKS_PER_PING == 0) {
    read_cpu (self, now_us);
    mcu_link_request (self->link, mcu_link_message_new ("ping"),
                      scaled_ms (self, 2 * MCU_ROOM_HANG_MS), on_pong, self);
  }
  return G_SOURCE_CONTINUE;
}

const char *
mcu_death_to_string (McuDeath death)
{
  switch (death) {
  case MCU_DEATH_EXITED:
    return "exited";
  case MCU_DEATH_HUNG:
    return "hung";
  }
  g_assert_not_reached ();
}

char *
mcu_room_program (void)
{
  /* Beside us when installed together; in the build tree; where the package put it. */
  static const char *const places[] = {"tessera-room", "../pipelines/process/tessera-room",
                                       "../libexec/tessera/tessera-room",
                                       "../libexec/tessera-room"};
  const char *given = g_getenv ("TESSERA_ROOM_PROGRAM");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *here = g_path_get_dirname (self != NULL ? self : "./x");

  if (given != NULL && given[0] != '\0')
    return g_strdup (given);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *path = g_build_filename (here, places[i], NULL);
    if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer (&path);
  }
  return g_strdup (TESSERA_LIBEXECDIR "/tessera-room");
}

McuRoomProcess *
mcu_room_process_spawn (const char *program, GError **error)
{
  return mcu_room_process_spawn_role (program, NULL, error);
}

McuRoomProcess *
mcu_room_process_spawn_role (const char *program, const char *role, GError **error)
{
  const char *const argv[] = {program, role, NULL};
  int other_fd = -1;
  int link_fd = mcu_link_pair (&other_fd, error);
  int target_fd = MCU_LINK_FD;
  g_autoptr (GError) why = NULL;
  McuRoomProcess *self;
  GPid pid;

  if (link_fd < 0)
    return NULL;
  if (!g_spawn_async_with_pipes_and_fds (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                         -1, -1, -1, &other_fd, &target_fd, 1, &pid, NULL, NULL,
                                         NULL, &why)) {
    close (link_fd);
    close (other_fd);
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "%s: %s", program, why->message);
    return NULL;
  }
  close (other_fd);

  self = g_new0 (McuRoomProcess, 1);
  g_ref_count_init (&self->refs);
  g_ref_count_inc (&self->refs);
  self->pid = pid;
  self->divisor = process_divisor;
  self->questions = g_ptr_array_new ();
  self->spawned_us = self->check_us = self->well_us = g_get_monotonic_time ();
  self->link = mcu_link_new (link_fd, on_message, on_link_closed, self);
  self->check_ms = scaled_ms (self, MCU_ROOM_PING_MS / CHECKS_PER_PING);
  self->check_source = g_timeout_add (self->check_ms, on_check, self);
  g_child_watch_add_full (G_PRIORITY_DEFAULT, pid, on_exited, self, (GDestroyNotify) unref_process);
  return self;
}

void
mcu_room_process_set_owner (McuRoomProcess *self, const McuRoomProcessOps *ops, gpointer owner)
{
  self->ops = ops;
  self->owner = owner;
}

void
mcu_room_process_free (McuRoomProcess *self)
{
  if (self == NULL)
    return;
  self->ops = NULL;
  if (self->link != NULL) {
    stop_talking (self);
    kill_after (self, MCU_ROOM_EXIT_MS);
  }
  unref_process (self);
}

/* The owner goes: what it still waits for ends now, not when the room answers. */
static void
fail_questions (McuRoomProcess *self)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_INTERNAL, "room stopped");

  for (guint i = 0; i < self->questions->len; i++) {
    Question *question = self->questions->pdata[i];
    McuLinkReplyFunc func = g_steal_pointer (&question->func);

    if (func != NULL)
      func (NULL, error, question->user_data);
  }
}

void
mcu_room_process_drain (McuRoomProcess *self, guint timeout_ms, McuRoomExitedFunc func,
                        gpointer user_data)
{
  JsonObject *message = mcu_link_message_new ("drain");

  self->ops = NULL;
  fail_questions (self);
  self->exited_func = func;
  self->exited_data = user_data;
  clear_timer (&self->check_source);
  json_object_set_int_member (message, "timeout_ms", timeout_ms);
  if (self->link != NULL)
    mcu_link_send (self->link, message);
  else
    json_object_unref (message);
  kill_after (self, timeout_ms + MCU_ROOM_KILL_MS);
  unref_process (self);
}

void
mcu_room_process_send (McuRoomProcess *self, JsonObject *message)
{
  if (self->link != NULL)
    mcu_link_send (self->link, message);
  else
    json_object_unref (message);
}

void
mcu_room_process_send_with_fd (McuRoomProcess *self, JsonObject *message, int fd)
{
  if (self->link != NULL) {
    mcu_link_send_with_fd (self->link, message, fd);
    return;
  }
  json_object_unref (message);
  if (fd >= 0)
    close (fd);
}

int
mcu_room_process_take_fd (McuRoomProcess *self, JsonObject *message)
{
  return self->link != NULL ? mcu_link_take_fd (self->link, message) : -1;
}

static void
on_answer (JsonObject *reply, const GError *error, gpointer data)
{
  Question *question = data;

  g_ptr_array_remove_fast (question->process->questions, question);
  if (question->func != NULL)
    question->func (reply, error, question->user_data);
  g_free (question);
}

void
mcu_room_process_request (McuRoomProcess *self, JsonObject *message, guint timeout_ms,
                          McuLinkReplyFunc func, gpointer user_data)
{
  Question *question;

  g_return_if_fail (self->link != NULL); /* the owner has been told of the death */
  question = g_new0 (Question, 1);
  question->process = self;
  question->func = func;
  question->user_data = user_data;
  g_ptr_array_add (self->questions, question);
  mcu_link_request (self->link, message, timeout_ms, on_answer, question);
}

gboolean
mcu_room_process_is_warm (McuRoomProcess *self)
{
  return self->warm;
}

GPid
mcu_room_process_get_pid (McuRoomProcess *self)
{
  return self->pid;
}

double
mcu_room_process_get_load (McuRoomProcess *self)
{
  return self->load;
}

guint
mcu_room_process_get_late_ms (McuRoomProcess *self)
{
  return self->late_ms;
}

double
mcu_room_process_get_cores (McuRoomProcess *self)
{
  return self->cores;
}

double
mcu_room_process_get_cpu_seconds (McuRoomProcess *self)
{
  return self->cpu_seconds;
}

void
mcu_room_process_set_divisor_for_tests (guint divisor)
{
  process_divisor = MAX (1, divisor);
}
