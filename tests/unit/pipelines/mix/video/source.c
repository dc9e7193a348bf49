/* tests/unit/pipelines/mix/video/source.c - the newest picture at the sizes in use.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/source.h"

#include "pictures.h"

static const McuSourceSize half = {320, 180, MCU_FIT_COVER};
static const McuSourceSize third = {426, 240, MCU_FIT_COVER};

static McuPicture *
get_picture (McuSource *source, const McuSourceSize *size)
{
  McuSourceFrame frame;

  mcu_source_get (source, size, &frame);
  return frame.picture;
}

static void
test_source__scales_to_sizes_in_use (void)
{
  g_autoptr (McuSource) source = mcu_source_new ();
  McuSourceFrame frame;

  g_assert_false (mcu_source_is_used (source));
  mcu_source_use (source, &half);
  g_assert_true (mcu_source_is_used (source));
  g_assert_null (get_picture (source, &half));
  mcu_source_push (source, test_picture_new (640, 360, TEST_GREEN), 11, 22);
  mcu_source_get (source, &half, &frame);
  g_assert_cmpint (frame.picture->width, ==, 320);
  g_assert_cmpint (frame.picture->height, ==, 180);
  g_assert_true (test_rect_is (frame.picture, &(McuRect){0, 0, 320, 180}, TEST_GREEN));
  g_assert_cmpint (frame.capture_us, ==, 11);
  g_assert_cmpint (frame.arrival_us, ==, 22);
  g_assert_cmpuint (frame.serial, ==, mcu_source_get_serial (source, &half));
  mcu_picture_unref (frame.picture);

  mcu_source_unuse (source, &half);
  g_assert_false (mcu_source_is_used (source));
  g_assert_null (get_picture (source, &half));
}

static void
test_source__a_new_size_is_made_at_once_and_shared (void)
{
  g_autoptr (McuSource) source = mcu_source_new ();
  g_autoptr (McuPicture) one = NULL;
  g_autoptr (McuPicture) other = NULL;

  mcu_source_push (source, test_picture_new (640, 360, TEST_RED), 0, 0);
  mcu_source_use (source, &third);
  mcu_source_use (source, &third);
  one = get_picture (source, &third);
  other = get_picture (source, &third);
  g_assert_nonnull (one);
  g_assert_true (one == other);
  g_assert_true (test_rect_is (one, &(McuRect){0, 0, 426, 240}, TEST_RED));

  mcu_source_unuse (source, &third);
  g_assert_true (mcu_source_is_used (source)); /* by the second user */
  mcu_source_unuse (source, &third);
  g_assert_false (mcu_source_is_used (source));
}

static void
test_source__right_size_is_not_copied (void)
{
  g_autoptr (McuSource) source = mcu_source_new ();
  McuPicture *picture = test_picture_new (426, 240, TEST_BLUE);
  g_autoptr (McuPicture) shown = NULL;

  mcu_source_use (source, &third);
  mcu_source_push (source, mcu_picture_ref (picture), 0, 0);
  shown = get_picture (source, &third);
  g_assert_true (shown == picture);
  mcu_picture_unref (picture);
}

static void
test_source__clear (void)
{
  g_autoptr (McuSource) source = mcu_source_new ();
  guint64 serial;
  int width, height;

  mcu_source_use (source, &half);
  mcu_source_push (source, test_picture_new (640, 360, TEST_GREEN), 0, 0);
  g_assert_true (mcu_source_has_picture (source));
  g_assert_true (mcu_source_get_picture_size (source, &width, &height));
  g_assert_cmpint (width, ==, 640);
  serial = mcu_source_get_serial (source, &half);
  mcu_source_clear (source);
  g_assert_false (mcu_source_has_picture (source));
  g_assert_false (mcu_source_get_picture_size (source, &width, &height));
  g_assert_null (get_picture (source, &half));
  g_assert_null (mcu_source_dup_newest (source));
  g_assert_cmpuint (mcu_source_get_serial (source, &half), >, serial);
  serial = mcu_source_get_serial (source, &half);
  mcu_source_clear (source); /* no news */
  g_assert_cmpuint (mcu_source_get_serial (source, &half), ==, serial);
  mcu_source_use (source, &third);
  g_assert_null (get_picture (source, &third));
}

static void
test_source__changes_of_size_in_the_stream (void)
{
  g_autoptr (McuSource) source = mcu_source_new ();
  static const int sizes[][2] = {{640, 360}, {320, 180}, {640, 480},
                                 {360, 640}, {2, 2},     {641, 361}};

  mcu_source_use (source, &half);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (McuPicture) shown = NULL;

    mcu_source_push (source, test_picture_new (sizes[i][0], sizes[i][1], TEST_GREEN), 0, 0);
    shown = get_picture (source, &half);
    g_assert_cmpint (shown->width, ==, 320);
    g_assert_cmpint (shown->height, ==, 180);
    g_assert_true (test_rect_is (shown, &(McuRect){0, 0, 320, 180}, TEST_GREEN));
  }
}

/* One thread pushes, one asks for sizes and gives them up, one clears: what is read is whole, of
 * the size asked for, and never older than what was read before. */
typedef struct
{
  McuSource *source;
  int stop; /* atomic */
} Shared;

static gpointer
push_until_stopped (gpointer data)
{
  Shared *shared = data;

  for (guint i = 0; !g_atomic_int_get (&shared->stop); i++)
    mcu_source_push (shared->source,
                     test_picture_new (400, 226, (McuYuv){(guint8) (i % 200), 100, 100}), 0, i);
  return NULL;
}

static gpointer
clear_until_stopped (gpointer data)
{
  Shared *shared = data;

  while (!g_atomic_int_get (&shared->stop)) {
    mcu_source_clear (shared->source);
    g_thread_yield ();
  }
  return NULL;
}

static void
assert_get_is_whole (McuSource *source, const McuSourceSize *size, guint64 *last)
{
  McuSourceFrame frame;

  mcu_source_get (source, size, &frame);
  g_assert_cmpuint (frame.serial, >=, *last);
  *last = frame.serial;
  if (frame.picture == NULL)
    return;
  g_assert_cmpint (frame.picture->width, ==, size->width);
  g_assert_true (test_rect_is (frame.picture, &(McuRect){0, 0, size->width, size->height},
                               test_picture_pixel (frame.picture, 0, 0)));
  mcu_picture_unref (frame.picture);
}

static void
test_source__threads (void)
{
  g_autoptr (McuSource) source = mcu_source_new ();
  Shared shared = {source, 0};
  GThread *pusher = g_thread_new ("push", push_until_stopped, &shared);
  GThread *clearer = g_thread_new ("clear", clear_until_stopped, &shared);

  for (int i = 0; i < 60; i++) {
    McuSourceSize size = {32 + 2 * (i % 5), 18, MCU_FIT_COVER};
    guint64 last = 0;

    mcu_source_use (source, &size);
    for (int j = 0; j < 500; j++)
      assert_get_is_whole (source, &size, &last);
    mcu_source_unuse (source, &size);
  }
  g_atomic_int_set (&shared.stop, 1);
  g_thread_join (pusher);
  g_thread_join (clearer);
  g_assert_false (mcu_source_is_used (source));
}

/* A push that a clear overtakes while it scales must not bring its picture back. */
#define N_ROUNDS 200

typedef struct
{
  McuSource *source;
  int begun; /* atomic */
  int done;  /* atomic */
} Race;

static gpointer
push_rounds (gpointer data)
{
  Race *race = data;

  for (int i = 1; i <= N_ROUNDS; i++) {
    McuPicture *picture = test_picture_new (1280, 718, TEST_GREEN);

    g_atomic_int_set (&race->begun, i);
    mcu_source_push (race->source, picture, 0, 0);
    g_atomic_int_set (&race->done, i);
    while (g_atomic_int_get (&race->begun) == i) /* until the other has looked */
      g_thread_yield ();
  }
  return NULL;
}

static void
wait_until (const int *value, int at_least)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (g_atomic_int_get (value) < at_least) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    g_thread_yield ();
  }
}

static void
test_source__clear_overtakes_push (void)
{
  g_autoptr (McuSource) source = mcu_source_new ();
  Race race = {source, 0, 0};
  GThread *pusher;
  int overtaken = 0;

  mcu_source_use (source, &third);
  pusher = g_thread_new ("push", push_rounds, &race);
  for (int i = 1; i <= N_ROUNDS; i++) {
    guint64 cleared;

    wait_until (&race.begun, i);
    while (!mcu_source_has_picture (source) && g_atomic_int_get (&race.done) < i)
      ;
    mcu_source_clear (source);
    overtaken += g_atomic_int_get (&race.done) < i;
    cleared = mcu_source_get_serial (source, &third);
    wait_until (&race.done, i);
    g_assert_null (get_picture (source, &third));
    g_assert_cmpuint (mcu_source_get_serial (source, &third), ==, cleared);
    g_atomic_int_set (&race.begun, -i);
  }
  g_thread_join (pusher);
  g_test_message ("overtaken %d times of %d", overtaken, N_ROUNDS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/source/scales_to_sizes_in_use", test_source__scales_to_sizes_in_use);
  g_test_add_func ("/video/source/a_new_size_is_made_at_once_and_shared",
                   test_source__a_new_size_is_made_at_once_and_shared);
  g_test_add_func ("/video/source/right_size_is_not_copied", test_source__right_size_is_not_copied);
  g_test_add_func ("/video/source/clear", test_source__clear);
  g_test_add_func ("/video/source/changes_of_size_in_the_stream",
                   test_source__changes_of_size_in_the_stream);
  g_test_add_func ("/video/source/clear_overtakes_push", test_source__clear_overtakes_push);
  g_test_add_func ("/video/source/threads", test_source__threads);

  return g_test_run ();
}
