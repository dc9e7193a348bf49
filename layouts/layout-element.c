/* layouts/layout-element.c - elements and the background of a layout file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-element.h"

#include <string.h>

#include "layouts/layout-write.h"
#include "mcu/base/json-check.h"

static const McuFraction one = {1, 1};

#define PLACE_MEMBERS "kind", "x", "y", "width", "height"

static const char *const image_members[] = {PLACE_MEMBERS, "image", "fit", "alpha", "z", NULL};
static const char *const clock_members[] = {PLACE_MEMBERS, "format", "seconds", "zone",
                                            "style",       "align",  NULL};
static const char *const caption_members[] = {PLACE_MEMBERS, "style", "align", NULL};
static const char *const recording_members[] = {PLACE_MEMBERS, NULL};
static const char *const text_members[] = {PLACE_MEMBERS, "text", "style", "align", NULL};

static const char *const *const members[MCU_ELEMENT_N_KINDS] = {
    [MCU_ELEMENT_IMAGE] = image_members,         [MCU_ELEMENT_LOGO] = image_members,
    [MCU_ELEMENT_CLOCK] = clock_members,         [MCU_ELEMENT_CAPTION] = caption_members,
    [MCU_ELEMENT_RECORDING] = recording_members, [MCU_ELEMENT_TEXT] = text_members,
};

static const char *const background_members[] = {"image", "fit", "colour", NULL};

static gboolean
read_image_name (McuLayoutReader *reader, JsonObject *object, const char **name)
{
  if (!mcu_layout_reader_string (reader, object, "image", name))
    return FALSE;
  if (*name == NULL)
    return mcu_layout_reader_fail (reader, "image", "missing");
  if (!mcu_image_name_is_valid (*name))
    return mcu_layout_reader_fail (reader, "image", "not the name of a .png or .jpg");
  return TRUE;
}

static gboolean
read_fit (McuLayoutReader *reader, JsonObject *object, McuFit *fit)
{
  const char *name = NULL;

  if (!mcu_layout_reader_string (reader, object, "fit", &name))
    return FALSE;
  if (name != NULL && !mcu_fit_from_string (name, fit))
    return mcu_layout_reader_fail (reader, "fit", "neither \"cover\" nor \"contain\"");
  return TRUE;
}

static gboolean
read_alpha (McuLayoutReader *reader, JsonObject *object, McuElementLook *look)
{
  McuFraction alpha = one;

  if (!mcu_layout_reader_fraction (reader, object, "alpha", &one, &alpha))
    return FALSE;
  look->alpha = (guint8) ((alpha.num * 255 + alpha.den / 2) / alpha.den);
  if (look->alpha == 0)
    return mcu_layout_reader_fail (reader, "alpha", "0: nothing would be seen");
  return TRUE;
}

static gboolean
read_z (McuLayoutReader *reader, JsonObject *object, McuElementLook *look)
{
  const char *name = NULL;

  if (!mcu_layout_reader_string (reader, object, "z", &name))
    return FALSE;
  if (name != NULL && strcmp (name, "front") != 0 && strcmp (name, "behind") != 0)
    return mcu_layout_reader_fail (reader, "z", "neither \"front\" nor \"behind\"");
  if (name != NULL)
    look->in_front = strcmp (name, "front") == 0;
  return TRUE;
}

static gboolean
read_image (McuLayoutReader *reader, JsonObject *object, McuElementLook *look)
{
  const char *name = NULL;

  if (!read_image_name (reader, object, &name))
    return FALSE;
  g_strlcpy (look->image, name, sizeof look->image);
  return read_fit (reader, object, &look->fit) && read_alpha (reader, object, look) &&
         read_z (reader, object, look);
}

static gboolean
read_line (McuLayoutReader *reader, JsonObject *object, McuElementLook *look)
{
  const char *style = NULL, *align = NULL;

  if (!mcu_layout_reader_string (reader, object, "style", &style) ||
      !mcu_layout_reader_string (reader, object, "align", &align))
    return FALSE;
  if (style != NULL && !mcu_label_style_from_string (style, &look->style))
    return mcu_layout_reader_fail (reader, "style", "not \"pill\", \"bar\" or \"plain\"");
  if (align != NULL && !mcu_align_from_string (align, &look->align))
    return mcu_layout_reader_fail (reader, "align", "not \"left\", \"centre\" or \"right\"");
  return TRUE;
}

static gboolean
read_clock (McuLayoutReader *reader, JsonObject *object, McuElementLook *look)
{
  const char *format = NULL, *zone = NULL;

  if (!mcu_layout_reader_string (reader, object, "format", &format) ||
      !mcu_layout_reader_string (reader, object, "zone", &zone) ||
      !mcu_layout_reader_bool (reader, object, "seconds", &look->seconds))
    return FALSE;
  if (format != NULL && strcmp (format, "24h") != 0 && strcmp (format, "12h") != 0)
    return mcu_layout_reader_fail (reader, "format", "neither \"24h\" nor \"12h\"");
  look->twelve_hours = g_strcmp0 (format, "12h") == 0;
  if (zone != NULL && !mcu_zone_from_string (zone, look))
    return mcu_layout_reader_fail (reader, "zone", "neither \"local\" nor such as \"+09:00\"");
  return TRUE;
}

static gboolean
read_text (McuLayoutReader *reader, JsonObject *object, McuElementLook *look)
{
  const char *text = NULL;

  if (!mcu_layout_reader_string (reader, object, "text", &text))
    return FALSE;
  if (text == NULL || text[0] == '\0' || strlen (text) > MCU_ELEMENT_MAX_TEXT)
    return mcu_layout_reader_fail (reader, "text", "missing, empty or longer than %d bytes",
                                   MCU_ELEMENT_MAX_TEXT);
  g_strlcpy (look->text, text, sizeof look->text);
  return TRUE;
}

static gboolean
read_element (McuLayoutReader *reader, JsonObject *object, McuElement *element)
{
  const char *name = NULL;
  McuElementKind kind;

  if (!mcu_layout_reader_string (reader, object, "kind", &name))
    return FALSE;
  if (!mcu_element_kind_from_string (name, &kind))
    return mcu_layout_reader_fail (reader, "kind",
                                   "missing, or not \"image\", \"logo\", \"clock\", \"caption\", "
                                   "\"recording\" or \"text\"");
  mcu_element_init (element, kind);
  return mcu_layout_reader_known (reader, object, members[kind]) &&
         mcu_layout_reader_rect (reader, object, &element->x, &element->y, &element->width,
                                 &element->height) &&
         (!mcu_element_has_image (kind) || read_image (reader, object, &element->look)) &&
         (!mcu_element_has_line (kind) || read_line (reader, object, &element->look)) &&
         (kind != MCU_ELEMENT_CLOCK || read_clock (reader, object, &element->look)) &&
         (kind != MCU_ELEMENT_TEXT || read_text (reader, object, &element->look));
}

gboolean
mcu_layout_elements_read (McuLayoutReader *reader, JsonObject *object, GArray *elements)
{
  JsonArray *array = mcu_json_array (object, "elements");

  if (!json_object_has_member (object, "elements"))
    return TRUE;
  if (array == NULL || json_array_get_length (array) > MCU_ELEMENTS_MAX)
    return mcu_layout_reader_fail (reader, "elements", "not an array of at most %d",
                                   MCU_ELEMENTS_MAX);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonObject *one_object = mcu_json_array_object (array, i);
    gsize before = mcu_layout_reader_enter (reader, "elements", (int) i);
    McuElement element;

    if (one_object == NULL)
      return mcu_layout_reader_fail (reader, NULL, "not an object");
    if (!read_element (reader, one_object, &element))
      return FALSE;
    g_array_append_val (elements, element);
    mcu_layout_reader_leave (reader, before);
  }
  return TRUE;
}

static gboolean
read_background_object (McuLayoutReader *reader, JsonObject *object, McuLayout *layout)
{
  gsize before = mcu_layout_reader_enter (reader, "background", -1);
  const char *name = NULL;
  gboolean good = mcu_layout_reader_known (reader, object, background_members) &&
                  read_image_name (reader, object, &name) &&
                  read_fit (reader, object, &layout->background_fit) &&
                  mcu_layout_reader_colour (reader, object, "colour", &layout->background_rgba);

  if (good)
    layout->background_image = g_strdup (name);
  mcu_layout_reader_leave (reader, before);
  return good;
}

gboolean
mcu_layout_background_read (McuLayoutReader *reader, JsonObject *object, McuLayout *layout)
{
  JsonObject *picture = mcu_json_object (object, "background");
  const char *text = NULL;

  if (picture != NULL)
    return read_background_object (reader, picture, layout);
  if (!mcu_layout_reader_string (reader, object, "background", &text))
    return FALSE;
  if (text == NULL || mcu_colour_from_string (text, &layout->background_rgba))
    return TRUE;
  if (!mcu_image_name_is_valid (text))
    return mcu_layout_reader_fail (reader, "background",
                                   "neither a colour such as \"#1a2b3c\" nor the name of a "
                                   ".png or .jpg");
  layout->background_image = g_strdup (text);
  return TRUE;
}

/* ---- written ---- */

static void
write_image (JsonObject *object, const McuElementLook *look, const McuElementLook *usual)
{
  json_object_set_string_member (object, "image", look->image);
  if (look->fit != usual->fit)
    json_object_set_string_member (object, "fit", mcu_fit_to_string (look->fit));
  if (look->alpha != usual->alpha) {
    McuFraction alpha = {look->alpha, 255};
    mcu_layout_write_fraction (object, "alpha", &alpha);
  }
  if (look->in_front != usual->in_front)
    json_object_set_string_member (object, "z", look->in_front ? "front" : "behind");
}

static void
write_line (JsonObject *object, const McuElementLook *look, const McuElementLook *usual)
{
  if (look->style != usual->style)
    json_object_set_string_member (object, "style", mcu_label_style_to_string (look->style));
  if (look->align != usual->align)
    json_object_set_string_member (object, "align", mcu_align_to_string (look->align));
  if (look->kind == MCU_ELEMENT_TEXT)
    json_object_set_string_member (object, "text", look->text);
  if (look->twelve_hours)
    json_object_set_string_member (object, "format", "12h");
  if (look->seconds)
    json_object_set_boolean_member (object, "seconds", TRUE);
  if (look->is_fixed_zone) {
    g_autofree char *zone = mcu_zone_to_string (look);
    json_object_set_string_member (object, "zone", zone);
  }
}

static JsonObject *
write_element (const McuElement *element)
{
  JsonObject *object = json_object_new ();
  McuElement usual;

  mcu_element_init (&usual, element->look.kind);
  json_object_set_string_member (object, "kind", mcu_element_kind_to_string (element->look.kind));
  mcu_layout_write_fraction (object, "x", &element->x);
  mcu_layout_write_fraction (object, "y", &element->y);
  mcu_layout_write_fraction (object, "width", &element->width);
  mcu_layout_write_fraction (object, "height", &element->height);
  if (mcu_element_has_image (element->look.kind))
    write_image (object, &element->look, &usual.look);
  if (mcu_element_has_line (element->look.kind))
    write_line (object, &element->look, &usual.look);
  return object;
}

void
mcu_layout_elements_write (JsonObject *object, const GArray *elements)
{
  JsonArray *array;

  if (elements->len == 0)
    return;
  array = json_array_new ();
  for (guint i = 0; i < elements->len; i++)
    json_array_add_object_element (array, write_element (&g_array_index (elements, McuElement, i)));
  json_object_set_array_member (object, "elements", array);
}

void
mcu_layout_background_write (JsonObject *object, const McuLayout *layout)
{
  g_autofree char *colour = mcu_colour_to_string (layout->background_rgba);
  gboolean is_usual = layout->background_rgba == MCU_LAYOUT_DEFAULT_BACKGROUND;
  JsonObject *picture;

  if (layout->background_image == NULL) {
    if (!is_usual)
      json_object_set_string_member (object, "background", colour);
    return;
  }
  picture = json_object_new ();
  json_object_set_string_member (picture, "image", layout->background_image);
  if (layout->background_fit != MCU_FIT_COVER)
    json_object_set_string_member (picture, "fit", mcu_fit_to_string (layout->background_fit));
  if (!is_usual)
    json_object_set_string_member (picture, "colour", colour);
  json_object_set_object_member (object, "background", picture);
}
