/* pipelines/record/rewrite.c - a recording's files, after the fact: looked at, finished, joined.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "pipelines/record/mkv-read.h"
#include "pipelines/record/mkv-write.h"
#include "pipelines/record/mp4-read.h"
#include "pipelines/record/mp4-write.h"
#include "pipelines/record/ogg-file.h"

#define MILLISECOND_NS 1000000
#define SAMPLES_PER_MS 48

/* One of the two. */
typedef struct
{
  McuMovie *movie; /* owned (nullable) */
  McuOggFile *ogg; /* owned (nullable) */
} Part;

static const struct
{
  const char *in_file;
  const char *name;
} codecs[] = {
    {"avc1", "h264"},         {"avc3", "h264"},     {"V_MPEG4/ISO/AVC", "h264"},
    {"vp08", "vp8"},          {"V_VP8", "vp8"},     {"mp4a", "aac"},
    {"A_AAC", "aac"},         {"Opus", "opus"},     {"A_OPUS", "opus"},
    {"A_PCM/INT/LIT", "pcm"}, {"A_MS/ACM", "g711"},
};

void
mcu_rewrite_info_clear (McuRewriteInfo *info)
{
  g_clear_pointer (&info->sha256, g_free);
}

static void
clear_part (Part *part)
{
  g_clear_pointer (&part->movie, mcu_movie_free);
  g_clear_pointer (&part->ogg, mcu_ogg_file_free);
}

static gboolean
fail (GError **error, const char *what)
{
  gboolean is_full = errno == ENOSPC || errno == EDQUOT;

  g_set_error (error, MCU_ERROR,
               is_full           ? MCU_ERROR_DISK_FULL
               : errno == ENOENT ? MCU_ERROR_NOT_FOUND
               : errno == EEXIST ? MCU_ERROR_EXISTS
                                 : MCU_ERROR_INTERNAL,
               "%s: %s", what, g_strerror (errno));
  return FALSE;
}

/* @fd: (transfer full). */
static gboolean
read_part (int fd, Part *part, GError **error)
{
  McuSourceFile *file = mcu_source_file_new (fd, error);
  guint8 begin[8] = {0};

  *part = (Part){0};
  if (file == NULL)
    return FALSE;
  mcu_source_file_read (file, 0, begin, MIN (sizeof begin, mcu_source_file_size (file)), NULL);
  if (memcmp (begin, "OggS", 4) == 0)
    part->ogg = mcu_ogg_file_read (file, error);
  else if (memcmp (begin, "\x1a\x45\xdf\xa3", 4) == 0)
    part->movie = mcu_mkv_read (file, error);
  else
    part->movie = mcu_mp4_read (file, error);
  return part->movie != NULL || part->ogg != NULL;
}

static void
name_codec (char *out, gsize size, const McuMovieTrack *track)
{
  if (track == NULL)
    return;
  g_strlcpy (out, track->codec, size);
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (g_str_equal (track->codec, codecs[i].in_file))
      g_strlcpy (out, codecs[i].name, size);
}

static void
describe (const Part *part, McuRewriteInfo *info)
{
  const McuMovieTrack *video;

  *info = (McuRewriteInfo){0};
  if (part->ogg != NULL) {
    info->bytes = mcu_source_file_size (part->ogg->file);
    info->duration_ms = part->ogg->samples / SAMPLES_PER_MS;
    info->is_playable = part->ogg->pages->len > 0;
    g_strlcpy (info->audio, "opus", sizeof info->audio);
    return;
  }
  video = mcu_movie_track_of (part->movie, MCU_MOVIE_VIDEO);
  info->bytes = mcu_source_file_size (part->movie->file);
  info->duration_ms = mcu_movie_end_ns (part->movie) / MILLISECOND_NS;
  info->is_playable = mcu_movie_is_playable (part->movie);
  info->width_px = video != NULL ? video->width_px : 0;
  info->height_px = video != NULL ? video->height_px : 0;
  name_codec (info->video, sizeof info->video, video);
  name_codec (info->audio, sizeof info->audio, mcu_movie_track_of (part->movie, MCU_MOVIE_AUDIO));
}

gboolean
mcu_rewrite_probe (int fd, McuRewriteInfo *info, GError **error)
{
  Part part;

  if (!read_part (fd, &part, error))
    return FALSE;
  describe (&part, info);
  clear_part (&part);
  return TRUE;
}

/* ---- a new file ---- */

static gboolean
write_movies (McuTargetFile *out, Part *parts, guint n, const GArray *chapters,
              McuRewriteInfo *info, guint64 *offset_ms, GError **error)
{
  McuMovie *movies[MCU_MOVIE_MAX_PARTS];
  g_autoptr (McuMoviePlan) plan = NULL;

  for (guint i = 0; i < n; i++)
    movies[i] = parts[i].movie;
  plan = mcu_movie_plan_new (movies, n, error);
  if (plan == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    offset_ms[i] = plan->offset_ns[i] / MILLISECOND_NS;
  info->duration_ms = plan->end_ns / MILLISECOND_NS;
  if (movies[0]->container == MCU_MOVIE_MP4)
    mcu_mp4_write (out, plan, chapters);
  else
    mcu_mkv_write (out, plan, chapters);
  return TRUE;
}

static gboolean
write_sound (McuTargetFile *out, Part *parts, guint n, McuRewriteInfo *info, guint64 *offset_ms,
             GError **error)
{
  McuOggFile *files[MCU_MOVIE_MAX_PARTS];

  for (guint i = 0; i < n; i++) {
    files[i] = parts[i].ogg;
    if (files[i] == NULL || files[i]->pages->len == 0) {
      g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "a part has nothing to play");
      return FALSE;
    }
  }
  mcu_ogg_file_join (out, files, n, offset_ms); /* in samples */
  info->duration_ms = (offset_ms[n - 1] + files[n - 1]->samples) / SAMPLES_PER_MS;
  for (guint i = 0; i < n; i++)
    offset_ms[i] /= SAMPLES_PER_MS;
  return TRUE;
}

static gboolean
write_parts (McuTargetFile *out, Part *parts, guint n, const GArray *chapters, McuRewriteInfo *info,
             guint64 *offset_ms, GError **error)
{
  gboolean is_sound = parts[0].ogg != NULL;

  for (guint i = 1; i < n; i++)
    if ((parts[i].ogg != NULL) != is_sound) {
      g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "parts of different formats");
      return FALSE;
    }
  describe (&parts[0], info);
  if (!(is_sound ? write_sound (out, parts, n, info, offset_ms, error)
                 : write_movies (out, parts, n, chapters, info, offset_ms, error)))
    return FALSE;
  info->is_rewritten = TRUE;
  info->bytes = mcu_target_file_size (out);
  info->sha256 = mcu_target_file_end (out, error);
  return info->sha256 != NULL;
}

static gboolean
has_room (int directory_fd, guint64 bytes, GError **error)
{
  struct statvfs status;

  if (fstatvfs (directory_fd, &status) != 0 || status.f_blocks == 0 ||
      (guint64) status.f_bavail * status.f_frsize >= bytes)
    return TRUE;
  g_set_error (error, MCU_ERROR, MCU_ERROR_DISK_FULL,
               "a new file needs %" G_GUINT64_FORMAT " free bytes", bytes);
  return FALSE;
}

/* With the rights of the first part: who may read that may read this. */
static int
open_new (int directory_fd, const char *name, const Part *first)
{
  McuSourceFile *file = first->ogg != NULL ? first->ogg->file : first->movie->file;

  return openat (directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                 mcu_source_file_mode (file));
}

/* Makes @temporary of @parts. */
static gboolean
make_file (int directory_fd, const char *temporary, Part *parts, guint n, const GArray *chapters,
           McuRewriteInfo *info, guint64 *offset_ms, GError **error)
{
  g_autoptr (McuTargetFile) out = NULL;
  int fd;

  unlinkat (directory_fd, temporary, 0); /* of a process that died */
  fd = open_new (directory_fd, temporary, &parts[0]);
  if (fd < 0)
    return fail (error, temporary);
  out = mcu_target_file_new (fd);
  if (write_parts (out, parts, n, chapters, info, offset_ms, error))
    return TRUE;
  unlinkat (directory_fd, temporary, 0);
  return FALSE;
}

static gboolean
put_in_place (int directory_fd, const char *temporary, const char *name, gboolean may_replace,
              GError **error)
{
  if (renameat2 (directory_fd, temporary, directory_fd, name, may_replace ? 0 : RENAME_NOREPLACE) ==
      0)
    return fsync (directory_fd) == 0 || fail (error, "fsync of the directory");
  fail (error, name);
  unlinkat (directory_fd, temporary, 0);
  return FALSE;
}

/* ---- finish ---- */

/* An ordinary MP4 has its index, with all samples in it, before the media. */
static gboolean
is_ordinary (const Part *part, const GArray *chapters)
{
  guint8 head[16] = {0};
  guint64 at = 0, size;
  McuSourceFile *file;

  if (chapters != NULL && chapters->len > 0)
    return FALSE;
  if (part->ogg != NULL)
    return mcu_ogg_file_is_whole (part->ogg);
  file = part->movie->file;
  if (part->movie->container == MCU_MOVIE_MATROSKA)
    return FALSE; /* quickly made anew, and then it has a duration */
  for (guint i = 0; i < 16; i++, at += size) {
    if (!mcu_source_file_read (file, at, head, 8, NULL))
      return FALSE;
    size = (guint64) head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3];
    if (memcmp (head + 4, "moof", 4) == 0)
      return FALSE;
    if (memcmp (head + 4, "mdat", 4) == 0)
      return TRUE;
    if (size < 8)
      return FALSE;
  }
  return FALSE;
}

static gboolean
sum_up (const Part *part, McuRewriteInfo *info, GError **error)
{
  McuSourceFile *file = part->ogg != NULL ? part->ogg->file : part->movie->file;
  g_autoptr (McuTargetFile) out = mcu_target_file_new (-1);

  describe (part, info);
  mcu_target_file_copy (out, file, 0, mcu_source_file_size (file));
  info->sha256 = mcu_target_file_end (out, error);
  return info->sha256 != NULL;
}

static gboolean
finish_part (int directory_fd, const char *name, Part *part, const GArray *chapters,
             guint64 reserve_bytes, McuRewriteInfo *info, GError **error)
{
  g_autofree char *temporary = g_strconcat (name, ".tmp", NULL);
  guint64 offset_ms;

  if (is_ordinary (part, chapters))
    return sum_up (part, info, error);
  describe (part, info);
  if (!has_room (directory_fd, info->bytes + reserve_bytes, error) ||
      !make_file (directory_fd, temporary, part, 1, chapters, info, &offset_ms, error))
    return FALSE;
  return put_in_place (directory_fd, temporary, name, TRUE, error);
}

gboolean
mcu_rewrite_finish (int directory_fd, const char *name, const GArray *chapters,
                    guint64 reserve_bytes, McuRewriteInfo *info, GError **error)
{
  int fd = openat (directory_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  gboolean is_finished;
  Part part;

  *info = (McuRewriteInfo){0};
  if (fd < 0)
    return fail (error, name);
  if (!read_part (fd, &part, error))
    return FALSE;
  is_finished = finish_part (directory_fd, name, &part, chapters, reserve_bytes, info, error);
  clear_part (&part);
  return is_finished;
}

/* ---- join ---- */

gboolean
mcu_rewrite_join (int directory_fd, const char *name, const int *fds, guint n,
                  const GArray *chapters, McuRewriteInfo *info, guint64 *offset_ms, GError **error)
{
  g_autofree char *temporary = g_strconcat (name, ".tmp", NULL);
  Part parts[MCU_MOVIE_MAX_PARTS] = {0};
  gboolean is_joined = n > 0 && n <= MCU_MOVIE_MAX_PARTS;

  *info = (McuRewriteInfo){0};
  if (!is_joined)
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "1 to %d parts", MCU_MOVIE_MAX_PARTS);
  for (guint i = 0; i < n; i++)
    if (!is_joined)
      close (fds[i]);
    else
      is_joined = read_part (fds[i], &parts[i], error);
  if (is_joined && faccessat (directory_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    is_joined = fail (error, name);
  }
  is_joined = is_joined &&
              make_file (directory_fd, temporary, parts, n, chapters, info, offset_ms, error) &&
              put_in_place (directory_fd, temporary, name, FALSE, error);
  for (guint i = 0; i < MIN (n, MCU_MOVIE_MAX_PARTS); i++)
    clear_part (&parts[i]);
  return is_joined;
}
