/* layouts/seats-roles.c - the chairs that are not for anybody.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/seats-private.h"

#include <string.h>

typedef gboolean (*Claims) (const McuGuest *guest, const McuChair *chair);

static gboolean
claims_screen (const McuGuest *guest, const McuChair *chair)
{
  return guest->stream == MCU_VIDEO_SCREEN;
}

static gboolean
claims_identity (const McuGuest *guest, const McuChair *chair)
{
  return guest->stream == MCU_VIDEO_CAMERA && guest->person->identity != NULL &&
         strcmp (guest->person->identity, chair->identity) == 0;
}

static gboolean
claims_pinned (const McuGuest *guest, const McuChair *chair)
{
  return guest->stream == MCU_VIDEO_CAMERA && guest->person->is_pinned;
}

static gboolean
claims_moderator (const McuGuest *guest, const McuChair *chair)
{
  return guest->stream == MCU_VIDEO_CAMERA && guest->person->is_moderator;
}

static gboolean
claims_speaker (const McuGuest *guest, const McuChair *chair)
{
  return guest->stream == MCU_VIDEO_CAMERA;
}

static void
keep (McuTable *table, McuChair *chair, Claims claims)
{
  for (guint i = 0; i < table->n_guests; i++) {
    McuGuest *guest = &table->guests[i];

    if (guest->chair == NULL && mcu_guest_sat_on (guest, chair) && claims (guest, chair)) {
      mcu_table_seat (table, guest, chair);
      return;
    }
  }
}

/* The longest share first, then who came first. */
static gboolean
is_earlier (const McuGuest *a, const McuGuest *b)
{
  if (a->stream == MCU_VIDEO_SCREEN && a->person->screen_started_ms != b->person->screen_started_ms)
    return a->person->screen_started_ms < b->person->screen_started_ms;
  if (a->person->joined != b->person->joined)
    return a->person->joined < b->person->joined;
  return strcmp (a->person->id, b->person->id) < 0;
}

static void
fill (McuTable *table, McuChair *chair, Claims claims)
{
  McuGuest *first = NULL;

  for (guint i = 0; i < table->n_guests; i++) {
    McuGuest *guest = &table->guests[i];

    if (guest->chair == NULL && claims (guest, chair) &&
        (first == NULL || is_earlier (guest, first)))
      first = guest;
  }
  if (first != NULL)
    mcu_table_seat (table, first, chair);
}

/* All keep before any is filled: else a chair that became free would draw from the next one. */
static void
seat_role (McuTable *table, McuSlotRole role, Claims claims)
{
  for (guint i = 0; i < table->n_chairs; i++)
    if (table->chairs[i].role == role)
      keep (table, &table->chairs[i], claims);
  for (guint i = 0; i < table->n_chairs; i++)
    if (table->chairs[i].role == role && table->chairs[i].sitter < 0)
      fill (table, &table->chairs[i], claims);
}

static McuGuest *
best_speaker (McuTable *table)
{
  McuGuest *best = NULL;

  for (guint i = 0; i < table->n_guests; i++) {
    McuGuest *guest = &table->guests[i];

    if (guest->chair == NULL && guest->stream == MCU_VIDEO_CAMERA &&
        (best == NULL || mcu_guest_compare (guest, best) < 0))
      best = guest;
  }
  return best;
}

static gboolean
is_for_speakers (const McuChair *chair)
{
  return chair->role == MCU_SLOT_SPEAKER || chair->role == MCU_SLOT_PINNED ||
         chair->role == MCU_SLOT_MODERATOR;
}

/* Somebody who never spoke was only a stand-in; a speaker has the chair for the hold at least. */
static gboolean
may_be_replaced (McuTable *table, McuChair *chair, const McuGuest *holder)
{
  return holder->person->last_spoke_ms == 0 || !mcu_table_is_held (table, chair->since_ms);
}

static void
let_speaker_in (McuTable *table, McuChair *const *chairs, guint n)
{
  McuGuest *speaker = best_speaker (table);
  McuChair *worst = NULL;

  if (speaker == NULL || !speaker->person->is_speaker)
    return;
  for (guint i = 0; i < n; i++) {
    McuGuest *holder = mcu_table_sitter (table, chairs[i]);

    if (!holder->person->is_speaker &&
        (worst == NULL || mcu_guest_compare (holder, mcu_table_sitter (table, worst)) > 0))
      worst = chairs[i];
  }
  if (worst == NULL || !may_be_replaced (table, worst, mcu_table_sitter (table, worst)))
    return;
  mcu_table_unseat (table, worst);
  mcu_table_seat (table, speaker, worst);
}

static void
seat_speakers (McuTable *table)
{
  McuChair *chairs[MCU_SEATING_MAX];
  guint n = 0;

  for (guint i = 0; i < table->n_chairs; i++)
    if (is_for_speakers (&table->chairs[i]) && table->chairs[i].sitter < 0)
      chairs[n++] = &table->chairs[i];
  for (guint i = 0; i < n; i++)
    keep (table, chairs[i], claims_speaker);
  for (guint i = 0; i < n; i++) {
    McuGuest *best = chairs[i]->sitter < 0 ? best_speaker (table) : NULL;

    if (best != NULL)
      mcu_table_seat (table, best, chairs[i]);
    else if (chairs[i]->sitter < 0)
      return; /* fewer people than chairs: there is nobody left to let in */
  }
  let_speaker_in (table, chairs, n);
}

void
mcu_table_seat_roles (McuTable *self)
{
  seat_role (self, MCU_SLOT_SCREEN, claims_screen);
  seat_role (self, MCU_SLOT_PARTICIPANT, claims_identity);
  seat_role (self, MCU_SLOT_PINNED, claims_pinned);
  seat_role (self, MCU_SLOT_MODERATOR, claims_moderator);
  seat_speakers (self);
}
