/* mcu/room-signs.c - what a room's pictures have beside tiles, told to its process.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-signs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "layouts/element-json.h"
#include "mcu/base/error.h"
#include "mcu/room-media.h"
#include "mcu/roster.h"

/* Of layouts, that a process keeps beside those that its newest placement names. */
#define MAX_SENT_PICTURES 24

/* @fd: (transfer full) */
static void
send_image (McuRoom *room, const char *id, int fd, gboolean is_avatar)
{
  JsonObject *message = mcu_message_new ("image");

  json_object_set_string_member (message, "image", id);
  if (is_avatar)
    json_object_set_boolean_member (message, "avatar", TRUE);
  mcu_room_process_send_with_fd (room->process, message, fd);
}

static void
send_image_remove (McuRoom *room, const char *id)
{
  JsonObject *message = mcu_message_new ("image_remove");

  json_object_set_string_member (message, "image", id);
  mcu_room_media_send (room, message);
}

/* ---- a layout's pictures ---- */

static gint
find_sent (McuRoom *room, const char *id)
{
  GList *found = g_queue_find_custom (&room->sent_pictures, id, (GCompareFunc) strcmp);

  return found != NULL ? g_queue_link_index (&room->sent_pictures, found) : -1;
}

/* (transfer full) (nullable): the id under which the process has the picture, or gets it now. */
static char *
ensure_picture (McuRoom *room, const char *name)
{
  McuPictureFile *file = mcu_layout_store_find_picture (room->node->layouts, name);
  g_autofree char *id = NULL;
  gint index;

  if (file == NULL || room->process == NULL)
    return NULL;
  id = g_strdup_printf ("%s/%" G_GUINT64_FORMAT, name, file->number);
  index = find_sent (room, id);
  if (index >= 0)
    g_free (g_queue_pop_nth (&room->sent_pictures, (guint) index));
  else
    send_image (room, id, fcntl (file->fd, F_DUPFD_CLOEXEC, 0), FALSE);
  g_queue_push_tail (&room->sent_pictures, g_strdup (id));
  return g_steal_pointer (&id);
}

/* Those that were named least recently; a drawing of them that is seen goes on being seen. */
static void
forget_old_pictures (McuRoom *room, guint n_named)
{
  while (g_queue_get_length (&room->sent_pictures) > MAX_SENT_PICTURES + n_named) {
    g_autofree char *id = g_queue_pop_head (&room->sent_pictures);

    send_image_remove (room, id);
  }
}

/* The dot of a recording, in the corner that labels and captions leave free; drawn only while there
 * is one. Returns: the new number of boxes. */
static guint
add_mark (McuRoom *room, int canvas_width, int canvas_height, McuElementBox *boxes, guint n)
{
  McuElement mark;

  for (guint i = 0; i < n; i++)
    if (boxes[i].look.kind == MCU_ELEMENT_RECORDING)
      return n;
  if (n == MCU_ELEMENTS_MAX_PLACED ||
      !mcu_config_get_bool (room->node->config, MCU_SETTING_RECORDINGS_MARK))
    return n;
  mcu_element_init (&mark, MCU_ELEMENT_RECORDING);
  mark.x = (McuFraction){95, 100};
  mark.y = (McuFraction){2, 100};
  mark.width = (McuFraction){4, 100};
  mark.height = (McuFraction){5, 100};
  return n + (mcu_element_place (&mark, canvas_width, canvas_height, &boxes[n]) ? 1 : 0);
}

void
mcu_room_signs_add (McuRoom *room, JsonObject *place, const McuLayout *layout, guint arrangement,
                    int canvas_width, int canvas_height)
{
  g_autofree McuElementBox *boxes = g_new0 (McuElementBox, MCU_ELEMENTS_MAX_PLACED);
  guint n = mcu_layout_place_elements (layout, arrangement, canvas_width, canvas_height, boxes);
  g_autofree char *background = mcu_colour_to_string (layout->background_rgba);
  JsonArray *array = json_array_new ();

  n = add_mark (room, canvas_width, canvas_height, boxes, n);
  for (guint i = 0; i < n; i++) {
    gboolean has_image = mcu_element_has_image (boxes[i].look.kind);
    g_autofree char *id = has_image ? ensure_picture (room, boxes[i].look.image) : NULL;

    if (!has_image || id != NULL)
      json_array_add_object_element (array, mcu_element_box_to_json (&boxes[i], id));
  }
  forget_old_pictures (room, n);
  json_object_set_string_member (place, "background", background);
  json_object_set_array_member (place, "elements", array);
}

/* ---- avatars ---- */

static char *
avatar_id (const McuParticipant *person)
{
  return g_strdup_printf ("%s/avatar/%" G_GUINT64_FORMAT, person->id, person->avatar_number);
}

/* Made when it is sent, so that a hundred avatars are not as many descriptors, and in memory alone:
 * nothing of it is ever on a disk. Returns: -1 when that fails, which the room tells like any other
 * picture that did not come. */
static int
make_memfd (GBytes *bytes)
{
  int fd = memfd_create ("avatar", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (fd >= 0 && write (fd, data, length) == (gssize) length &&
      fcntl (fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
    return fd;
  g_warning ("an avatar cannot be passed on: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

void
mcu_room_signs_add_person (McuParticipant *person, JsonObject *message)
{
  McuRoom *room = person->room;
  g_autofree char *id = NULL;

  if (person->avatar == NULL || room->process == NULL)
    return;
  id = avatar_id (person);
  if (!person->avatar_sent)
    send_image (room, id, make_memfd (person->avatar), TRUE);
  person->avatar_sent = TRUE;
  json_object_set_string_member (message, "avatar", id);
}

void
mcu_room_signs_drop_person (McuParticipant *person)
{
  g_autofree char *id = avatar_id (person);

  if (person->avatar_sent)
    send_image_remove (person->room, id);
  g_clear_pointer (&person->avatar, g_bytes_unref);
  person->avatar_sent = FALSE;
}

static gboolean
is_picture (const char *bytes, gsize length)
{
  return (length >= 8 && memcmp (bytes, "\x89PNG\r\n\x1a\n", 8) == 0) ||
         (length >= 3 && memcmp (bytes, "\xff\xd8\xff", 3) == 0);
}

gboolean
mcu_room_signs_set_avatar (McuParticipant *person, const char *bytes, gsize length, GError **error)
{
  static guint64 last_number;

  if (bytes != NULL && length > MCU_AVATAR_MAX_BYTES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "an avatar is at most %d bytes",
                 MCU_AVATAR_MAX_BYTES);
    return FALSE;
  }
  if (bytes != NULL && !is_picture (bytes, length)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, "neither PNG nor JPEG");
    return FALSE;
  }
  mcu_room_signs_drop_person (person);
  if (bytes != NULL) {
    person->avatar = g_bytes_new (bytes, length);
    person->avatar_number = ++last_number;
  }
  mcu_room_media_tell (person->room, person);
  return TRUE;
}

/* ---- notices ---- */

JsonObject *
mcu_room_signs_notices (McuRoom *room)
{
  JsonObject *notices = json_object_new ();

  if (room->caption != NULL)
    json_object_set_string_member (notices, "caption", room->caption);
  else
    json_object_set_null_member (notices, "caption");
  json_object_set_boolean_member (notices, "recorded", room->shows_recording);
  return notices;
}

static void
tell_notices (McuRoom *room)
{
  JsonObject *message = mcu_room_signs_notices (room);

  json_object_set_string_member (message, "type", "notices");
  mcu_room_media_send (room, message);
}

void
mcu_room_signs_set_caption (McuRoom *room, const char *caption)
{
  const char *wanted = caption != NULL && caption[0] != '\0' ? caption : NULL;

  if (g_strcmp0 (room->caption, wanted) == 0)
    return;
  g_free (room->caption);
  room->caption = g_strdup (wanted);
  tell_notices (room);
}

void
mcu_room_signs_set_recorded (McuRoom *room, gboolean is_recorded)
{
  if (!room->shows_recording == !is_recorded)
    return;
  room->shows_recording = is_recorded;
  tell_notices (room);
}

/* ---- the process, and the end ---- */

void
mcu_room_signs_process_gone (McuRoom *room)
{
  g_queue_clear_full (&room->sent_pictures, g_free);
  for (guint i = 0; i < room->participants->len; i++)
    ((McuParticipant *) room->participants->pdata[i])->avatar_sent = FALSE;
}

void
mcu_room_signs_stop (McuRoom *room)
{
  g_queue_clear_full (&room->sent_pictures, g_free);
  g_clear_pointer (&room->caption, g_free);
}
