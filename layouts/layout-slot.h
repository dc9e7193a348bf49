/* layouts/layout-slot.h - one slot of a layout file. Used by layout-file only.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout-reader.h"
#include "layouts/layout.h"

/**
 * mcu_layout_slot_read:
 * @slot: (out): to be cleared by the caller, after an error too
 *
 * Thread: any, pure.  Returns: FALSE with the reader's error set.
 */
gboolean mcu_layout_slot_read (McuLayoutReader *reader, JsonObject *object, McuSlot *slot);

/**
 * mcu_layout_slot_read_grid:
 *
 * The members that an arrangement with "grid": true shares with a slot: how its tiles look and how
 * many there may be.
 *
 * Thread: any, pure.  Returns: FALSE with the reader's error set.
 */
gboolean mcu_layout_slot_read_grid (McuLayoutReader *reader, JsonObject *object, McuSlot *slot);
