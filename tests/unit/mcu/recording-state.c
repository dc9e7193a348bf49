/* tests/unit/mcu/recording-state.c - what a recording is at.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-state.h"

static const struct
{
  McuRecordingState from;
  McuRecordingEvent event;
  McuRecordingState to;
} steps[] = {
    {MCU_RECORDING_STARTING, MCU_RECORDING_RUNS, MCU_RECORDING_RECORDING},
    {MCU_RECORDING_STARTING, MCU_RECORDING_RESTS, MCU_RECORDING_PAUSED},
    {MCU_RECORDING_STARTING, MCU_RECORDING_LOST, MCU_RECORDING_STARTING},
    {MCU_RECORDING_RECORDING, MCU_RECORDING_LOST, MCU_RECORDING_STARTING},
    {MCU_RECORDING_RECORDING, MCU_RECORDING_RESTS, MCU_RECORDING_PAUSED},
    {MCU_RECORDING_RECORDING, MCU_RECORDING_COMPLETES, MCU_RECORDING_RECORDING},
    {MCU_RECORDING_PAUSED, MCU_RECORDING_LOST, MCU_RECORDING_PAUSED},
    {MCU_RECORDING_PAUSED, MCU_RECORDING_RUNS, MCU_RECORDING_RECORDING},
    {MCU_RECORDING_PAUSED, MCU_RECORDING_STOPS, MCU_RECORDING_FINISHING},
    {MCU_RECORDING_FINISHING, MCU_RECORDING_RUNS, MCU_RECORDING_FINISHING},
    {MCU_RECORDING_FINISHING, MCU_RECORDING_LOST, MCU_RECORDING_FINISHING},
    {MCU_RECORDING_FINISHING, MCU_RECORDING_COMPLETES, MCU_RECORDING_FINISHED},
    {MCU_RECORDING_FINISHING, MCU_RECORDING_FAILS, MCU_RECORDING_FAILED},
};

static void
test_recording_state__steps (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_cmpint (mcu_recording_state_next (steps[i].from, steps[i].event), ==, steps[i].to);
}

static void
test_recording_state__what_is_over_stays_so (void)
{
  for (McuRecordingEvent e = MCU_RECORDING_RUNS; e <= MCU_RECORDING_FAILS; e++) {
    g_assert_cmpint (mcu_recording_state_next (MCU_RECORDING_FINISHED, e), ==,
                     MCU_RECORDING_FINISHED);
    g_assert_cmpint (mcu_recording_state_next (MCU_RECORDING_FAILED, e), ==, MCU_RECORDING_FAILED);
  }
}

static void
test_recording_state__names (void)
{
  McuRecordingState state;

  for (McuRecordingState s = 0; s < MCU_RECORDING_N_STATES; s++) {
    g_assert_true (mcu_recording_state_from_string (mcu_recording_state_to_string (s), &state));
    g_assert_cmpint (state, ==, s);
  }
  g_assert_false (mcu_recording_state_from_string ("over", &state));
  g_assert_false (mcu_recording_state_from_string (NULL, &state));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu/recording_state/steps", test_recording_state__steps);
  g_test_add_func ("/mcu/recording_state/what_is_over_stays_so",
                   test_recording_state__what_is_over_stays_so);
  g_test_add_func ("/mcu/recording_state/names", test_recording_state__names);
  return g_test_run ();
}
