/* mcu/participant-state.h - from the door to the meeting and out: a table, no I/O.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** McuParticipantState: forward only, but that `away` leads back. */
typedef enum
{
  MCU_PARTICIPANT_WAITING, /* in the lobby */
  MCU_PARTICIPANT_JOINING, /* in the room, no media connection yet */
  MCU_PARTICIPANT_LIVE,    /* a connection has been made */
  MCU_PARTICIPANT_AWAY,    /* the socket or all media are lost; may come back */
  MCU_PARTICIPANT_GONE     /* the end */
} McuParticipantState;

typedef enum
{
  MCU_PARTICIPANT_ADMITTED,
  MCU_PARTICIPANT_CONNECTED,
  MCU_PARTICIPANT_SOCKET_LOST,
  MCU_PARTICIPANT_SOCKET_BACK,
  MCU_PARTICIPANT_MEDIA_LOST,
  MCU_PARTICIPANT_LEFT
} McuParticipantEvent;

/**
 * mcu_participant_state_next:
 *
 * Events that mean nothing in a state leave it as it is. Somebody whose socket is lost stays `away`
 * even when media connect: `live` needs both, and the caller tells SOCKET_BACK before CONNECTED.
 *
 * Thread: any, pure.
 */
McuParticipantState mcu_participant_state_next (McuParticipantState state,
                                                McuParticipantEvent event);

/** mcu_participant_state_to_string: the contract's word; "gone" never leaves the server. */
const char *mcu_participant_state_to_string (McuParticipantState state);
/** mcu_participant_event_to_string: for the log. */
const char *mcu_participant_event_to_string (McuParticipantEvent event);
