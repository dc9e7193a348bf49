/* tests/fuzz/fuzz-layout.c - a layout file from anybody, up to where its tiles are.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "layouts/element-json.h"
#include "layouts/layout-file.h"
#include "layouts/layout-solve.h"
#include "mcu/base/error.h"
#include "tests/fuzz/fuzz.h"

#define N_PEOPLE 12

static void
check_tiles (const McuPlacement *tiles, guint n, int width, int height)
{
  g_assert_cmpuint (n, <=, MCU_PLACEMENT_MAX_TILES);
  for (guint i = 0; i < n; i++) {
    g_assert_true (mcu_rect_is_even (&tiles[i].rect));
    g_assert_true (mcu_rect_is_inside (&tiles[i].rect, width, height));
    for (guint j = 0; j < i; j++)
      g_assert_true (tiles[i].z != tiles[j].z ||
                     !mcu_rect_overlap (&tiles[i].rect, &tiles[j].rect));
  }
}

/* They are inside, and the other end of the link reads what is told of them. */
static void
check_elements (const McuLayout *layout, guint arrangement, int width, int height)
{
  McuElementBox boxes[MCU_ELEMENTS_MAX_PLACED], back;
  guint n = mcu_layout_place_elements (layout, arrangement, width, height, boxes);

  for (guint i = 0; i < n; i++) {
    JsonObject *object = mcu_element_box_to_json (&boxes[i], NULL);

    g_assert_true (mcu_element_box_from_json (object, width, height, &back));
    g_assert_cmpmem (&back, sizeof back, &boxes[i], sizeof boxes[i]);
    json_object_unref (object);
  }
}

static void
solve (const McuLayout *layout, guint n_people, int width, int height)
{
  static const char *const ids[N_PEOPLE] = {"p1", "p2", "p3", "p4",  "p5",  "p6",
                                            "p7", "p8", "p9", "p10", "p11", "p12"};
  McuLayoutPerson people[N_PEOPLE] = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  McuSeating seating = {0};

  for (guint i = 0; i < n_people; i++)
    people[i] = (McuLayoutPerson){.id = ids[i],
                                  .identity = ids[i],
                                  .is_moderator = i == 1,
                                  .is_speaker = i == 2,
                                  .has_video = i != 3,
                                  .has_screen = i == 4 || i == 5,
                                  .joined = i};
  check_tiles (tiles,
               mcu_layout_solve (layout, width, height, people, n_people, 1, &seating, tiles),
               width, height);
  check_elements (layout, seating.arrangement, width, height);
}

/* What is written of it reads, and is written, the same. */
static void
check_written (const McuLayout *layout)
{
  g_autofree char *text = mcu_layout_to_text (layout);
  g_autoptr (McuLayout) back = mcu_layout_parse (text, strlen (text), "back", NULL);
  g_autofree char *again = NULL;

  /* Written with indents it may be too long to read. */
  if (strlen (text) > MCU_LAYOUT_MAX_BYTES)
    return;
  g_assert_nonnull (back);
  again = mcu_layout_to_text (back);
  g_assert_cmpstr (text, ==, again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuLayout) layout = mcu_layout_parse ((const char *) data, size, "fuzz", &error);

  g_assert_true ((layout == NULL) == (error != NULL));
  if (layout == NULL) {
    g_assert_true (g_str_has_prefix (error->message, "fuzz: "));
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return 0;
  }
  solve (layout, 1, 1280, 720);
  solve (layout, 5, 333, 777);
  solve (layout, N_PEOPLE, 641, 361);
  solve (layout, N_PEOPLE, 32, 32);
  check_written (layout);
  return 0;
}
