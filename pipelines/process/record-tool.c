/* pipelines/process/record-tool.c - tessera-room --finish, --join, --probe: recordings' files.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opens what it needs, closes itself in, and only then looks at what is in the files. */
#include "pipelines/process/record-tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "pipelines/process/sandbox.h"
#include "pipelines/record/chapters.h"
#include "pipelines/record/rewrite.h"

#define MAX_CHAPTERS_BYTES (1024 * 1024)
#define FAILED 1
#define NOT_UNDERSTOOD 2

typedef struct
{
  const char *names[MCU_MOVIE_MAX_PARTS + 1]; /* what is no option */
  guint n;
  const char *chapters; /* (nullable) path */
  guint64 reserve_bytes;
} Arguments;

static gboolean
read_arguments (int argc, char **argv, Arguments *arguments)
{
  *arguments = (Arguments){0};
  for (int i = 2; i < argc; i++) {
    if (g_str_equal (argv[i], "--chapters") && i + 1 < argc)
      arguments->chapters = argv[++i];
    else if (g_str_equal (argv[i], "--reserve-bytes") && i + 1 < argc)
      arguments->reserve_bytes = g_ascii_strtoull (argv[++i], NULL, 10);
    else if (g_str_has_prefix (argv[i], "--") || arguments->n >= G_N_ELEMENTS (arguments->names))
      return FALSE;
    else
      arguments->names[arguments->n++] = argv[i];
  }
  return TRUE;
}

static gboolean
open_path (const char *path, int flags, int *fd, GError **error)
{
  *fd = open (path, flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (*fd >= 0)
    return TRUE;
  g_set_error (error, MCU_ERROR, errno == ENOENT ? MCU_ERROR_NOT_FOUND : MCU_ERROR_INTERNAL,
               "%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* Ours, as what control wrote; still outside the sandbox. */
static gboolean
read_chapters (const char *path, GArray **chapters, GError **error)
{
  g_autofree char *text = g_malloc (MAX_CHAPTERS_BYTES);
  gsize n;
  FILE *file;

  if (path == NULL)
    return TRUE;
  file = fopen (path, "re");
  if (file == NULL) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "%s: %s", path, g_strerror (errno));
    return FALSE;
  }
  n = fread (text, 1, MAX_CHAPTERS_BYTES, file);
  fclose (file);
  *chapters = mcu_chapters_parse (text, n, error);
  return *chapters != NULL;
}

static gboolean
is_plain_name (const char *name)
{
  return name[0] != '\0' && name[0] != '.' && strchr (name, '/') == NULL && strlen (name) < 250;
}

/* ---- what is said ---- */

static void
say (JsonObject *object)
{
  g_autofree char *text = mcu_json_to_text (object);

  puts (text);
}

static int
say_error (const GError *error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *inner = json_object_new ();

  json_object_set_string_member (inner, "code", mcu_error_code_of (error));
  json_object_set_string_member (inner, "detail", error->message);
  json_object_set_object_member (object, "error", inner);
  say (object);
  return FAILED;
}

static void
set_codec (JsonObject *object, const char *name, const char *codec)
{
  if (codec[0] != '\0')
    json_object_set_string_member (object, name, codec);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
to_json (const McuRewriteInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "bytes", info->bytes);
  if (info->sha256 != NULL)
    json_object_set_string_member (object, "sha256", info->sha256);
  json_object_set_int_member (object, "duration_ms", info->duration_ms);
  json_object_set_int_member (object, "width", info->width_px);
  json_object_set_int_member (object, "height", info->height_px);
  set_codec (object, "video", info->video);
  set_codec (object, "audio", info->audio);
  json_object_set_boolean_member (object, "playable", info->is_playable);
  return object;
}

/* ---- what is done ---- */

static gboolean
finish (const Arguments *arguments, JsonObject **said, GError **error)
{
  g_autoptr (GArray) chapters = NULL;
  McuRewriteInfo info;
  int fd;

  if (!is_plain_name (arguments->names[1])) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "not the name of a file");
    return FALSE;
  }
  if (!read_chapters (arguments->chapters, &chapters, error) ||
      !open_path (arguments->names[0], O_DIRECTORY, &fd, error))
    return FALSE;
  if (!mcu_sandbox_enter_tool (fd, error) ||
      !mcu_rewrite_finish (fd, arguments->names[1], chapters, arguments->reserve_bytes, &info,
                           error)) {
    close (fd);
    return FALSE;
  }
  close (fd);
  *said = to_json (&info);
  mcu_rewrite_info_clear (&info);
  return TRUE;
}

static gboolean
open_parts (const Arguments *arguments, int *fds, GError **error)
{
  for (guint i = 1; i < arguments->n; i++)
    if (!open_path (arguments->names[i], 0, &fds[i - 1], error)) {
      while (--i > 0)
        close (fds[i - 1]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
join (const Arguments *arguments, JsonObject **said, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (arguments->names[0]);
  g_autofree char *name = g_path_get_basename (arguments->names[0]);
  g_autoptr (GArray) chapters = NULL;
  guint64 offset_ms[MCU_MOVIE_MAX_PARTS];
  int fds[MCU_MOVIE_MAX_PARTS], fd;
  guint n = arguments->n - 1;
  JsonArray *offsets;
  McuRewriteInfo info;

  if (!read_chapters (arguments->chapters, &chapters, error) ||
      !open_path (folder, O_DIRECTORY, &fd, error) || !open_parts (arguments, fds, error) ||
      !mcu_sandbox_enter_tool (fd, error) ||
      !mcu_rewrite_join (fd, name, fds, n, chapters, &info, offset_ms, error))
    return FALSE;
  *said = to_json (&info);
  offsets = json_array_new ();
  for (guint i = 0; i < n; i++)
    json_array_add_int_element (offsets, offset_ms[i]);
  json_object_set_array_member (*said, "offsets_ms", offsets);
  mcu_rewrite_info_clear (&info);
  return TRUE;
}

static gboolean
probe (const Arguments *arguments, JsonObject **said, GError **error)
{
  McuRewriteInfo info;
  int fd;

  if (!open_path (arguments->names[0], 0, &fd, error) || !mcu_sandbox_enter_tool (-1, error) ||
      !mcu_rewrite_probe (fd, &info, error))
    return FALSE;
  *said = to_json (&info);
  mcu_rewrite_info_clear (&info);
  return TRUE;
}

static const struct
{
  const char *option;
  guint least, most; /* arguments that are no options */
  gboolean (*func) (const Arguments *arguments, JsonObject **said, GError **error);
} tools[] = {
    {"--finish", 2, 2, finish},
    {"--join", 2, MCU_MOVIE_MAX_PARTS + 1, join},
    {"--probe", 1, 1, probe},
};

gboolean
mcu_record_tool_is_asked (int argc, char **argv)
{
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (tools); i++)
    if (g_str_equal (argv[1], tools[i].option))
      return TRUE;
  return FALSE;
}

int
mcu_record_tool_main (int argc, char **argv)
{
  g_autoptr (JsonObject) said = NULL;
  g_autoptr (GError) error = NULL;
  Arguments arguments;

  signal (SIGPIPE, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++) {
    if (!g_str_equal (argv[1], tools[i].option))
      continue;
    if (!read_arguments (argc, argv, &arguments) || arguments.n < tools[i].least ||
        arguments.n > tools[i].most)
      break;
    if (!tools[i].func (&arguments, &said, &error))
      return say_error (error);
    say (said);
    return EXIT_SUCCESS;
  }
  fputs ("usage: tessera-room --finish DIRECTORY FILE [--chapters FILE.json] [--reserve-bytes N]\n"
         "       tessera-room --join NEW-FILE PART... [--chapters FILE.json]\n"
         "       tessera-room --probe FILE\n",
         stderr);
  return NOT_UNDERSTOOD;
}
