/* mcu/layouts.c - the layouts there are, and the one that a room has: for REST and moderators.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-file.h"
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/room-layout.h"
#include "mcu/server-private.h"

/* How errors name a document that came with a request. */
#define INLINE_NAME "layout"

JsonObject *
mcu_server_list_layouts (McuServer *self)
{
  g_autoptr (GPtrArray) layouts = mcu_layout_store_list (self->node.layouts);
  JsonObject *object = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < layouts->len; i++) {
    const McuLayout *layout = layouts->pdata[i];
    JsonObject *item = json_object_new ();

    json_object_set_string_member (item, "name", layout->name);
    json_object_set_string_member (item, "title", layout->title != NULL ? layout->title : "");
    json_array_add_object_element (list, item);
  }
  json_object_set_array_member (object, "layouts", list);
  return object;
}

JsonObject *
mcu_server_get_layout (McuServer *self, const char *name)
{
  McuLayout *layout = mcu_layout_store_find (self->node.layouts, name);

  return layout != NULL ? mcu_layout_to_json (layout) : NULL;
}

JsonObject *
mcu_server_get_room_layout (McuServer *self, const char *room_name)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  return room != NULL ? mcu_layout_to_json (room->layout) : NULL;
}

/* {"name": "grid"} and nothing else names one that there is; anything more is a document. */
static gboolean
is_only_a_name (JsonObject *wanted)
{
  return json_object_get_size (wanted) == 1 && mcu_json_string (wanted, "name") != NULL;
}

static gboolean
choose_by_name (McuRoom *room, const char *name, GError **error)
{
  McuLayout *layout = mcu_layout_store_find (room->node->layouts, name);

  if (layout == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such layout");
    return FALSE;
  }
  mcu_room_layout_choose (room, layout);
  return TRUE;
}

gboolean
mcu_room_layout_configure (McuRoom *room, const char *name, JsonObject *document, GError **error)
{
  g_autoptr (McuLayout) layout = NULL;

  if (name != NULL)
    return choose_by_name (room, name, error);
  layout = mcu_layout_from_json (document, INLINE_NAME, error);
  if (layout == NULL ||
      !mcu_layout_store_check_pictures (room->node->layouts, layout, INLINE_NAME, error))
    return FALSE;
  mcu_room_layout_choose (room, layout);
  return TRUE;
}

gboolean
mcu_server_set_room_layout (McuServer *self, const char *room_name, JsonObject *wanted,
                            GError **error)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  if (room == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such room");
    return FALSE;
  }
  return mcu_room_layout_configure (
      room, is_only_a_name (wanted) ? mcu_json_string (wanted, "name") : NULL, wanted, error);
}

void
mcu_server_reload_layouts (McuServer *self)
{
  g_autoptr (GPtrArray) errors = NULL;

  if (mcu_layout_store_reload (self->node.layouts, &errors))
    return;
  for (guint i = 0; i < errors->len; i++)
    g_warning ("layouts stay as they were: %s", ((GError *) errors->pdata[i])->message);
}
