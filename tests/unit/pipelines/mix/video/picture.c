/* tests/unit/pipelines/mix/video/picture.c - references, pools, views.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/picture.h"

#include "pictures.h"

static void
on_free (gpointer user_data)
{
  (*(int *) user_data)++;
}

static void
test_picture__wrapped_is_freed_once (void)
{
  guint8 pixels[16 * 16 * 3 / 2];
  guint8 *const data[3] = {pixels, pixels + 256, pixels + 320};
  const int stride[3] = {16, 8, 8};
  int freed = 0;
  McuPicture *picture = mcu_picture_new_wrapped (16, 16, data, stride, on_free, &freed);
  McuPicture *view = mcu_picture_new_view (picture, 4, 6, 8, 8);

  g_assert_true (view->data[0] == pixels + 6 * 16 + 4);
  g_assert_true (view->data[1] == pixels + 256 + 3 * 8 + 2);
  g_assert_true (view->data[2] == pixels + 320 + 3 * 8 + 2);
  mcu_picture_unref (mcu_picture_ref (picture));
  mcu_picture_unref (picture);
  g_assert_cmpint (freed, ==, 0); /* the view keeps it */
  mcu_picture_unref (view);
  g_assert_cmpint (freed, ==, 1);
}

static void
test_picture__pooled_is_aligned (void)
{
  static const int sizes[][2] = {{1280, 720}, {426, 240}, {2, 2}, {641, 361}, {64, 64}};
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (2);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (McuPicture) picture = mcu_picture_pool_take (pool, sizes[i][0], sizes[i][1]);
    int chroma_height = (sizes[i][1] + 1) / 2;

    for (int p = 0; p < 3; p++) {
      g_assert_cmpuint ((gsize) picture->data[p] % MCU_PICTURE_ALIGN, ==, 0);
      g_assert_cmpint (picture->stride[p] % MCU_PICTURE_ALIGN, ==, 0);
    }
    g_assert_cmpint (picture->stride[1], >=, (sizes[i][0] + 1) / 2);
    g_assert_true (picture->data[1] == picture->data[0] + picture->stride[0] * sizes[i][1]);
    g_assert_true (picture->data[2] == picture->data[1] + picture->stride[1] * chroma_height);
    g_assert_cmpuint (picture->size, ==,
                      picture->data[2] + picture->stride[2] * chroma_height - picture->data[0]);
    mcu_picture_fill (picture, 1, 2, 3);
  }
}

static void
test_picture__pool_gives_the_same_memory_again (void)
{
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (2);
  McuPicture *first = mcu_picture_pool_take (pool, 320, 180);
  guint8 *memory = first->data[0];
  McuPicture *other;

  other = mcu_picture_pool_take (pool, 320, 180);
  g_assert_true (other->data[0] != memory);
  mcu_picture_unref (other);
  mcu_picture_unref (first);
  first = mcu_picture_pool_take (pool, 320, 180);
  g_assert_true (first->data[0] == memory);
  other = mcu_picture_pool_take (pool, 640, 360); /* another size is not confused with it */
  g_assert_cmpint (other->width, ==, 640);
  g_assert_true (other->data[0] != memory);
  mcu_picture_unref (other);
  mcu_picture_unref (first);
}

static void
test_picture__outlives_its_pool (void)
{
  McuPicturePool *pool = mcu_picture_pool_new (2);
  McuPicture *picture = mcu_picture_pool_take (pool, 32, 32);

  mcu_picture_pool_unref (pool);
  mcu_picture_fill (picture, 9, 8, 7);
  g_assert_cmpuint (picture->data[2][0], ==, 7);
  mcu_picture_unref (picture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/picture/wrapped_is_freed_once", test_picture__wrapped_is_freed_once);
  g_test_add_func ("/video/picture/pooled_is_aligned", test_picture__pooled_is_aligned);
  g_test_add_func ("/video/picture/pool_gives_the_same_memory_again",
                   test_picture__pool_gives_the_same_memory_again);
  g_test_add_func ("/video/picture/outlives_its_pool", test_picture__outlives_its_pool);

  return g_test_run ();
}
