/* tests/unit/pipelines/room/signs.c - pictures come over a real link, and are seen; bad ones are
 * told.  SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/signs.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "pipelines/process/plugins.h"
#include "pipelines/room/commands.h"
#include "tests/unit/pipelines/mix/video/stills.h"

#define WATCHDOG_S 20
#define RED 0xffff0000

/* What commands.c has, without peers: a room that is told, and reports. */
typedef struct
{
  McuRoom *room;
  McuSigns *signs;
  GPtrArray *warnings; /* of JsonObject */
  guint watchdog;
} Fixture;

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("nothing came in %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static void
on_report (JsonObject *message, gpointer user_data)
{
  Fixture *f = user_data;

  if (g_strcmp0 (mcu_json_string (message, "type"), "warning") == 0)
    g_ptr_array_add (f->warnings, message);
  else
    json_object_unref (message);
}

static void
on_answer (McuPeer *peer, const char *answer, const GError *error, gint64 id, gpointer user_data)
{
}

static void
set_up (Fixture *f, gconstpointer data)
{
  McuRoomSettings settings = {.width_px = 640, .height_px = 360, .fps = 10};
  McuPersonSpec ada = {.id = "a", .name = "Ada"};

  f->watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
  f->warnings = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  f->room = mcu_room_new (on_report, on_answer, f);
  mcu_room_set_up (f->room, &settings);
  mcu_room_set_person (f->room, &ada);
  f->signs = mcu_signs_new (f->room);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mcu_signs_free (f->signs);
  mcu_room_free (f->room);
  g_ptr_array_unref (f->warnings);
  g_source_remove (f->watchdog);
}

/* (transfer full) */
static JsonObject *
message_of (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  JsonObject *object = mcu_json_parse_object (json, strlen (json), NULL);

  g_assert_nonnull (object);
  return object;
}

static int
memfd_of (const guint8 *bytes, gsize length)
{
  int fd = memfd_create ("test", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, bytes, length), ==, (gssize) length);
  return fd;
}

static void
add_image (Fixture *f, const char *id, guint32 argb)
{
  g_autoptr (GByteArray) png = test_still_png (64, 64, argb);
  g_autofree char *text = g_strdup_printf ("{'type':'image','image':'%s'}", id);
  g_autoptr (JsonObject) message = message_of (text);

  mcu_signs_add_image (f->signs, message, memfd_of (png->data, png->len));
}

/* (transfer full): what viewers see. */
static McuPicture *
look (Fixture *f)
{
  McuCanvas *canvas = mcu_view_get_canvas (mcu_room_find_view (f->room, MCU_ROOM_MAIN_VIEW));
  McuPicture *out = mcu_canvas_new_picture (canvas);
  McuComposeInfo info;

  mcu_canvas_compose (canvas, 1, out, &info);
  return out;
}

static gboolean
is_red_at (Fixture *f, int x, int y)
{
  g_autoptr (McuPicture) seen = look (f);
  McuYuv pixel = test_picture_pixel (seen, x, y);

  return ABS (pixel.y - TEST_RED.y) < 6 && ABS (pixel.v - TEST_RED.v) < 6;
}

#define wait_until(condition)                                                                      \
  while (!(condition))                                                                             \
  g_main_context_iteration (NULL, TRUE)

static void
place (Fixture *f, const char *text)
{
  g_autoptr (JsonObject) message = message_of (text);
  McuPlace how = {.seq = 1};
  g_autoptr (GError) error = NULL;

  how.elements = mcu_signs_place (f->signs, message);
  g_assert_true (mcu_room_place (f->room, "main", &how, NULL, 0, &error));
}

#define LOGO                                                                                       \
  "{'view':'main','elements':[{'kind':'logo','image':'l','x':100,'y':100,'width':64,'height':64}]" \
  "}"

static void
test_signs__picture_before_and_after_place (Fixture *f, gconstpointer data)
{
  place (f, LOGO);
  g_assert_false (is_red_at (f, 130, 130));
  add_image (f, "l", RED);
  wait_until (is_red_at (f, 130, 130));
  g_assert_false (is_red_at (f, 90, 130));
  place (f, "{'view':'main'}");
  g_assert_false (is_red_at (f, 130, 130));
  place (f, LOGO); /* the process has it */
  g_assert_true (is_red_at (f, 130, 130));
  mcu_signs_remove_image (f->signs, "l");
  place (f, "{'view':'main'}");
  place (f, LOGO);
  g_assert_false (is_red_at (f, 130, 130));
}

static void
test_signs__bad_pictures_are_told (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) message = message_of ("{'type':'image','image':'l'}");

  place (f, LOGO);
  mcu_signs_add_image (f->signs, message, memfd_of ((const guint8 *) "GIF89a", 6));
  mcu_signs_add_image (f->signs, message, -1);
  wait_until (f->warnings->len == 1); /* of the newer one */
  g_assert_cmpstr (mcu_json_string (f->warnings->pdata[0], "code"), ==, "gone");
  mcu_signs_add_image (f->signs, message, memfd_of ((const guint8 *) "GIF89a", 6));
  wait_until (f->warnings->len == 2);
  g_assert_cmpstr (mcu_json_string (f->warnings->pdata[1], "code"), ==, "unsupported_type");
  g_assert_cmpstr (mcu_json_string (f->warnings->pdata[1], "detail"), ==,
                   "picture l: neither PNG nor JPEG");
  g_assert_false (is_red_at (f, 130, 130));
}

static void
test_signs__avatar (Fixture *f, gconstpointer data)
{
  McuPerson *ada = mcu_room_find_person (f->room, "a");

  mcu_signs_set_avatar (f->signs, "a", "a/avatar/1");
  g_assert_null (ada->avatar);
  add_image (f, "a/avatar/1", RED);
  wait_until (ada->avatar != NULL);
  add_image (f, "a/avatar/2", RED);
  mcu_signs_set_avatar (f->signs, "a", "a/avatar/2");
  wait_until (ada->avatar != NULL);
  mcu_signs_set_avatar (f->signs, "a", NULL);
  g_assert_null (ada->avatar);
  mcu_signs_set_avatar (f->signs, "nobody", "a/avatar/2");
}

static guint
n_unlike_background (Fixture *f, const McuRect *rect)
{
  g_autoptr (McuPicture) seen = look (f);
  g_autoptr (McuPicture)
      plain = test_picture_new (640, 360, mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND));

  return test_rect_differs (seen, plain, rect);
}

static void
test_signs__caption_and_recording (Fixture *f, gconstpointer data)
{
  static const McuRect all = {0, 0, 640, 360}, top = {0, 0, 640, 100}, low = {0, 300, 640, 60};
  g_autoptr (JsonObject) both = message_of ("{'caption':'Said','recorded':true}");
  g_autoptr (JsonObject) neither = message_of ("{'caption':null,'recorded':false}");

  place (f, "{'view':'main'}");
  g_assert_cmpuint (n_unlike_background (f, &all), ==, 0);
  mcu_signs_set_notices (f->signs, both);
  /* At its usual place, and no mark where the layout has none. */
  g_assert_cmpuint (n_unlike_background (f, &low), >, 100);
  g_assert_cmpuint (n_unlike_background (f, &low), ==, n_unlike_background (f, &all));
  place (f, "{'view':'main','elements':["
            "{'kind':'caption','x':0,'y':0,'width':300,'height':40},"
            "{'kind':'recording','x':400,'y':0,'width':40,'height':40}]}");
  g_assert_cmpuint (n_unlike_background (f, &top), >, 100);
  g_assert_cmpuint (n_unlike_background (f, &low), ==, 0);
  g_assert_true (is_red_at (f, 420, 20) || n_unlike_background (f, &(McuRect){400, 0, 40, 40}) > 0);
  mcu_signs_set_notices (f->signs, neither);
  g_assert_cmpuint (n_unlike_background (f, &all), ==, 0);
}

/* More at once than may wait to be taken on a link. */
typedef struct
{
  guint n_warnings;
  gboolean is_closed;
} Control;

static void
on_control_message (McuLink *link, JsonObject *message, gpointer user_data)
{
  Control *control = user_data;

  control->n_warnings += g_strcmp0 (mcu_json_string (message, "type"), "warning") == 0;
}

static void
on_control_closed (McuLink *link, const char *reason, gpointer user_data)
{
  ((Control *) user_data)->is_closed = TRUE;
}

static void
test_signs__many_over_the_link (Fixture *f, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Control control = {0};
  int room_fd, control_fd = mcu_link_pair (&room_fd, NULL);
  McuCommands *commands = mcu_commands_new (room_fd, loop);
  McuLink *link = mcu_link_new (control_fd, on_control_message, on_control_closed, &control);

  for (guint i = 0; i < 3 * MCU_LINK_MAX_FDS; i++) {
    g_autofree char *text = g_strdup_printf ("{'type':'image','image':'%u'}", i);

    mcu_link_send_with_fd (link, message_of (text), memfd_of ((const guint8 *) "none", 4));
  }
  wait_until (control.n_warnings == 3 * MCU_LINK_MAX_FDS || control.is_closed);
  g_assert_false (control.is_closed);
  mcu_link_free (link);
  mcu_commands_free (commands);
}

#define add(name)                                                                                  \
  g_test_add ("/room/signs/" #name, Fixture, NULL, set_up, test_signs__##name, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  mcu_plugins_init (&error);
  g_assert_no_error (error);
  mcu_decor_warm_up ();
  add (picture_before_and_after_place);
  add (bad_pictures_are_told);
  add (avatar);
  add (caption_and_recording);
  add (many_over_the_link);
  return g_test_run ();
}
