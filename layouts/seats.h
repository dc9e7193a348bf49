/* layouts/seats.h - who sits where: roles, the recent speakers, and who keeps their seat.
 * From: layouts/layout-solve.  SPDX-License-Identifier: Apache-2.0
 *
 * Nothing here knows geometry. A chair is one tile that could be; a seat is a chair that somebody
 * has. Nobody changes seats unless one of these is so: a role asks for it; the last chairs of a
 * grid are taken away because there are fewer people; there are more people than chairs and
 * somebody who is not shown speaks, or is pinned. */
#pragma once

#include "layouts/layout.h"
#include "layouts/placement.h"

#define MCU_SEATING_MAX MCU_PLACEMENT_MAX_TILES
/* One room's people, a hundred by default; more than this are not looked at. */
#define MCU_SEATING_MAX_PEOPLE 1000

/** McuLayoutPerson: somebody who could be shown. The strings belong to the caller. */
typedef struct
{
  const char *id;       /* participant id, 1..64 bytes */
  const char *identity; /* (nullable): whom a slot's `participant` means */
  gboolean is_moderator;
  gboolean is_pinned;
  gboolean is_speaker;      /* has the floor */
  gboolean has_video;       /* a camera that is on */
  gboolean has_screen;      /* shares a screen that is to be shown */
  guint64 joined;           /* any number that grows from join to join */
  gint64 last_spoke_ms;     /* when they last had the floor; 0: never */
  gint64 screen_started_ms; /* when the share began: the order of the line */
} McuLayoutPerson;

/** McuSeat: who has which chair. */
typedef struct
{
  char participant[MCU_PLACEMENT_ID_MAX + 1];
  McuVideo stream;
  McuSlotRole role;
  guint order;     /* among the chairs of that role */
  gint64 since_ms; /* when they sat down there */
} McuSeat;

/**
 * McuSeating: a plain value, all zero when nobody has sat yet. What was solved before, given to the
 * next solve, is the whole memory of a room's picture.
 */
typedef struct
{
  guint n_seats;
  McuSeat seats[MCU_SEATING_MAX];
  gint64
      again_ms; /* when somebody's hold ends, so that solving again changes something; 0: never */
  guint arrangement; /* the index of the one that was used */
} McuSeating;

/** McuChair: one tile that could be. */
typedef struct
{
  McuSlotRole role;
  guint order;          /* among the chairs of that role; cells of grids come after all others */
  const char *identity; /* (nullable): MCU_SLOT_PARTICIPANT's */
  gboolean is_cell;     /* of a grid: there only when it is needed, and may take a screen */
  int sitter;           /* (out): index of the person; -1: empty */
  McuVideo stream;      /* (out) */
  gint64 since_ms;      /* (out) */
} McuChair;

/**
 * mcu_seats_fill:
 * @chairs: (inout) (array length=n_chairs): at most MCU_SEATING_MAX
 * @people: (array length=n_people): who is to be shown, and who shares a screen
 * @shown: (array length=n_people): FALSE for who has no tile of their own, only a screen
 * @before: the seating before
 * @hold_ms: for how long after speaking somebody keeps a seat that another speaker could have
 * @now_ms: the clock of last_spoke_ms, > 0
 *
 * The rules, in order. Screens take the chairs for screens, first come, first served; without such
 * chairs, cells. Fixed identities, pinned people and moderators take theirs. Speakers' chairs, and
 * those of pinned people and moderators that nobody claims, go to the speaker, then to the most
 * recent ones. All others take chairs for anybody.
 *
 * Thread: any, pure.  Returns: when a hold ends that kept somebody away, ms; 0 when none did.
 */
gint64 mcu_seats_fill (McuChair *chairs, guint n_chairs, const McuLayoutPerson *people,
                       const gboolean *shown, guint n_people, const McuSeating *before,
                       guint hold_ms, gint64 now_ms);
