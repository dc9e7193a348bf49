/* layouts/placement-json.c - a placement as a tile of the link's `place` message.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/placement-json.h"

#include "layouts/layout.h"
#include "mcu/base/json-check.h"

/* Far beyond any canvas, and small enough that nobody's sums overflow. */
#define MAX_PX 65536

static McuFit
default_fit (McuVideo stream)
{
  return stream == MCU_VIDEO_SCREEN ? MCU_FIT_CONTAIN : MCU_FIT_COVER;
}

static void
set_colour (JsonObject *object, const char *member, guint32 rgba)
{
  g_autofree char *text = mcu_colour_to_string (rgba);

  json_object_set_string_member (object, member, text);
}

static void
set_border (JsonObject *object, const McuPlacement *self)
{
  JsonObject *border;

  if (self->border_px == 0)
    return;
  border = json_object_new ();
  json_object_set_int_member (border, "width", self->border_px);
  set_colour (border, "colour", self->border_rgba);
  set_colour (border, "speaking", self->speaking_rgba);
  json_object_set_object_member (object, "border", border);
}

JsonObject *
mcu_placement_to_json (const McuPlacement *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "participant", self->participant);
  json_object_set_string_member (object, "stream", mcu_video_to_string (self->stream));
  json_object_set_int_member (object, "x", self->rect.x);
  json_object_set_int_member (object, "y", self->rect.y);
  json_object_set_int_member (object, "width", self->rect.width);
  json_object_set_int_member (object, "height", self->rect.height);
  json_object_set_int_member (object, "z", self->z);
  if (self->fit != default_fit (self->stream))
    json_object_set_string_member (object, "fit", mcu_fit_to_string (self->fit));
  if (self->radius_px != 0)
    json_object_set_int_member (object, "radius", self->radius_px);
  set_border (object, self);
  if (self->label != MCU_LABEL_BOTTOM_LEFT)
    json_object_set_string_member (object, "label", mcu_label_position_to_string (self->label));
  if (self->label_style != MCU_LABEL_PILL)
    json_object_set_string_member (object, "label_style",
                                   mcu_label_style_to_string (self->label_style));
  if (self->placeholder)
    json_object_set_boolean_member (object, "placeholder", TRUE);
  return object;
}

/* FALSE when it is out of bounds; absent is 0. */
static gboolean
get_px (JsonObject *object, const char *member, int *px)
{
  gint64 read = mcu_json_int (object, member, 0);

  if (read < -MAX_PX || read > MAX_PX)
    return FALSE;
  *px = (int) read;
  return TRUE;
}

static gboolean
get_border (JsonObject *object, McuPlacement *self)
{
  JsonObject *border = mcu_json_object (object, "border");

  if (border == NULL)
    return TRUE;
  return get_px (border, "width", &self->border_px) && self->border_px >= 0 &&
         (self->border_px & 1) == 0 &&
         mcu_colour_from_string (mcu_json_string (border, "colour"), &self->border_rgba) &&
         mcu_colour_from_string (mcu_json_string (border, "speaking"), &self->speaking_rgba);
}

static gboolean
get_names (JsonObject *object, McuPlacement *self)
{
  const char *fit = mcu_json_string (object, "fit");
  const char *label = mcu_json_string (object, "label");
  const char *style = mcu_json_string (object, "label_style");

  return (fit == NULL || mcu_fit_from_string (fit, &self->fit)) &&
         (label == NULL || mcu_label_position_from_string (label, &self->label)) &&
         (style == NULL || mcu_label_style_from_string (style, &self->label_style));
}

gboolean
mcu_placement_from_json (JsonObject *object, McuPlacement *self)
{
  const char *stream_name = mcu_json_string (object, "stream");
  McuVideo stream = MCU_VIDEO_CAMERA;
  McuRect rect;

  if (!get_px (object, "x", &rect.x) || !get_px (object, "y", &rect.y) ||
      !get_px (object, "width", &rect.width) || !get_px (object, "height", &rect.height) ||
      (stream_name != NULL && !mcu_video_from_string (stream_name, &stream)) ||
      !mcu_placement_init (self, mcu_json_string (object, "participant"), stream, &rect))
    return FALSE;
  self->placeholder = mcu_json_bool (object, "placeholder", FALSE);
  return get_px (object, "z", &self->z) && get_px (object, "radius", &self->radius_px) &&
         self->radius_px >= 0 && get_border (object, self) && get_names (object, self);
}
