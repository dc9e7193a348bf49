/* mcu/room-send.h - tells each browser how much of its pictures is worth sending.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is decided, and where its numbers come from: mcu/send-bound.h. Off when [rooms]
 * adapt_senders is. Only browsers are told; encoders (WHIP) have nobody who would listen. */
#pragma once

#include "mcu/room.h"

/** mcu_room_send_changed: tiles, or the pictures in them, may have changed. */
void mcu_room_send_changed (McuRoom *room);

/** mcu_room_send_picture: what @participant's @stream looks like now, px; 0: not known. */
void mcu_room_send_picture (McuParticipant *participant, McuVideo stream, gint64 width,
                            gint64 height);

/** mcu_room_send_report: the same of everybody, from a `stats` reply of the process. */
void mcu_room_send_report (McuRoom *room, JsonObject *report);

/** mcu_room_send_forget: their page is another one, and knows nothing of what was said. */
void mcu_room_send_forget (McuParticipant *participant);
