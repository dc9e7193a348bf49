/* mcu/room-recordings.h - a room and its recordings: what each hears of the other.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Thread: main loop. */
#pragma once

#include "mcu/room.h"

/** mcu_room_is_recording: people are being recorded, or will be at once. */
gboolean mcu_room_is_recording (McuRoom *room);

/** mcu_participant_is_left_out: by their own wish or a moderator's. */
gboolean mcu_participant_is_left_out (McuParticipant *participant);

/** mcu_participant_is_recorded: what the contract's `recorded` says: now, by a recording. */
gboolean mcu_participant_is_recorded (McuParticipant *participant);

/** mcu_room_set_recorded: @by_moderator: whose wish it is; the other's stays. */
void mcu_room_set_recorded (McuRoom *room, McuParticipant *participant, gboolean recorded,
                            gboolean by_moderator);

/**
 * mcu_room_record:
 *
 * A moderator's button: starts one, or goes on with what is paused; or stops all. What comes of it
 * is told to everybody by `recording`.
 */
void mcu_room_record (McuRoom *room, gboolean on);

/* ---- what happens in the room ---- */

void mcu_room_recordings_init (McuRoom *room);
/** mcu_room_recordings_clear: after mcu_room_recordings_leave(); the room is freed. */
void mcu_room_recordings_clear (McuRoom *room);

/** mcu_room_recordings_configured: the room's `record` may have changed. */
void mcu_room_recordings_configured (McuRoom *room, gboolean recorded_before);
void mcu_room_recordings_joined (McuRoom *room, McuParticipant *participant);
void mcu_room_recordings_left (McuRoom *room, McuParticipant *participant);
/** mcu_room_recordings_emptied: the last one has gone. */
void mcu_room_recordings_emptied (McuRoom *room);
void mcu_room_recordings_screen (McuRoom *room, McuParticipant *participant);
void mcu_room_recordings_speaker (McuRoom *room, const char *id);
void mcu_room_recordings_layout (McuRoom *room);
void mcu_room_recordings_chat (McuRoom *room, McuParticipant *from, const char *text);
/** mcu_room_recordings_tick: ten times a second: who is silent for long is not recorded. */
void mcu_room_recordings_tick (McuRoom *room, gint64 now_us);
/** mcu_room_recordings_turned: mcu_room_is_recording() has. */
void mcu_room_recordings_turned (McuRoom *room);

/* ---- what happens to its process ---- */

/** mcu_room_recordings_heard: `recording_state`. */
void mcu_room_recordings_heard (McuRoom *room, JsonObject *message);
void mcu_room_recordings_process_started (McuRoom *room);
/** mcu_room_recordings_process_lost: it is gone; another one may come. */
void mcu_room_recordings_process_lost (McuRoom *room);

/**
 * mcu_room_recordings_may_stop:
 *
 * The room is empty and its process not needed otherwise. Returns: FALSE when files are open in it;
 * those that rest are closed from here on.
 */
gboolean mcu_room_recordings_may_stop (McuRoom *room);

/**
 * mcu_room_recordings_leave:
 *
 * The room ends. Its recordings do too, once its process has exited: mcu_room_recordings_exited()
 * is then to be called with what is returned.
 *
 * Returns: (nullable): NULL when no file is open.
 */
gpointer mcu_room_recordings_leave (McuRoom *room);
void mcu_room_recordings_exited (gpointer wait);
