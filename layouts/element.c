/* layouts/element.c - what a picture has beside tiles.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/element.h"

#include <string.h>

#define MIN_SIDE_PX 2

static const char *const kinds[MCU_ELEMENT_N_KINDS] = {
    [MCU_ELEMENT_IMAGE] = "image",         [MCU_ELEMENT_LOGO] = "logo",
    [MCU_ELEMENT_CLOCK] = "clock",         [MCU_ELEMENT_CAPTION] = "caption",
    [MCU_ELEMENT_RECORDING] = "recording", [MCU_ELEMENT_TEXT] = "text",
};

static const char *const aligns[MCU_ALIGN_N] = {
    [MCU_ALIGN_CENTRE] = "centre",
    [MCU_ALIGN_LEFT] = "left",
    [MCU_ALIGN_RIGHT] = "right",
};

void
mcu_element_init (McuElement *self, McuElementKind kind)
{
  static const McuFraction zero = {0, 1}, one = {1, 1};

  memset (self, 0, sizeof *self);
  self->x = self->y = zero;
  self->width = self->height = one;
  self->look.kind = kind;
  self->look.in_front = kind != MCU_ELEMENT_IMAGE;
  self->look.alpha = 255;
  self->look.fit = kind == MCU_ELEMENT_LOGO ? MCU_FIT_CONTAIN : MCU_FIT_COVER;
  self->look.style = MCU_LABEL_PILL;
}

/* Edges that are equal as fractions are equal in pixels. */
static int
span (const McuFraction *start, const McuFraction *size, int length, int *out_start)
{
  McuFraction end = mcu_fraction_add (start, size);

  *out_start = mcu_fraction_of_even (start, length);
  return mcu_fraction_of_even (&end, length) - *out_start;
}

gboolean
mcu_element_place (const McuElement *self, int canvas_width, int canvas_height, McuElementBox *out)
{
  out->look = self->look;
  out->rect.width = span (&self->x, &self->width, mcu_even_down (canvas_width), &out->rect.x);
  out->rect.height = span (&self->y, &self->height, mcu_even_down (canvas_height), &out->rect.y);
  return out->rect.width >= MIN_SIDE_PX && out->rect.height >= MIN_SIDE_PX;
}

gboolean
mcu_element_has_image (McuElementKind kind)
{
  return kind == MCU_ELEMENT_IMAGE || kind == MCU_ELEMENT_LOGO;
}

gboolean
mcu_element_has_line (McuElementKind kind)
{
  return kind == MCU_ELEMENT_CLOCK || kind == MCU_ELEMENT_CAPTION || kind == MCU_ELEMENT_TEXT;
}

gboolean
mcu_image_name_is_valid (const char *name)
{
  gsize n = name != NULL ? strlen (name) : 0;

  return n >= 1 && n <= MCU_ELEMENT_MAX_IMAGE && g_ascii_isalnum (name[0]) &&
         strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n &&
         (g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".jpg") ||
          g_str_has_suffix (name, ".jpeg"));
}

const char *
mcu_element_kind_to_string (McuElementKind kind)
{
  return (guint) kind < MCU_ELEMENT_N_KINDS ? kinds[kind] : "text";
}

gboolean
mcu_element_kind_from_string (const char *name, McuElementKind *kind)
{
  for (guint i = 0; i < MCU_ELEMENT_N_KINDS; i++)
    if (g_strcmp0 (name, kinds[i]) == 0) {
      *kind = i;
      return TRUE;
    }
  return FALSE;
}

const char *
mcu_align_to_string (McuElementAlign align)
{
  return (guint) align < MCU_ALIGN_N ? aligns[align] : "centre";
}

gboolean
mcu_align_from_string (const char *name, McuElementAlign *align)
{
  for (guint i = 0; i < MCU_ALIGN_N; i++)
    if (g_strcmp0 (name, aligns[i]) == 0) {
      *align = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_two_digits (const char *text)
{
  return g_ascii_isdigit (text[0]) && g_ascii_isdigit (text[1]);
}

gboolean
mcu_zone_from_string (const char *text, McuElementLook *look)
{
  int minutes;

  if (g_strcmp0 (text, "local") == 0) {
    look->is_fixed_zone = FALSE;
    return TRUE;
  }
  if (text == NULL || strlen (text) != 6 || (text[0] != '+' && text[0] != '-') ||
      !is_two_digits (text + 1) || text[3] != ':' || !is_two_digits (text + 4) || text[4] > '5')
    return FALSE;
  minutes = ((text[1] - '0') * 10 + text[2] - '0') * 60 + (text[4] - '0') * 10 + text[5] - '0';
  if (minutes > MCU_ELEMENT_MAX_ZONE_MIN)
    return FALSE;
  look->is_fixed_zone = TRUE;
  look->zone_min = text[0] == '-' ? -minutes : minutes;
  return TRUE;
}

char *
mcu_zone_to_string (const McuElementLook *look)
{
  int minutes = ABS (look->zone_min);

  if (!look->is_fixed_zone)
    return g_strdup ("local");
  return g_strdup_printf ("%c%02d:%02d", look->zone_min < 0 ? '-' : '+', minutes / 60,
                          minutes % 60);
}
