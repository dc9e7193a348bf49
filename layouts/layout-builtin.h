/* layouts/layout-builtin.h - the files in layouts/files, inside the program. Used by layout-store
 * only.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

/** McuLayoutBuiltin: one file. */
typedef struct
{
  const char *file; /* grid.json */
  const char *text;
} McuLayoutBuiltin;

extern const McuLayoutBuiltin mcu_layout_builtins[]; /* (array length=mcu_layout_n_builtins) */
extern const unsigned mcu_layout_n_builtins;
