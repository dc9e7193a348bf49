/* layouts/seats.c - who sits where.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/seats-private.h"

#include <string.h>

void
mcu_table_seat (McuTable *self, McuGuest *guest, McuChair *chair)
{
  g_assert (chair->sitter < 0 && guest->chair == NULL);
  guest->chair = chair;
  chair->sitter = guest->index;
  chair->stream = guest->stream;
  chair->since_ms = mcu_guest_sat_on (guest, chair) ? guest->before->since_ms : self->now_ms;
}

McuGuest *
mcu_table_sitter (McuTable *self, const McuChair *chair)
{
  for (guint i = 0; chair->sitter >= 0 && i < self->n_guests; i++)
    if (self->guests[i].chair == chair)
      return &self->guests[i];
  return NULL;
}

McuGuest *
mcu_table_unseat (McuTable *self, McuChair *chair)
{
  McuGuest *guest = mcu_table_sitter (self, chair);

  if (guest != NULL)
    guest->chair = NULL;
  chair->sitter = -1;
  return guest;
}

gboolean
mcu_guest_sat_on (const McuGuest *guest, const McuChair *chair)
{
  return guest->before != NULL && guest->before->role == chair->role &&
         guest->before->order == chair->order;
}

int
mcu_guest_compare (const McuGuest *a, const McuGuest *b)
{
  const McuLayoutPerson *p = a->person, *q = b->person;

  if (p->is_speaker != q->is_speaker)
    return p->is_speaker ? -1 : 1;
  if (p->last_spoke_ms != q->last_spoke_ms)
    return p->last_spoke_ms > q->last_spoke_ms ? -1 : 1;
  if (p->has_video != q->has_video)
    return p->has_video ? -1 : 1;
  if (p->joined != q->joined)
    return p->joined < q->joined ? -1 : 1;
  return strcmp (p->id, q->id);
}

gboolean
mcu_table_is_held (McuTable *self, gint64 since_ms)
{
  gint64 until_ms = since_ms + self->hold_ms;

  if (since_ms == 0 || until_ms <= self->now_ms)
    return FALSE;
  if (self->again_ms == 0 || until_ms < self->again_ms)
    self->again_ms = until_ms;
  return TRUE;
}

static const McuSeat *
find_seat (GHashTable *seats, const McuLayoutPerson *person, McuVideo stream)
{
  McuSeat key = {.stream = stream};

  g_strlcpy (key.participant, person->id, sizeof key.participant);
  return g_hash_table_lookup (seats, &key);
}

static guint
hash_seat (gconstpointer data)
{
  const McuSeat *seat = data;

  return g_str_hash (seat->participant) + seat->stream;
}

static gboolean
same_seat (gconstpointer a, gconstpointer b)
{
  const McuSeat *p = a, *q = b;

  return p->stream == q->stream && strcmp (p->participant, q->participant) == 0;
}

static void
add_guest (McuTable *self, GHashTable *seats, const McuLayoutPerson *people, guint i,
           McuVideo stream)
{
  McuGuest guest = {&people[i], (int) i, stream, find_seat (seats, &people[i], stream), NULL};

  self->guests[self->n_guests++] = guest;
}

static void
collect_guests (McuTable *self, const McuLayoutPerson *people, const gboolean *shown,
                guint n_people, const McuSeating *before)
{
  g_autoptr (GHashTable) seats = g_hash_table_new (hash_seat, same_seat);

  for (guint i = 0; i < MIN (before->n_seats, MCU_SEATING_MAX); i++)
    g_hash_table_add (seats, (gpointer) &before->seats[i]);
  self->guests = g_new (McuGuest, 2 * n_people + 1);
  for (guint i = 0; i < n_people; i++) {
    if (shown[i])
      add_guest (self, seats, people, i, MCU_VIDEO_CAMERA);
    if (people[i].has_screen)
      add_guest (self, seats, people, i, MCU_VIDEO_SCREEN);
  }
}

gint64
mcu_seats_fill (McuChair *chairs, guint n_chairs, const McuLayoutPerson *people,
                const gboolean *shown, guint n_people, const McuSeating *before, guint hold_ms,
                gint64 now_ms)
{
  McuTable table = {.chairs = chairs, .n_chairs = n_chairs, .hold_ms = hold_ms, .now_ms = now_ms};

  g_return_val_if_fail (n_chairs <= MCU_SEATING_MAX, 0);
  for (guint i = 0; i < n_chairs; i++)
    chairs[i].sitter = -1;
  collect_guests (&table, people, shown, MIN (n_people, MCU_SEATING_MAX_PEOPLE), before);
  mcu_table_seat_roles (&table);
  mcu_table_seat_rest (&table);
  g_free (table.guests);
  return table.again_ms;
}
