/* layouts/layout.c - a layout document as a struct.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout.h"

#include <string.h>

#include "layouts/placement.h"

static const char *const roles[MCU_SLOT_N_ROLES] = {
    [MCU_SLOT_ANY] = "any",       [MCU_SLOT_SPEAKER] = "speaker",
    [MCU_SLOT_SCREEN] = "screen", [MCU_SLOT_MODERATOR] = "moderator",
    [MCU_SLOT_PINNED] = "pinned", [MCU_SLOT_PARTICIPANT] = "participant",
};

McuLayout *
mcu_layout_new (void)
{
  McuLayout *self = g_new0 (McuLayout, 1);

  g_atomic_ref_count_init (&self->refs);
  self->background_rgba = MCU_LAYOUT_DEFAULT_BACKGROUND;
  self->gap.den = self->margin.den = 1;
  self->elements = g_array_new (FALSE, FALSE, sizeof (McuElement));
  self->hold_ms = MCU_LAYOUT_DEFAULT_HOLD_MS;
  self->transition_ms = MCU_LAYOUT_DEFAULT_TRANSITION_MS;
  self->arrangements = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_arrangement_free);
  return self;
}

McuLayout *
mcu_layout_ref (McuLayout *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_layout_unref (McuLayout *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->name);
  g_free (self->title);
  g_free (self->background_image);
  g_array_unref (self->elements);
  g_ptr_array_unref (self->arrangements);
  g_free (self);
}

void
mcu_slot_init (McuSlot *self)
{
  static const McuFraction zero = {0, 1}, one = {1, 1};

  memset (self, 0, sizeof *self);
  self->x = self->y = self->style.radius = self->style.border = zero;
  self->width = self->height = one;
  self->max_tiles = MCU_PLACEMENT_MAX_TILES;
  self->aspect_num = 16;
  self->aspect_den = 9;
  self->style.label = MCU_LABEL_BOTTOM_LEFT;
}

void
mcu_slot_clear (McuSlot *self)
{
  g_clear_pointer (&self->identity, g_free);
}

McuArrangement *
mcu_arrangement_new (void)
{
  McuArrangement *self = g_new0 (McuArrangement, 1);

  self->people = (McuRange){1, G_MAXUINT};
  self->screens = (McuRange){0, G_MAXUINT};
  self->slots = g_array_new (FALSE, FALSE, sizeof (McuSlot));
  g_array_set_clear_func (self->slots, (GDestroyNotify) mcu_slot_clear);
  self->elements = g_array_new (FALSE, FALSE, sizeof (McuElement));
  return self;
}

void
mcu_arrangement_free (McuArrangement *self)
{
  g_array_unref (self->slots);
  g_array_unref (self->elements);
  g_free (self);
}

int
mcu_layout_choose (const McuLayout *self, guint people, guint screens, gboolean portrait)
{
  McuOrientation canvas = portrait ? MCU_ORIENTATION_PORTRAIT : MCU_ORIENTATION_LANDSCAPE;

  for (guint i = 0; i < self->arrangements->len; i++) {
    const McuArrangement *one = self->arrangements->pdata[i];

    if ((one->orientation == MCU_ORIENTATION_ANY || one->orientation == canvas) &&
        mcu_range_has (&one->people, MAX (people, 1)) && mcu_range_has (&one->screens, screens))
      return (int) i;
  }
  return -1;
}

const McuArrangement *
mcu_layout_get_arrangement (const McuLayout *self, guint index)
{
  g_return_val_if_fail (index < self->arrangements->len, NULL);
  return self->arrangements->pdata[index];
}

const McuSlot *
mcu_arrangement_get_slot (const McuArrangement *self, guint index)
{
  g_return_val_if_fail (index < self->slots->len, NULL);
  return &g_array_index (self->slots, McuSlot, index);
}

static guint
place_all (const GArray *elements, int canvas_width, int canvas_height, McuElementBox *out, guint n)
{
  for (guint i = 0; i < elements->len && n < MCU_ELEMENTS_MAX_PLACED; i++)
    n += mcu_element_place (&g_array_index (elements, McuElement, i), canvas_width, canvas_height,
                            &out[n]);
  return n;
}

guint
mcu_layout_place_elements (const McuLayout *self, guint arrangement, int canvas_width,
                           int canvas_height, McuElementBox *out)
{
  McuElement background;
  guint n = 0;

  if (self->background_image != NULL) {
    mcu_element_init (&background, MCU_ELEMENT_IMAGE);
    background.look.fit = self->background_fit;
    g_strlcpy (background.look.image, self->background_image, sizeof background.look.image);
    n += mcu_element_place (&background, canvas_width, canvas_height, &out[n]);
  }
  n = place_all (self->elements, canvas_width, canvas_height, out, n);
  return place_all (mcu_layout_get_arrangement (self, arrangement)->elements, canvas_width,
                    canvas_height, out, n);
}

static gboolean
foreach_in (const GArray *elements, McuLayoutImageFunc func, gpointer user_data)
{
  for (guint i = 0; i < elements->len; i++) {
    const McuElementLook *look = &g_array_index (elements, McuElement, i).look;

    if (mcu_element_has_image (look->kind) && !func (look->image, user_data))
      return FALSE;
  }
  return TRUE;
}

gboolean
mcu_layout_foreach_image (const McuLayout *self, McuLayoutImageFunc func, gpointer user_data)
{
  if (self->background_image != NULL && !func (self->background_image, user_data))
    return FALSE;
  if (!foreach_in (self->elements, func, user_data))
    return FALSE;
  for (guint i = 0; i < self->arrangements->len; i++)
    if (!foreach_in (mcu_layout_get_arrangement (self, i)->elements, func, user_data))
      return FALSE;
  return TRUE;
}

gboolean
mcu_layout_name_is_valid (const char *name)
{
  gsize n;

  if (name == NULL || name[0] == '-')
    return FALSE;
  n = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");
  return n >= 1 && n <= MCU_LAYOUT_MAX_NAME && name[n] == '\0';
}

const char *
mcu_slot_role_to_string (McuSlotRole role)
{
  return (guint) role < MCU_SLOT_N_ROLES ? roles[role] : "any";
}

gboolean
mcu_slot_role_from_string (const char *name, McuSlotRole *role)
{
  for (guint i = 0; i < MCU_SLOT_PARTICIPANT; i++)
    if (g_strcmp0 (name, roles[i]) == 0) {
      *role = i;
      return TRUE;
    }
  return FALSE;
}

/* At most four digits, no sign, no space. */
static gboolean
read_count (const char **text, guint *n)
{
  const char *start = *text;

  *n = 0;
  while (g_ascii_isdigit (**text) && *text - start < 4)
    *n = *n * 10 + (guint) (*(*text)++ - '0');
  return *text > start;
}

gboolean
mcu_range_from_string (const char *text, McuRange *out)
{
  McuRange read;

  if (text == NULL || !read_count (&text, &read.min))
    return FALSE;
  read.max = read.min;
  if (*text == '+') {
    read.max = G_MAXUINT;
    text++;
  } else if (*text == '-') {
    text++;
    if (!read_count (&text, &read.max))
      return FALSE;
  }
  if (*text != '\0' || read.max < read.min)
    return FALSE;
  *out = read;
  return TRUE;
}

char *
mcu_range_to_string (const McuRange *self)
{
  if (self->max == G_MAXUINT)
    return g_strdup_printf ("%u+", self->min);
  if (self->max == self->min)
    return g_strdup_printf ("%u", self->min);
  return g_strdup_printf ("%u-%u", self->min, self->max);
}

gboolean
mcu_range_has (const McuRange *self, guint n)
{
  return n >= self->min && n <= self->max;
}

gboolean
mcu_colour_from_string (const char *text, guint32 *rgba)
{
  gsize n;
  guint32 read = 0;

  if (text == NULL || text[0] != '#')
    return FALSE;
  n = strspn (text + 1, "0123456789abcdefABCDEF");
  if ((n != 6 && n != 8) || text[1 + n] != '\0')
    return FALSE;
  for (gsize i = 1; i <= n; i++)
    read = read << 4 | (guint32) g_ascii_xdigit_value (text[i]);
  *rgba = n == 6 ? read << 8 | 0xff : read;
  return TRUE;
}

char *
mcu_colour_to_string (guint32 rgba)
{
  if ((rgba & 0xff) == 0xff)
    return g_strdup_printf ("#%06x", rgba >> 8);
  return g_strdup_printf ("#%08x", rgba);
}
