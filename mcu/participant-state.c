/* mcu/participant-state.c - from the door to the meeting and out: a table, no I/O.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/participant-state.h"

static McuParticipantState
next_while_waiting (McuParticipantEvent event)
{
  switch (event) {
  case MCU_PARTICIPANT_ADMITTED:
    return MCU_PARTICIPANT_JOINING;
  case MCU_PARTICIPANT_SOCKET_LOST: /* nobody in the lobby is waited for */
  case MCU_PARTICIPANT_LEFT:
    return MCU_PARTICIPANT_GONE;
  case MCU_PARTICIPANT_CONNECTED:
  case MCU_PARTICIPANT_SOCKET_BACK:
  case MCU_PARTICIPANT_MEDIA_LOST:
    return MCU_PARTICIPANT_WAITING;
  }
  g_assert_not_reached ();
}

static McuParticipantState
next_inside (McuParticipantState state, McuParticipantEvent event)
{
  switch (event) {
  case MCU_PARTICIPANT_CONNECTED:
    return MCU_PARTICIPANT_LIVE;
  case MCU_PARTICIPANT_SOCKET_LOST:
    return MCU_PARTICIPANT_AWAY;
  case MCU_PARTICIPANT_MEDIA_LOST:
    return state == MCU_PARTICIPANT_LIVE ? MCU_PARTICIPANT_AWAY : state;
  case MCU_PARTICIPANT_LEFT:
    return MCU_PARTICIPANT_GONE;
  case MCU_PARTICIPANT_ADMITTED:
  case MCU_PARTICIPANT_SOCKET_BACK:
    return state;
  }
  g_assert_not_reached ();
}

static McuParticipantState
next_while_away (McuParticipantEvent event)
{
  switch (event) {
  case MCU_PARTICIPANT_SOCKET_BACK:
    return MCU_PARTICIPANT_JOINING;
  case MCU_PARTICIPANT_LEFT:
    return MCU_PARTICIPANT_GONE;
  case MCU_PARTICIPANT_ADMITTED:
  case MCU_PARTICIPANT_CONNECTED:
  case MCU_PARTICIPANT_SOCKET_LOST:
  case MCU_PARTICIPANT_MEDIA_LOST:
    return MCU_PARTICIPANT_AWAY;
  }
  g_assert_not_reached ();
}

McuParticipantState
mcu_participant_state_next (McuParticipantState state, McuParticipantEvent event)
{
  switch (state) {
  case MCU_PARTICIPANT_WAITING:
    return next_while_waiting (event);
  case MCU_PARTICIPANT_JOINING:
  case MCU_PARTICIPANT_LIVE:
    return next_inside (state, event);
  case MCU_PARTICIPANT_AWAY:
    return next_while_away (event);
  case MCU_PARTICIPANT_GONE:
    return MCU_PARTICIPANT_GONE;
  }
  g_assert_not_reached ();
}

const char *
mcu_participant_state_to_string (McuParticipantState state)
{
  switch (state) {
  case MCU_PARTICIPANT_WAITING:
    return "waiting";
  case MCU_PARTICIPANT_JOINING:
    return "joining";
  case MCU_PARTICIPANT_LIVE:
    return "live";
  case MCU_PARTICIPANT_AWAY:
    return "away";
  case MCU_PARTICIPANT_GONE:
    return "gone";
  }
  g_assert_not_reached ();
}

const char *
mcu_participant_event_to_string (McuParticipantEvent event)
{
  switch (event) {
  case MCU_PARTICIPANT_ADMITTED:
    return "admitted";
  case MCU_PARTICIPANT_CONNECTED:
    return "connected";
  case MCU_PARTICIPANT_SOCKET_LOST:
    return "socket lost";
  case MCU_PARTICIPANT_SOCKET_BACK:
    return "socket back";
  case MCU_PARTICIPANT_MEDIA_LOST:
    return "media lost";
  case MCU_PARTICIPANT_LEFT:
    return "left";
  }
  g_assert_not_reached ();
}
