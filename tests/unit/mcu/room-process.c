/* tests/unit/mcu/room-process.c - a process that dies, hangs, never gets warm, or goes in order.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-process.h"

#include <signal.h>

#include "tests/support/mcu-world.h"

typedef struct
{
  McuRoomProcess *process;
  guint n_deaths;
  McuDeath death;
  guint n_exited;
} Fixture;

static void
on_message (gpointer owner, JsonObject *message)
{
}

static void
on_died (gpointer owner, McuDeath death, gint64 well_us)
{
  Fixture *f = owner;

  f->n_deaths++;
  f->death = death;
  g_clear_pointer (&f->process, mcu_room_process_free);
}

static const McuRoomProcessOps ops = {on_message, on_died};

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mcu_room_process_set_divisor_for_tests (data != NULL ? GPOINTER_TO_UINT (data) : 1);
  f->process = mcu_room_process_spawn (g_getenv ("TESSERA_ROOM_PROGRAM"), &error);
  g_assert_no_error (error);
  mcu_room_process_set_owner (f->process, &ops, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mcu_room_process_free (f->process);
}

static void
on_exited (gpointer data)
{
  Fixture *f = data;

  f->n_exited++;
}

static void
test_room_process__gets_warm (Fixture *f, gconstpointer data)
{
  g_assert_false (mcu_room_process_is_warm (f->process));
  wait_until (mcu_room_process_is_warm (f->process));
  g_assert_cmpuint (f->n_deaths, ==, 0);
}

static void
test_room_process__death_is_told_once (Fixture *f, gconstpointer data)
{
  GPid pid = mcu_room_process_get_pid (f->process);

  wait_until (mcu_room_process_is_warm (f->process));
  kill (pid, SIGKILL);
  wait_until (f->n_deaths == 1);
  g_assert_cmpint (f->death, ==, MCU_DEATH_EXITED);
  wait_until (kill (pid, 0) < 0); /* reaped */
  g_assert_cmpuint (f->n_deaths, ==, 1);
}

static void
test_room_process__hang_is_noticed_and_ended (Fixture *f, gconstpointer data)
{
  GPid pid = mcu_room_process_get_pid (f->process);

  wait_until (mcu_room_process_is_warm (f->process));
  kill (pid, SIGSTOP); /* as in life: neither SIGABRT nor the closed link ends it */
  wait_until (f->n_deaths == 1);
  g_assert_cmpint (f->death, ==, MCU_DEATH_HUNG);
  wait_until (kill (pid, 0) < 0);
}

static void
test_room_process__never_warm (void)
{
  Fixture f = {0};

  g_setenv ("FAKE_ROOM_COLD", "1", TRUE);
  set_up (&f, GUINT_TO_POINTER (100));
  wait_until (f.n_deaths == 1);
  g_assert_cmpint (f.death, ==, MCU_DEATH_HUNG);
  g_unsetenv ("FAKE_ROOM_COLD");
  tear_down (&f, NULL);
}

static void
test_room_process__exits_when_freed (Fixture *f, gconstpointer data)
{
  GPid pid = mcu_room_process_get_pid (f->process);

  wait_until (mcu_room_process_is_warm (f->process));
  g_clear_pointer (&f->process, mcu_room_process_free);
  wait_until (kill (pid, 0) < 0);
  g_assert_cmpuint (f->n_deaths, ==, 0);
}

static void
test_room_process__drains (Fixture *f, gconstpointer data)
{
  wait_until (mcu_room_process_is_warm (f->process));
  mcu_room_process_drain (g_steal_pointer (&f->process), 5000, on_exited, f);
  wait_until (f->n_exited == 1);
  g_assert_cmpuint (f->n_deaths, ==, 0);
}

static void
test_room_process__drain_is_bounded (Fixture *f, gconstpointer data)
{
  GPid pid = mcu_room_process_get_pid (f->process);

  wait_until (mcu_room_process_is_warm (f->process));
  kill (pid, SIGSTOP);
  mcu_room_process_drain (g_steal_pointer (&f->process), 10, on_exited, f);
  wait_until (f->n_exited == 1);
}

static void
test_room_process__no_such_program (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mcu_room_process_spawn ("/no/such/program", &error));
  g_assert_nonnull (error);
}

#define add(name, divisor)                                                                         \
  g_test_add ("/room-process/" #name, Fixture, GUINT_TO_POINTER (divisor), set_up,                 \
              test_room_process__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Deaths are warned of; here they are wanted. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  add (gets_warm, 1);
  add (death_is_told_once, 1);
  add (hang_is_noticed_and_ended, 10);
  g_test_add_func ("/room-process/never_warm", test_room_process__never_warm);
  add (exits_when_freed, 1);
  add (drains, 1);
  add (drain_is_bounded, 1);
  g_test_add_func ("/room-process/no_such_program", test_room_process__no_such_program);
  return g_test_run ();
}
