/* layouts/seats-rest.c - the chairs for anybody.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/seats-private.h"

#include <stdlib.h>
#include <string.h>

/* While the rest is seated: how many chairs there are, and who still stands. */
typedef struct
{
  McuTable *table;
  guint n_usable; /* chairs with an order below this are there */
  GPtrArray *standing;
} Rest;

static gboolean
is_usable (const Rest *self, const McuChair *chair)
{
  return chair->role == MCU_SLOT_ANY && chair->order < self->n_usable;
}

static gboolean
may_sit (const Rest *self, const McuGuest *guest, const McuChair *chair)
{
  return is_usable (self, chair) && (guest->stream == MCU_VIDEO_CAMERA || chair->is_cell);
}

static gboolean
has_role_chairs_for_screens (const McuTable *table)
{
  for (guint i = 0; i < table->n_chairs; i++)
    if (table->chairs[i].role == MCU_SLOT_SCREEN)
      return TRUE;
  return FALSE;
}

/* Screens that have chairs of their own wait for those; others are guests like everybody. */
static void
find_standing (Rest *self)
{
  gboolean no_screens = has_role_chairs_for_screens (self->table);

  for (guint i = 0; i < self->table->n_guests; i++) {
    McuGuest *guest = &self->table->guests[i];

    if (guest->chair == NULL && !(no_screens && guest->stream == MCU_VIDEO_SCREEN))
      g_ptr_array_add (self->standing, guest);
  }
}

/* Fixed chairs are always there; of cells as many as are needed for who finds no fixed one. */
static void
count_usable (Rest *self)
{
  guint fixed = 0, cells = 0, screens = 0, needed;

  for (guint i = 0; i < self->table->n_chairs; i++) {
    const McuChair *chair = &self->table->chairs[i];

    fixed += chair->role == MCU_SLOT_ANY && !chair->is_cell;
    cells += chair->role == MCU_SLOT_ANY && chair->is_cell;
  }
  for (guint i = 0; i < self->standing->len; i++) {
    const McuGuest *guest = self->standing->pdata[i];
    screens += guest->stream == MCU_VIDEO_SCREEN;
  }
  needed = self->standing->len > fixed ? self->standing->len - fixed : 0;
  self->n_usable = fixed + MIN (cells, MAX (needed, screens));
}

static McuChair *
find_chair (const Rest *self, guint order)
{
  for (guint i = 0; i < self->table->n_chairs; i++) {
    McuChair *chair = &self->table->chairs[i];

    if (is_usable (self, chair) && chair->order == order)
      return chair;
  }
  return NULL;
}

static McuChair *
find_free (const Rest *self, const McuGuest *guest)
{
  for (guint order = 0; order < self->n_usable; order++) {
    McuChair *chair = find_chair (self, order);

    if (chair != NULL && chair->sitter < 0 && may_sit (self, guest, chair))
      return chair;
  }
  return NULL;
}

static void
sit_down (Rest *self, McuGuest *guest, McuChair *chair)
{
  mcu_table_seat (self->table, guest, chair);
  g_ptr_array_remove (self->standing, guest);
}

static void
keep_seats (Rest *self)
{
  for (guint i = self->standing->len; i-- > 0;) {
    McuGuest *guest = self->standing->pdata[i];
    McuChair *chair = guest->before != NULL && guest->before->role == MCU_SLOT_ANY
                          ? find_chair (self, guest->before->order)
                          : NULL;

    if (chair != NULL && chair->sitter < 0 && may_sit (self, guest, chair))
      sit_down (self, guest, chair);
  }
}

/* Who lost a role's chair takes the one its new holder came from: two move, and nobody else. */
static void
swap_seats (Rest *self)
{
  for (guint i = 0; i < self->table->n_chairs; i++) {
    const McuChair *chair = &self->table->chairs[i];
    McuGuest *holder = chair->role != MCU_SLOT_ANY ? mcu_table_sitter (self->table, chair) : NULL;
    McuChair *left;

    if (holder == NULL || holder->before == NULL || holder->before->role != MCU_SLOT_ANY)
      continue;
    left = find_chair (self, holder->before->order);
    for (guint j = 0; left != NULL && left->sitter < 0 && j < self->standing->len; j++) {
      McuGuest *guest = self->standing->pdata[j];

      if (mcu_guest_sat_on (guest, chair) && may_sit (self, guest, left))
        sit_down (self, guest, left);
    }
  }
}

/* Who has the best right to one of the free chairs: first those who were in the picture. */
static int
by_right (gconstpointer a, gconstpointer b)
{
  const McuGuest *p = *(McuGuest *const *) a, *q = *(McuGuest *const *) b;

  if (p->stream != q->stream)
    return p->stream == MCU_VIDEO_SCREEN ? -1 : 1;
  if ((p->before != NULL) != (q->before != NULL))
    return p->before != NULL ? -1 : 1;
  if (p->person->is_pinned != q->person->is_pinned)
    return p->person->is_pinned ? -1 : 1;
  return mcu_guest_compare (p, q);
}

static int
by_arrival (gconstpointer a, gconstpointer b)
{
  const McuGuest *p = *(McuGuest *const *) a, *q = *(McuGuest *const *) b;

  if (p->stream != q->stream)
    return p->stream == MCU_VIDEO_SCREEN ? -1 : 1;
  if (p->person->joined != q->person->joined)
    return p->person->joined < q->person->joined ? -1 : 1;
  return strcmp (p->person->id, q->person->id);
}

static guint
count_free (const Rest *self)
{
  guint n = 0;

  for (guint i = 0; i < self->table->n_chairs; i++)
    n += is_usable (self, &self->table->chairs[i]) && self->table->chairs[i].sitter < 0;
  return n;
}

/* Chosen by right, seated in the order they came. */
static void
fill_free (Rest *self)
{
  guint n_free = count_free (self);
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  g_ptr_array_sort (self->standing, by_right);
  for (guint i = 0; i < MIN (n_free, self->standing->len); i++)
    g_ptr_array_add (chosen, self->standing->pdata[i]);
  g_ptr_array_sort (chosen, by_arrival);
  for (guint i = 0; i < chosen->len; i++) {
    McuChair *chair = find_free (self, chosen->pdata[i]);

    if (chair != NULL)
      sit_down (self, chosen->pdata[i], chair);
  }
}

/* Who sits on a chair that @guest could have, and has the least right to it. */
static McuGuest *
find_least (const Rest *self, const McuGuest *guest)
{
  McuGuest *least = NULL;

  for (guint i = 0; i < self->table->n_guests; i++) {
    McuGuest *other = &self->table->guests[i];

    if (other->chair == NULL || !may_sit (self, guest, other->chair) ||
        other->stream == MCU_VIDEO_SCREEN || other->person->is_pinned || other->person->is_speaker)
      continue;
    if (least == NULL || mcu_guest_compare (other, least) > 0)
      least = other;
  }
  return least;
}

static gboolean
insists (const McuGuest *guest)
{
  return guest->stream == MCU_VIDEO_SCREEN || guest->person->is_pinned;
}

/* A speaker may take a chair, and so may who just lost a role's to another speaker. */
static gboolean
may_ask (const McuGuest *guest, const McuGuest *least)
{
  if (guest->person->is_speaker)
    return TRUE;
  return guest->before != NULL && guest->before->role != MCU_SLOT_ANY &&
         guest->before->role != MCU_SLOT_SCREEN && mcu_guest_compare (guest, least) < 0;
}

static void
push_out (Rest *self, McuGuest *guest)
{
  McuGuest *least = find_least (self, guest);
  McuChair *chair;

  if (least == NULL)
    return;
  if (!insists (guest) &&
      (!may_ask (guest, least) || mcu_table_is_held (self->table, least->person->last_spoke_ms)))
    return;
  chair = least->chair;
  mcu_table_unseat (self->table, chair);
  sit_down (self, guest, chair);
  g_ptr_array_add (self->standing, least);
}

static void
push_out_all (Rest *self, gboolean screens)
{
  g_autoptr (GPtrArray) asking = g_ptr_array_new ();

  g_ptr_array_sort (self->standing, by_right);
  for (guint i = 0; i < self->standing->len; i++)
    g_ptr_array_add (asking, self->standing->pdata[i]);
  for (guint i = 0; i < asking->len; i++) {
    McuGuest *guest = asking->pdata[i];

    if ((guest->stream == MCU_VIDEO_SCREEN) != screens)
      continue;
    if (screens && find_free (self, guest) != NULL)
      sit_down (self, guest, find_free (self, guest));
    else
      push_out (self, guest);
  }
}

void
mcu_table_seat_rest (McuTable *self)
{
  Rest rest = {self, 0, g_ptr_array_new ()};

  find_standing (&rest);
  count_usable (&rest);
  keep_seats (&rest);
  swap_seats (&rest);
  /* Screens before people: only cells take them, and a camera may move on to a fixed chair. */
  push_out_all (&rest, TRUE);
  fill_free (&rest);
  push_out_all (&rest, FALSE);
  g_ptr_array_unref (rest.standing);
}
