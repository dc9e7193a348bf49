/* pipelines/room/room-views.c - a room's pictures beside the main one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/room-private.h"

#include "mcu/base/error.h"

#define MAX_ENDED 16 /* kinds of encoders that are no more: codecs and heights */

static gboolean
is_sound (const McuRoomViewSpec *spec)
{
  return spec->width_px >= MCU_ROOM_MIN_SIDE_PX && spec->width_px <= MCU_ROOM_MAX_SIDE_PX &&
         spec->height_px >= MCU_ROOM_MIN_SIDE_PX && spec->height_px <= MCU_ROOM_MAX_SIDE_PX &&
         spec->width_px % 2 == 0 && spec->height_px % 2 == 0 && spec->fps >= 1 &&
         spec->fps <= MCU_ROOM_MAX_FPS;
}

void
mcu_room_insert_view (McuRoom *self, const McuRoomViewSpec *spec)
{
  McuView *view = mcu_view_new (spec->id, spec->width_px, spec->height_px, spec->fps,
                                self->base_time, mcu_room_on_placed, self);

  g_hash_table_insert (self->views, (gpointer) mcu_view_get_id (view), view);
}

gboolean
mcu_room_add_view (McuRoom *self, const McuRoomViewSpec *spec, GError **error)
{
  McuView *view = mcu_room_find_view (self, spec->id);
  const char *why = NULL;

  if (view != NULL) {
    McuCanvas *canvas = mcu_view_get_canvas (view);

    g_hash_table_remove (self->leaving_views, spec->id);
    if (mcu_canvas_get_width (canvas) == spec->width_px &&
        mcu_canvas_get_height (canvas) == spec->height_px)
      return TRUE;
    why = "a view keeps its size";
  } else if (!self->is_set_up) {
    why = "no room_state yet";
  } else if (!is_sound (spec)) {
    why = "no such size or rate";
  } else if (g_hash_table_size (self->views) > MCU_ROOM_MAX_VIEWS) {
    why = "too many views";
  }
  if (why != NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, why);
    return FALSE;
  }
  mcu_room_insert_view (self, spec);
  return TRUE;
}

static void
move_receivers_to_main (McuRoom *self, const char *view_id)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuSeat *seat = value;

    if (g_str_equal (seat->view_id, view_id))
      mcu_room_set_peer_view (self, seat->peer_id, MCU_ROOM_MAIN_VIEW);
  }
}

/* Receivers choose heights: what is beyond a few of them counts as the last. */
static void
add_ended (const McuEncoderSettings *settings, const McuRungStats *stats, gpointer user_data)
{
  GArray *ended = user_data;
  McuEndedRung fresh = {.codec = settings->codec, .height_px = settings->height_px};
  guint i = 0;

  while (i < ended->len && i < MAX_ENDED - 1 &&
         (g_array_index (ended, McuEndedRung, i).codec != fresh.codec ||
          g_array_index (ended, McuEndedRung, i).height_px != fresh.height_px))
    i++;
  if (i == ended->len)
    g_array_append_val (ended, fresh);
  mcu_rung_stats_add (&g_array_index (ended, McuEndedRung, i).stats, stats);
}

static gboolean
free_when_left (McuRoom *self, const char *id)
{
  McuView *view = mcu_room_find_view (self, id);
  McuViewStats stats;

  if (view == NULL)
    return TRUE;
  mcu_view_get_stats (view, &stats);
  if (stats.n_rungs > 0)
    return FALSE;
  mcu_view_stats_add (&self->gone_views, &stats);
  mcu_view_foreach_ended (view, add_ended, self->ended);
  g_hash_table_remove (self->views, id);
  return TRUE;
}

/* A recorder may still be on it: what it writes does not change under its hands. */
void
mcu_room_remove_view (McuRoom *self, const char *id)
{
  g_autofree char *kept_id = g_strdup (id); /* @id may be the view's own */

  if (g_str_equal (id, MCU_ROOM_MAIN_VIEW) || mcu_room_find_view (self, id) == NULL)
    return;
  move_receivers_to_main (self, kept_id);
  if (!free_when_left (self, kept_id))
    g_hash_table_add (self->leaving_views, g_steal_pointer (&kept_id));
}

void
mcu_room_tend_views (McuRoom *self)
{
  GHashTableIter iter;
  gpointer key, view;

  g_hash_table_iter_init (&iter, self->leaving_views);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (free_when_left (self, key))
      g_hash_table_iter_remove (&iter);
  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, &view))
    mcu_view_mend (view);
}

void
mcu_room_foreach_view (McuRoom *self, McuRoomViewFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, &view))
    func (view, user_data);
}

char **
mcu_room_list_views (McuRoom *self)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (self->views, NULL);

  return g_strdupv ((char **) keys);
}

GArray *
mcu_room_list_ended (McuRoom *self)
{
  GArray *ended = g_array_copy (self->ended);
  GHashTableIter iter;
  gpointer view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, &view))
    mcu_view_foreach_ended (view, add_ended, ended);
  return ended;
}

void
mcu_room_get_view_stats (McuRoom *self, McuViewStats *stats)
{
  GHashTableIter iter;
  gpointer view;

  *stats = self->gone_views;
  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, &view)) {
    McuViewStats one;

    mcu_view_get_stats (view, &one);
    mcu_view_stats_add (stats, &one);
  }
}
