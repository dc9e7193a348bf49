/* layouts/layout-solve.c - a layout and the people of a room: who is where in the picture.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-solve.h"

#include "layouts/slot-rect.h"

/* Where a chair came from. */
typedef struct
{
  guint8 slot;
  guint8 cell;
} Origin;

typedef struct
{
  const McuArrangement *arrangement;
  McuSlotFrame frame;
  guint n_chairs;
  McuChair chairs[MCU_SEATING_MAX];
  Origin origins[MCU_SEATING_MAX];
} Plan;

/* Returns how many are shown with a tile of their own. */
static guint
choose_shown (const McuLayout *layout, const McuLayoutPerson *people, guint n_people,
              gboolean *shown)
{
  gboolean hide = FALSE;
  guint n = 0;

  for (guint i = 0; i < n_people; i++)
    hide = hide || (layout->hide_without_video && people[i].has_video);
  for (guint i = 0; i < n_people; i++) {
    shown[i] = !hide || people[i].has_video;
    n += shown[i];
  }
  return n;
}

static guint
count_screens (const McuLayoutPerson *people, guint n_people)
{
  guint n = 0;

  for (guint i = 0; i < n_people; i++)
    n += people[i].has_screen;
  return n;
}

static void
add_chair (Plan *plan, const McuSlot *slot, guint slot_index, guint cell, guint *orders)
{
  McuChair *chair = &plan->chairs[plan->n_chairs];

  if (plan->n_chairs == MCU_SEATING_MAX)
    return;
  *chair = (McuChair){.role = slot->role,
                      .order = orders[slot->role]++,
                      .identity = slot->identity,
                      .is_cell = slot->is_grid,
                      .sitter = -1};
  plan->origins[plan->n_chairs++] = (Origin){(guint8) slot_index, (guint8) cell};
}

/* Fixed slots first: the order of a chair does not depend on how many cells there are before it. */
static void
add_chairs (Plan *plan)
{
  guint orders[MCU_SLOT_N_ROLES] = {0};
  guint n_slots = plan->arrangement->slots->len;
  McuRect unused;

  for (guint i = 0; i < n_slots; i++) {
    const McuSlot *slot = mcu_arrangement_get_slot (plan->arrangement, i);

    if (!slot->is_grid && mcu_slot_rect (&plan->frame, slot, &unused))
      add_chair (plan, slot, i, 0, orders);
  }
  for (guint i = 0; i < n_slots; i++) {
    const McuSlot *slot = mcu_arrangement_get_slot (plan->arrangement, i);
    guint n = slot->is_grid ? mcu_slot_capacity (&plan->frame, slot) : 0;

    for (guint cell = 0; cell < n; cell++)
      add_chair (plan, slot, i, cell, orders);
  }
}

static int
to_px (const McuFraction *fraction, int length)
{
  return (int) (fraction->num * length / fraction->den);
}

static void
add_placement (const Plan *plan, const McuChair *chair, const McuTileStyle *style,
               const McuLayoutPerson *people, const McuRect *rect, McuPlacement *out, guint *n)
{
  McuPlacement *tile = &out[*n];
  int shorter = MIN (rect->width, rect->height);

  if (!mcu_placement_init (tile, people[chair->sitter].id, chair->stream, rect))
    return;
  if (chair->stream == MCU_VIDEO_CAMERA)
    tile->fit = style->fit;
  tile->z = style->z;
  tile->radius_px = to_px (&style->radius, shorter);
  tile->border_px = MIN (mcu_fraction_of_even (&style->border, plan->frame.shorter),
                         mcu_even_down (shorter / 4));
  if (style->border.num > 0 && tile->border_px == 0 && shorter >= 8)
    tile->border_px = 2; /* asked for: thin rather than gone on a small canvas */
  tile->border_rgba = style->border_rgba;
  tile->speaking_rgba = style->speaking_rgba;
  tile->label = style->label;
  tile->label_style = style->label_style;
  tile->placeholder = style->no_video && chair->stream == MCU_VIDEO_CAMERA;
  (*n)++;
}

static guint
count_cells (const Plan *plan, guint slot_index)
{
  guint n = 0;

  for (guint i = 0; i < plan->n_chairs; i++)
    if (plan->origins[i].slot == slot_index && plan->chairs[i].sitter >= 0)
      n = MAX (n, plan->origins[i].cell + 1u);
  return n;
}

static guint
place_slot (const Plan *plan, guint slot_index, const McuLayoutPerson *people, McuPlacement *out,
            guint n)
{
  const McuSlot *slot = mcu_arrangement_get_slot (plan->arrangement, slot_index);
  McuRect rects[MCU_PLACEMENT_MAX_TILES];

  if (slot->is_grid) {
    if (mcu_slot_cells (&plan->frame, slot, count_cells (plan, slot_index),
                        plan->arrangement->is_grid, rects) == 0)
      return n;
  } else if (!mcu_slot_rect (&plan->frame, slot, &rects[0])) {
    return n;
  }
  for (guint i = 0; i < plan->n_chairs; i++)
    if (plan->origins[i].slot == slot_index && plan->chairs[i].sitter >= 0)
      add_placement (plan, &plan->chairs[i], &slot->style, people, &rects[plan->origins[i].cell],
                     out, &n);
  return n;
}

static void
remember (const Plan *plan, const McuLayoutPerson *people, gint64 again_ms, McuSeating *seating)
{
  seating->n_seats = 0;
  seating->again_ms = again_ms;
  for (guint i = 0; i < plan->n_chairs; i++) {
    const McuChair *chair = &plan->chairs[i];
    McuSeat *seat = &seating->seats[seating->n_seats];

    if (chair->sitter < 0)
      continue;
    *seat = (McuSeat){.stream = chair->stream,
                      .role = chair->role,
                      .order = chair->order,
                      .since_ms = chair->since_ms};
    g_strlcpy (seat->participant, people[chair->sitter].id, sizeof seat->participant);
    seating->n_seats++;
  }
}

guint
mcu_layout_solve (const McuLayout *layout, int canvas_width, int canvas_height,
                  const McuLayoutPerson *people, guint n_people, gint64 now_ms, McuSeating *seating,
                  McuPlacement *out)
{
  gboolean shown[MCU_SEATING_MAX_PEOPLE];
  guint n_seen = MIN (n_people, MCU_SEATING_MAX_PEOPLE), n_shown, n_out = 0;
  Plan plan = {0};
  gint64 again_ms;
  int chosen;

  g_return_val_if_fail (canvas_width >= MCU_LAYOUT_MIN_SIDE && canvas_width <= MCU_LAYOUT_MAX_SIDE,
                        0);
  g_return_val_if_fail (
      canvas_height >= MCU_LAYOUT_MIN_SIDE && canvas_height <= MCU_LAYOUT_MAX_SIDE, 0);

  n_shown = choose_shown (layout, people, n_seen, shown);
  chosen = mcu_layout_choose (layout, n_shown, count_screens (people, n_seen),
                              canvas_height > canvas_width);
  g_return_val_if_fail (chosen >= 0, 0);
  plan.arrangement = mcu_layout_get_arrangement (layout, (guint) chosen);
  mcu_slot_frame_init (&plan.frame, layout, canvas_width, canvas_height);
  add_chairs (&plan);
  again_ms = mcu_seats_fill (plan.chairs, plan.n_chairs, people, shown, n_seen, seating,
                             layout->hold_ms, now_ms);
  for (guint i = 0; i < plan.arrangement->slots->len; i++)
    n_out = place_slot (&plan, i, people, out, n_out);
  remember (&plan, people, again_ms, seating);
  seating->arrangement = (guint) chosen;
  return n_out;
}
