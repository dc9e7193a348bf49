/* layouts/element-json.c - an element's box as part of the link's `place` message.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/element-json.h"

#include <string.h>

#include "mcu/base/json-check.h"

static void
set_line (JsonObject *object, const McuElementLook *look)
{
  g_autofree char *zone = mcu_zone_to_string (look);

  json_object_set_string_member (object, "style", mcu_label_style_to_string (look->style));
  json_object_set_string_member (object, "align", mcu_align_to_string (look->align));
  if (look->kind == MCU_ELEMENT_TEXT)
    json_object_set_string_member (object, "text", look->text);
  if (look->kind != MCU_ELEMENT_CLOCK)
    return;
  json_object_set_boolean_member (object, "twelve_hours", look->twelve_hours);
  json_object_set_boolean_member (object, "seconds", look->seconds);
  json_object_set_string_member (object, "zone", zone);
}

JsonObject *
mcu_element_box_to_json (const McuElementBox *self, const char *image)
{
  const McuElementLook *look = &self->look;
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", mcu_element_kind_to_string (look->kind));
  json_object_set_int_member (object, "x", self->rect.x);
  json_object_set_int_member (object, "y", self->rect.y);
  json_object_set_int_member (object, "width", self->rect.width);
  json_object_set_int_member (object, "height", self->rect.height);
  json_object_set_string_member (object, "z", look->in_front ? "front" : "behind");
  if (mcu_element_has_image (look->kind)) {
    json_object_set_string_member (object, "image", image != NULL ? image : look->image);
    json_object_set_string_member (object, "fit", mcu_fit_to_string (look->fit));
    json_object_set_int_member (object, "alpha", look->alpha);
  }
  if (mcu_element_has_line (look->kind))
    set_line (object, look);
  return object;
}

static gboolean
get_side (JsonObject *object, const char *member, int max, int *px)
{
  gint64 read = mcu_json_int (object, member, -1);

  if (read < 0 || read > max || (read & 1) != 0)
    return FALSE;
  *px = (int) read;
  return TRUE;
}

static gboolean
get_rect (JsonObject *object, int canvas_width, int canvas_height, McuRect *rect)
{
  return get_side (object, "x", canvas_width, &rect->x) &&
         get_side (object, "y", canvas_height, &rect->y) &&
         get_side (object, "width", canvas_width - rect->x, &rect->width) &&
         get_side (object, "height", canvas_height - rect->y, &rect->height) && rect->width > 0 &&
         rect->height > 0;
}

static gboolean
copy_string (const char *text, char *out, gsize size)
{
  return text != NULL && text[0] != '\0' && g_strlcpy (out, text, size) < size;
}

static gboolean
get_image (JsonObject *object, McuElementLook *look)
{
  const char *fit = mcu_json_string (object, "fit");
  gint64 alpha = mcu_json_int (object, "alpha", look->alpha);

  if ((fit != NULL && !mcu_fit_from_string (fit, &look->fit)) || alpha < 1 || alpha > 255)
    return FALSE;
  look->alpha = (guint8) alpha;
  return copy_string (mcu_json_string (object, "image"), look->image, sizeof look->image);
}

static gboolean
get_line (JsonObject *object, McuElementLook *look)
{
  const char *style = mcu_json_string (object, "style");
  const char *align = mcu_json_string (object, "align");
  const char *zone = mcu_json_string (object, "zone");

  if ((style != NULL && !mcu_label_style_from_string (style, &look->style)) ||
      (align != NULL && !mcu_align_from_string (align, &look->align)) ||
      (zone != NULL && !mcu_zone_from_string (zone, look)))
    return FALSE;
  look->twelve_hours = mcu_json_bool (object, "twelve_hours", FALSE);
  look->seconds = mcu_json_bool (object, "seconds", FALSE);
  return look->kind != MCU_ELEMENT_TEXT ||
         copy_string (mcu_json_string (object, "text"), look->text, sizeof look->text);
}

gboolean
mcu_element_box_from_json (JsonObject *object, int canvas_width, int canvas_height,
                           McuElementBox *self)
{
  const char *z = mcu_json_string (object, "z");
  McuElement usual;
  McuElementKind kind;

  if (!mcu_element_kind_from_string (mcu_json_string (object, "kind"), &kind))
    return FALSE;
  mcu_element_init (&usual, kind);
  self->look = usual.look;
  if (z != NULL)
    self->look.in_front = strcmp (z, "behind") != 0;
  return get_rect (object, canvas_width, canvas_height, &self->rect) &&
         (!mcu_element_has_image (kind) || get_image (object, &self->look)) &&
         (!mcu_element_has_line (kind) || get_line (object, &self->look));
}
