/* layouts/placement.c - who is where on a canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/placement.h"

#include <string.h>

const char *
mcu_video_to_string (McuVideo stream)
{
  return stream == MCU_VIDEO_SCREEN ? "screen" : "camera";
}

gboolean
mcu_video_from_string (const char *name, McuVideo *stream)
{
  if (g_strcmp0 (name, "camera") == 0)
    *stream = MCU_VIDEO_CAMERA;
  else if (g_strcmp0 (name, "screen") == 0)
    *stream = MCU_VIDEO_SCREEN;
  else
    return FALSE;
  return TRUE;
}

gboolean
mcu_placement_init (McuPlacement *self, const char *participant, McuVideo stream,
                    const McuRect *rect)
{
  memset (self, 0, sizeof *self);
  self->stream = stream;
  self->rect = *rect;
  self->fit = stream == MCU_VIDEO_SCREEN ? MCU_FIT_CONTAIN : MCU_FIT_COVER;
  self->label = MCU_LABEL_BOTTOM_LEFT;
  self->label_style = MCU_LABEL_PILL;
  self->alpha = 255;
  if (participant == NULL || participant[0] == '\0')
    return FALSE;

  return g_strlcpy (self->participant, participant, sizeof self->participant) <=
         MCU_PLACEMENT_ID_MAX;
}

static gboolean
is_drawn_alike (const McuPlacement *a, const McuPlacement *b)
{
  return a->z == b->z && a->fit == b->fit && a->radius_px == b->radius_px &&
         a->border_px == b->border_px && a->border_rgba == b->border_rgba &&
         a->speaking_rgba == b->speaking_rgba && a->label == b->label &&
         a->label_style == b->label_style && a->placeholder == b->placeholder &&
         a->alpha == b->alpha;
}

gboolean
mcu_placement_is_of (const McuPlacement *self, const McuPlacement *other)
{
  return self->stream == other->stream && strcmp (self->participant, other->participant) == 0;
}

gboolean
mcu_placement_equal (const McuPlacement *a, const McuPlacement *b)
{
  return mcu_placement_is_of (a, b) && mcu_rect_equal (&a->rect, &b->rect) && is_drawn_alike (a, b);
}
