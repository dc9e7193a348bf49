/* tests/unit/signaling/guard.c - tests signaling/guard.c.  SPDX-License-Identifier: Apache-2.0 */
#include "signaling/guard.h"

#define S G_USEC_PER_SEC

static void
test_guard__deadline_of_each_phase (void)
{
  static const struct
  {
    McuGuardPhase phase;
    gint64 limit_ms;
  } rows[] = {
      {MCU_GUARD_HANDSHAKE, MCU_GUARD_HANDSHAKE_MS}, {MCU_GUARD_HEADER, MCU_GUARD_HEADER_MS},
      {MCU_GUARD_BODY, MCU_GUARD_BODY_MS},           {MCU_GUARD_RESPONSE, MCU_GUARD_RESPONSE_MS},
      {MCU_GUARD_IDLE, MCU_GUARD_IDLE_MS},           {MCU_GUARD_REFUSED, MCU_GUARD_REFUSED_MS},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    McuGuard guard;

    mcu_guard_init (&guard, rows[i].phase, 7 * S);
    g_assert_cmpint (mcu_guard_check (&guard, 7 * S + rows[i].limit_ms * 1000), ==, MCU_GUARD_FINE);
    g_assert_cmpint (mcu_guard_check (&guard, 7 * S + rows[i].limit_ms * 1000 + 1), ==,
                     MCU_GUARD_TOO_SLOW);
  }
}

/* A byte now and then does not buy more time for a header. */
static void
test_guard__drops_do_not_extend_a_header (void)
{
  McuGuard guard;

  mcu_guard_init (&guard, MCU_GUARD_HEADER, 0);
  for (guint i = 1; i <= 10; i++)
    mcu_guard_read (&guard, 1, i * S);
  g_assert_cmpint (mcu_guard_check (&guard, 10 * S + 1), ==, MCU_GUARD_TOO_SLOW);
}

static void
test_guard__first_byte_after_idle_starts_a_header (void)
{
  McuGuard guard;

  mcu_guard_init (&guard, MCU_GUARD_IDLE, 0);
  mcu_guard_read (&guard, 0, 1 * S);
  g_assert_cmpint (guard.phase, ==, MCU_GUARD_IDLE);
  mcu_guard_read (&guard, 1, 14 * S);
  g_assert_cmpint (guard.phase, ==, MCU_GUARD_HEADER);
  g_assert_cmpint (mcu_guard_check (&guard, 23 * S), ==, MCU_GUARD_FINE);
  g_assert_cmpint (mcu_guard_check (&guard, 25 * S), ==, MCU_GUARD_TOO_SLOW);
}

static void
test_guard__header_and_body_share_a_budget (void)
{
  McuGuard guard;

  mcu_guard_init (&guard, MCU_GUARD_HEADER, 0);
  g_assert_cmpuint (mcu_guard_allowance (&guard), ==, MCU_GUARD_MAX_HEADER_BYTES);
  mcu_guard_read (&guard, MCU_GUARD_MAX_HEADER_BYTES, 0);
  g_assert_cmpint (mcu_guard_check (&guard, 0), ==, MCU_GUARD_TOO_MUCH);
  mcu_guard_enter (&guard, MCU_GUARD_BODY, 0);
  g_assert_cmpuint (mcu_guard_allowance (&guard), ==,
                    MCU_GUARD_MAX_BODY_BYTES + MCU_GUARD_FRAMING_BYTES);
  mcu_guard_read (&guard, MCU_GUARD_MAX_BODY_BYTES + MCU_GUARD_FRAMING_BYTES, 0);
  g_assert_cmpuint (mcu_guard_allowance (&guard), ==, 0);
  mcu_guard_enter (&guard, MCU_GUARD_IDLE, 0);
  g_assert_cmpint (mcu_guard_check (&guard, 0), ==, MCU_GUARD_FINE);
}

static void
test_guard__websocket_budget_is_per_message (void)
{
  McuGuard guard;

  mcu_guard_init (&guard, MCU_GUARD_WEBSOCKET, 0);
  for (guint i = 0; i < 100; i++) {
    mcu_guard_read (&guard, MCU_GUARD_MAX_BODY_BYTES, 0);
    g_assert_cmpuint (mcu_guard_allowance (&guard), >, 0);
    mcu_guard_message (&guard);
  }
  mcu_guard_read (&guard, MCU_GUARD_MAX_BODY_BYTES, 0);
  mcu_guard_forgive (&guard, 131);
  mcu_guard_read (&guard, MCU_GUARD_FRAMING_BYTES, 0);
  g_assert_cmpuint (mcu_guard_allowance (&guard), ==, 131);
  mcu_guard_read (&guard, 131, 0);
  g_assert_cmpint (mcu_guard_check (&guard, 0), ==, MCU_GUARD_TOO_MUCH);
  mcu_guard_forgive (&guard, G_MAXSIZE);
  g_assert_cmpuint (guard.bytes, ==, 0);
}

static void
test_guard__silence_ends_a_websocket (void)
{
  McuGuard guard;

  mcu_guard_init (&guard, MCU_GUARD_HEADER, 0);
  mcu_guard_enter (&guard, MCU_GUARD_WEBSOCKET, 5 * S);
  g_assert_cmpint (mcu_guard_check (&guard, 35 * S), ==, MCU_GUARD_FINE);
  g_assert_cmpint (mcu_guard_check (&guard, 35 * S + 1), ==, MCU_GUARD_SILENT);
  mcu_guard_read (&guard, 6, 35 * S);
  g_assert_cmpint (mcu_guard_check (&guard, 64 * S), ==, MCU_GUARD_FINE);
}

static void
test_guard__who_does_not_read_is_noticed (void)
{
  McuGuard guard;

  mcu_guard_init (&guard, MCU_GUARD_WEBSOCKET, 0);
  mcu_guard_write_blocked (&guard, 1 * S);
  mcu_guard_write_blocked (&guard, 9 * S); /* the first counts */
  mcu_guard_read (&guard, 6, 20 * S);      /* it speaks, but does not listen */
  g_assert_cmpint (mcu_guard_check (&guard, 21 * S), ==, MCU_GUARD_FINE);
  g_assert_cmpint (mcu_guard_check (&guard, 21 * S + 1), ==, MCU_GUARD_NOT_READING);
  mcu_guard_wrote (&guard, 1);
  g_assert_cmpint (mcu_guard_check (&guard, 21 * S + 1), ==, MCU_GUARD_FINE);
  g_assert_cmpuint (guard.written_total_bytes, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/guard/deadline_of_each_phase", test_guard__deadline_of_each_phase);
  g_test_add_func ("/signaling/guard/drops_do_not_extend_a_header",
                   test_guard__drops_do_not_extend_a_header);
  g_test_add_func ("/signaling/guard/first_byte_after_idle_starts_a_header",
                   test_guard__first_byte_after_idle_starts_a_header);
  g_test_add_func ("/signaling/guard/header_and_body_share_a_budget",
                   test_guard__header_and_body_share_a_budget);
  g_test_add_func ("/signaling/guard/websocket_budget_is_per_message",
                   test_guard__websocket_budget_is_per_message);
  g_test_add_func ("/signaling/guard/silence_ends_a_websocket",
                   test_guard__silence_ends_a_websocket);
  g_test_add_func ("/signaling/guard/who_does_not_read_is_noticed",
                   test_guard__who_does_not_read_is_noticed);
  return g_test_run ();
}
