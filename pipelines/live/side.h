/* pipelines/live/side.h - what the processes beside a room have in common: their link to control.
 * SPDX-License-Identifier: Apache-2.0
 *
 * `hello` at the start, an answer to each `ping`, `side_state` when something changes
 * (docs/media-link.md). They end when the link closes. Main loop only. */
#pragma once

#include <json-glib/json-glib.h>

typedef struct _McuSide McuSide;

/** McuSideMessageFunc: @message: (transfer none): anything but `ping`. */
typedef void (*McuSideMessageFunc) (McuSide *side, JsonObject *message, gpointer user_data);

/** mcu_side_new: on MCU_LINK_FD; @loop is quit when the link closes. */
McuSide *mcu_side_new (GMainLoop *loop, McuSideMessageFunc func, gpointer user_data);
void mcu_side_free (McuSide *self);

/** mcu_side_send: @message: (transfer full); @fd: (transfer full), or -1. */
void mcu_side_send (McuSide *self, JsonObject *message, int fd);

/** mcu_side_take_fd: (transfer full): see mcu_link_take_fd(). */
int mcu_side_take_fd (McuSide *self, JsonObject *message);

/**
 * mcu_side_tell:
 * @state: "live", "ended" or "failed"
 * @error: (nullable): of failed
 * @is_final: to try again is of no use
 */
void mcu_side_tell (McuSide *self, const char *state, const GError *error, gboolean is_final);
