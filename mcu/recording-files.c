/* mcu/recording-files.c - the recordings directory: folders, sidecars, and nothing outside of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"

/* Room processes pass through, and see no other recording's name. */
#define PASS_MODE 0711
#define FOLDER_MODE 0700
#define SIDECAR_MODE 0600
/* The log in it is bounded (mcu/recording-log.h); what is larger is not ours. */
#define MAX_SIDECAR_BYTES (16 * 1024 * 1024)

/* Folders in folders of a recording that are removed with it. */
#define MAX_DEPTH 16

/* As pipelines/process/sandbox.c has them. */
static const char *const users[] = {"tessera", "nobody"};

struct _McuRecordingFiles
{
  char *directory;
  int fd;
  uid_t uid; /* whom a room process becomes; only when we are root */
  gid_t gid;
};

static gboolean
fail (GError **error, const char *what)
{
  McuError code = errno == ENOSPC || errno == EDQUOT ? MCU_ERROR_DISK_FULL
                  : errno == ENOENT                  ? MCU_ERROR_NOT_FOUND
                                                     : MCU_ERROR_INTERNAL;

  g_set_error (error, MCU_ERROR, code, "recordings: %s: %s", what, g_strerror (errno));
  return FALSE;
}

static int
open_beneath (int fd, const char *path, int flags)
{
  struct open_how how = {.flags = flags | O_CLOEXEC,
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};

  return syscall (SYS_openat2, fd, path, &how, sizeof how);
}

static void
find_user (McuRecordingFiles *self)
{
  const struct passwd *user = NULL;

  self->uid = geteuid ();
  self->gid = getegid ();
  if (self->uid != 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (users) && user == NULL; i++)
    user = getpwnam (users[i]);
  if (user == NULL)
    return;
  self->uid = user->pw_uid;
  self->gid = user->pw_gid;
}

McuRecordingFiles *
mcu_recording_files_open (const char *directory, GError **error)
{
  g_autoptr (McuRecordingFiles) self = g_new0 (McuRecordingFiles, 1);

  self->directory = g_canonicalize_filename (directory, NULL);
  self->fd = -1;
  if (g_mkdir_with_parents (self->directory, PASS_MODE) == 0)
    self->fd = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->fd < 0) {
    fail (error, self->directory);
    return NULL;
  }
  find_user (self);
  return g_steal_pointer (&self);
}

void
mcu_recording_files_free (McuRecordingFiles *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->directory);
  g_free (self);
}

const char *
mcu_recording_files_get_directory (McuRecordingFiles *self)
{
  return self->directory;
}

static int
open_folder (McuRecordingFiles *self, const char *folder, GError **error)
{
  int fd;

  if (!mcu_recording_folder_is_valid (
          folder, strrchr (folder, '/') != NULL ? strrchr (folder, '/') + 1 : "")) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "%.100s is no folder of a recording",
                 folder);
    return -1;
  }
  fd = open_beneath (self->fd, folder, O_RDONLY | O_DIRECTORY);
  if (fd < 0)
    fail (error, folder);
  return fd;
}

/* A directory entry is durable when its directory is. Takes @fd. */
static gboolean
sync_and_close (int fd)
{
  int failed = fsync (fd);

  close (fd);
  return failed == 0;
}

static gboolean
make_one (McuRecordingFiles *self, const char *path, mode_t mode, gboolean may_exist)
{
  g_autofree char *above = g_path_get_dirname (path);
  int fd;

  if (mkdirat (self->fd, path, mode) != 0)
    return may_exist && errno == EEXIST;
  /* Whatever the umask took away. */
  if (fchmodat (self->fd, path, mode, 0) != 0)
    return FALSE;
  fd = open_beneath (self->fd, above, O_RDONLY | O_DIRECTORY);
  return fd >= 0 && sync_and_close (fd);
}

gboolean
mcu_recording_files_make_folder (McuRecordingFiles *self, const char *folder, GError **error)
{
  g_auto (GStrv) names = g_strsplit (folder, "/", 3);
  g_autofree char *month = g_strdup_printf ("%s/%s", names[0], names[1]);
  int fd;

  if (!make_one (self, names[0], PASS_MODE, TRUE) || !make_one (self, month, PASS_MODE, TRUE) ||
      !make_one (self, folder, FOLDER_MODE, FALSE))
    return fail (error, folder);
  fd = open_folder (self, folder, error);
  if (fd < 0)
    return FALSE;
  if (geteuid () == 0 && fchown (fd, self->uid, self->gid) != 0) {
    fail (error, folder);
    close (fd);
    return FALSE;
  }
  return sync_and_close (fd) || fail (error, folder);
}

static gboolean
write_all (int fd, const char *text)
{
  gsize left = strlen (text);

  while (left > 0) {
    gssize n = write (fd, text, left);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    text += n;
    left -= n;
  }
  return fsync (fd) == 0;
}

static gboolean
write_at (int folder_fd, const char *name, const char *text)
{
  g_autofree char *unique = mcu_id_new (".new");
  int fd = openat (folder_fd, unique, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   SIDECAR_MODE);
  gboolean good;
  int why;

  if (fd < 0)
    return FALSE;
  good = write_all (fd, text);
  why = errno;
  close (fd);
  if (good && renameat (folder_fd, unique, folder_fd, name) == 0)
    return fsync (folder_fd) == 0;
  if (good)
    why = errno;
  unlinkat (folder_fd, unique, 0);
  errno = why;
  return FALSE;
}

gboolean
mcu_recording_files_write_sidecar (McuRecordingFiles *self, const McuRecordingInfo *info,
                                   const char *text, GError **error)
{
  g_autofree char *name = g_strconcat (info->id, ".json", NULL);
  int fd = open_folder (self, info->folder, error);
  gboolean good;

  if (fd < 0)
    return FALSE;
  good = write_at (fd, name, text) || fail (error, name);
  close (fd);
  return good;
}

/* Nothing of it is waited for: what is no ordinary file is not opened for long. */
static int
open_regular (int folder_fd, const char *name, struct stat *status)
{
  int fd = open_beneath (folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return -1;
  if (fstat (fd, status) == 0 && S_ISREG (status->st_mode))
    return fd;
  close (fd);
  errno = ENOENT;
  return -1;
}

static char *
read_all (int fd, gsize size)
{
  g_autofree char *text = g_malloc (size + 1);
  gsize n = 0;

  while (n < size) {
    gssize got = read (fd, text + n, size - n);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    n += got;
  }
  text[n] = '\0';
  return g_steal_pointer (&text);
}

JsonObject *
mcu_recording_files_read_sidecar (McuRecordingFiles *self, const char *folder, GError **error)
{
  int folder_fd = open_folder (self, folder, error);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  struct stat status;
  int fd;

  if (folder_fd < 0)
    return NULL;
  name = g_strconcat (strrchr (folder, '/') + 1, ".json", NULL);
  fd = open_regular (folder_fd, name, &status);
  close (folder_fd);
  if (fd < 0) {
    fail (error, name);
    return NULL;
  }
  if (status.st_size <= MAX_SIDECAR_BYTES)
    text = read_all (fd, status.st_size);
  close (fd);
  if (text != NULL)
    return mcu_json_parse_object (text, strlen (text), error);
  g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "%s is no sidecar", name);
  return NULL;
}

int
mcu_recording_files_open_file (McuRecordingFiles *self, const char *folder, const char *file,
                               GError **error)
{
  int folder_fd = open_folder (self, folder, error);
  struct stat status;
  int fd;

  if (folder_fd < 0)
    return -1;
  errno = ENOENT;
  fd = mcu_recording_file_is_valid (file) ? open_regular (folder_fd, file, &status) : -1;
  if (fd < 0)
    fail (error, "this file");
  close (folder_fd);
  return fd;
}

gint64
mcu_recording_files_get_size (McuRecordingFiles *self, const char *folder, const char *file)
{
  int fd = mcu_recording_files_open_file (self, folder, file, NULL);
  struct stat status;
  gint64 size = -1;

  if (fd < 0)
    return -1;
  if (fstat (fd, &status) == 0)
    size = status.st_size;
  close (fd);
  return size;
}

typedef gboolean (*NameFunc) (const char *name);

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names in the directory @fd, which is closed, that @is_wanted. */
static GStrv
list_names (int fd, NameFunc is_wanted)
{
  GPtrArray *names = g_ptr_array_new ();
  DIR *directory = fd >= 0 ? fdopendir (fd) : NULL;
  const struct dirent *entry;

  while (directory != NULL && (entry = readdir (directory)) != NULL)
    if (is_wanted (entry->d_name))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  if (directory != NULL)
    closedir (directory);
  else if (fd >= 0)
    close (fd);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (names, FALSE);
}

static gboolean
is_entry (const char *name)
{
  return !g_str_equal (name, ".") && !g_str_equal (name, "..");
}

GStrv
mcu_recording_files_list (McuRecordingFiles *self, const char *folder)
{
  return list_names (open_folder (self, folder, NULL), mcu_recording_file_is_valid);
}

gint64
mcu_recording_files_measure (McuRecordingFiles *self, const char *folder)
{
  int fd = open_folder (self, folder, NULL);
  g_auto (GStrv) names = fd >= 0 ? list_names (dup (fd), is_entry) : NULL;
  gint64 sum = 0;

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    struct stat status;

    if (fstatat (fd, names[i], &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (status.st_mode))
      sum += status.st_size;
  }
  if (fd >= 0)
    close (fd);
  return sum;
}

/* Nothing of ours is a folder in there; a room's process may have made some. */
static void
remove_entry (int above_fd, const char *name, guint depth)
{
  int fd;

  if (unlinkat (above_fd, name, 0) == 0 || depth == 0)
    return;
  fd = open_beneath (above_fd, name, O_RDONLY | O_DIRECTORY);
  if (fd >= 0) {
    g_auto (GStrv) names = list_names (dup (fd), is_entry);

    for (guint i = 0; names[i] != NULL; i++)
      remove_entry (fd, names[i], depth - 1);
    close (fd);
  }
  unlinkat (above_fd, name, AT_REMOVEDIR);
}

gboolean
mcu_recording_files_remove (McuRecordingFiles *self, const char *folder, GError **error)
{
  g_autoptr (GError) why = NULL;
  int fd = open_folder (self, folder, &why);
  g_auto (GStrv) names = fd >= 0 ? list_names (dup (fd), is_entry) : NULL;

  if (fd < 0 && g_error_matches (why, MCU_ERROR, MCU_ERROR_NOT_FOUND))
    return TRUE;
  if (fd < 0) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  for (guint i = 0; names[i] != NULL; i++)
    remove_entry (fd, names[i], MAX_DEPTH);
  close (fd);
  if (unlinkat (self->fd, folder, AT_REMOVEDIR) != 0)
    return fail (error, folder);
  for (guint i = 0; i < 2; i++) { /* month and year, where nothing is left in them */
    g_autofree char *above = g_path_get_dirname (folder);
    g_autofree char *top = g_path_get_dirname (above);

    unlinkat (self->fd, i == 0 ? above : top, AT_REMOVEDIR);
  }
  return TRUE;
}

static gboolean
is_digits (const char *name)
{
  return name[strspn (name, "0123456789")] == '\0';
}

static int
open_directory (McuRecordingFiles *self, const char *path)
{
  return open_beneath (self->fd, path, O_RDONLY | O_DIRECTORY);
}

static void
scan_month (McuRecordingFiles *self, const char *month, GPtrArray *found)
{
  g_auto (GStrv) ids = list_names (open_directory (self, month), mcu_id_is_valid);

  for (guint i = 0; ids[i] != NULL; i++) {
    g_autofree char *folder = g_strdup_printf ("%s/%s", month, ids[i]);

    if (mcu_recording_folder_is_valid (folder, ids[i]))
      g_ptr_array_add (found, g_steal_pointer (&folder));
  }
}

GStrv
mcu_recording_files_scan (McuRecordingFiles *self)
{
  GPtrArray *found = g_ptr_array_new ();
  g_auto (GStrv) years = list_names (open_directory (self, "."), is_digits);

  for (guint i = 0; years[i] != NULL; i++) {
    g_auto (GStrv) months = list_names (open_directory (self, years[i]), is_digits);

    for (guint j = 0; months[j] != NULL; j++) {
      g_autofree char *month = g_strdup_printf ("%s/%s", years[i], months[j]);

      scan_month (self, month, found);
    }
  }
  g_ptr_array_add (found, NULL);
  return (GStrv) g_ptr_array_free (found, FALSE);
}

gint64
mcu_recording_files_free_bytes (McuRecordingFiles *self)
{
  struct statvfs status;

  if (fstatvfs (self->fd, &status) != 0)
    return -1;
  return (gint64) status.f_bavail * (gint64) status.f_frsize;
}
