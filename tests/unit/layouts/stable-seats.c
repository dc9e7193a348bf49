/* tests/unit/layouts/stable-seats.c - random meetings: who moves, and why.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/layouts/crowd.h"

#define SEQUENCES 1000 /* over all layouts */
#define STEPS 40

typedef struct
{
  Crowd crowd;
  McuSeating seating;
  gint64 now_ms;
} Meeting;

static const McuSeat *
find_seat (const McuSeating *seating, const char *id, McuVideo stream)
{
  for (guint i = 0; i < seating->n_seats; i++)
    if (seating->seats[i].stream == stream && g_str_equal (seating->seats[i].participant, id))
      return &seating->seats[i];
  return NULL;
}

static gboolean
is_taken (const McuSeating *seating, McuSlotRole role, guint order)
{
  for (guint i = 0; i < seating->n_seats; i++)
    if (seating->seats[i].role == role && seating->seats[i].order == order)
      return TRUE;
  return FALSE;
}

static guint
one_of (GRand *rand, guint n)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) n);
}

static void
change (Meeting *meeting, GRand *rand)
{
  Crowd *crowd = &meeting->crowd;
  McuLayoutPerson *person;

  meeting->now_ms += g_rand_int_range (rand, 0, 6000);
  if (crowd->n == 0 || (one_of (rand, 4) == 0 && crowd->n < CROWD_MAX)) {
    crowd_join (crowd);
    return;
  }
  person = &crowd->people[one_of (rand, crowd->n)];
  switch (one_of (rand, 6)) {
  case 0:
    crowd_leave (crowd, (guint) (person - crowd->people));
    break;
  case 1:
    person->has_screen = !person->has_screen;
    person->screen_started_ms = meeting->now_ms;
    break;
  case 2:
    person->has_video = !person->has_video;
    break;
  case 3:
    person->is_moderator = !person->is_moderator;
    break;
  default:
    crowd_speak (crowd, (guint) (person - crowd->people), meeting->now_ms);
    break;
  }
}

/* Nobody goes from one seat to another of the same role, unless theirs is gone: in one arrangement
 * a grid's last ones, from one arrangement to the next any. */
static void
assert_nobody_moved (const McuSeating *before, const McuSeating *after, gboolean same_arrangement)
{
  for (guint i = 0; i < before->n_seats; i++) {
    const McuSeat *old = &before->seats[i];
    const McuSeat *new = find_seat (after, old->participant, old->stream);

    if (new == NULL || new->role != old->role || new->order == old->order)
      continue;
    g_test_message ("%s: from %s %u to %u", old->participant, mcu_slot_role_to_string (old->role),
                    old->order, new->order);
    g_assert_true (new->role == MCU_SLOT_ANY || !same_arrangement);
    g_assert_false (is_taken (after, old->role, old->order));
    g_assert_cmpuint (new->order, <, old->order);
  }
}

/* Whoever left the picture made room for somebody; while there are free seats nobody stands. */
static void
assert_nobody_was_lost (const McuSeating *before, const McuSeating *after, const Crowd *crowd)
{
  for (guint i = 0; i < before->n_seats; i++) {
    const McuSeat *old = &before->seats[i];

    if (old->stream == MCU_VIDEO_SCREEN || crowd_find (crowd, old->participant) < 0 ||
        find_seat (after, old->participant, MCU_VIDEO_CAMERA) != NULL)
      continue;
    g_assert_true (is_taken (after, old->role, old->order) || after->n_seats == 49);
  }
}

static int
arrangement_of (const McuLayout *layout, const Crowd *crowd, gboolean portrait)
{
  guint screens = 0;

  for (guint i = 0; i < crowd->n; i++)
    screens += crowd->people[i].has_screen;
  return mcu_layout_choose (layout, crowd->n, screens, portrait);
}

static void
run_meeting (const McuLayout *layout, GRand *rand, gboolean portrait)
{
  Meeting meeting = {.now_ms = 1000};
  int width = portrait ? 720 : 1280, height = portrait ? 1280 : 720;

  crowd_init (&meeting.crowd, one_of (rand, 30));
  for (guint step = 0; step < STEPS; step++) {
    McuSeating before = meeting.seating;
    McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
    int arrangement = arrangement_of (layout, &meeting.crowd, portrait);
    gboolean same;
    guint n;

    change (&meeting, rand);
    n = mcu_layout_solve (layout, width, height, meeting.crowd.people, meeting.crowd.n,
                          meeting.now_ms, &meeting.seating, tiles);
    assert_placement_holds (tiles, n, width, height);
    g_assert_true (meeting.seating.again_ms == 0 || meeting.seating.again_ms > meeting.now_ms);
    same = arrangement_of (layout, &meeting.crowd, portrait) == arrangement;
    assert_nobody_moved (&before, &meeting.seating, same);
    if (same)
      assert_nobody_was_lost (&before, &meeting.seating, &meeting.crowd);
  }
}

static void
test_stable_seats__nobody_moves_without_a_reason (void)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  g_autoptr (GPtrArray) layouts = mcu_layout_store_list (store);
  GRand *rand = g_rand_new_with_seed (g_test_rand_int () & 0x7fffffff);

  for (guint i = 0; i < SEQUENCES; i++) {
    const McuLayout *layout = layouts->pdata[i % layouts->len];

    g_test_message ("sequence %u of %s", i, layout->name);
    run_meeting (layout, rand, (i / layouts->len) % 2 == 1);
  }
  g_rand_free (rand);
}

/* Where the layout has no seat for speakers and everybody has one, speech moves nobody. */
static void
test_stable_seats__speech_moves_nobody_in_a_grid (void)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  const McuLayout *layout = mcu_layout_store_find (store, "grid");
  McuPlacement first[MCU_PLACEMENT_MAX_TILES], tiles[MCU_PLACEMENT_MAX_TILES];
  McuSeating seating = {0};
  Crowd crowd;

  crowd_init (&crowd, 12);
  mcu_layout_solve (layout, 1280, 720, crowd.people, 12, 1, &seating, first);
  for (guint i = 0; i < 12; i++) {
    crowd_speak (&crowd, 11 - i, 1000 * (i + 1));
    g_assert_cmpuint (
        mcu_layout_solve (layout, 1280, 720, crowd.people, 12, 1000 * (i + 1), &seating, tiles), ==,
        12);
    for (guint j = 0; j < 12; j++)
      g_assert_true (mcu_placement_equal (&first[j], &tiles[j]));
  }
}

/* Each speaker changes places with the one before; the six others do not notice. */
static void
test_stable_seats__speakers_swap (void)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  const McuLayout *layout = mcu_layout_store_find (store, "speaker");
  McuSeating seating = {0};
  Crowd crowd;

  crowd_init (&crowd, 8);
  for (guint i = 0; i < 50; i++) {
    McuSeating before = seating;
    McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
    gint64 now_ms = 10000 * (i + 1);
    guint moved = 0;

    crowd_speak (&crowd, (i * 3) % 8, now_ms);
    mcu_layout_solve (layout, 1280, 720, crowd.people, 8, now_ms, &seating, tiles);
    for (guint j = 0; i > 0 && j < 8; j++) {
      const McuSeat *a = find_seat (&before, crowd.ids[j], MCU_VIDEO_CAMERA);
      const McuSeat *b = find_seat (&seating, crowd.ids[j], MCU_VIDEO_CAMERA);
      moved += a->role != b->role || a->order != b->order;
    }
    g_assert_cmpuint (moved, ==, i > 0 ? 2 : 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/stable-seats/nobody_moves_without_a_reason",
                   test_stable_seats__nobody_moves_without_a_reason);
  g_test_add_func ("/layouts/stable-seats/speech_moves_nobody_in_a_grid",
                   test_stable_seats__speech_moves_nobody_in_a_grid);
  g_test_add_func ("/layouts/stable-seats/speakers_swap", test_stable_seats__speakers_swap);

  return g_test_run ();
}
