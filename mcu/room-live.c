/* mcu/room-live.c - a room's live outputs and inputs (docs/live.md).
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-live.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/input.h"
#include "mcu/stream.h"

/* What has failed or ended is shown until it is removed, or until so many more are there. */
#define MAX_OVER 16

struct _McuRoomLive
{
  GPtrArray *streams; /* owned, (element-type McuStream) in the order of asking */
  GPtrArray *inputs;  /* owned, (element-type McuInput) */
};

static McuRoomLive *
get (McuRoom *room)
{
  if (room->live == NULL) {
    room->live = g_new0 (McuRoomLive, 1);
    room->live->streams = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_stream_free);
    room->live->inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_input_free);
  }
  return room->live;
}

void
mcu_room_live_free (McuRoomLive *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->streams);
  g_ptr_array_unref (self->inputs);
  g_free (self);
}

static void
for_each_side (McuRoom *room, void (*func) (McuSide *side))
{
  McuRoomLive *self = room->live;

  for (guint i = 0; self != NULL && i < self->streams->len; i++)
    func (mcu_stream_get_side (self->streams->pdata[i]));
  for (guint i = 0; self != NULL && i < self->inputs->len; i++)
    func (mcu_input_get_side (self->inputs->pdata[i]));
}

void
mcu_room_live_attach (McuRoom *room)
{
  for_each_side (room, mcu_side_attach);
}

void
mcu_room_live_detach (McuRoom *room)
{
  for_each_side (room, mcu_side_detach);
}

void
mcu_room_live_count (McuRoom *room, guint streams[MCU_SIDE_N_STATES],
                     guint inputs[MCU_SIDE_N_STATES])
{
  McuRoomLive *self = room->live;

  for (guint i = 0; self != NULL && i < self->streams->len; i++)
    streams[mcu_side_get_state (mcu_stream_get_side (self->streams->pdata[i]))]++;
  for (guint i = 0; self != NULL && i < self->inputs->len; i++)
    inputs[mcu_side_get_state (mcu_input_get_side (self->inputs->pdata[i]))]++;
}

/* Makes place among what is over; Returns: FALSE when too many are running. */
static gboolean
make_place (GPtrArray *list, McuSide *(*side_of) (gpointer), guint max, GError **error)
{
  guint n_running = 0, n_over = 0;

  for (guint i = list->len; i > 0; i--)
    if (!mcu_side_is_over (side_of (list->pdata[i - 1])))
      n_running++;
    else if (++n_over > MAX_OVER)
      g_ptr_array_remove_index (list, i - 1);
  if (n_running < max)
    return TRUE;
  g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_MANY_STREAMS, "at most %u of them run at a time",
               max);
  return FALSE;
}

/* ---- streams ---- */

static McuSide *
side_of_stream (gpointer stream)
{
  return mcu_stream_get_side (stream);
}

static McuStream *
find_stream (McuRoom *room, const char *id)
{
  for (guint i = 0; room->live != NULL && i < room->live->streams->len; i++)
    if (g_strcmp0 (mcu_stream_get_id (room->live->streams->pdata[i]), id) == 0)
      return room->live->streams->pdata[i];
  return NULL;
}

static gboolean
is_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* What is not understood would be missed later: `url` given as a number, `lopp`. */
static gboolean
check_members (JsonObject *wanted, const char *const *texts, const char *truth, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (wanted);

  for (GList *item = names; item != NULL; item = item->next) {
    const char *name = item->data;
    gboolean is_text = g_strv_contains (texts, name);
    JsonNode *node = json_object_get_member (wanted, name);

    if ((is_text && is_type (node, G_TYPE_STRING)) ||
        (g_str_equal (name, truth) && is_type (node, G_TYPE_BOOLEAN)))
      continue;
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%.64s: %s",
                 strlen (name) <= 64 ? name : "a member",
                 is_text || g_str_equal (name, truth) ? "it has another type"
                                                      : "there is no such member");
    return FALSE;
  }
  return TRUE;
}

JsonObject *
mcu_room_live_add_stream (McuRoom *room, JsonObject *wanted, GError **error)
{
  static const char *const texts[] = {"url", NULL};
  guint max = mcu_config_get_int (room->node->config, MCU_SETTING_STREAMS_MAX_PER_ROOM);
  McuStream *stream;

  if (room->ending) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_GONE, "the room has ended");
    return NULL;
  }
  if (!check_members (wanted, texts, "hls", error) ||
      !make_place (get (room)->streams, side_of_stream, max, error) ||
      (stream = mcu_stream_new (room, wanted, error)) == NULL)
    return NULL;
  g_ptr_array_add (room->live->streams, stream);
  if (room->process != NULL)
    mcu_side_attach (mcu_stream_get_side (stream));
  return mcu_stream_to_json (stream);
}

JsonArray *
mcu_room_live_list_streams (McuRoom *room)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; room->live != NULL && i < room->live->streams->len; i++)
    json_array_add_object_element (array, mcu_stream_to_json (room->live->streams->pdata[i]));
  return array;
}

gboolean
mcu_room_live_remove_stream (McuRoom *room, const char *id)
{
  McuStream *stream = find_stream (room, id);

  return stream != NULL && g_ptr_array_remove (room->live->streams, stream);
}

char *
mcu_room_live_playlist (McuRoom *room, const char *id)
{
  McuStream *stream = find_stream (room, id);
  McuHls *hls = stream != NULL ? mcu_stream_get_hls (stream) : NULL;

  return hls != NULL ? mcu_hls_playlist (hls) : NULL;
}

GBytes *
mcu_room_live_segment (McuRoom *room, const char *id, const char *name)
{
  McuStream *stream = find_stream (room, id);
  McuHls *hls = stream != NULL ? mcu_stream_get_hls (stream) : NULL;

  return hls != NULL ? mcu_hls_find (hls, name) : NULL;
}

/* ---- inputs ---- */

static McuSide *
side_of_input (gpointer input)
{
  return mcu_input_get_side (input);
}

static void
on_gone (McuInput *input, gpointer user_data)
{
  McuRoom *room = user_data;

  g_ptr_array_remove (room->live->inputs, input);
}

JsonObject *
mcu_room_live_add_input (McuRoom *room, JsonObject *wanted, GError **error)
{
  static const char *const texts[] = {"url", "name", NULL};
  guint max = mcu_config_get_int (room->node->config, MCU_SETTING_INPUTS_MAX_PER_ROOM);
  McuInput *input;

  if (!check_members (wanted, texts, "loop", error) ||
      !make_place (get (room)->inputs, side_of_input, max, error) ||
      (input = mcu_input_new (room, wanted, on_gone, room, error)) == NULL)
    return NULL;
  g_ptr_array_add (room->live->inputs, input);
  if (room->process != NULL)
    mcu_side_attach (mcu_input_get_side (input));
  return mcu_input_to_json (input);
}

JsonArray *
mcu_room_live_list_inputs (McuRoom *room)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; room->live != NULL && i < room->live->inputs->len; i++)
    json_array_add_object_element (array, mcu_input_to_json (room->live->inputs->pdata[i]));
  return array;
}

gboolean
mcu_room_live_remove_input (McuRoom *room, const char *id)
{
  for (guint i = 0; room->live != NULL && i < room->live->inputs->len; i++)
    if (g_strcmp0 (mcu_input_get_id (room->live->inputs->pdata[i]), id) == 0) {
      g_ptr_array_remove_index (room->live->inputs, i);
      return TRUE;
    }
  return FALSE;
}
