/* tests/unit/layouts/seats.c - roles, holds, and who is shown when not everybody can be.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/seats.h"

#include "layouts/layout-file.h"
#include "tests/unit/layouts/crowd.h"

#define HOLD_MS 4000

typedef struct
{
  McuLayout *layout;
  McuSeating seating;
  Crowd crowd;
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  guint n;
} Room;

/* A layout of one row of slots with these members, e.g. "\"role\":\"speaker\"". */
static McuLayout *
row (const char *const *slots, guint n)
{
  g_autoptr (GString) text = g_string_new ("{\"name\":\"row\",\"arrangements\":[{\"people\":\"1+\","
                                           "\"slots\":[");
  g_autoptr (GError) error = NULL;
  McuLayout *layout;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s{\"x\":\"%u/%u\",\"y\":0,\"width\":\"1/%u\",\"height\":1%s%s}",
                            i > 0 ? "," : "", i, n, n, slots[i][0] != '\0' ? "," : "", slots[i]);
  g_string_append (text, "]}]}");
  layout = mcu_layout_parse (text->str, text->len, "row.json", &error);
  g_assert_no_error (error);
  return layout;
}

static void
room_init (Room *self, guint n_people, const char *const *slots, guint n_slots)
{
  memset (self, 0, sizeof *self);
  self->layout = row (slots, n_slots);
  crowd_init (&self->crowd, n_people);
}

/* Who is where, left to right: "p1 p2 -", a screen in brackets. */
static char *
seen (Room *self, gint64 now_ms)
{
  GString *text = g_string_new (NULL);
  guint n_slots = mcu_layout_get_arrangement (self->layout, 0)->slots->len;

  self->n = mcu_layout_solve (self->layout, 1280, 720, self->crowd.people, self->crowd.n, now_ms,
                              &self->seating, self->tiles);
  for (guint i = 0; i < n_slots; i++) {
    const char *who = "-";
    gboolean screen = FALSE;

    for (guint j = 0; j < self->n; j++)
      if (self->tiles[j].rect.x / (1280 / (int) n_slots) == (int) i) {
        who = self->tiles[j].participant;
        screen = self->tiles[j].stream == MCU_VIDEO_SCREEN;
      }
    g_string_append_printf (text, screen ? "%s[%s]" : "%s%s", i > 0 ? " " : "", who);
  }
  return g_string_free (text, FALSE);
}

#define assert_seen(room, now_ms, want)                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *seen_ = seen (room, now_ms);                                                  \
    g_assert_cmpstr (seen_, ==, want);                                                             \
  }                                                                                                \
  G_STMT_END

static void
test_seats__a_hole_stays_until_somebody_comes (void)
{
  static const char *const slots[] = {"", "", "", ""};
  Room room;

  room_init (&room, 3, slots, 4);
  assert_seen (&room, 1, "p1 p2 p3 -");
  crowd_leave (&room.crowd, 1);
  assert_seen (&room, 2, "p1 - p3 -");
  crowd_join (&room.crowd);
  assert_seen (&room, 3, "p1 p4 p3 -");
  mcu_layout_unref (room.layout);
}

static void
test_seats__the_last_in_a_grid_fills_the_hole (void)
{
  static const char *const slots[] = {"\"grid\":true"};
  Room room;

  room_init (&room, 5, slots, 1);
  g_free (seen (&room, 1));
  crowd_leave (&room.crowd, 1);
  g_free (seen (&room, 2));
  g_assert_cmpuint (room.n, ==, 4);
  g_assert_cmpstr (room.tiles[0].participant, ==, "p1");
  g_assert_cmpstr (room.tiles[1].participant, ==, "p5");
  g_assert_cmpstr (room.tiles[2].participant, ==, "p3");
  g_assert_cmpstr (room.tiles[3].participant, ==, "p4");
  mcu_layout_unref (room.layout);
}

static void
test_seats__roles (void)
{
  static const char *const slots[] = {"\"role\":\"pinned\"", "\"role\":\"moderator\"",
                                      "\"participant\":\"p5\"", ""};
  Room room;

  room_init (&room, 4, slots, 4);
  room.crowd.people[1].is_moderator = TRUE;
  room.crowd.people[2].is_pinned = TRUE;
  assert_seen (&room, 1, "p3 p2 - p1");
  crowd_join (&room.crowd); /* p5 comes to the reserved seat */
  assert_seen (&room, 2, "p3 p2 p5 p1");
  /* A pin that goes leaves the seat to the speaker; who is shown keeps theirs. */
  room.crowd.people[2].is_pinned = FALSE;
  assert_seen (&room, 3, "p3 p2 p5 p1");
  crowd_speak (&room.crowd, 3, 4);
  assert_seen (&room, 4, "p4 p2 p5 p1");
  mcu_layout_unref (room.layout);
}

static void
test_seats__a_moderator_takes_the_seat_from_a_stand_in (void)
{
  static const char *const slots[] = {"\"role\":\"moderator\"", "", ""};
  Room room;

  room_init (&room, 3, slots, 3);
  crowd_speak (&room.crowd, 0, 1);
  assert_seen (&room, 1, "p1 p2 p3");
  room.crowd.people[2].is_moderator = TRUE;
  assert_seen (&room, 2, "p3 p2 p1");
  mcu_layout_unref (room.layout);
}

static void
test_seats__a_speaker_has_the_hold (void)
{
  static const char *const slots[] = {"\"role\":\"speaker\"", "", ""};
  Room room;

  room_init (&room, 3, slots, 3);
  assert_seen (&room, 1, "p1 p2 p3");
  crowd_speak (&room.crowd, 1, 1000); /* a stand-in goes at once */
  assert_seen (&room, 1000, "p2 p1 p3");
  g_assert_cmpint (room.seating.again_ms, ==, 0);
  crowd_speak (&room.crowd, 2, 2000);
  assert_seen (&room, 2000, "p2 p1 p3");
  g_assert_cmpint (room.seating.again_ms, ==, 1000 + HOLD_MS);
  assert_seen (&room, 1000 + HOLD_MS, "p3 p1 p2");
  g_assert_cmpint (room.seating.again_ms, ==, 0);
  mcu_layout_unref (room.layout);
}

static void
test_seats__speakers_swap_though_there_is_a_hole (void)
{
  static const char *const slots[] = {"\"role\":\"speaker\"", "", "", ""};
  Room room;

  room_init (&room, 4, slots, 4);
  assert_seen (&room, 1, "p1 p2 p3 p4");
  crowd_leave (&room.crowd, 1);
  crowd_speak (&room.crowd, 2, 2);
  assert_seen (&room, 2, "p4 - p3 p1");
  mcu_layout_unref (room.layout);
}

static void
test_seats__a_speaker_who_leaves_is_replaced_at_once (void)
{
  static const char *const slots[] = {"\"role\":\"speaker\"", "", ""};
  Room room;

  room_init (&room, 4, slots, 3);
  crowd_speak (&room.crowd, 1, 1000);
  assert_seen (&room, 1000, "p2 p1 p3");
  crowd_speak (&room.crowd, 2, 1500);
  assert_seen (&room, 1500, "p2 p1 p3");
  crowd_leave (&room.crowd, 1);
  assert_seen (&room, 1600, "p3 p1 p4");
  mcu_layout_unref (room.layout);
}

static void
test_seats__recent_speakers_are_shown (void)
{
  static const char *const slots[] = {"", ""};
  Room room;

  room_init (&room, 4, slots, 2);
  assert_seen (&room, 1, "p1 p2");
  crowd_speak (&room.crowd, 2, 1000); /* p2 came last and never spoke */
  assert_seen (&room, 1000, "p1 p3");
  crowd_speak (&room.crowd, 3, 2000);
  assert_seen (&room, 2000, "p4 p3");
  crowd_speak (&room.crowd, 0, 3000); /* both spoke just now */
  assert_seen (&room, 3000, "p4 p3");
  g_assert_cmpint (room.seating.again_ms, ==, 1000 + HOLD_MS);
  assert_seen (&room, 1000 + HOLD_MS, "p4 p1");
  mcu_layout_unref (room.layout);
}

static void
test_seats__a_pinned_person_is_always_shown (void)
{
  static const char *const slots[] = {"", ""};
  Room room;

  room_init (&room, 4, slots, 2);
  crowd_speak (&room.crowd, 0, 1000);
  assert_seen (&room, 1000, "p1 p2");
  room.crowd.people[3].is_pinned = TRUE;
  assert_seen (&room, 1000, "p1 p4");
  crowd_speak (&room.crowd, 2, 90000);
  assert_seen (&room, 90000, "p3 p4");
  mcu_layout_unref (room.layout);
}

static void
test_seats__the_line_of_screens (void)
{
  static const char *const slots[] = {"\"role\":\"screen\"", "\"role\":\"screen\"", ""};
  Room room;

  room_init (&room, 4, slots, 3);
  for (guint i = 0; i < 4; i++) {
    room.crowd.people[i].has_screen = TRUE;
    room.crowd.people[i].screen_started_ms = 100 - i; /* p4 was the first */
  }
  assert_seen (&room, 200, "[p4] [p3] p1");
  room.crowd.people[3].has_screen = FALSE;
  assert_seen (&room, 201, "[p2] [p3] p1");
  room.crowd.people[2].has_screen = FALSE;
  assert_seen (&room, 202, "[p2] [p1] p1");
  room.crowd.people[1].has_screen = FALSE;
  assert_seen (&room, 203, "- [p1] p1");
  mcu_layout_unref (room.layout);
}

static void
test_seats__order_is_kept_from_layout_to_layout (void)
{
  static const char *const two[] = {"\"role\":\"speaker\"", "\"grid\":true"};
  static const char *const one[] = {"\"grid\":true"};
  g_autoptr (McuLayout) other = row (two, 2);
  McuLayout *grid;
  Room room;

  room_init (&room, 4, one, 1);
  crowd_leave (&room.crowd, 0); /* p2 p3 p4 */
  g_free (seen (&room, 1));
  grid = room.layout;
  room.layout = other;
  g_free (seen (&room, 2));
  g_assert_cmpuint (room.n, ==, 3);
  room.layout = grid;
  g_free (seen (&room, 3));
  g_assert_cmpuint (room.n, ==, 3);
  g_assert_nonnull (find_tile (room.tiles, 3, "p2", MCU_VIDEO_CAMERA));
  mcu_layout_unref (room.layout);
}

static void
test_seats__more_people_than_are_looked_at (void)
{
  static const char *const slots[] = {"\"grid\":true"};
  McuLayout *layout = row (slots, 1);
  g_autofree McuLayoutPerson *people = g_new0 (McuLayoutPerson, 3000);
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  g_autoptr (GStringChunk) ids = g_string_chunk_new (4096);

  for (guint i = 0; i < 3000; i++) {
    char id[16];

    g_snprintf (id, sizeof id, "p%u", i);
    people[i].id = g_string_chunk_insert (ids, id);
    people[i].joined = i;
  }
  g_assert_cmpuint (mcu_layout_solve (layout, 1280, 720, people, 3000, 1, &seating, tiles), ==, 49);
  mcu_layout_unref (layout);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/seats/a_hole_stays_until_somebody_comes",
                   test_seats__a_hole_stays_until_somebody_comes);
  g_test_add_func ("/layouts/seats/the_last_in_a_grid_fills_the_hole",
                   test_seats__the_last_in_a_grid_fills_the_hole);
  g_test_add_func ("/layouts/seats/roles", test_seats__roles);
  g_test_add_func ("/layouts/seats/a_moderator_takes_the_seat_from_a_stand_in",
                   test_seats__a_moderator_takes_the_seat_from_a_stand_in);
  g_test_add_func ("/layouts/seats/a_speaker_has_the_hold", test_seats__a_speaker_has_the_hold);
  g_test_add_func ("/layouts/seats/speakers_swap_though_there_is_a_hole",
                   test_seats__speakers_swap_though_there_is_a_hole);
  g_test_add_func ("/layouts/seats/a_speaker_who_leaves_is_replaced_at_once",
                   test_seats__a_speaker_who_leaves_is_replaced_at_once);
  g_test_add_func ("/layouts/seats/recent_speakers_are_shown",
                   test_seats__recent_speakers_are_shown);
  g_test_add_func ("/layouts/seats/a_pinned_person_is_always_shown",
                   test_seats__a_pinned_person_is_always_shown);
  g_test_add_func ("/layouts/seats/the_line_of_screens", test_seats__the_line_of_screens);
  g_test_add_func ("/layouts/seats/order_is_kept_from_layout_to_layout",
                   test_seats__order_is_kept_from_layout_to_layout);
  g_test_add_func ("/layouts/seats/more_people_than_are_looked_at",
                   test_seats__more_people_than_are_looked_at);

  return g_test_run ();
}
