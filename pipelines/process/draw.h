/* pipelines/process/draw.h - a layout as a picture, without a meeting.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_draw_main:
 * @argv: draw LAYOUT --people N [--screens N] [--size WxH] --out FILE.png; LAYOUT is a file, or the
 *   name of a layout that is built in
 *
 * The tool role of the room program: the same canvas that draws meetings draws drawn people.
 * Thread: main.  Returns: the process's exit status.
 */
int mcu_draw_main (int argc, char **argv);
