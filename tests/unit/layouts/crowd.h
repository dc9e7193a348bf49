/* tests/unit/layouts/crowd.h - people to be placed, and what must hold of any placement.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <string.h>

#include "layouts/layout-solve.h"
#include "layouts/layout-store.h"

#define CROWD_MAX 60

typedef struct
{
  guint n;
  McuLayoutPerson people[CROWD_MAX];
  char ids[CROWD_MAX][16];
  guint64 joins;
} Crowd;

static inline void
crowd_point (Crowd *self)
{
  for (guint i = 0; i < self->n; i++)
    self->people[i].id = self->people[i].identity = self->ids[i];
}

static inline McuLayoutPerson *
crowd_join (Crowd *self)
{
  McuLayoutPerson *person = &self->people[self->n];

  g_assert_cmpuint (self->n, <, CROWD_MAX);
  memset (person, 0, sizeof *person);
  person->has_video = TRUE;
  person->joined = ++self->joins;
  g_snprintf (self->ids[self->n++], sizeof self->ids[0], "p%" G_GUINT64_FORMAT, self->joins);
  crowd_point (self);
  return person;
}

static inline void
crowd_leave (Crowd *self, guint index)
{
  self->n--;
  memmove (&self->people[index], &self->people[index + 1],
           (self->n - index) * sizeof self->people[0]);
  memmove (&self->ids[index], &self->ids[index + 1], (self->n - index) * sizeof self->ids[0]);
  crowd_point (self);
}

static inline void
crowd_speak (Crowd *self, guint index, gint64 now_ms)
{
  for (guint i = 0; i < self->n; i++)
    self->people[i].is_speaker = i == index;
  self->people[index].last_spoke_ms = now_ms;
}

static inline void
crowd_init (Crowd *self, guint n)
{
  memset (self, 0, sizeof *self);
  while (self->n < n)
    crowd_join (self);
}

static inline int
crowd_find (const Crowd *self, const char *id)
{
  for (guint i = 0; i < self->n; i++)
    if (g_str_equal (self->ids[i], id))
      return (int) i;
  return -1;
}

/* Even, inside, nobody twice, and no overlap that was not asked for with z. */
static inline void
assert_placement_holds (const McuPlacement *tiles, guint n, int width, int height)
{
  g_assert_cmpuint (n, <=, MCU_PLACEMENT_MAX_TILES);
  for (guint i = 0; i < n; i++) {
    int shorter = MIN (tiles[i].rect.width, tiles[i].rect.height);

    g_assert_true (mcu_rect_is_even (&tiles[i].rect));
    g_assert_true (mcu_rect_is_inside (&tiles[i].rect, width, height));
    g_assert_cmpint (tiles[i].radius_px, >=, 0);
    g_assert_cmpint (2 * tiles[i].radius_px, <=, shorter);
    g_assert_cmpint (tiles[i].border_px & 1, ==, 0);
    g_assert_cmpint (2 * tiles[i].border_px, <=, shorter);
    g_assert_cmpint (tiles[i].alpha, ==, 255);
    g_assert_true (tiles[i].stream == MCU_VIDEO_CAMERA || tiles[i].fit == MCU_FIT_CONTAIN);
    for (guint j = 0; j < i; j++) {
      g_assert_false (mcu_placement_is_of (&tiles[i], &tiles[j]));
      g_assert_true (tiles[i].z != tiles[j].z ||
                     !mcu_rect_overlap (&tiles[i].rect, &tiles[j].rect));
    }
  }
}

static inline const McuPlacement *
find_tile (const McuPlacement *tiles, guint n, const char *id, McuVideo stream)
{
  for (guint i = 0; i < n; i++)
    if (tiles[i].stream == stream && g_str_equal (tiles[i].participant, id))
      return &tiles[i];
  return NULL;
}
