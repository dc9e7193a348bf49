/* pipelines/mix/video/name-text.h - what users call themselves, made safe to draw.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* More than any tile shows; a name is cut there before anything is measured. */
#define MCU_NAME_MAX_CHARS 96

/**
 * mcu_name_clean:
 * @name: (nullable): any bytes
 *
 * Valid UTF-8 of at most MCU_NAME_MAX_CHARS characters on one line: no control, format, private or
 * bidi-override characters (but the joiners that scripts and emoji need), white space as single
 * blanks, at most 4 combining marks on a character.
 *
 * Thread: any, pure.  Returns: (transfer full): maybe empty.
 */
char *mcu_name_clean (const char *name);

/* More than a caption may have. */
#define MCU_LINE_MAX_CHARS 500

/** mcu_line_clean: as mcu_name_clean(), with MCU_LINE_MAX_CHARS: for what is longer than a name. */
char *mcu_line_clean (const char *line);

/**
 * mcu_name_initials:
 * @clean: from mcu_name_clean()
 *
 * The first grapheme clusters of the first two words that have a letter, digit or symbol: "Ada
 * Lovelace" is "AL", a Hangul syllable stays whole, and so does an emoji of many code points.
 *
 * Thread: any.  Returns: (transfer full): maybe empty.
 */
char *mcu_name_initials (const char *clean);
