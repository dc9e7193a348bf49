/* layouts/element.h - what a picture has beside tiles: pictures, a clock, a caption, a mark.
 * From: layouts/layout-element.  To: layouts/element-json, the room process.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/fit.h"
#include "layouts/fraction.h"
#include "layouts/label.h"

/* In a document, and again in the arrangement that is used. */
#define MCU_ELEMENTS_MAX 16
/* Both, and the background's picture. */
#define MCU_ELEMENTS_MAX_PLACED (2 * MCU_ELEMENTS_MAX + 1)
#define MCU_ELEMENT_MAX_IMAGE 128 /* bytes of a picture's name */
#define MCU_ELEMENT_MAX_TEXT 256  /* bytes */
#define MCU_ELEMENT_MAX_ZONE_MIN (14 * 60)

/** McuElementKind: what is drawn. */
typedef enum
{
  MCU_ELEMENT_IMAGE, /* behind the tiles and covering, unless said otherwise */
  MCU_ELEMENT_LOGO,  /* a picture in front, contained, unless said otherwise */
  MCU_ELEMENT_CLOCK,
  MCU_ELEMENT_CAPTION,   /* the line that the API sets; nothing while there is none */
  MCU_ELEMENT_RECORDING, /* a red dot while the room is recorded */
  MCU_ELEMENT_TEXT,
  MCU_ELEMENT_N_KINDS
} McuElementKind;

/** McuElementAlign: of text in its box. */
typedef enum
{
  MCU_ALIGN_CENTRE,
  MCU_ALIGN_LEFT,
  MCU_ALIGN_RIGHT,
  MCU_ALIGN_N
} McuElementAlign;

/** McuElementLook: everything but where. A plain value. */
typedef struct
{
  McuElementKind kind;
  gboolean in_front;   /* of the tiles */
  guint8 alpha;        /* of a picture, 1..255 */
  McuFit fit;          /* of a picture */
  McuLabelStyle style; /* of text: what is behind it */
  McuElementAlign align;
  gboolean twelve_hours; /* of a clock */
  gboolean seconds;
  gboolean is_fixed_zone; /* else the server's own */
  int zone_min;           /* from UTC, eastwards */
  char image[MCU_ELEMENT_MAX_IMAGE + 1];
  char text[MCU_ELEMENT_MAX_TEXT + 1];
} McuElementLook;

/** McuElement: as a layout has it. A plain value. */
typedef struct
{
  McuFraction x, y, width, height; /* of the whole canvas */
  McuElementLook look;
} McuElement;

/** McuElementBox: as a canvas has it. A plain value. */
typedef struct
{
  McuRect rect; /* px, even */
  McuElementLook look;
} McuElementBox;

/* All pure. Thread: any. */

/** mcu_element_init: the whole canvas, with what @kind has unless something else is said. */
void mcu_element_init (McuElement *self, McuElementKind kind);

/** mcu_element_place: FALSE when nothing is left of it on a canvas that is so small. */
gboolean mcu_element_place (const McuElement *self, int canvas_width, int canvas_height,
                            McuElementBox *out);

/** mcu_element_has_image: TRUE for those that show a picture. */
gboolean mcu_element_has_image (McuElementKind kind);
/** mcu_element_has_line: TRUE for those that show a line of text. */
gboolean mcu_element_has_line (McuElementKind kind);

/** mcu_image_name_is_valid: a file's name, [A-Za-z0-9][A-Za-z0-9._-]*, .png, .jpg or .jpeg, at most
 * MCU_ELEMENT_MAX_IMAGE bytes; never a way out of a folder. */
gboolean mcu_image_name_is_valid (const char *name);

/** mcu_element_kind_to_string: (transfer none): "image", "logo", ... */
const char *mcu_element_kind_to_string (McuElementKind kind);
/** mcu_element_kind_from_string: FALSE when @name is no kind. */
gboolean mcu_element_kind_from_string (const char *name, McuElementKind *kind);
/** mcu_align_to_string: (transfer none): "left", "centre" or "right". */
const char *mcu_align_to_string (McuElementAlign align);
/** mcu_align_from_string: FALSE when @name is none of them. */
gboolean mcu_align_from_string (const char *name, McuElementAlign *align);

/** mcu_zone_from_string: of "local", or "+09:00" at most 14 hours; FALSE when it is neither. */
gboolean mcu_zone_from_string (const char *text, McuElementLook *look);
/** mcu_zone_to_string: (transfer full): what mcu_zone_from_string() reads. */
char *mcu_zone_to_string (const McuElementLook *look);
