/* layouts/layout-reader.h - reads members of JSON and says where a wrong one is. Used by
 * layout-file and layout-slot only.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "layouts/fraction.h"

/**
 * McuLayoutReader:
 *
 * All readers return FALSE once something is wrong, with the first error set; a member that is
 * absent is not wrong and leaves its target as it is.
 */
typedef struct
{
  const char *file; /* as errors name it */
  GString *path;    /* of the object that is read: arrangements[1].slots[0] */
  GError *error;    /* (nullable): owned */
} McuLayoutReader;

void mcu_layout_reader_init (McuLayoutReader *self, const char *file);
void mcu_layout_reader_clear (McuLayoutReader *self);

/** mcu_layout_reader_enter: goes into @member; into its element @index if that is >= 0. */
gsize mcu_layout_reader_enter (McuLayoutReader *self, const char *member, int index);
/** mcu_layout_reader_leave: goes back; @before is what enter returned. */
void mcu_layout_reader_leave (McuLayoutReader *self, gsize before);

/** mcu_layout_reader_fail: @member (nullable): which one of the object. Returns: FALSE. */
gboolean mcu_layout_reader_fail (McuLayoutReader *self, const char *member, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/** mcu_layout_reader_known: fails for a member that is not in @names (NULL-terminated). */
gboolean mcu_layout_reader_known (McuLayoutReader *self, JsonObject *object,
                                  const char *const *names);
/** mcu_layout_reader_bool: */
gboolean mcu_layout_reader_bool (McuLayoutReader *self, JsonObject *object, const char *member,
                                 gboolean *value);
/** mcu_layout_reader_int: an integer within @min..@max. */
gboolean mcu_layout_reader_int (McuLayoutReader *self, JsonObject *object, const char *member,
                                int min, int max, int *value);
/** mcu_layout_reader_fraction: a number or "1/3", from 0 to @max. */
gboolean mcu_layout_reader_fraction (McuLayoutReader *self, JsonObject *object, const char *member,
                                     const McuFraction *max, McuFraction *value);
/** mcu_layout_reader_rect: "x", "y", "width" and "height", all there, none beyond the canvas. */
gboolean mcu_layout_reader_rect (McuLayoutReader *self, JsonObject *object, McuFraction *x,
                                 McuFraction *y, McuFraction *width, McuFraction *height);
/** mcu_layout_reader_string: @value: (transfer none). */
gboolean mcu_layout_reader_string (McuLayoutReader *self, JsonObject *object, const char *member,
                                   const char **value);
/** mcu_layout_reader_colour: 0xRRGGBBAA. */
gboolean mcu_layout_reader_colour (McuLayoutReader *self, JsonObject *object, const char *member,
                                   guint32 *value);
