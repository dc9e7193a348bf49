/* mcu/room-views.h - the pictures that receivers have of their own: the contract's `view`.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Who wishes for the same picture gets the same one. A private one (somebody pinned, oneself left
 * out) takes a place of the room's budget (`[rooms] private_views`); the upright one is shared by
 * all who only want that (`[rooms] portrait_view`). A view goes with its last receiver. Thread:
 * main loop. */
#pragma once

#include "mcu/room-view.h"

/* No private view is less high, whatever `max_height` says. */
#define MCU_ROOM_VIEWS_MIN_HEIGHT_PX 180

/**
 * mcu_room_views_wish:
 * @wish: (transfer none): the message `view`; members that are absent stay
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_NOT_FOUND (nobody to pin), MCU_ERROR_VIEW_BUDGET
 *
 * On error all is as it was. What is granted shows in the `layout` that follows.
 */
gboolean mcu_room_views_wish (McuParticipant *participant, JsonObject *wish, GError **error);

/** mcu_room_views_id_of: (transfer none): the link's name of what @participant sees. */
const char *mcu_room_views_id_of (McuParticipant *participant);

/** mcu_room_views_to_json: (transfer full): what @participant wishes for: `view` of `welcome`. */
JsonObject *mcu_room_views_to_json (McuParticipant *participant);

/** mcu_room_views_left: @participant is in no list any more: nobody has them pinned. */
void mcu_room_views_left (McuRoom *room, McuParticipant *participant);

/**
 * mcu_room_views_shed: ends all private views, with `error view_budget` to whose they were.
 *
 * Who is in portrait stays so.
 */
void mcu_room_views_shed (McuRoom *room);
