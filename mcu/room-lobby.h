/* mcu/room-lobby.h - who stands at the door: locked rooms, and those who wait to be let in.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Who waits is not among the room's participants: nobody but moderators hears of them, they hear
 * nothing, and no media are theirs. They have no `resume`: a socket that is lost ends the waiting,
 * and the next join begins it anew. mcu_room_leave(), _away() and _dismiss() know them.
 * Thread: main loop. */
#pragma once

#include "mcu/room.h"

/**
 * mcu_lobby_check_door:
 * @is_back: whether they only take their own place again
 * @error: MCU_ERROR_ROOM_LOCKED: locked; or a lobby, in which an encoder or a player cannot wait
 */
gboolean mcu_lobby_check_door (McuRoom *room, McuKind kind, McuRole role, gboolean is_back,
                               GError **error);

/** mcu_lobby_must_wait: whether who comes so has to be let in by a moderator. */
gboolean mcu_lobby_must_wait (McuRoom *room, McuRole role, gboolean is_back);

/**
 * mcu_lobby_enter:
 * @participant: (transfer full): seated already
 * @error: MCU_ERROR_ROOM_FULL: as many wait as the room takes; @participant is freed
 *
 * From here on they wait, for at most an hour.
 */
gboolean mcu_lobby_enter (McuRoom *room, McuParticipant *participant, GError **error);

/** mcu_lobby_find: (nullable): by id, of who waits. */
McuParticipant *mcu_lobby_find (McuRoom *room, const char *id);

/**
 * mcu_lobby_admit:
 * @error: MCU_ERROR_ROOM_FULL
 *
 * Into the room: their holder hears `admitted`, and says `welcome`.
 */
gboolean mcu_lobby_admit (McuRoom *room, McuParticipant *participant, GError **error);

/** mcu_lobby_admit_all: the lobby is closed: everybody for whom there is room. */
void mcu_lobby_admit_all (McuRoom *room);

/** mcu_lobby_promote_first: (without keys) nobody is left who could let them in: the first does.
 * Returns: whether there was somebody. */
gboolean mcu_lobby_promote_first (McuRoom *room);

/** mcu_lobby_leave: @reason: what moderators are told. Frees @participant. */
void mcu_lobby_leave (McuRoom *room, McuParticipant *participant, const char *reason);

/** mcu_lobby_dismiss: `bye` to all, or to the one of @identity (nullable). */
void mcu_lobby_dismiss (McuRoom *room, const char *identity, const char *code, const char *reason);

/** mcu_lobby_changed: moderators are told of who waits. */
void mcu_lobby_changed (McuRoom *room, McuParticipant *participant);

/** mcu_lobby_role_changed: who became a moderator hears of who waits; who is none any more, that
 * they are gone. */
void mcu_lobby_role_changed (McuRoom *room, McuParticipant *participant);

/** mcu_lobby_add_to: for a moderator's `welcome`. */
void mcu_lobby_add_to (McuRoom *room, JsonArray *people);

/** mcu_lobby_everybody: (transfer container): participants and who waits, by their order. */
GPtrArray *mcu_lobby_everybody (McuRoom *room);
