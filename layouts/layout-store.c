/* layouts/layout-store.c - the layouts there are.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layouts/layout-builtin.h"
#include "layouts/layout-file.h"
#include "mcu/base/error.h"

struct _McuLayoutStore
{
  char *directory;      /* (nullable) */
  GHashTable *layouts;  /* (element-type utf8 McuLayout): both owned */
  GHashTable *pictures; /* (nullable) (element-type utf8 McuPictureFile): both owned */
};

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) mcu_layout_unref);
}

static void
take (GHashTable *layouts, McuLayout *layout)
{
  g_hash_table_replace (layouts, g_strdup (layout->name), layout);
}

static void
add_builtins (GHashTable *layouts)
{
  for (unsigned i = 0; i < mcu_layout_n_builtins; i++) {
    const McuLayoutBuiltin *builtin = &mcu_layout_builtins[i];
    g_autoptr (GError) error = NULL;
    McuLayout *layout = mcu_layout_parse (builtin->text, strlen (builtin->text), builtin->file,
                                          &error);

    g_assert_no_error (error); /* our own; every test would stop here */
    take (layouts, layout);
  }
}

McuLayoutStore *
mcu_layout_store_new (const char *directory)
{
  McuLayoutStore *self = g_new0 (McuLayoutStore, 1);

  self->directory = g_strdup (directory);
  self->layouts = new_table ();
  add_builtins (self->layouts);
  return self;
}

void
mcu_layout_store_free (McuLayoutStore *self)
{
  g_hash_table_unref (self->layouts);
  g_clear_pointer (&self->pictures, g_hash_table_unref);
  g_free (self->directory);
  g_free (self);
}

/* Returns the length, at most @size; -1 with errno set. */
static gssize
read_up_to (int fd, char *buffer, gsize size)
{
  gsize length = 0;

  while (length < size) {
    gssize n = read (fd, buffer + length, size - length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    length += (gsize) n;
  }
  return (gssize) length;
}

/* Never waits: a FIFO or a device in the directory is no layout. */
static gssize
read_regular (const char *path, char *buffer, gsize size)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  struct stat status;
  gssize length = -1;
  int why;

  if (fd < 0)
    return -1;
  if (fstat (fd, &status) < 0)
    why = errno;
  else if (!S_ISREG (status.st_mode))
    why = EINVAL;
  else if ((length = read_up_to (fd, buffer, size)) < 0)
    why = errno;
  else
    why = 0;
  close (fd);
  errno = why;
  return length;
}

McuLayout *
mcu_layout_read_file (const char *path, GError **error)
{
  g_autofree char *file = g_path_get_basename (path);
  /* One more than may be, to see that there is more. */
  g_autofree char *text = g_malloc (MCU_LAYOUT_MAX_BYTES + 1);
  gssize length = read_regular (path, text, MCU_LAYOUT_MAX_BYTES + 1);

  if (length < 0) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "%s: cannot be read: %s", file,
                 g_strerror (errno));
    return NULL;
  }
  return mcu_layout_parse (text, (gsize) length, file, error);
}

static McuLayout *
read_named (const char *directory, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *name = g_strndup (file, strlen (file) - strlen (".json"));
  g_autoptr (McuLayout) layout = NULL;

  if (!mcu_layout_name_is_valid (name)) {
    g_autofree char *quoted = g_strescape (file, NULL);
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                 "%s: not called 1 to %d small letters, digits and dashes, and .json", quoted,
                 MCU_LAYOUT_MAX_NAME);
    return NULL;
  }
  layout = mcu_layout_read_file (path, error);
  if (layout == NULL)
    return NULL;
  if (strcmp (layout->name, name) != 0) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                 "%s: name: \"%s\" is not what the file is called", file, layout->name);
    return NULL;
  }
  return g_steal_pointer (&layout);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
list_files (const char *directory, GPtrArray *errors)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) dir = g_dir_open (directory, 0, &why);
  const char *file;

  if (dir == NULL)
    g_ptr_array_add (
        errors, g_error_new (MCU_ERROR, MCU_ERROR_NOT_FOUND, "layout directory: %s", why->message));
  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL) {
    if (file[0] == '.' || !g_str_has_suffix (file, ".json"))
      continue;
    if (files->len == MCU_LAYOUT_STORE_MAX_FILES) {
      g_ptr_array_add (errors, g_error_new (MCU_ERROR, MCU_ERROR_TOO_LARGE,
                                            "layout directory: more than %d files",
                                            MCU_LAYOUT_STORE_MAX_FILES));
      break;
    }
    g_ptr_array_add (files, g_strdup (file));
  }
  g_ptr_array_sort (files, by_name);
  return files;
}

static void
read_directory (const char *directory, GHashTable *layouts, GHashTable *pictures, GPtrArray *errors)
{
  g_autoptr (GPtrArray) files = list_files (directory, errors);

  for (guint i = 0; i < files->len; i++) {
    g_autoptr (McuLayout) layout = NULL;
    GError *error = NULL;

    layout = read_named (directory, files->pdata[i], &error);
    if (layout != NULL && mcu_picture_files_check (pictures, layout, files->pdata[i], &error))
      take (layouts, g_steal_pointer (&layout));
    else
      g_ptr_array_add (errors, error);
  }
}

gboolean
mcu_layout_store_reload (McuLayoutStore *self, GPtrArray **errors)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GHashTable) layouts = new_table ();
  g_autoptr (GHashTable) pictures = NULL;
  gboolean good;

  add_builtins (layouts);
  if (self->directory != NULL) {
    pictures = mcu_picture_files_read (self->directory, self->pictures, found);
    read_directory (self->directory, layouts, pictures, found);
  }
  good = found->len == 0;
  if (good) {
    g_hash_table_unref (self->layouts);
    self->layouts = g_steal_pointer (&layouts);
    g_clear_pointer (&self->pictures, g_hash_table_unref);
    self->pictures = g_steal_pointer (&pictures);
  }
  if (errors != NULL)
    *errors = g_steal_pointer (&found);
  return good;
}

McuLayout *
mcu_layout_store_find (McuLayoutStore *self, const char *name)
{
  return name != NULL ? g_hash_table_lookup (self->layouts, name) : NULL;
}

McuPictureFile *
mcu_layout_store_find_picture (McuLayoutStore *self, const char *name)
{
  return self->pictures != NULL ? g_hash_table_lookup (self->pictures, name) : NULL;
}

gboolean
mcu_layout_store_check_pictures (McuLayoutStore *self, const McuLayout *layout, const char *file,
                                 GError **error)
{
  return mcu_picture_files_check (self->pictures, layout, file, error);
}

static int
by_layout_name (gconstpointer a, gconstpointer b)
{
  const McuLayout *p = *(McuLayout *const *) a, *q = *(McuLayout *const *) b;

  return strcmp (p->name, q->name);
}

GPtrArray *
mcu_layout_store_list (McuLayoutStore *self)
{
  GPtrArray *all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer layout;

  g_hash_table_iter_init (&iter, self->layouts);
  while (g_hash_table_iter_next (&iter, NULL, &layout))
    g_ptr_array_add (all, layout);
  g_ptr_array_sort (all, by_layout_name);
  return all;
}
