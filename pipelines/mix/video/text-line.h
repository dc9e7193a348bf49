/* pipelines/mix/video/text-line.h - one line of text in any script.
 * To: mix/video/decor.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>
#include <glib.h>

/** McuTextLine: knows Pango. Thread: main loop (Pango opens fonts per thread). */
typedef struct _McuTextLine McuTextLine;

/**
 * mcu_text_line_new:
 * @text: from mcu_name_clean(); never read as markup
 * @size_px: of the letters
 *
 * Returns: (transfer full)
 */
McuTextLine *mcu_text_line_new (const char *text, double size_px);
/** mcu_text_line_free: frees @self. */
void mcu_text_line_free (McuTextLine *self);

/** mcu_text_line_shorten: ends it with an ellipsis where it is wider than @max_px. */
void mcu_text_line_shorten (McuTextLine *self, double max_px);
/** mcu_text_line_get_width: px. */
double mcu_text_line_get_width (McuTextLine *self);

/** mcu_text_line_count_missing: characters that no font has, which are drawn as boxes. */
int mcu_text_line_count_missing (McuTextLine *self);

/** mcu_text_line_draw: from @left px on, the line's middle at @middle px, whatever its height. */
void mcu_text_line_draw (McuTextLine *self, cairo_t *cr, double left, double middle);
/** mcu_text_line_draw_centred: its ink around @x,@y px, made smaller where wider than @max_px. */
void mcu_text_line_draw_centred (McuTextLine *self, cairo_t *cr, double x, double y, double max_px);

/** mcu_text_line_warm_up: opens the fonts of the scripts we expect, and keeps them open. */
void mcu_text_line_warm_up (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuTextLine, mcu_text_line_free)
