/* mcu/config-rooms.c - the `[room PATTERN]` groups: settings of rooms by their names.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/config-rooms.h"

#include <string.h>

#include "mcu/base/error.h"

#define PREFIX "room "
#define MAX_GROUPS 1000
#define MAX_PATTERN_BYTES 64
#define PATTERN_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-*?"

typedef enum
{
  KEY_LAYOUT,
  KEY_CANVAS_WIDTH,
  KEY_CANVAS_HEIGHT,
  KEY_FPS,
  KEY_PORTRAIT,
  KEY_RECORD,
  KEY_MAX_PARTICIPANTS,
  KEY_EMPTY_TIMEOUT_S,
  KEY_LOCKED,
  KEY_LOBBY,
  N_KEYS
} Key;

typedef enum
{
  TYPE_NUMBER,
  TYPE_BOOL,
  TYPE_TEXT
} Type;

static const struct
{
  const char *name;
  Type type;
  gint64 min;
  gint64 max;
  const char *sentence;
} keys[N_KEYS] = {
    [KEY_LAYOUT] = {"layout", TYPE_TEXT, 0, 0, "The layout they start with."},
    [KEY_CANVAS_WIDTH] = {"canvas_width", TYPE_NUMBER, MCU_CANVAS_MIN_PX, MCU_CANVAS_MAX_LONG_PX,
                          "Width of their picture, px; even."},
    [KEY_CANVAS_HEIGHT] = {"canvas_height", TYPE_NUMBER, MCU_CANVAS_MIN_PX, MCU_CANVAS_MAX_LONG_PX,
                           "Height of their picture, px; even."},
    [KEY_FPS] = {"fps", TYPE_NUMBER, MCU_CANVAS_MIN_FPS, MCU_CANVAS_MAX_FPS,
                 "Frames a second of their picture."},
    [KEY_PORTRAIT] = {"portrait", TYPE_BOOL, 0, 0,
                      "true turns a picture that is wider than high; false one that is higher."},
    [KEY_RECORD] = {"record", TYPE_BOOL, 0, 0, "Whether they are recorded."},
    [KEY_MAX_PARTICIPANTS] = {"max_participants", TYPE_NUMBER, 1, MCU_ROOM_MAX_PARTICIPANTS,
                              "People at a time, viewers included."},
    [KEY_EMPTY_TIMEOUT_S] = {"empty_timeout_s", TYPE_NUMBER, 0, MCU_ROOM_MAX_EMPTY_TIMEOUT_S,
                             "How long one is kept after the last one left."},
    [KEY_LOCKED] = {"locked", TYPE_BOOL, 0, 0, "Whether only moderators may come."},
    [KEY_LOBBY] = {"lobby", TYPE_BOOL, 0, 0,
                   "Whether who comes waits until a moderator lets them in."},
};

typedef struct
{
  char *pattern;
  gboolean is_set[N_KEYS];
  gint64 numbers[N_KEYS];
  char *layout; /* (nullable) */
} Group;

struct _McuRoomGroups
{
  GPtrArray *groups; /* of Group, in the order of the file */
};

static void
free_group (gpointer data)
{
  Group *group = data;

  g_free (group->pattern);
  g_free (group->layout);
  g_free (group);
}

McuRoomGroups *
mcu_room_groups_new (void)
{
  McuRoomGroups *self = g_new0 (McuRoomGroups, 1);

  self->groups = g_ptr_array_new_with_free_func (free_group);
  return self;
}

void
mcu_room_groups_free (McuRoomGroups *self)
{
  g_ptr_array_unref (self->groups);
  g_free (self);
}

gboolean
mcu_room_groups_is_name (const char *group)
{
  return g_str_equal (group, "room") || g_str_has_prefix (group, PREFIX);
}

static Group *
open_group (McuRoomGroups *self, const char *name, GError **error)
{
  const char *pattern = strlen (name) > strlen (PREFIX) ? name + strlen (PREFIX) : "";
  Group *group;

  for (guint i = 0; i < self->groups->len; i++) {
    group = self->groups->pdata[i];
    if (g_str_equal (group->pattern, pattern))
      return group;
  }
  if (pattern[0] == '\0' || strlen (pattern) > MAX_PATTERN_BYTES ||
      pattern[strspn (pattern, PATTERN_LETTERS)] != '\0' || self->groups->len >= MAX_GROUPS) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                 "[%s]: a pattern of A-Z a-z 0-9 . _ - * ? is wanted, at most %d bytes and %d of "
                 "them",
                 name, MAX_PATTERN_BYTES, MAX_GROUPS);
    return NULL;
  }
  group = g_new0 (Group, 1);
  group->pattern = g_strdup (pattern);
  g_ptr_array_add (self->groups, group);
  return group;
}

static gboolean
fail (GError **error, const char *group, Key key, const char *value, const char *why)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "[%s] %s = %s: %s", group, keys[key].name,
               value, why);
  return FALSE;
}

static gboolean
set_number (Group *group, const char *name, Key key, const char *text, GError **error)
{
  g_autofree char *range = NULL;

  if (g_ascii_string_to_signed (text, 10, keys[key].min, keys[key].max, &group->numbers[key], NULL))
    return TRUE;
  range = g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                           " is wanted",
                           keys[key].min, keys[key].max);
  return fail (error, name, key, text, range);
}

static gboolean
set_bool (Group *group, const char *name, Key key, const char *text, GError **error)
{
  if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
    return fail (error, name, key, text, "true or false is wanted");
  group->numbers[key] = g_str_equal (text, "true");
  return TRUE;
}

static gboolean
set_text (Group *group, const char *name, Key key, const char *text, GError **error)
{
  if (text[0] == '\0')
    return fail (error, name, key, text, "a name is wanted");
  g_free (group->layout);
  group->layout = g_strdup (text);
  return TRUE;
}

static gboolean
set_key (Group *group, const char *name, Key key, const char *value, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (value));
  gboolean ok = FALSE;

  switch (keys[key].type) {
  case TYPE_NUMBER:
    ok = set_number (group, name, key, text, error);
    break;
  case TYPE_BOOL:
    ok = set_bool (group, name, key, text, error);
    break;
  case TYPE_TEXT:
    ok = set_text (group, name, key, text, error);
    break;
  }
  group->is_set[key] |= ok;
  return ok;
}

gboolean
mcu_room_groups_set (McuRoomGroups *self, const char *group_name, const char *key,
                     const char *value, GError **error)
{
  Group *group = open_group (self, group_name, error);

  if (group == NULL || key == NULL)
    return group != NULL;
  for (Key k = 0; k < N_KEYS; k++)
    if (g_str_equal (keys[k].name, key))
      return set_key (group, group_name, k, value, error);
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "[%s] %s: there is no such setting",
               group_name, key);
  return FALSE;
}

static void
turn (const Group *group, McuRoomSettings *settings)
{
  int longer = MAX (settings->canvas_width_px, settings->canvas_height_px);
  int shorter = MIN (settings->canvas_width_px, settings->canvas_height_px);

  if (!group->is_set[KEY_PORTRAIT])
    return;
  settings->canvas_width_px = group->numbers[KEY_PORTRAIT] ? shorter : longer;
  settings->canvas_height_px = group->numbers[KEY_PORTRAIT] ? longer : shorter;
}

static void
apply (const Group *group, McuRoomSettings *settings)
{
  const gint64 *numbers = group->numbers;
  const gboolean *is_set = group->is_set;

  if (is_set[KEY_LAYOUT]) {
    g_free (settings->layout);
    settings->layout = g_strdup (group->layout);
  }
  if (is_set[KEY_CANVAS_WIDTH])
    settings->canvas_width_px = numbers[KEY_CANVAS_WIDTH];
  if (is_set[KEY_CANVAS_HEIGHT])
    settings->canvas_height_px = numbers[KEY_CANVAS_HEIGHT];
  if (is_set[KEY_FPS])
    settings->canvas_fps = numbers[KEY_FPS];
  turn (group, settings);
  if (is_set[KEY_RECORD])
    settings->record = numbers[KEY_RECORD];
  if (is_set[KEY_MAX_PARTICIPANTS])
    settings->max_participants = numbers[KEY_MAX_PARTICIPANTS];
  if (is_set[KEY_EMPTY_TIMEOUT_S])
    settings->empty_timeout_s = numbers[KEY_EMPTY_TIMEOUT_S];
  if (is_set[KEY_LOCKED])
    settings->locked = numbers[KEY_LOCKED];
  if (is_set[KEY_LOBBY])
    settings->lobby = numbers[KEY_LOBBY];
}

void
mcu_room_groups_apply (McuRoomGroups *self, const char *room_name, McuRoomSettings *settings)
{
  for (guint i = 0; i < self->groups->len; i++) {
    const Group *group = self->groups->pdata[i];

    if (g_pattern_match_simple (group->pattern, room_name)) {
      apply (group, settings);
      return;
    }
  }
}

gboolean
mcu_room_groups_check (McuRoomGroups *self, const McuRoomSettings *defaults, GError **error)
{
  for (guint i = 0; i < self->groups->len; i++) {
    const Group *group = self->groups->pdata[i];
    g_auto (McuRoomSettings) settings = {0};
    const char *problem;

    mcu_room_settings_copy (&settings, defaults);
    apply (group, &settings);
    problem = mcu_canvas_problem (settings.canvas_width_px, settings.canvas_height_px,
                                  settings.canvas_fps);
    if (problem == NULL)
      continue;
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                 "[" PREFIX "%s] canvas_width, canvas_height: %dx%d: %s", group->pattern,
                 settings.canvas_width_px, settings.canvas_height_px, problem);
    return FALSE;
  }
  return TRUE;
}

static char *
range_of (Key key)
{
  switch (keys[key].type) {
  case TYPE_NUMBER:
    return g_strdup_printf ("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, keys[key].min,
                            keys[key].max);
  case TYPE_BOOL:
    return g_strdup ("true or false");
  case TYPE_TEXT:
    return g_strdup ("text");
  }
  g_assert_not_reached ();
}

static void
print_key (const Group *group, Key key, GString *out)
{
  if (keys[key].type == TYPE_TEXT)
    g_string_append_printf (out, "%s=%s\n", keys[key].name, group->layout);
  else if (keys[key].type == TYPE_BOOL)
    g_string_append_printf (out, "%s=%s\n", keys[key].name, group->numbers[key] ? "true" : "false");
  else
    g_string_append_printf (out, "%s=%" G_GINT64_FORMAT "\n", keys[key].name, group->numbers[key]);
}

void
mcu_room_groups_print (McuRoomGroups *self, GString *out)
{
  g_string_append (out, "\n# [room PATTERN]: settings of rooms whose names fit, over those of "
                        "[rooms]; * is any\n# letters, ? one; the first that fits holds:\n");
  for (Key key = 0; key < N_KEYS; key++) {
    g_autofree char *range = range_of (key);
    g_string_append_printf (out, "#   %s: %s (%s)\n", keys[key].name, keys[key].sentence, range);
  }
  for (guint i = 0; i < self->groups->len; i++) {
    const Group *group = self->groups->pdata[i];

    g_string_append_printf (out, "\n[" PREFIX "%s]\n", group->pattern);
    for (Key key = 0; key < N_KEYS; key++)
      if (group->is_set[key])
        print_key (group, key, out);
  }
}

void
mcu_room_groups_to_markdown (GString *out)
{
  for (Key key = 0; key < N_KEYS; key++) {
    g_autofree char *range = range_of (key);
    g_string_append_printf (out, "| `[room PATTERN]` | `%s` | as `[rooms]` | %s | %s |\n",
                            keys[key].name, range, keys[key].sentence);
  }
}
