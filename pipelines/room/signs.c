/* pipelines/room/signs.c - what a room's pictures have beside tiles.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/signs.h"

#include <string.h>

#include "layouts/element-json.h"
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "pipelines/room/still-images.h"

#define MS_PER_S 1000

/* Where a caption goes that no element has a place for: low in the middle, in thousandths. */
#define CAPTION_X 100
#define CAPTION_Y 860
#define CAPTION_WIDTH 800
#define CAPTION_HEIGHT 90

/* One view. */
typedef struct
{
  guint n;
  McuElementBox boxes[MCU_ELEMENTS_MAX_PLACED];
  McuElements *drawn; /* owned (nullable) */
} Sign;

struct _McuSigns
{
  /* Main loop only. */
  McuRoom *room;          /* unowned */
  McuStillImages *images; /* owned */
  GHashTable *signs;      /* owned, (element-type utf8 Sign): by view */
  char *caption;          /* owned (nullable) */
  gboolean is_recorded;
  guint timer; /* while there is a clock */
};

static void
free_sign (gpointer data)
{
  Sign *sign = data;

  g_clear_pointer (&sign->drawn, mcu_elements_unref);
  g_free (sign);
}

static McuImage *
find_image (const char *id, gpointer user_data)
{
  McuSigns *self = user_data;

  return mcu_still_images_find (self->images, id);
}

static gboolean
has_kind (const Sign *sign, McuElementKind kind)
{
  for (guint i = 0; i < sign->n; i++)
    if (sign->boxes[i].look.kind == kind)
      return TRUE;
  return FALSE;
}

static int
part_of (int thousandths, int length)
{
  return mcu_even_down (length * thousandths / 1000);
}

static McuElementBox
default_caption (McuCanvas *canvas)
{
  int width = mcu_canvas_get_width (canvas), height = mcu_canvas_get_height (canvas);
  McuElement usual;

  mcu_element_init (&usual, MCU_ELEMENT_CAPTION);
  return (McuElementBox){{part_of (CAPTION_X, width), part_of (CAPTION_Y, height),
                          part_of (CAPTION_WIDTH, width), part_of (CAPTION_HEIGHT, height)},
                         usual.look};
}

static void
draw (McuSigns *self, Sign *sign, McuCanvas *canvas)
{
  McuElementState state = {.now_s = g_get_real_time () / G_USEC_PER_SEC,
                           .caption = self->caption,
                           .is_recorded = self->is_recorded,
                           .find_image = find_image,
                           .user_data = self};
  McuElementBox boxes[MCU_ELEMENTS_MAX_PLACED + 1];
  McuElements *drawn;
  guint n = sign->n;

  memcpy (boxes, sign->boxes, n * sizeof *boxes);
  if (self->caption != NULL && !has_kind (sign, MCU_ELEMENT_CAPTION))
    boxes[n++] = default_caption (canvas);
  drawn = mcu_elements_new (boxes, n, &state, sign->drawn);
  g_clear_pointer (&sign->drawn, mcu_elements_unref);
  sign->drawn = drawn;
}

static void
draw_all (McuSigns *self)
{
  GHashTableIter iter;
  gpointer id, sign;

  g_hash_table_iter_init (&iter, self->signs);
  while (g_hash_table_iter_next (&iter, &id, &sign)) {
    McuView *view = mcu_room_find_view (self->room, id);

    if (view == NULL) {
      g_hash_table_iter_remove (&iter);
      continue;
    }
    draw (self, sign, mcu_view_get_canvas (view));
    mcu_canvas_set_elements (mcu_view_get_canvas (view), ((Sign *) sign)->drawn);
  }
}

static gboolean
has_clock (McuSigns *self)
{
  GHashTableIter iter;
  gpointer sign;

  g_hash_table_iter_init (&iter, self->signs);
  while (g_hash_table_iter_next (&iter, NULL, &sign))
    if (has_kind (sign, MCU_ELEMENT_CLOCK))
      return TRUE;
  return FALSE;
}

static void keep_time (McuSigns *self);

static gboolean
on_second (gpointer data)
{
  McuSigns *self = data;

  self->timer = 0;
  draw_all (self);
  keep_time (self);
  return G_SOURCE_REMOVE;
}

/* At the beginning of the next second, and nothing while there is no clock. */
static void
keep_time (McuSigns *self)
{
  guint into_ms = (guint) (g_get_real_time () / 1000 % MS_PER_S);

  if (self->timer == 0 && has_clock (self))
    self->timer = g_timeout_add (MS_PER_S - into_ms, on_second, self);
}

static void
on_image (const char *id, McuImage *image, const GError *error, gpointer user_data)
{
  McuSigns *self = user_data;
  g_auto (GStrv) people = NULL;

  if (image == NULL) {
    JsonObject *message = mcu_link_message_new ("warning");
    g_autofree char *detail = g_strdup_printf ("picture %s: %s", id, error->message);

    json_object_set_string_member (message, "code", mcu_error_code_of (error));
    json_object_set_string_member (message, "detail", detail);
    mcu_room_report (self->room, message);
    return;
  }
  people = mcu_room_list_people (self->room);
  for (guint i = 0; people[i] != NULL; i++)
    if (g_strcmp0 (mcu_room_find_person (self->room, people[i])->avatar_id, id) == 0)
      mcu_room_set_avatar (self->room, people[i], id, image);
  draw_all (self);
}

McuSigns *
mcu_signs_new (McuRoom *room)
{
  McuSigns *self = g_new0 (McuSigns, 1);

  self->room = room;
  self->images = mcu_still_images_new (MCU_SIGNS_MAX_IMAGES, MCU_SIGNS_MAX_IMAGE_BYTES, on_image,
                                       self);
  self->signs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_sign);
  return self;
}

void
mcu_signs_free (McuSigns *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  mcu_still_images_free (self->images);
  g_hash_table_unref (self->signs);
  g_free (self->caption);
  g_free (self);
}

void
mcu_signs_add_image (McuSigns *self, JsonObject *message, int fd)
{
  const char *id = mcu_json_string (message, "image");
  gboolean is_avatar = mcu_json_bool (message, "avatar", FALSE);

  mcu_still_images_add (self->images, id != NULL ? id : "", fd,
                        is_avatar ? MCU_SIGNS_AVATAR_PX : MCU_SIGNS_PICTURE_PX);
}

void
mcu_signs_remove_image (McuSigns *self, const char *id)
{
  mcu_still_images_remove (self->images, id);
}

void
mcu_signs_set_notices (McuSigns *self, JsonObject *notices)
{
  const char *caption = notices != NULL ? mcu_json_string (notices, "caption") : NULL;

  g_clear_pointer (&self->caption, g_free);
  if (caption != NULL && caption[0] != '\0' && strlen (caption) <= MCU_SIGNS_MAX_CAPTION)
    self->caption = g_strdup (caption);
  self->is_recorded = notices != NULL && mcu_json_bool (notices, "recorded", FALSE);
  draw_all (self);
}

void
mcu_signs_set_avatar (McuSigns *self, const char *participant, const char *image)
{
  mcu_room_set_avatar (self->room, participant, image,
                       image != NULL ? mcu_still_images_find (self->images, image) : NULL);
}

static void
read_boxes (Sign *sign, JsonArray *array, McuCanvas *canvas)
{
  sign->n = 0;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *object = mcu_json_array_object (array, i);

    if (object != NULL && sign->n < MCU_ELEMENTS_MAX_PLACED &&
        mcu_element_box_from_json (object, mcu_canvas_get_width (canvas),
                                   mcu_canvas_get_height (canvas), &sign->boxes[sign->n]))
      sign->n++;
  }
}

McuElements *
mcu_signs_place (McuSigns *self, JsonObject *message)
{
  const char *view_id = mcu_json_string (message, "view");
  McuView *view = mcu_room_find_view (self->room, view_id);
  Sign *sign;

  if (view == NULL)
    return NULL;
  sign = g_hash_table_lookup (self->signs, view_id);
  if (sign == NULL) {
    sign = g_new0 (Sign, 1);
    g_hash_table_insert (self->signs, g_strdup (view_id), sign);
  }
  read_boxes (sign, mcu_json_array (message, "elements"), mcu_view_get_canvas (view));
  draw (self, sign, mcu_view_get_canvas (view));
  keep_time (self);
  return sign->drawn;
}
