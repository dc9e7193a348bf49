/* tests/unit/mcu/participant-state.c - the table, row by row.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/participant-state.h"

#define W MCU_PARTICIPANT_WAITING
#define J MCU_PARTICIPANT_JOINING
#define L MCU_PARTICIPANT_LIVE
#define A MCU_PARTICIPANT_AWAY
#define G MCU_PARTICIPANT_GONE

static void
test_participant_state__table (void)
{
  /* By event: admitted, connected, socket lost, socket back, media lost, left. */
  static const McuParticipantState want[5][6] = {
      [W] = {J, W, G, W, W, G}, [J] = {J, L, A, J, J, G}, [L] = {L, L, A, L, A, G},
      [A] = {A, A, A, J, A, G}, [G] = {G, G, G, G, G, G},
  };

  for (McuParticipantState s = W; s <= G; s++)
    for (McuParticipantEvent e = MCU_PARTICIPANT_ADMITTED; e <= MCU_PARTICIPANT_LEFT; e++)
      g_assert_cmpstr (mcu_participant_state_to_string (mcu_participant_state_next (s, e)), ==,
                       mcu_participant_state_to_string (want[s][e]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/participant-state/table", test_participant_state__table);
  return g_test_run ();
}
