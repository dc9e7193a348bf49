/* tests/unit/layouts/layout-store.c - what is built in, and the operator's folder.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "layouts/layout-file.h"
#include "mcu/base/error.h"

#define GRID "\"arrangements\":[{\"people\":\"1+\",\"grid\":true}]"

typedef struct
{
  char *path;
  McuLayoutStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->path = g_dir_make_tmp ("layouts-XXXXXX", NULL);
  f->store = mcu_layout_store_new (f->path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (f->path, name, NULL);
    g_remove (path);
  }
  g_rmdir (f->path);
  g_free (f->path);
  mcu_layout_store_free (f->store);
}

static void
put (Fixture *f, const char *file, const char *text)
{
  g_autofree char *path = g_build_filename (f->path, file, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_reloads (Fixture *f)
{
  g_autoptr (GPtrArray) errors = NULL;
  gboolean good = mcu_layout_store_reload (f->store, &errors);

  if (errors->len > 0)
    g_test_message ("%s", ((GError *) errors->pdata[0])->message);
  g_assert_true (good);
  g_assert_cmpuint (errors->len, ==, 0);
}

static void
test_layout_store__built_ins (void)
{
  static const char *const names[] = {
      "audio-only",         "grid",         "lecture",      "panel",
      "picture-in-picture", "presentation", "side-by-side", "speaker"};
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  g_autoptr (GPtrArray) all = mcu_layout_store_list (store);

  g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < all->len; i++) {
    g_assert_cmpstr (((McuLayout *) all->pdata[i])->name, ==, names[i]);
    g_assert_true (mcu_layout_store_find (store, names[i]) == all->pdata[i]);
  }
  g_assert_null (mcu_layout_store_find (store, "none"));
  g_assert_null (mcu_layout_store_find (store, NULL));
  g_assert_true (mcu_layout_store_reload (store, NULL));
}

static void
test_layout_store__own_files (Fixture *f, gconstpointer data)
{
  g_autoptr (McuLayout) kept = NULL;
  g_autofree char *mine = g_build_filename (f->path, "mine.json", NULL);

  put (f, "mine.json", "{\"name\":\"mine\",\"title\":\"One\"," GRID "}");
  put (f, "grid.json", "{\"name\":\"grid\",\"title\":\"Ours\"," GRID "}");
  put (f, "README.txt", "not a layout");
  put (f, ".mine.json", "an editor's");
  g_assert_null (mcu_layout_store_find (f->store, "mine"));
  assert_reloads (f);
  kept = mcu_layout_ref (mcu_layout_store_find (f->store, "mine"));
  g_assert_cmpstr (mcu_layout_store_find (f->store, "grid")->title, ==, "Ours");
  /* Gone with the file, but not for whom it is in use. */
  g_assert_cmpint (g_unlink (mine), ==, 0);
  assert_reloads (f);
  g_assert_null (mcu_layout_store_find (f->store, "mine"));
  g_assert_cmpstr (kept->title, ==, "One");
}

static void
test_layout_store__bad_files_change_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) errors = NULL;
  static const char *const want[] = {
      "Upper.json: not called 1 to 64 small letters, digits and dashes, and .json",
      "b.json: gap: not between 0 and 1/10",
      "c.json: name: \"other\" is not what the file is called",
      "d.json: cannot be read: Invalid argument",
  };
  g_autofree char *fifo = g_build_filename (f->path, "d.json", NULL);

  put (f, "a.json", "{\"name\":\"a\",\"title\":\"old\"," GRID "}");
  assert_reloads (f);
  put (f, "a.json", "{\"name\":\"a\",\"title\":\"new\"," GRID "}");
  put (f, "b.json", "{\"name\":\"b\",\"gap\":7," GRID "}");
  put (f, "c.json", "{\"name\":\"other\"," GRID "}");
  put (f, "Upper.json", "{\"name\":\"upper\"," GRID "}");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_false (mcu_layout_store_reload (f->store, &errors));
  g_assert_cmpuint (errors->len, ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < errors->len; i++)
    g_assert_cmpstr (((GError *) errors->pdata[i])->message, ==, want[i]);
  g_assert_cmpstr (mcu_layout_store_find (f->store, "a")->title, ==, "old");
  g_assert_nonnull (mcu_layout_store_find (f->store, "speaker"));
}

static void
test_layout_store__too_many_files (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) errors = NULL;

  for (guint i = 0; i <= MCU_LAYOUT_STORE_MAX_FILES; i++) {
    g_autofree char *file = g_strdup_printf ("l%u.json", i);
    g_autofree char *text = g_strdup_printf ("{\"name\":\"l%u\"," GRID "}", i);

    put (f, file, text);
  }
  g_assert_false (mcu_layout_store_reload (f->store, &errors));
  g_assert_cmpuint (errors->len, ==, 1);
  g_assert_error ((GError *) errors->pdata[0], MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

static void
test_layout_store__too_large_a_file (Fixture *f, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (MCU_LAYOUT_MAX_BYTES + 1, ' ');
  g_autoptr (GPtrArray) errors = NULL;

  put (f, "huge.json", huge);
  g_assert_false (mcu_layout_store_reload (f->store, &errors));
  g_assert_cmpuint (errors->len, ==, 1);
  g_assert_error ((GError *) errors->pdata[0], MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

static void
test_layout_store__no_folder (void)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new ("/nonexistent/layouts");
  g_autoptr (GPtrArray) errors = NULL;

  g_assert_false (mcu_layout_store_reload (store, &errors));
  g_assert_cmpuint (errors->len, ==, 1);
  g_assert_nonnull (mcu_layout_store_find (store, "grid"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/layout-store/built_ins", test_layout_store__built_ins);
  g_test_add ("/layouts/layout-store/own_files", Fixture, NULL, set_up,
              test_layout_store__own_files, tear_down);
  g_test_add ("/layouts/layout-store/bad_files_change_nothing", Fixture, NULL, set_up,
              test_layout_store__bad_files_change_nothing, tear_down);
  g_test_add ("/layouts/layout-store/too_many_files", Fixture, NULL, set_up,
              test_layout_store__too_many_files, tear_down);
  g_test_add ("/layouts/layout-store/too_large_a_file", Fixture, NULL, set_up,
              test_layout_store__too_large_a_file, tear_down);
  g_test_add_func ("/layouts/layout-store/no_folder", test_layout_store__no_folder);

  return g_test_run ();
}
