/* layouts/placement.h - who is where on a canvas: what a layout is solved to.
 * From: layouts/layout-solve, layouts/transition.  To: the room process, and the `layout` message.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/fit.h"
#include "layouts/label.h"
#include "layouts/rect.h"

/* Source: contract, identifiers made by the server are [A-Za-z0-9_-]{1,64}. */
#define MCU_PLACEMENT_ID_MAX 64
/* More tiles than this on one canvas are too small to recognise anybody (7 x 7). */
#define MCU_PLACEMENT_MAX_TILES 49

/** McuVideo: which of a person's pictures. (The names are those of the link's `stream`.) */
typedef enum
{
  MCU_VIDEO_CAMERA,
  MCU_VIDEO_SCREEN
} McuVideo;

/** McuPlacement: one tile. A plain value: copy it with =, nothing to free. */
typedef struct
{
  char participant[MCU_PLACEMENT_ID_MAX + 1];
  McuVideo stream;
  McuRect rect; /* px on the canvas, even */
  int z;        /* higher is in front; equal: later in the list is in front */
  McuFit fit;
  int radius_px;         /* of the corners; at most half the shorter side */
  int border_px;         /* even, inside the rectangle; 0: none */
  guint32 border_rgba;   /* 0xRRGGBBAA; alpha 0: no border while the person is silent */
  guint32 speaking_rgba; /* the same, while the person speaks */
  McuLabelPosition label;
  McuLabelStyle label_style;
  gboolean placeholder; /* name and initials, even when there is a picture */
  guint8 alpha;         /* 255 but for what fades in or out */
} McuPlacement;

/* All pure. Thread: any. */

/** mcu_video_to_string: (transfer none): "camera" or "screen". */
const char *mcu_video_to_string (McuVideo stream);
/** mcu_video_from_string: FALSE when @name is neither. */
gboolean mcu_video_from_string (const char *name, McuVideo *stream);

/**
 * mcu_placement_init:
 * @self: (out): z 0; cover for a camera, contain for a screen (text is never cut); square corners,
 *   no border, the name bottom left, opaque
 * @participant: 1..64 bytes
 * @stream: which picture
 * @rect: where
 *
 * Returns: FALSE when @participant is empty or too long.
 */
gboolean mcu_placement_init (McuPlacement *self, const char *participant, McuVideo stream,
                             const McuRect *rect);

/** mcu_placement_is_of: TRUE when both show the same picture of the same person. */
gboolean mcu_placement_is_of (const McuPlacement *self, const McuPlacement *other);

/** mcu_placement_equal: TRUE when everything is the same. */
gboolean mcu_placement_equal (const McuPlacement *a, const McuPlacement *b);
