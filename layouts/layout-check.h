/* layouts/layout-check.h - what only a whole layout can get wrong. Used by layout-file only.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout-reader.h"
#include "layouts/layout.h"

/**
 * mcu_layout_check_overlap:
 * @index: of a slot that may not overlap one before it at the same z
 *
 * Thread: any, pure.  Returns: FALSE with the reader's error set.
 */
gboolean mcu_layout_check_overlap (McuLayoutReader *reader, const McuArrangement *arrangement,
                                   guint index);

/**
 * mcu_layout_check_complete:
 *
 * There must be an arrangement for every number of people and screens on either kind of canvas.
 *
 * Thread: any, pure.  Returns: FALSE with the reader's error set.
 */
gboolean mcu_layout_check_complete (McuLayoutReader *reader, const McuLayout *layout);
