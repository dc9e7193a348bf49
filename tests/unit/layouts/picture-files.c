/* tests/unit/layouts/picture-files.c - the operator's pictures: read once, bounded, never half.
 * SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "layouts/layout-store.h"
#include "mcu/base/error.h"

#define PNG "\x89PNG\r\n\x1a\n"
#define GRID "\"arrangements\":[{\"people\":\"1+\",\"grid\":true}]"

typedef struct
{
  char *path;
  McuLayoutStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->path = g_dir_make_tmp ("pictures-XXXXXX", NULL);
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
write_file (Fixture *f, const char *name, const char *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (f->path, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
}

static void
write_png (Fixture *f, const char *name, const char *rest)
{
  g_autofree char *bytes = g_strconcat (PNG, rest, NULL);

  write_file (f, name, bytes, strlen (bytes));
}

static void
write_layout (Fixture *f, const char *image)
{
  g_autofree char *text = g_strdup_printf ("{\"name\":\"a\",\"background\":\"%s\"," GRID "}",
                                           image);

  write_file (f, "a.json", text, strlen (text));
}

/* The only error there is, "" for none. */
static void
assert_reload (Fixture *f, const char *message)
{
  g_autoptr (GPtrArray) errors = NULL;
  gboolean good = mcu_layout_store_reload (f->store, &errors);

  g_assert_cmpuint (errors->len, ==, message[0] != '\0');
  g_assert_cmpint (good, ==, message[0] == '\0');
  if (errors->len > 0)
    g_assert_cmpstr (((GError *) errors->pdata[0])->message, ==, message);
}

static void
test_picture_files__read_and_sealed (Fixture *f, gconstpointer data)
{
  McuPictureFile *file;
  char bytes[16] = {0};

  write_png (f, "b.png", "one");
  write_layout (f, "b.png");
  assert_reload (f, "");
  file = mcu_layout_store_find_picture (f->store, "b.png");
  g_assert_nonnull (file);
  g_assert_cmpuint (file->bytes, ==, 11);
  g_assert_cmpint (pread (file->fd, bytes, sizeof bytes, 0), ==, 11);
  g_assert_cmpstr (bytes + 8, ==, "one");
  g_assert_cmpint (write (file->fd, "x", 1), ==, -1);
  g_assert_cmpint (ftruncate (file->fd, 0), ==, -1);
  g_assert_null (mcu_layout_store_find_picture (f->store, "c.png"));
}

static void
test_picture_files__numbered_anew_when_changed (Fixture *f, gconstpointer data)
{
  guint64 number;

  write_png (f, "b.png", "one");
  assert_reload (f, "");
  number = mcu_layout_store_find_picture (f->store, "b.png")->number;
  assert_reload (f, "");
  g_assert_cmpuint (mcu_layout_store_find_picture (f->store, "b.png")->number, ==, number);
  write_png (f, "b.png", "two");
  assert_reload (f, "");
  g_assert_cmpuint (mcu_layout_store_find_picture (f->store, "b.png")->number, !=, number);
}

static void
test_picture_files__bad_ones_change_nothing (Fixture *f, gconstpointer data)
{
  g_autofree char *large = g_malloc0 (MCU_PICTURE_FILE_MAX_BYTES + 1);

  write_png (f, "b.png", "one");
  write_layout (f, "b.png");
  assert_reload (f, "");
  write_layout (f, "c.png");
  assert_reload (f, "a.json: c.png: there is no such picture in the folder of layouts");
  g_assert_cmpstr (mcu_layout_store_find (f->store, "a")->background_image, ==, "b.png");
  write_layout (f, "b.png");
  write_file (f, "d.jpg", "GIF89a......", 12);
  assert_reload (f, "d.jpg: neither PNG nor JPEG");
  memcpy (large, PNG, 8);
  write_file (f, "d.jpg", large, MCU_PICTURE_FILE_MAX_BYTES + 1);
  assert_reload (f, "d.jpg: more than 4194304 bytes");
  write_file (f, "d.jpg", large, MCU_PICTURE_FILE_MAX_BYTES);
  assert_reload (f, "");
  /* What no layout could name is not looked at. */
  write_file (f, ".hidden.png", "x", 1);
  write_file (f, "notes.txt", "x", 1);
  assert_reload (f, "");
}

static void
test_picture_files__not_too_many (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) errors = NULL;

  for (guint i = 0; i <= MCU_PICTURE_FILES_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("p%u.png", i);
    write_png (f, name, "x");
  }
  g_assert_false (mcu_layout_store_reload (f->store, &errors));
  g_assert_cmpuint (errors->len, ==, 1);
  g_assert_error ((GError *) errors->pdata[0], MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

#define add(name)                                                                                  \
  g_test_add ("/layouts/picture-files/" #name, Fixture, NULL, set_up, test_picture_files__##name,  \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (read_and_sealed);
  add (numbered_anew_when_changed);
  add (bad_ones_change_nothing);
  add (not_too_many);
  return g_test_run ();
}
