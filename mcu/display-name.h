/* mcu/display-name.h - names that people give themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_DISPLAY_NAME_MAX_BYTES 256

/**
 * mcu_display_name_clean:
 * @text: (nullable): what the user gave
 * @fallback: when nothing visible is left of it
 *
 * Valid UTF-8, no control characters and none that turn the writing direction of what follows
 * (Unicode UAX 9: they would let a name rewrite the line that it stands in), white space as single
 * spaces, trimmed, at most 256 bytes and cut between characters.
 *
 * Thread: any.  Returns: (transfer full): never empty unless @fallback is.
 */
char *mcu_display_name_clean (const char *text, const char *fallback);
