/* mcu/room-view.c - one picture of a room: who is seen in it, and where.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-view.h"

#include "layouts/placement-json.h"
#include "mcu/pin-layout.h"
#include "mcu/room-layout.h"
#include "mcu/room-media.h"
#include "mcu/room-signs.h"
#include "mcu/roster.h"

/* Placements that a receiver may still be told of: changes within a second or two. */
#define MAX_PLACEMENTS 16
/* A hold is at most a minute; a clock that jumps must not make it longer. */
#define MAX_AGAIN_MS 60000

static void
free_record (gpointer data)
{
  McuPlacementRecord *record = data;

  mcu_layout_unref (record->layout);
  g_free (record);
}

McuRoomView *
mcu_room_view_new (McuRoom *room, const char *id, McuViewUse use, const McuRoomViewSpec *spec)
{
  McuRoomView *self = g_new0 (McuRoomView, 1);

  self->room = room;
  self->id = g_strdup (id);
  self->use = use;
  self->width_px = spec->width_px != 0 ? spec->width_px : room->canvas_width_px;
  self->height_px = spec->height_px != 0 ? spec->height_px : room->canvas_height_px;
  self->fps = spec->fps != 0 ? spec->fps : room->canvas_fps;
  self->left_out = g_strdupv ((char **) spec->left_out);
  self->pinned = g_strdup (spec->pinned);
  self->layout = spec->layout != NULL ? mcu_layout_ref (spec->layout) : NULL;
  self->is_unplaced = TRUE;
  g_queue_init (&self->placements);
  return self;
}

void
mcu_room_view_free (McuRoomView *self)
{
  g_clear_handle_id (&self->again_source, g_source_remove);
  g_queue_clear_full (&self->placements, free_record);
  g_clear_pointer (&self->layout, mcu_layout_unref);
  g_clear_pointer (&self->pin_layout, mcu_layout_unref);
  g_clear_pointer (&self->pinned_in, mcu_layout_unref);
  g_strfreev (self->left_out);
  g_free (self->pinned);
  g_free (self->id);
  g_free (self);
}

/* ---- who is seen ---- */

/* Who closed the page has no socket and soon no frames; a place is kept for who only lost the
 * socket. */
static gboolean
has_tile (McuRoomView *self, McuParticipant *one)
{
  return one->has_seat && (one->state != MCU_PARTICIPANT_AWAY || one->camera_live) &&
         (self->left_out == NULL ||
          !g_strv_contains ((const char *const *) self->left_out, one->id));
}

static guint
collect_people (McuRoomView *self, McuLayoutPerson *people)
{
  McuRoom *room = self->room;
  const char *speaker = mcu_floor_get_speaker (room->floor);
  guint n = 0;

  for (guint i = 0; i < room->participants->len && n < MCU_SEATING_MAX_PEOPLE; i++) {
    McuParticipant *one = room->participants->pdata[i];

    if (!has_tile (self, one))
      continue;
    people[n++] = (McuLayoutPerson){
        .id = one->id,
        .identity = one->identity,
        .is_moderator = one->role == MCU_ROLE_MODERATOR,
        .is_pinned = g_strcmp0 (one->id, self->pinned) == 0,
        .is_speaker = g_strcmp0 (one->id, speaker) == 0,
        .has_video = one->camera_live && !one->video_muted && !one->video_muted_by_moderator,
        .has_screen = one->screen && one->has_screen,
        .joined = one->order,
        .last_spoke_ms = one->last_spoke_ms,
        .screen_started_ms = one->screen_started_ms,
    };
  }
  return n;
}

/* ---- where ---- */

/* `presentation` comes by itself with a shared screen and goes with it. */
static McuLayout *
layout_now (McuRoomView *self, const McuLayoutPerson *people, guint n)
{
  if (self->layout != NULL)
    return self->layout;
  for (guint i = 0; self->room->presentation != NULL && i < n; i++)
    if (people[i].has_screen)
      return self->room->presentation;
  return self->room->layout;
}

static guint
solve_with (McuRoomView *self, const McuLayout *layout, const McuLayoutPerson *people, guint n,
            gint64 now_ms, McuSeating *seating, McuPlacement *out)
{
  return mcu_layout_solve (layout, self->width_px, self->height_px, people, n, now_ms, seating,
                           out);
}

static gboolean
is_anybody_pinned (const McuLayoutPerson *people, guint n)
{
  for (guint i = 0; i < n; i++)
    if (people[i].is_pinned)
      return TRUE;
  return FALSE;
}

static gboolean
has_pinned_seat (const McuSeating *seating, const char *pinned)
{
  for (guint i = 0; i < seating->n_seats; i++)
    if (seating->seats[i].role == MCU_SLOT_PINNED &&
        g_str_equal (seating->seats[i].participant, pinned))
      return TRUE;
  return FALSE;
}

/* (transfer full): instead of @layout, which becomes the caller's no more. */
static McuLayout *
give_way (McuRoomView *self, McuLayout *layout)
{
  if (self->pinned_in != layout) {
    g_clear_pointer (&self->pin_layout, mcu_layout_unref);
    g_clear_pointer (&self->pinned_in, mcu_layout_unref);
    self->pin_layout = mcu_pin_layout_new (layout);
    self->pinned_in = mcu_layout_ref (layout);
  }
  mcu_layout_unref (layout);
  return mcu_layout_ref (self->pin_layout);
}

/* A layout without a place for who is pinned gives way to one that has it. */
static void
place_people (McuRoomView *self, McuPlacementRecord *record, gint64 now_ms)
{
  g_autofree McuLayoutPerson *people = g_new0 (McuLayoutPerson, MCU_SEATING_MAX_PEOPLE);
  guint n = collect_people (self, people);
  g_autofree McuSeating *seating = g_memdup2 (&self->seating, sizeof self->seating);

  record->layout = mcu_layout_ref (layout_now (self, people, n));
  record->n_tiles = solve_with (self, record->layout, people, n, now_ms, seating, record->tiles);
  if (!is_anybody_pinned (people, n) || has_pinned_seat (seating, self->pinned)) {
    self->seating = *seating;
    return;
  }
  record->layout = give_way (self, record->layout);
  record->n_tiles = solve_with (self, record->layout, people, n, now_ms, &self->seating,
                                record->tiles);
}

static gboolean
on_again (gpointer data)
{
  McuRoomView *self = data;

  self->again_source = 0;
  mcu_room_layout_changed (self->room);
  return G_SOURCE_REMOVE;
}

static void
come_again (McuRoomView *self, gint64 now_ms)
{
  g_clear_handle_id (&self->again_source, g_source_remove);
  if (self->seating.again_ms != 0)
    self->again_source = g_timeout_add (CLAMP (self->seating.again_ms - now_ms, 1, MAX_AGAIN_MS),
                                        on_again, self);
}

static McuPlacementRecord *
solve (McuRoomView *self)
{
  McuPlacementRecord *record = g_new0 (McuPlacementRecord, 1);
  gint64 now_ms = g_get_monotonic_time () / 1000;

  record->seq = ++self->room->place_seq;
  record->view = self;
  place_people (self, record, now_ms);
  record->arrangement = self->seating.arrangement;
  come_again (self, now_ms);
  g_queue_push_head (&self->placements, record);
  if (g_queue_get_length (&self->placements) > MAX_PLACEMENTS)
    free_record (g_queue_pop_tail (&self->placements));
  return record;
}

static gboolean
is_as_before (McuRoomView *self)
{
  const McuPlacementRecord *now = g_queue_peek_nth (&self->placements, 0);
  const McuPlacementRecord *before = g_queue_peek_nth (&self->placements, 1);

  if (before == NULL || before->layout != now->layout || before->arrangement != now->arrangement ||
      before->n_tiles != now->n_tiles)
    return FALSE;
  for (guint i = 0; i < now->n_tiles; i++)
    if (!mcu_placement_equal (&now->tiles[i], &before->tiles[i]))
      return FALSE;
  return TRUE;
}

JsonArray *
mcu_room_view_tiles_to_json (const McuPlacementRecord *record, const char *own)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < record->n_tiles; i++) {
    JsonObject *tile = mcu_placement_to_json (&record->tiles[i]);
    if (own != NULL && g_str_equal (own, record->tiles[i].participant))
      json_object_set_boolean_member (tile, "own", TRUE);
    json_array_add_object_element (array, tile);
  }
  return array;
}

/* Nobody moved: the newest record is taken back, and nobody is told anything. What a picture begins
 * with comes from nowhere. */
JsonObject *
mcu_room_view_place_message (McuRoomView *self, gboolean only_news)
{
  McuPlacementRecord *record = solve (self);
  JsonObject *message;

  if (only_news && !self->is_unplaced && is_as_before (self)) {
    free_record (g_queue_pop_head (&self->placements));
    return NULL;
  }
  message = mcu_message_new ("place");
  json_object_set_string_member (message, "view", self->id);
  json_object_set_string_member (message, "layout", record->layout->name);
  json_object_set_int_member (message, "seq", record->seq);
  json_object_set_int_member (message, "transition_ms",
                              self->is_unplaced ? 0 : record->layout->transition_ms);
  mcu_room_signs_add (self->room, message, record->layout, record->arrangement, self->width_px,
                      self->height_px);
  json_object_set_array_member (message, "tiles", mcu_room_view_tiles_to_json (record, NULL));
  self->is_unplaced = FALSE;
  return message;
}

const McuPlacementRecord *
mcu_room_view_get_newest (McuRoomView *self)
{
  return g_queue_peek_head (&self->placements);
}

/* ---- life ---- */

McuRoomView *
mcu_room_view_find (McuRoom *room, const char *id)
{
  for (guint i = 0; i < room->views->len; i++) {
    McuRoomView *view = room->views->pdata[i];
    if (g_strcmp0 (view->id, id) == 0)
      return view;
  }
  return NULL;
}

const char *
mcu_room_view_get_id (McuRoomView *self)
{
  return self->id;
}

static void
announce (McuRoomView *self)
{
  JsonObject *message = mcu_message_new ("view");

  json_object_set_string_member (message, "view", self->id);
  json_object_set_int_member (message, "width", self->width_px);
  json_object_set_int_member (message, "height", self->height_px);
  json_object_set_int_member (message, "fps", self->fps);
  mcu_room_media_send (self->room, message);
  mcu_room_media_send (self->room, mcu_room_view_place_message (self, FALSE));
}

McuRoomView *
mcu_room_view_add_for (McuRoom *room, McuViewUse use, const char *id, const McuRoomViewSpec *spec)
{
  g_autofree char *made_up = g_strdup_printf ("v%u", ++room->n_views_made);
  McuRoomView *self;

  if (room->views->len > MCU_ROOM_MAX_VIEWS)
    return NULL;
  self = mcu_room_view_new (room, id != NULL ? id : made_up, use, spec);
  g_ptr_array_add (room->views, self);
  if (room->process != NULL)
    announce (self);
  return self;
}

McuRoomView *
mcu_room_view_add (McuRoom *room, const McuRoomViewSpec *spec)
{
  return mcu_room_view_add_for (room, MCU_VIEW_OTHER, NULL, spec);
}

void
mcu_room_view_remove (McuRoomView *self)
{
  McuRoom *room = self->room;
  JsonObject *message = mcu_message_new ("view_remove");

  g_return_if_fail (self->use != MCU_VIEW_MAIN);
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    if (one->view == self)
      one->view = NULL;
  }
  json_object_set_string_member (message, "view", self->id);
  mcu_room_media_send (room, message);
  g_ptr_array_remove (room->views, self); /* frees it */
  mcu_room_layout_changed (room);         /* senders may be asked for less */
}

void
mcu_room_view_set_left_out (McuRoomView *self, const char *const *left_out)
{
  g_strfreev (self->left_out);
  self->left_out = g_strdupv ((char **) left_out);
  mcu_room_layout_changed (self->room);
}

void
mcu_room_view_set_layout (McuRoomView *self, McuLayout *layout)
{
  if (layout != NULL)
    mcu_layout_ref (layout);
  g_clear_pointer (&self->layout, mcu_layout_unref);
  self->layout = layout;
  mcu_room_layout_changed (self->room);
}
