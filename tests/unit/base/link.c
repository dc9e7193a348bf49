/* tests/unit/base/link.c - framing, replies, bounds and deaths of the link.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/link.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

typedef struct
{
  McuLink *near;
  McuLink *far;   /* (nullable) */
  int far_fd;     /* when the test plays the far end by hand */
  GPtrArray *got; /* of JsonObject: what the near end was told */
  char *closed;   /* why the near end closed */
  guint n_replies;
  gint64 reply_value;
  int reply_code; /* -1: ok */
  gboolean answer;
} Fixture;

static gboolean
on_watchdog (gpointer data)
{
  g_error ("the test waited too long");
  return G_SOURCE_REMOVE;
}

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint watchdog = g_timeout_add_seconds (10, on_watchdog, NULL);                                \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (watchdog);                                                                    \
  }                                                                                                \
  G_STMT_END

static void
on_near_message (McuLink *link, JsonObject *message, gpointer data)
{
  Fixture *f = data;

  g_ptr_array_add (f->got, json_object_ref (message));
}

static void
on_near_closed (McuLink *link, const char *reason, gpointer data)
{
  Fixture *f = data;

  g_assert_null (f->closed);
  f->closed = g_strdup (reason);
}

static void
on_far_message (McuLink *link, JsonObject *message, gpointer data)
{
  Fixture *f = data;
  gint64 id = mcu_json_int (message, "id", -1);

  if (id < 0 || !f->answer)
    return;
  if (g_str_equal (mcu_json_string (message, "type"), "refuse")) {
    g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_BAD_SDP, "no good");
    mcu_link_reply_error (link, id, error);
  } else {
    JsonObject *members = json_object_new ();
    json_object_set_int_member (members, "value", 42);
    mcu_link_reply (link, id, members);
  }
}

static void
on_far_closed (McuLink *link, const char *reason, gpointer data)
{
}

static void
on_reply (JsonObject *reply, const GError *error, gpointer data)
{
  Fixture *f = data;

  g_assert_true ((reply == NULL) != (error == NULL));
  f->n_replies++;
  f->reply_code = error != NULL ? error->code : -1;
  f->reply_value = reply != NULL ? mcu_json_int (reply, "value", 0) : 0;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  int fd;

  f->got = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  f->answer = TRUE;
  fd = mcu_link_pair (&f->far_fd, NULL);
  g_assert_cmpint (fd, >=, 0);
  f->near = mcu_link_new (fd, on_near_message, on_near_closed, f);
  if (data != NULL) /* by hand */
    return;
  f->far = mcu_link_new (f->far_fd, on_far_message, on_far_closed, f);
  f->far_fd = -1;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mcu_link_free (f->near);
  mcu_link_free (f->far);
  if (f->far_fd >= 0)
    close (f->far_fd);
  g_ptr_array_unref (f->got);
  g_free (f->closed);
}

static void
test_link__keeps_order_and_text (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 500; i++) {
    JsonObject *message = mcu_link_message_new ("levels");
    json_object_set_int_member (message, "n", i);
    json_object_set_string_member (message, "name", "한글 \" \\ \n");
    mcu_link_send (f->far, message);
  }
  wait_until (f->got->len == 500);
  for (int i = 0; i < 500; i++) {
    g_assert_cmpint (mcu_json_int (f->got->pdata[i], "n", -1), ==, i);
    g_assert_cmpint (mcu_json_int (f->got->pdata[i], "v", -1), ==, MCU_LINK_VERSION);
    g_assert_cmpstr (mcu_json_string (f->got->pdata[i], "name"), ==, "한글 \" \\ \n");
  }
}

static void
test_link__request_is_answered (Fixture *f, gconstpointer data)
{
  mcu_link_request (f->near, mcu_link_message_new ("ask"), 5000, on_reply, f);
  wait_until (f->n_replies == 1);
  g_assert_cmpint (f->reply_code, ==, -1);
  g_assert_cmpint (f->reply_value, ==, 42);

  mcu_link_request (f->near, mcu_link_message_new ("refuse"), 5000, on_reply, f);
  wait_until (f->n_replies == 2);
  g_assert_cmpint (f->reply_code, ==, MCU_ERROR_BAD_SDP);
}

static void
test_link__request_times_out_once (Fixture *f, gconstpointer data)
{
  f->answer = FALSE;
  mcu_link_request (f->near, mcu_link_message_new ("ask"), 10, on_reply, f);
  wait_until (f->n_replies == 1);
  g_assert_cmpint (f->reply_code, ==, MCU_ERROR_TIMEOUT);
  mcu_link_reply (f->far, 1, NULL); /* too late: ignored */
  mcu_link_send (f->far, mcu_link_message_new ("after"));
  wait_until (f->got->len == 1);
  g_assert_cmpuint (f->n_replies, ==, 1);
}

static void
test_link__free_answers_requests (Fixture *f, gconstpointer data)
{
  mcu_link_request (f->near, mcu_link_message_new ("ask"), 5000, on_reply, f);
  mcu_link_free (g_steal_pointer (&f->near));
  g_assert_cmpuint (f->n_replies, ==, 1);
  g_assert_cmpint (f->reply_code, ==, MCU_ERROR_INTERNAL);
}

static void
test_link__other_end_closes (Fixture *f, gconstpointer data)
{
  f->answer = FALSE;
  mcu_link_request (f->near, mcu_link_message_new ("ask"), 5000, on_reply, f);
  mcu_link_free (g_steal_pointer (&f->far));
  wait_until (f->closed != NULL);
  g_assert_cmpint (f->reply_code, ==, MCU_ERROR_INTERNAL);
  /* Whoever has not noticed yet may still send and ask. */
  mcu_link_send (f->near, mcu_link_message_new ("late"));
  mcu_link_request (f->near, mcu_link_message_new ("late"), 60000, on_reply, f);
  wait_until (f->n_replies == 2);
}

static void
test_link__queue_is_bounded (Fixture *f, gconstpointer data)
{
  g_autofree char *big = g_strnfill (MCU_LINK_MAX_FRAME_BYTES - 100, 'x');

  for (int i = 0; i < 12; i++) {
    JsonObject *message = mcu_link_message_new ("big");
    json_object_set_string_member (message, "text", big);
    mcu_link_send (f->near, message);
    g_assert_cmpuint (mcu_link_queued_bytes (f->near), <=, MCU_LINK_MAX_QUEUE_BYTES);
  }
  g_assert_null (f->closed); /* never from inside send */
  wait_until (f->closed != NULL);
  g_assert_cmpstr (f->closed, ==, "queue full");
}

static void
test_link__a_big_frame_arrives (Fixture *f, gconstpointer data)
{
  g_autofree char *big = g_strnfill (MCU_LINK_MAX_FRAME_BYTES - 100, 'x');
  JsonObject *message = mcu_link_message_new ("big");

  json_object_set_string_member (message, "text", big);
  mcu_link_send (f->far, message);
  wait_until (f->got->len == 1);
  g_assert_cmpstr (mcu_json_string (f->got->pdata[0], "text"), ==, big);
}

/* A file that says which one it is. */
static int
numbered_file (int number)
{
  int fd = memfd_create ("numbered", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, &number, sizeof number), ==, sizeof number);
  return fd;
}

static void
test_link__descriptors_stay_with_their_messages (Fixture *f, gconstpointer data)
{
  g_autofree char *big = g_strnfill (300 * 1000, 'x');

  for (int i = 0; i < 10; i++) {
    JsonObject *plain = mcu_link_message_new ("plain");
    json_object_set_string_member (plain, "text", big);
    mcu_link_send (f->far, plain);
    mcu_link_send_with_fd (f->far, mcu_link_message_new ("file"), numbered_file (i));
  }
  wait_until (f->got->len == 20);
  /* Taken later and backwards: a message that had to wait still finds its own. */
  for (int i = 9; i >= 0; i--) {
    int fd = mcu_link_take_fd (f->near, f->got->pdata[2 * i + 1]);
    int number = -1;

    g_assert_cmpint (pread (fd, &number, sizeof number, 0), ==, sizeof number);
    g_assert_cmpint (number, ==, i);
    g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
    close (fd);
    g_assert_cmpint (mcu_link_take_fd (f->near, f->got->pdata[2 * i + 1]), ==, -1);
    g_assert_cmpint (mcu_link_take_fd (f->near, f->got->pdata[2 * i]), ==, -1);
  }
}

static void
test_link__descriptors_are_bounded (Fixture *f, gconstpointer data)
{
  for (int i = 0; i <= MCU_LINK_MAX_FDS; i++)
    mcu_link_send_with_fd (f->far, mcu_link_message_new ("file"), numbered_file (i));
  wait_until (f->closed != NULL);
  g_assert_cmpstr (f->closed, ==, g_strerror (EMFILE));
}

static void
test_link__bad_frames_close (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *bytes;
    gsize n;
  } bad[] = {
      {"\x00\x00\x00\x00", 4},                          /* empty */
      {"\x7f\xff\xff\xff", 4},                          /* longer than a frame may be */
      {"\x00\x00\x00\x02[]", 6},                        /* no object */
      {"\x00\x00\x00\x08{\"v\":1}x", 12},               /* no type */
      {"\x00\x00\x00\x0c{\"type\":\"a\"}", 16},         /* no version */
      {"\x00\x00\x00\x12{\"v\":2,\"type\":\"a\"}", 22}, /* another version */
      {"\x00\x00\x00\x04\xff\xff\xff\xff", 8},          /* no UTF-8 */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    Fixture one = {0};

    set_up (&one, "by hand");
    g_assert_cmpint (write (one.far_fd, bad[i].bytes, bad[i].n), ==, bad[i].n);
    wait_until (one.closed != NULL);
    g_assert_cmpstr (one.closed, ==, "bad frame");
    tear_down (&one, "by hand");
  }
}

static void
test_link__pieces_make_a_frame (Fixture *f, gconstpointer data)
{
  static const char frame[] = "\x00\x00\x00\x12{\"v\":1,\"type\":\"a\"}";

  for (gsize i = 0; i < sizeof frame - 1; i++) {
    g_assert_cmpint (write (f->far_fd, frame + i, 1), ==, 1);
    while (g_main_context_iteration (NULL, FALSE)) {
    }
  }
  wait_until (f->got->len == 1);
  g_assert_null (f->closed);
}

static void
on_message_frees (McuLink *link, JsonObject *message, gpointer data)
{
  guint *n = data;

  (*n)++;
  mcu_link_free (link);
}

static void
test_link__may_be_freed_in_a_callback (void)
{
  guint n = 0;
  int other;
  int fd = mcu_link_pair (&other, NULL);
  McuLink *far = mcu_link_new (other, on_far_message, on_far_closed, NULL);

  mcu_link_new (fd, on_message_frees, on_near_closed, &n);
  mcu_link_send (far, mcu_link_message_new ("one"));
  mcu_link_send (far, mcu_link_message_new ("two"));
  wait_until (n == 1);
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_assert_cmpuint (n, ==, 1);
  mcu_link_free (far);
}

#define BY_HAND "by hand"
#define add(name, data)                                                                            \
  g_test_add ("/link/" #name, Fixture, data, set_up, test_link__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (keeps_order_and_text, NULL);
  add (request_is_answered, NULL);
  add (request_times_out_once, NULL);
  add (free_answers_requests, NULL);
  add (other_end_closes, NULL);
  add (queue_is_bounded, NULL);
  add (a_big_frame_arrives, NULL);
  add (descriptors_stay_with_their_messages, NULL);
  add (descriptors_are_bounded, NULL);
  add (bad_frames_close, NULL);
  add (pieces_make_a_frame, BY_HAND);
  g_test_add_func ("/link/may_be_freed_in_a_callback", test_link__may_be_freed_in_a_callback);
  return g_test_run ();
}
