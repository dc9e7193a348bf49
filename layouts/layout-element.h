/* layouts/layout-element.h - elements and the background of a layout file, read and written. Used
 * by layout-file and layout-write only.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout-reader.h"
#include "layouts/layout.h"

/**
 * mcu_layout_elements_read:
 * @object: a document or an arrangement, which may have `elements`
 * @elements: (element-type McuElement): what is read is added
 *
 * Thread: any, pure.  Returns: FALSE with the reader's error set.
 */
gboolean mcu_layout_elements_read (McuLayoutReader *reader, JsonObject *object, GArray *elements);

/** mcu_layout_background_read: `background`: a colour, a picture's name, or an object. */
gboolean mcu_layout_background_read (McuLayoutReader *reader, JsonObject *object,
                                     McuLayout *layout);

/** mcu_layout_elements_write: `elements`, where there are any. */
void mcu_layout_elements_write (JsonObject *object, const GArray *elements);

/** mcu_layout_background_write: `background`, where it is not the default. */
void mcu_layout_background_write (JsonObject *object, const McuLayout *layout);
