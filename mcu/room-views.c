/* mcu/room-views.c - the pictures that receivers have of their own.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-views.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/recordings.h"
#include "mcu/room-media.h"
#include "mcu/roster.h"

#define PORTRAIT_VIEW "portrait"
/* Of the configuration (mcu/config-table.c). */
#define MAX_PRIVATE_VIEWS 12

G_STATIC_ASSERT (MAX_PRIVATE_VIEWS + 1 + MCU_RECORDINGS_PER_ROOM <= MCU_ROOM_MAX_VIEWS);

static void
copy_wish (McuViewWish *to, const McuViewWish *from)
{
  char *pin = g_strdup (from->pin);

  g_free (to->pin);
  *to = *from;
  to->pin = pin;
}

/* ---- what a wish means ---- */

/* Whom the others see; who only looks has no tile to leave out or to make large. */
static gboolean
can_be_seen (McuParticipant *participant)
{
  return mcu_participant_is_seen (participant) && mcu_participant_can_publish (participant);
}

static gboolean
hides_self (McuParticipant *participant, const McuViewWish *wish)
{
  return wish->hide_self && mcu_participant_can_publish (participant);
}

static gboolean
is_portrait (McuRoom *room, const McuViewWish *wish)
{
  return wish->portrait && room->canvas_width_px > room->canvas_height_px &&
         mcu_config_get_bool (room->node->config, MCU_SETTING_ROOMS_PORTRAIT_VIEW);
}

/* A private view's size: the canvas's, turned where wanted, and no higher than the receiver shows.
 */
static void
set_size (McuRoom *room, const McuViewWish *wish, McuRoomViewSpec *spec)
{
  gboolean turned = is_portrait (room, wish);
  int width_px = turned ? room->canvas_height_px : room->canvas_width_px;
  int height_px = turned ? room->canvas_width_px : room->canvas_height_px;
  int most_px = MAX (wish->max_height_px, MCU_ROOM_VIEWS_MIN_HEIGHT_PX);

  spec->width_px = width_px;
  spec->height_px = height_px;
  if (wish->max_height_px == 0 || height_px <= most_px)
    return;
  spec->width_px = MAX (64, width_px * most_px / height_px) & ~1;
  spec->height_px = most_px & ~1;
}

static gboolean
is_same (McuRoomView *view, const McuRoomViewSpec *spec)
{
  const char *left_out = view->left_out != NULL ? view->left_out[0] : NULL;
  const char *wanted = spec->left_out != NULL ? spec->left_out[0] : NULL;

  return view->use == MCU_VIEW_PRIVATE && view->width_px == spec->width_px &&
         view->height_px == spec->height_px && g_strcmp0 (view->pinned, spec->pinned) == 0 &&
         g_strcmp0 (left_out, wanted) == 0;
}

static guint
count_receivers (McuRoomView *view)
{
  guint n = 0;

  for (guint i = 0; i < view->room->participants->len; i++)
    n += ((McuParticipant *) view->room->participants->pdata[i])->view == view;
  return n;
}

/* ---- finding and making it ---- */

static McuRoomView *
find_private (McuRoom *room, const McuRoomViewSpec *spec)
{
  for (guint i = 0; i < room->views->len; i++)
    if (is_same (room->views->pdata[i], spec))
      return room->views->pdata[i];
  return NULL;
}

/* How many there will be when @participant has left theirs. */
static guint
count_private (McuRoom *room, McuParticipant *participant)
{
  guint n = 0;

  for (guint i = 0; i < room->views->len; i++) {
    McuRoomView *view = room->views->pdata[i];

    n += view->use == MCU_VIEW_PRIVATE &&
         !(participant->view == view && count_receivers (view) == 1);
  }
  return n;
}

static McuRoomView *
make_private (McuParticipant *participant, const McuRoomViewSpec *spec, GError **error)
{
  McuRoom *room = participant->room;
  guint budget = mcu_config_get_int (room->node->config, MCU_SETTING_ROOMS_PRIVATE_VIEWS);
  McuRoomView *view = NULL;

  if (room->node->overloaded)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_VIEW_BUDGET,
                         "the server has all it can do: no pictures of one's own now");
  else if (budget == 0)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_VIEW_BUDGET,
                         "this room has no pictures of one's own");
  else if (count_private (room, participant) >= budget)
    g_set_error (error, MCU_ERROR, MCU_ERROR_VIEW_BUDGET,
                 "all %u pictures of one's own that this room may have are in use", budget);
  else if ((view = mcu_room_view_add_for (room, MCU_VIEW_PRIVATE, NULL, spec)) == NULL)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_VIEW_BUDGET,
                         "this room has too many pictures");
  return view;
}

/* The one place where a wish becomes a picture. @view: (out): NULL: the room's */
static gboolean
choose_view (McuParticipant *participant, const McuViewWish *wish, McuRoomView **view,
             GError **error)
{
  McuRoom *room = participant->room;
  const char *left_out[] = {participant->id, NULL};
  McuRoomViewSpec spec = {.pinned = wish->pin,
                          .left_out = hides_self (participant, wish) ? left_out : NULL};

  *view = NULL;
  set_size (room, wish, &spec);
  if (spec.pinned != NULL || spec.left_out != NULL) {
    *view = find_private (room, &spec);
    if (*view == NULL)
      *view = make_private (participant, &spec, error);
    return *view != NULL;
  }
  if (!is_portrait (room, wish))
    return TRUE;
  *view = mcu_room_view_find (room, PORTRAIT_VIEW);
  if (*view == NULL) {
    spec.width_px = room->canvas_height_px;
    spec.height_px = room->canvas_width_px;
    *view = mcu_room_view_add_for (room, MCU_VIEW_PORTRAIT, PORTRAIT_VIEW, &spec);
  }
  return TRUE; /* without a place for it: the room's picture is better than none */
}

static void
release (McuRoomView *view)
{
  if (view != NULL && count_receivers (view) == 0)
    mcu_room_view_remove (view);
}

static void
tell_peer (McuParticipant *participant, McuPeer *peer)
{
  JsonObject *message;

  if (peer == NULL)
    return;
  message = mcu_message_new ("peer_view");
  json_object_set_string_member (message, "peer", peer->id);
  json_object_set_string_member (message, "view", mcu_room_views_id_of (participant));
  mcu_room_media_send (participant->room, message);
}

static void
move (McuParticipant *participant, McuRoomView *view)
{
  McuRoomView *before = participant->view;

  if (view == before)
    return;
  participant->view = view;
  tell_peer (participant, participant->current);
  tell_peer (participant, participant->old);
  release (before);
}

/* On error nothing changes. */
static gboolean
apply (McuParticipant *participant, const McuViewWish *wish, GError **error)
{
  McuRoomView *view;

  if (!choose_view (participant, wish, &view, error))
    return FALSE;
  copy_wish (&participant->wish, wish);
  move (participant, view);
  return TRUE;
}

/* What is left of a wish, when that cannot be had either: the room's picture. */
static void
fall_back (McuParticipant *participant, McuViewWish *wish)
{
  if (apply (participant, wish, NULL))
    return;
  g_clear_pointer (&wish->pin, g_free);
  wish->hide_self = FALSE;
  apply (participant, wish, NULL);
}

/* ---- reading it ---- */

static gboolean
refuse (McuError code, const char *why, GError **error)
{
  g_set_error_literal (error, MCU_ERROR, code, why);
  return FALSE;
}

static gboolean
read_pin (McuRoom *room, JsonObject *message, McuViewWish *wish, GError **error)
{
  const char *id = mcu_json_string (message, "pin");
  McuParticipant *whom = mcu_room_find (room, id);

  if (!json_object_has_member (message, "pin"))
    return TRUE;
  if (id == NULL && !json_object_get_null_member (message, "pin"))
    return refuse (MCU_ERROR_BAD_REQUEST, "pin: a participant or null", error);
  if (id != NULL && (whom == NULL || !can_be_seen (whom)))
    return refuse (MCU_ERROR_NOT_FOUND, "pin: nobody to be seen by that id", error);
  g_free (wish->pin);
  wish->pin = g_strdup (id);
  return TRUE;
}

gboolean
mcu_room_views_wish (McuParticipant *participant, JsonObject *message, GError **error)
{
  McuViewWish wish = {0};
  gboolean is_granted;

  copy_wish (&wish, &participant->wish);
  wish.hide_self = mcu_json_bool (message, "hide_self", wish.hide_self);
  wish.portrait = mcu_json_bool (message, "portrait", wish.portrait);
  if (json_object_has_member (message, "max_height"))
    wish.max_height_px = CLAMP (mcu_json_int (message, "max_height", 0), 0, MCU_LAYOUT_MAX_SIDE);
  is_granted = read_pin (participant->room, message, &wish, error) &&
               apply (participant, &wish, error);
  g_free (wish.pin);
  return is_granted;
}

const char *
mcu_room_views_id_of (McuParticipant *participant)
{
  return participant->view != NULL ? participant->view->id : MCU_ROOM_MAIN_VIEW;
}

JsonObject *
mcu_room_views_to_json (McuParticipant *participant)
{
  const McuViewWish *wish = &participant->wish;
  JsonObject *object = json_object_new ();

  if (wish->pin != NULL)
    json_object_set_string_member (object, "pin", wish->pin);
  else
    json_object_set_null_member (object, "pin");
  json_object_set_boolean_member (object, "hide_self", wish->hide_self);
  json_object_set_boolean_member (object, "portrait", wish->portrait);
  return object;
}

static void
unpin (McuParticipant *participant)
{
  McuViewWish wish = {0};

  copy_wish (&wish, &participant->wish);
  g_clear_pointer (&wish.pin, g_free);
  fall_back (participant, &wish);
  g_free (wish.pin);
}

void
mcu_room_views_left (McuRoom *room, McuParticipant *participant)
{
  McuRoomView *view = g_steal_pointer (&participant->view);

  release (view);
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    if (g_strcmp0 (one->wish.pin, participant->id) == 0)
      unpin (one);
  }
}

static void
say_shed (McuParticipant *participant)
{
  g_autoptr (JsonObject) message = mcu_message_new ("error");

  json_object_set_string_member (message, "code", "view_budget");
  json_object_set_string_member (message, "detail",
                                 "the server has all it can do: your own picture was ended");
  json_object_set_boolean_member (message, "fatal", FALSE);
  json_object_set_string_member (message, "message", "view");
  mcu_participant_send (participant, message);
}

void
mcu_room_views_shed (McuRoom *room)
{
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    McuViewWish wish = {.portrait = one->wish.portrait, .max_height_px = one->wish.max_height_px};

    if (one->view == NULL || one->view->use != MCU_VIEW_PRIVATE)
      continue;
    apply (one, &wish, NULL);
    say_shed (one);
  }
}
