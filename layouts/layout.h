/* layouts/layout.h - a layout document: how a room's picture is arranged, for how many people.
 * From: layouts/layout-file.  To: layouts/layout-solve.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/element.h"
#include "layouts/fit.h"
#include "layouts/fraction.h"
#include "layouts/label.h"

#define MCU_LAYOUT_MAX_ARRANGEMENTS 32
#define MCU_LAYOUT_MAX_SLOTS 64 /* of one arrangement */
#define MCU_LAYOUT_MAX_NAME 64
#define MCU_LAYOUT_MAX_TITLE 128 /* characters */
#define MCU_LAYOUT_MAX_PEOPLE 9999
#define MCU_LAYOUT_MAX_HOLD_MS 60000
#define MCU_LAYOUT_MAX_TRANSITION_MS 5000
#define MCU_LAYOUT_DEFAULT_HOLD_MS 4000
#define MCU_LAYOUT_DEFAULT_TRANSITION_MS 300
#define MCU_LAYOUT_DEFAULT_BACKGROUND 0x121316ffu /* the canvas's own, docs/canvas.md */

/** McuSlotRole: who may sit there. */
typedef enum
{
  MCU_SLOT_ANY,
  MCU_SLOT_SPEAKER,
  MCU_SLOT_SCREEN,
  MCU_SLOT_MODERATOR,
  MCU_SLOT_PINNED,
  MCU_SLOT_PARTICIPANT, /* one identity only; not a name that a file gives in `role` */
  MCU_SLOT_N_ROLES
} McuSlotRole;

/** McuTileStyle: how a slot's tiles are drawn. A plain value. */
typedef struct
{
  McuFit fit; /* of cameras; a screen is always contained */
  int z;
  McuFraction radius; /* of the tile's shorter side, 0..1/2 */
  McuFraction border; /* of the canvas's shorter side, 0..1/20 */
  guint32 border_rgba;
  guint32 speaking_rgba;
  McuLabelPosition label;
  McuLabelStyle label_style;
  gboolean no_video; /* placeholders only */
} McuTileStyle;

/** McuSlot: a place for one tile, or an area that is filled with a grid of them. */
typedef struct
{
  McuFraction x, y, width, height; /* of the canvas without its margin */
  McuSlotRole role;
  char *identity; /* (nullable): MCU_SLOT_PARTICIPANT's */
  gboolean is_grid;
  guint max_tiles;              /* of a grid, 1..49 */
  guint aspect_num, aspect_den; /* of a grid's tiles, 1..64 */
  McuTileStyle style;
} McuSlot;

/** McuRange: both ends included; @max G_MAXUINT has no end. */
typedef struct
{
  guint min;
  guint max;
} McuRange;

/** McuOrientation: of the canvas that an arrangement is for. */
typedef enum
{
  MCU_ORIENTATION_ANY,
  MCU_ORIENTATION_LANDSCAPE, /* square too */
  MCU_ORIENTATION_PORTRAIT
} McuOrientation;

/** McuArrangement: slots, and when they are used. */
typedef struct
{
  McuRange people;  /* shown, with or without a picture */
  McuRange screens; /* shared */
  McuOrientation orientation;
  gboolean is_grid; /* @slots is one grid of everything, alone people fill it */
  GArray *slots;    /* (element-type McuSlot) */
  GArray *elements; /* (element-type McuElement): beside the document's own */
} McuArrangement;

/**
 * McuLayout:
 *
 * Does not change once it is made: a room may keep the one it uses while the files are read anew.
 */
typedef struct
{
  gatomicrefcount refs;
  char *name;
  char *title;
  guint32 background_rgba;
  char *background_image; /* (nullable): a file's name, without a folder */
  McuFit background_fit;
  GArray *elements;   /* (element-type McuElement): in every arrangement */
  McuFraction gap;    /* of the canvas's shorter side */
  McuFraction margin; /* the same */
  gboolean hide_without_video;
  guint hold_ms;
  guint transition_ms;
  GPtrArray *arrangements; /* (element-type McuArrangement) owned */
} McuLayout;

/* All pure. Thread: any. */

/** mcu_layout_new: (transfer full): defaults; without a name and without arrangements. */
McuLayout *mcu_layout_new (void);
/** mcu_layout_ref: Returns: (transfer full): @self. */
McuLayout *mcu_layout_ref (McuLayout *self);
/** mcu_layout_unref: */
void mcu_layout_unref (McuLayout *self);

/** mcu_arrangement_new: (transfer full): for everybody, without slots. */
McuArrangement *mcu_arrangement_new (void);
/** mcu_arrangement_free: */
void mcu_arrangement_free (McuArrangement *self);
/** mcu_slot_init: the whole canvas, for anybody, with the default style. @self is not read. */
void mcu_slot_init (McuSlot *self);
/** mcu_slot_clear: frees what @self holds. */
void mcu_slot_clear (McuSlot *self);

/**
 * mcu_layout_choose:
 * @people: how many are shown
 * @screens: how many are shared
 * @portrait: the canvas is higher than wide
 *
 * Returns: the index of the first arrangement, in the document's order, for that; -1 when there is
 * none, which cannot be in a layout that came through layout-file.
 */
int mcu_layout_choose (const McuLayout *self, guint people, guint screens, gboolean portrait);

/** mcu_layout_get_arrangement: (transfer none): @index as above. */
const McuArrangement *mcu_layout_get_arrangement (const McuLayout *self, guint index);
/** mcu_arrangement_get_slot: (transfer none): @index below slots->len. */
const McuSlot *mcu_arrangement_get_slot (const McuArrangement *self, guint index);

/**
 * mcu_layout_place_elements:
 * @arrangement: the index of the one that is used
 * @out: (array length=MCU_ELEMENTS_MAX_PLACED): in the order they are drawn in: the background's
 *   picture, the document's, the arrangement's
 *
 * Returns: how many of @out are set; what is too small for the canvas is left out.
 */
guint mcu_layout_place_elements (const McuLayout *self, guint arrangement, int canvas_width,
                                 int canvas_height, McuElementBox *out);

/**
 * mcu_layout_foreach_image:
 * @func: is called with each picture's name, maybe more than once; FALSE ends it
 *
 * Returns: FALSE when it was ended.
 */
typedef gboolean (*McuLayoutImageFunc) (const char *name, gpointer user_data);
gboolean mcu_layout_foreach_image (const McuLayout *self, McuLayoutImageFunc func,
                                   gpointer user_data);

/** mcu_layout_name_is_valid: [a-z0-9-]{1,64}, not beginning with a dash. */
gboolean mcu_layout_name_is_valid (const char *name);

/** mcu_slot_role_to_string: (transfer none): "any", "speaker", ... */
const char *mcu_slot_role_to_string (McuSlotRole role);
/** mcu_slot_role_from_string: FALSE when @name is no role that a file may give. */
gboolean mcu_slot_role_from_string (const char *name, McuSlotRole *role);

/** mcu_range_from_string: of "3", "1-3" or "4+"; FALSE when it is none of them or empty. */
gboolean mcu_range_from_string (const char *text, McuRange *out);
/** mcu_range_to_string: (transfer full): what mcu_range_from_string() reads. */
char *mcu_range_to_string (const McuRange *self);
/** mcu_range_has: whether @n is in it. */
gboolean mcu_range_has (const McuRange *self, guint n);

/** mcu_colour_from_string: of "#rrggbb" or "#rrggbbaa"; 0xRRGGBBAA. */
gboolean mcu_colour_from_string (const char *text, guint32 *rgba);
/** mcu_colour_to_string: (transfer full): what mcu_colour_from_string() reads. */
char *mcu_colour_to_string (guint32 rgba);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuLayout, mcu_layout_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuArrangement, mcu_arrangement_free)
