/* mcu/recording-view.h - the picture that is recorded: the room's, or one of its own.
 * SPDX-License-Identifier: Apache-2.0
 *
 * One of its own when it was asked for (a layout, a canvas), and from then on when somebody is left
 * out. Thread: main loop. */
#pragma once

#include "mcu/recordings-private.h"

/**
 * mcu_recording_view_wish:
 * @wish: its `layout` (a name or a document) and `canvas` {width?, height?, fps?}
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_NOT_FOUND (no such layout)
 */
gboolean mcu_recording_view_wish (McuRecording *self, McuRoom *room, JsonObject *wish,
                                  GError **error);

/**
 * mcu_recording_view_change:
 * @members: {layout}: a name, a document, or null: the room's again
 * @error: as mcu_recording_view_wish()
 *
 * While it runs. Where it showed the room's own picture until now a next part begins.
 */
gboolean mcu_recording_view_change (McuRecording *self, JsonObject *members, GError **error);

/** mcu_recording_view_restore: after a restart of ours: the layout that it had, if there still is
 * one of that name. */
void mcu_recording_view_restore (McuRecording *self);

/** mcu_recording_view_get: (transfer none): the link's name of it; made when it is not there.
 * NULL: the room has too many. */
const char *mcu_recording_view_get (McuRecording *self);

/** mcu_recording_view_left_out: (transfer full): whose tile and voice are not in it. */
GStrv mcu_recording_view_left_out (McuRoom *room);

/**
 * mcu_recording_view_changed: who is left out has changed.
 *
 * Returns: FALSE when the part that runs shows the room's own picture and must be another now.
 */
gboolean mcu_recording_view_changed (McuRecording *self);

/** mcu_recording_view_drop: its picture is not needed any more. */
void mcu_recording_view_drop (McuRecording *self);
