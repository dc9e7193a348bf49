/* mcu/config.c - every setting of tessera: declared once, read from four places.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/config.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>

#include "mcu/base/error.h"
#include "mcu/config-rooms.h"
#include "mcu/config-table.h"
#include "mcu/local-addresses.h"

#define MAX_LIST_ITEMS 100
#define MAX_KEYS 1000
/* Source: RFC 7518, 3.2: HS256 wants a key of at least the hash's size. Shorter ones are taken with
 * a warning elsewhere; this is only against an empty one. */
#define MIN_SECRET_BYTES 1
#define MAX_SECRET_FILE_BYTES 4096

typedef union
{
  gint64 number;
  char *text;
  char **list;
} Value;

struct _McuConfig
{
  grefcount refs;
  Value values[MCU_N_SETTINGS];
  GHashTable *keys; /* name -> secret, owned */
  McuRoomGroups *room_groups;
};

static gboolean
fail (GError **error, const McuSettingInfo *info, const char *value, const char *why)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "[%s] %s = %s: %s", info->group, info->key,
               info->secret ? "..." : value, why);
  return FALSE;
}

static gboolean
parse_int (const McuSettingInfo *info, const char *text, Value *value, GError **error)
{
  g_autofree char *range = NULL;
  gint64 number;

  if (g_ascii_string_to_signed (text, 10, info->min, info->max, &number, NULL)) {
    value->number = number;
    return TRUE;
  }
  range = g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                           " is wanted",
                           info->min, info->max);
  return fail (error, info, text, range);
}

static gboolean
parse_bool (const McuSettingInfo *info, const char *text, Value *value, GError **error)
{
  if (g_str_equal (text, "true") || g_str_equal (text, "false")) {
    value->number = g_str_equal (text, "true");
    return TRUE;
  }
  return fail (error, info, text, "true or false is wanted");
}

static gboolean
parse_list (const McuSettingInfo *info, const char *text, Value *value, GError **error)
{
  g_auto (GStrv) pieces = g_strsplit_set (text, ",;", -1);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
  guint max = info->max > 0 ? info->max : MAX_LIST_ITEMS;

  for (gsize i = 0; pieces[i] != NULL; i++) {
    g_strstrip (pieces[i]);
    if (pieces[i][0] != '\0')
      g_ptr_array_add (items, g_strdup (pieces[i]));
  }
  if (items->len > max)
    return fail (error, info, text, "too many items");
  if (items->len < info->min)
    return fail (error, info, text, "at least one is wanted");
  g_ptr_array_add (items, NULL);
  g_strfreev (value->list);
  value->list = (char **) g_ptr_array_free (g_steal_pointer (&items), FALSE);
  return TRUE;
}

static gboolean
set_value (McuConfig *self, McuSetting setting, const char *given, GError **error)
{
  const McuSettingInfo *info = &mcu_setting_infos[setting];
  Value *value = &self->values[setting];
  g_autofree char *text = g_strstrip (g_strdup (given));

  switch (info->type) {
  case MCU_SETTING_INT:
    return parse_int (info, text, value, error);
  case MCU_SETTING_BOOL:
    return parse_bool (info, text, value, error);
  case MCU_SETTING_STRING:
    g_free (value->text);
    value->text = g_steal_pointer (&text);
    return TRUE;
  case MCU_SETTING_STRINGS:
    return parse_list (info, text, value, error);
  }
  g_assert_not_reached ();
}

static gboolean
set_key (McuConfig *self, const char *name, const char *secret, GError **error)
{
  if (name[0] == '\0' || strlen (secret) < MIN_SECRET_BYTES ||
      g_hash_table_size (self->keys) >= MAX_KEYS) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "[keys] %s: a name and a secret wanted",
                 name);
    return FALSE;
  }
  g_hash_table_insert (self->keys, g_strdup (name), g_strdup (secret));
  return TRUE;
}

gboolean
mcu_config_set (McuConfig *self, const char *group, const char *key, const char *value,
                GError **error)
{
  if (g_str_equal (group, "keys"))
    return set_key (self, key, value, error);
  if (mcu_room_groups_is_name (group))
    return mcu_room_groups_set (self->room_groups, group, key, value, error);
  for (McuSetting s = 0; s < MCU_N_SETTINGS; s++)
    if (g_str_equal (mcu_setting_infos[s].group, group) &&
        g_str_equal (mcu_setting_infos[s].key, key))
      return set_value (self, s, value, error);
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "[%s] %s: there is no such setting", group,
               key);
  return FALSE;
}

static gboolean
load_group (McuConfig *self, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, error);

  if (mcu_room_groups_is_name (group) &&
      !mcu_room_groups_set (self->room_groups, group, NULL, NULL, error))
    return FALSE;
  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_autofree char *value = g_key_file_get_string (file, group, keys[i], error);
    if (value == NULL || !mcu_config_set (self, group, keys[i], value, error))
      return FALSE;
  }
  return keys != NULL;
}

gboolean
mcu_config_load_file (McuConfig *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) why = NULL;
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &why)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%s: %s", path, why->message);
    return FALSE;
  }
  groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++) {
    if (load_group (self, file, groups[i], &why))
      continue;
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%s: %s", path, why->message);
    return FALSE;
  }
  return TRUE;
}

static gboolean
load_keys_from_environment (McuConfig *self, GError **error)
{
  const char *text = g_getenv ("TESSERA_KEYS");
  g_auto (GStrv) pairs = g_strsplit (text != NULL ? text : "", ",", -1);

  for (gsize i = 0; pairs[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (g_strstrip (pairs[i]), ":", 2);

    if (g_strv_length (pair) == 0)
      continue;
    if (g_strv_length (pair) != 2) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                   "TESSERA_KEYS: \"name: secret\" wanted");
      return FALSE;
    }
    if (!set_key (self, g_strstrip (pair[0]), g_strstrip (pair[1]), error))
      return FALSE;
  }
  return TRUE;
}

gboolean
mcu_config_load_environment (McuConfig *self, GError **error)
{
  for (McuSetting s = 0; s < MCU_N_SETTINGS; s++) {
    g_autofree char *name = g_strdup_printf ("TESSERA_%s_%s", mcu_setting_infos[s].group,
                                             mcu_setting_infos[s].key);
    g_autofree char *upper = g_ascii_strup (name, -1);
    const char *value = g_getenv (upper);

    if (value == NULL || set_value (self, s, value, error))
      continue;
    g_prefix_error (error, "%s: ", upper);
    return FALSE;
  }
  return load_keys_from_environment (self, error);
}

/* Returns: (transfer none) (nullable): what is wrong. */
static const char *
check_external_address (McuConfig *self)
{
  const char *external = mcu_config_get_string (self, MCU_SETTING_MEDIA_EXTERNAL_ADDRESS);
  const char *server = mcu_config_get_string (self, MCU_SETTING_MEDIA_STUN_SERVER);
  g_autoptr (GSocketConnectable)
      parsed = server[0] != '\0' ? g_network_address_parse (server, 3478, NULL) : NULL;

  if (server[0] != '\0' && parsed == NULL)
    return "[media] stun_server: HOST:PORT is wanted";
  if (g_str_equal (external, "auto"))
    return parsed != NULL ? NULL : "[media] external_address = auto needs [media] stun_server";
  if (external[0] != '\0' && !g_hostname_is_ip_address (external))
    return "[media] external_address: an address or auto is wanted";
  return NULL;
}

static gboolean
check_canvas (McuConfig *self, GError **error)
{
  McuRoomSettings canvas = {
      .canvas_width_px = mcu_config_get_int (self, MCU_SETTING_ROOMS_CANVAS_WIDTH),
      .canvas_height_px = mcu_config_get_int (self, MCU_SETTING_ROOMS_CANVAS_HEIGHT),
      .canvas_fps = mcu_config_get_int (self, MCU_SETTING_ROOMS_CANVAS_FPS)};
  const char *why = mcu_canvas_problem (canvas.canvas_width_px, canvas.canvas_height_px,
                                        canvas.canvas_fps);

  if (why == NULL)
    return mcu_room_groups_check (self->room_groups, &canvas, error);
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "[rooms] canvas_width, canvas_height: %s",
               why);
  return FALSE;
}

static gboolean
check_together (McuConfig *self, GError **error)
{
  const char *const *codecs = mcu_config_get_strings (self, MCU_SETTING_ROOMS_CODECS);
  const char *why = NULL;

  for (gsize i = 0; codecs[i] != NULL; i++)
    if (!g_str_equal (codecs[i], "h264") && !g_str_equal (codecs[i], "vp8"))
      why = "[rooms] codecs: h264 and vp8 are known";
  if (mcu_config_get_int (self, MCU_SETTING_MEDIA_PORT_MIN) >
      mcu_config_get_int (self, MCU_SETTING_MEDIA_PORT_MAX))
    why = "[media] port_min is above port_max";
  if ((mcu_config_get_string (self, MCU_SETTING_HTTP_TLS_CERTIFICATE)[0] == '\0') !=
      (mcu_config_get_string (self, MCU_SETTING_HTTP_TLS_KEY)[0] == '\0'))
    why = "[http] tls_certificate and tls_key belong together";
  if (why == NULL)
    why = check_external_address (self);
  if (why != NULL)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, why);
  return why == NULL && check_canvas (self, error);
}

static gboolean
read_secret_file (McuConfig *self, GError **error)
{
  const char *path = mcu_config_get_string (self, MCU_SETTING_TURN_SECRET_FILE);
  g_autoptr (GError) why = NULL;
  g_autofree char *text = NULL;
  gsize n = 0;

  if (path[0] == '\0' || mcu_config_get_string (self, MCU_SETTING_TURN_SECRET)[0] != '\0')
    return TRUE;
  if (!g_file_get_contents (path, &text, &n, &why) || n > MAX_SECRET_FILE_BYTES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "[turn] secret_file = %s: %s", path,
                 why != NULL ? why->message : "too long");
    return FALSE;
  }
  return set_value (self, MCU_SETTING_TURN_SECRET, text, error);
}

gboolean
mcu_config_finish (McuConfig *self, GError **error)
{
  Value *addresses = &self->values[MCU_SETTING_MEDIA_ADDRESS];

  if (!check_together (self, error) || !read_secret_file (self, error))
    return FALSE;
  if (addresses->list[0] == NULL) {
    g_strfreev (addresses->list);
    addresses->list = mcu_local_addresses (mcu_config_http_is_loopback (self));
  }
  return TRUE;
}

McuConfig *
mcu_config_new (void)
{
  McuConfig *self = g_new0 (McuConfig, 1);

  g_ref_count_init (&self->refs);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->room_groups = mcu_room_groups_new ();
  for (McuSetting s = 0; s < MCU_N_SETTINGS; s++) {
    g_autoptr (GError) error = NULL;
    if (!set_value (self, s, mcu_setting_infos[s].fallback, &error))
      g_error ("built-in %s", error->message);
  }
  return self;
}

McuConfig *
mcu_config_ref (McuConfig *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
mcu_config_unref (McuConfig *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  for (McuSetting s = 0; s < MCU_N_SETTINGS; s++) {
    if (mcu_setting_infos[s].type == MCU_SETTING_STRING)
      g_free (self->values[s].text);
    else if (mcu_setting_infos[s].type == MCU_SETTING_STRINGS)
      g_strfreev (self->values[s].list);
  }
  g_hash_table_unref (self->keys);
  mcu_room_groups_free (self->room_groups);
  g_free (self);
}

gint64
mcu_config_get_int (McuConfig *self, McuSetting setting)
{
  g_assert (mcu_setting_infos[setting].type == MCU_SETTING_INT);
  return self->values[setting].number;
}

gboolean
mcu_config_get_bool (McuConfig *self, McuSetting setting)
{
  g_assert (mcu_setting_infos[setting].type == MCU_SETTING_BOOL);
  return self->values[setting].number != 0;
}

const char *
mcu_config_get_string (McuConfig *self, McuSetting setting)
{
  g_assert (mcu_setting_infos[setting].type == MCU_SETTING_STRING);
  return self->values[setting].text;
}

const char *const *
mcu_config_get_strings (McuConfig *self, McuSetting setting)
{
  g_assert (mcu_setting_infos[setting].type == MCU_SETTING_STRINGS);
  return (const char *const *) self->values[setting].list;
}

gboolean
mcu_config_has_keys (McuConfig *self)
{
  return g_hash_table_size (self->keys) > 0;
}

const char *
mcu_config_get_key (McuConfig *self, const char *name)
{
  return g_hash_table_lookup (self->keys, name);
}

const char *
mcu_config_first_key (McuConfig *self)
{
  const char *first = NULL;
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->keys);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (first == NULL || g_strcmp0 (name, first) < 0)
      first = name;
  return first;
}

McuRoomGroups *
mcu_config_get_room_groups (McuConfig *self)
{
  return self->room_groups;
}

gboolean
mcu_config_http_is_loopback (McuConfig *self)
{
  const char *const *addresses = mcu_config_get_strings (self, MCU_SETTING_HTTP_ADDRESS);

  for (gsize i = 0; addresses[i] != NULL; i++)
    if (!mcu_address_is_loopback (addresses[i]))
      return FALSE;
  return TRUE;
}

char *
mcu_state_directory (GError **error)
{
  const char *given = g_getenv ("STATE_DIRECTORY");
  char *path = given != NULL && given[0] == '/'
                   ? g_strndup (given, strcspn (given, ":")) /* systemd may list several */
                   : g_build_filename (g_get_user_state_dir (), "tessera", NULL);

  if (g_mkdir_with_parents (path, 0700) == 0)
    return path;
  g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "%s: %s", path, g_strerror (errno));
  g_free (path);
  return NULL;
}
