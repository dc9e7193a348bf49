/* tests/unit/pipelines/mix/video/elements.c - what is beside tiles: where, in which order, and
 * drawn only when it changes.  SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/elements.h"

#include <string.h>

#include "stage.h"
#include "stills.h"

/* 12:34:56 UTC on some day. */
#define NOON_S (((12 * 60) + 34) * 60 + 56)
#define DAY_S (24 * 60 * 60)

typedef struct
{
  TestStage stage;
  McuImage *image; /* green */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) png = test_still_png (64, 36, 0xff00ff00);

  test_stage_set_up (&f->stage, NULL);
  f->image = mcu_image_decode (png->data, png->len, 320, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mcu_image_unref (f->image);
  test_stage_tear_down (&f->stage, NULL);
}

static McuImage *
find_image (const char *id, gpointer user_data)
{
  Fixture *f = user_data;

  return strcmp (id, "here.png") == 0 ? f->image : NULL;
}

static McuElementState
state_of (Fixture *f)
{
  return (McuElementState){.now_s = NOON_S, .find_image = find_image, .user_data = f};
}

static McuElementBox
box_of (McuElementKind kind, int x, int y, int width, int height)
{
  McuElement element;

  mcu_element_init (&element, kind);
  element.look.is_fixed_zone = TRUE;
  g_strlcpy (element.look.image, "here.png", sizeof element.look.image);
  g_strlcpy (element.look.text, "Text", sizeof element.look.text);
  return (McuElementBox){{x, y, width, height}, element.look};
}

static McuPicture *
compose_with (Fixture *f, McuElements *elements, gsize n_tiles)
{
  McuPlace how = {.seq = 1, .elements = elements};

  test_stage_place (&f->stage, &how, n_tiles);
  return test_stage_compose (&f->stage, 0, NULL);
}

/* Behind the tiles one sees it where no tile is; in front of them everywhere. */
static void
test_elements__behind_and_in_front (Fixture *f, gconstpointer data)
{
  McuElementState state = state_of (f);
  McuElementBox box = box_of (MCU_ELEMENT_IMAGE, 0, 0, STAGE_WIDTH, STAGE_HEIGHT);
  McuRect tile = {100, 100, 200, 120};
  g_autoptr (McuElements) behind = mcu_elements_new (&box, 1, &state, NULL);
  g_autoptr (McuElements) front = NULL;
  g_autoptr (McuPicture) none = NULL;
  g_autoptr (McuPicture) a = NULL;
  g_autoptr (McuPicture) b = NULL;

  none = compose_with (f, behind, 0);
  g_assert_true (test_rect_is (none, &test_stage_all, TEST_GREEN));
  f->stage.tiles[0].placement.rect = tile;
  f->stage.tiles[0].source = f->stage.sources[1]; /* red */
  a = compose_with (f, behind, 1);
  g_assert_true (test_pixel_is (a, tile.x + tile.width / 2, tile.y + tile.height / 2, TEST_RED, 3));
  g_assert_true (test_rect_is (a, &(McuRect){0, 0, STAGE_WIDTH, 100}, TEST_GREEN));
  g_assert_true (test_rect_is (a, &(McuRect){0, 0, 100, STAGE_HEIGHT}, TEST_GREEN));
  g_assert_true (test_rect_is (a, &(McuRect){300, 0, 340, STAGE_HEIGHT}, TEST_GREEN));
  box.look.in_front = TRUE;
  front = mcu_elements_new (&box, 1, &state, NULL);
  b = compose_with (f, front, 1);
  g_assert_true (test_rect_is (b, &test_stage_all, TEST_GREEN));
}

static guint
n_drawn (Fixture *f, const McuElementBox *box, const McuElementState *state)
{
  g_autoptr (McuElements) elements = mcu_elements_new (box, 1, state, NULL);
  g_autoptr (McuPicture) plain = compose_with (f, NULL, 0);
  g_autoptr (McuPicture) with = compose_with (f, elements, 0);

  /* And never outside of its box. */
  g_assert_cmpuint (test_rect_differs (plain, with, &test_stage_all), ==,
                    test_rect_differs (plain, with, &box->rect));
  return test_rect_differs (plain, with, &box->rect);
}

static void
test_elements__each_kind (Fixture *f, gconstpointer data)
{
  McuElementState state = state_of (f);
  McuElementBox box;

  for (McuElementKind kind = 0; kind < MCU_ELEMENT_N_KINDS; kind++) {
    gboolean asks = kind == MCU_ELEMENT_CAPTION || kind == MCU_ELEMENT_RECORDING;

    box = box_of (kind, 102, 50, 200, 40);
    g_assert_cmpuint (n_drawn (f, &box, &state) == 0, ==, asks);
    state.caption = "자막 شرح caption 🎬";
    state.is_recorded = TRUE;
    g_assert_cmpuint (n_drawn (f, &box, &state), >, 100);
    state.caption = NULL;
    state.is_recorded = FALSE;
    /* Where there is no room nothing is drawn, and nothing breaks. */
    box = box_of (kind, 2, 2, 2, 2);
    n_drawn (f, &box, &state);
  }
  box = box_of (MCU_ELEMENT_LOGO, 0, 0, 100, 100);
  g_strlcpy (box.look.image, "gone.png", sizeof box.look.image);
  g_assert_cmpuint (n_drawn (f, &box, &state), ==, 0);
}

/* However long the line, it stays in its box; all styles and sides. */
static void
test_elements__lines_fit (Fixture *f, gconstpointer data)
{
  McuElementState state = state_of (f);
  g_autofree char *line = g_strnfill (500, 'W');

  state.caption = line;
  for (McuLabelStyle style = 0; style < MCU_LABEL_N_STYLES; style++)
    for (McuElementAlign align = 0; align < MCU_ALIGN_N; align++)
      for (int height = 8; height <= 120; height += 28) {
        McuElementBox box = box_of (MCU_ELEMENT_CAPTION, 20, 20, 300, height);

        box.look.style = style;
        box.look.align = align;
        if (height > 12)
          g_assert_cmpuint (n_drawn (f, &box, &state), >, 0);
        else
          n_drawn (f, &box, &state);
      }
}

static gboolean
is_same_drawing (Fixture *f, const McuElementBox *box, gint64 a_s, gint64 b_s)
{
  McuElementState state = state_of (f);
  g_autoptr (McuElements) a = NULL;
  g_autoptr (McuElements) b = NULL;

  state.now_s = a_s;
  a = mcu_elements_new (box, 1, &state, NULL);
  state.now_s = b_s;
  b = mcu_elements_new (box, 1, &state, a);
  return a == b;
}

static void
test_elements__clock (Fixture *f, gconstpointer data)
{
  McuElementBox box = box_of (MCU_ELEMENT_CLOCK, 0, 0, 200, 40);

  g_assert_true (is_same_drawing (f, &box, NOON_S, NOON_S + 3));
  g_assert_false (is_same_drawing (f, &box, NOON_S, NOON_S + 4));
  g_assert_true (is_same_drawing (f, &box, NOON_S, NOON_S + DAY_S));
  g_assert_false (is_same_drawing (f, &box, NOON_S, NOON_S + DAY_S / 2));
  box.look.seconds = TRUE;
  g_assert_false (is_same_drawing (f, &box, NOON_S, NOON_S + 1));
  box.look.seconds = FALSE;
  box.look.twelve_hours = TRUE;
  g_assert_false (is_same_drawing (f, &box, NOON_S, NOON_S + DAY_S / 2)); /* am, pm */
}

/* The hour that a zone makes of it is the hour that another zone makes of another time. */
static void
test_elements__zones (Fixture *f, gconstpointer data)
{
  McuElementState state = state_of (f);
  McuElementBox utc = box_of (MCU_ELEMENT_CLOCK, 0, 0, 200, 40), seoul = utc;
  g_autoptr (McuElements) a = NULL;
  g_autoptr (McuElements) b = NULL;

  seoul.look.zone_min = 9 * 60;
  a = mcu_elements_new (&seoul, 1, &state, NULL);
  state.now_s += 9 * 60 * 60;
  b = mcu_elements_new (&utc, 1, &state, a);
  g_assert_true (a == b);
}

static void
test_elements__drawn_when_changed_only (Fixture *f, gconstpointer data)
{
  McuElementState state = state_of (f);
  McuElementBox boxes[] = {box_of (MCU_ELEMENT_CAPTION, 0, 0, 200, 40),
                           box_of (MCU_ELEMENT_LOGO, 0, 60, 64, 36)};
  g_autoptr (McuElements) first = mcu_elements_new (boxes, 2, &state, NULL);
  g_autoptr (McuElements) second = NULL;
  g_autoptr (McuElements) third = NULL;
  g_autoptr (McuPicture) a = compose_with (f, first, 2);
  g_autoptr (McuPicture) b = NULL;

  g_assert_false (mcu_canvas_has_news (f->stage.canvas));
  second = mcu_elements_new (boxes, 2, &state, first);
  g_assert_true (first == second);
  mcu_canvas_set_elements (f->stage.canvas, second);
  g_assert_false (mcu_canvas_has_news (f->stage.canvas));
  state.caption = "Said";
  third = mcu_elements_new (boxes, 2, &state, first);
  g_assert_true (third != first);
  mcu_canvas_set_elements (f->stage.canvas, third);
  g_assert_true (mcu_canvas_has_news (f->stage.canvas));
  b = test_stage_compose (&f->stage, 1, NULL);
  g_assert_cmpuint (test_rect_differs (a, b, &boxes[0].rect), >, 0);
  g_assert_cmpuint (test_rect_differs (a, b, &boxes[1].rect), ==, 0);
}

/* A placeholder shows whose picture it is instead of letters, and letters again. */
static void
test_elements__avatar (Fixture *f, gconstpointer data)
{
  McuDecor decor = {.label = "Ada"};
  McuPlacement *at = &f->stage.tiles[0].placement;
  g_autoptr (McuPicture) letters = NULL;
  g_autoptr (McuPicture) picture = NULL;
  g_autoptr (McuPicture) again = NULL;

  f->stage.tiles[0].decor = decor;
  letters = compose_with (f, NULL, 1);
  decor.avatar = f->image;
  g_assert_true (mcu_canvas_set_decor (f->stage.canvas, at->participant, at->stream, &decor));
  picture = test_stage_compose (&f->stage, 1, NULL);
  g_assert_true (test_pixel_is (picture, at->rect.x + at->rect.width / 2,
                                at->rect.y + at->rect.height / 2, TEST_GREEN, 3));
  decor.avatar = NULL;
  g_assert_true (mcu_canvas_set_decor (f->stage.canvas, at->participant, at->stream, &decor));
  again = test_stage_compose (&f->stage, 2, NULL);
  g_assert_cmpuint (test_rect_differs (letters, again, &test_stage_all), ==, 0);
}

#define add(name)                                                                                  \
  g_test_add ("/video/elements/" #name, Fixture, NULL, set_up, test_elements__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mcu_decor_warm_up ();
  add (behind_and_in_front);
  add (each_kind);
  add (lines_fit);
  add (clock);
  add (zones);
  add (drawn_when_changed_only);
  add (avatar);
  return g_test_run ();
}
