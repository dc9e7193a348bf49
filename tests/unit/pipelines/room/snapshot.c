/* tests/unit/pipelines/room/snapshot.c - a canvas over the link as a PNG.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/snapshot.h"

#include <cairo.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "pipelines/process/plugins.h"
#include "pipelines/room/commands.h"

#define WATCHDOG_S 20

typedef struct
{
  GMainLoop *room_loop;
  McuCommands *commands;
  McuLink *control;
  guint n_placed;
  guint n_replies, n_refused;
  char *refusal; /* owned (nullable) */
  int fd;        /* of the newest picture; -1: none */
  guint watchdog;
} Fixture;

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("nothing came for %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static void
on_message (McuLink *link, JsonObject *message, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_placed += g_strcmp0 (mcu_json_string (message, "type"), "placed") == 0;
}

static void
on_closed (McuLink *link, const char *reason, gpointer user_data)
{
}

static void
on_reply (JsonObject *reply, const GError *error, gpointer user_data)
{
  Fixture *fixture = user_data;
  int fd = reply != NULL ? mcu_link_take_fd (fixture->control, reply) : -1;

  fixture->n_replies++;
  fixture->n_refused += error != NULL;
  if (error != NULL) {
    g_free (fixture->refusal);
    fixture->refusal = g_strdup (mcu_error_code_of (error));
  }
  if (fd >= 0)
    fixture->fd = fd;
}

static void
ask (Fixture *fixture, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');

  mcu_link_request (fixture->control, mcu_json_parse_object (json, strlen (json), NULL),
                    WATCHDOG_S * 1000, on_reply, fixture);
}

static void
wait_replies (Fixture *fixture, guint n)
{
  while (fixture->n_replies < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
say (Fixture *fixture, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');

  mcu_link_send (fixture->control, mcu_json_parse_object (json, strlen (json), NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  int room_fd;
  int control_fd = mcu_link_pair (&room_fd, NULL);

  fixture->fd = -1;
  fixture->watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
  fixture->room_loop = g_main_loop_new (NULL, FALSE);
  fixture->commands = mcu_commands_new (room_fd, fixture->room_loop);
  fixture->control = mcu_link_new (control_fd, on_message, on_closed, fixture);
  ask (fixture, "{'type':'room_state','room':'x','canvas':{'width':320,'height':180,'fps':30},"
                "'codecs':['h264']}");
  wait_replies (fixture, 1);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->commands, mcu_commands_free);
  g_clear_pointer (&fixture->control, mcu_link_free);
  g_free (fixture->refusal);
  if (fixture->fd >= 0)
    close (fixture->fd);
  g_main_loop_unref (fixture->room_loop);
  g_source_remove (fixture->watchdog);
}

static cairo_status_t
read_bytes (void *closure, unsigned char *data, unsigned int length)
{
  return read (*(int *) closure, data, length) == (gssize) length ? CAIRO_STATUS_SUCCESS
                                                                  : CAIRO_STATUS_READ_ERROR;
}

/* Returns: the colour in the middle: 0xrrggbb. */
static guint32
look_at (Fixture *fixture, int width_px, int height_px)
{
  cairo_surface_t *surface;
  guint32 pixel;

  g_assert_cmpint (lseek (fixture->fd, 0, SEEK_SET), ==, 0);
  surface = cairo_image_surface_create_from_png_stream (read_bytes, &fixture->fd);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, width_px);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, height_px);
  memcpy (&pixel,
          cairo_image_surface_get_data (surface) +
              height_px / 2 * cairo_image_surface_get_stride (surface) + width_px / 2 * 4,
          sizeof pixel);
  cairo_surface_destroy (surface);
  return pixel & 0xffffff;
}

/* Nobody receives this view, so nothing ticks: it is composed for the occasion. */
static void
test_snapshot__shows_the_canvas (Fixture *fixture, gconstpointer data)
{
  guint32 pixel;

  say (fixture, "{'type':'place','view':'main','layout':'grid','seq':1,'background':'#ff0000',"
                "'tiles':[]}");
  ask (fixture, "{'type':'snapshot','view':'main'}");
  wait_replies (fixture, 2);
  g_assert_cmpuint (fixture->n_refused, ==, 0);
  g_assert_cmpint (fixture->fd, >=, 0);
  g_assert_cmpint (write (fixture->fd, "x", 1), ==, -1); /* it is sealed */
  pixel = look_at (fixture, 320, 180);
  g_test_message ("#%06x", pixel);
  g_assert_cmpuint (pixel >> 16, >, 240);
  g_assert_cmpuint (pixel >> 8 & 0xff, <, 16);
  g_assert_cmpuint (pixel & 0xff, <, 16);
  while (fixture->n_placed < 1) /* what it showed first is told as ever */
    g_main_context_iteration (NULL, TRUE);
}

static void
test_snapshot__is_bounded (Fixture *fixture, gconstpointer data)
{
  ask (fixture, "{'type':'snapshot','view':'none'}");
  wait_replies (fixture, 2);
  g_assert_cmpstr (fixture->refusal, ==, "not_found");
  for (guint i = 0; i < 5; i++)
    ask (fixture, "{'type':'snapshot'}");
  wait_replies (fixture, 7);
  g_assert_cmpuint (fixture->n_refused, ==, 5);
  g_assert_cmpstr (fixture->refusal, ==, "rate_limited");
  look_at (fixture, 320, 180);
}

#define ADD(name, func) g_test_add ("/room/snapshot/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mcu_plugins_init (NULL));
  ADD ("canvas", test_snapshot__shows_the_canvas);
  ADD ("bounds", test_snapshot__is_bounded);
  return g_test_run ();
}
