/* layouts/layout-check.c - what only a whole layout can get wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-check.h"

/* a begins before b ends. */
static gboolean
begins_before_end (const McuFraction *a, const McuFraction *b, const McuFraction *b_size)
{
  McuFraction end = mcu_fraction_add (b, b_size);

  return mcu_fraction_compare (a, &end) < 0;
}

static gboolean
overlap (const McuSlot *a, const McuSlot *b)
{
  return begins_before_end (&a->x, &b->x, &b->width) &&
         begins_before_end (&b->x, &a->x, &a->width) &&
         begins_before_end (&a->y, &b->y, &b->height) &&
         begins_before_end (&b->y, &a->y, &a->height);
}

gboolean
mcu_layout_check_overlap (McuLayoutReader *reader, const McuArrangement *arrangement, guint index)
{
  const McuSlot *slot = mcu_arrangement_get_slot (arrangement, index);

  for (guint i = 0; i < index; i++) {
    const McuSlot *other = mcu_arrangement_get_slot (arrangement, i);

    if (other->style.z == slot->style.z && overlap (other, slot))
      return mcu_layout_reader_fail (
          reader, NULL, "overlaps slots[%u] at the same z; what is in front needs a higher \"z\"",
          i);
  }
  return TRUE;
}

/* A choice changes only at these numbers, so that no others need to be tried. */
static GArray *
edges (const McuLayout *layout, gboolean of_people)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (guint));
  guint first = of_people ? 1 : 0;

  g_array_append_val (all, first);
  for (guint i = 0; i < layout->arrangements->len; i++) {
    const McuArrangement *one = layout->arrangements->pdata[i];
    const McuRange *range = of_people ? &one->people : &one->screens;
    guint after = range->max + 1;

    g_array_append_val (all, range->min);
    if (range->max < MCU_LAYOUT_MAX_PEOPLE)
      g_array_append_val (all, after);
  }
  return all;
}

static gboolean
check (McuLayoutReader *reader, const McuLayout *layout, guint people, guint screens)
{
  for (int portrait = 0; portrait <= 1; portrait++)
    if (mcu_layout_choose (layout, people, screens, portrait) < 0)
      return mcu_layout_reader_fail (reader, "arrangements",
                                     "none for %u people with %u screens on a %s canvas",
                                     MAX (people, 1), screens, portrait ? "portrait" : "landscape");
  return TRUE;
}

gboolean
mcu_layout_check_complete (McuLayoutReader *reader, const McuLayout *layout)
{
  g_autoptr (GArray) people = edges (layout, TRUE);
  g_autoptr (GArray) screens = edges (layout, FALSE);

  for (guint i = 0; i < people->len; i++)
    for (guint j = 0; j < screens->len; j++)
      if (!check (reader, layout, g_array_index (people, guint, i),
                  g_array_index (screens, guint, j)))
        return FALSE;
  return TRUE;
}
