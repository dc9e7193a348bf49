/* layouts/layout-write.h - members as a layout file has them. Used by layout-write and
 * layout-element only.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "layouts/fraction.h"

/** mcu_layout_write_fraction: as a number where that is exact, else such as "1/3". */
void mcu_layout_write_fraction (JsonObject *object, const char *member, const McuFraction *value);
