/* mcu/config.h - every setting of tessera: declared once, read from four places.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Precedence: built-in < file < environment TESSERA_GROUP_KEY < command line. So a program calls
 *
 *   config = mcu_config_new ();
 *   mcu_config_load_file (config, path, &error)         only with --config
 *   mcu_config_load_environment (config, &error)
 *   mcu_config_set (config, "http", "port", "0", &error) for each option of the command line
 *   mcu_config_finish (config, &error)
 *
 * in this order, and then only reads. Not to be mixed up with the build's own "config.h".
 * Thread: main. */
#pragma once

#include "mcu/config-rooms.h"
#include "mcu/types.h"

/** McuSetting: what can be set; mcu/config-table.c says type, default, range and sentence. */
typedef enum
{
  MCU_SETTING_HTTP_ADDRESS, /* strings */
  MCU_SETTING_HTTP_PORT,
  MCU_SETTING_HTTP_TLS_CERTIFICATE,
  MCU_SETTING_HTTP_TLS_KEY,
  MCU_SETTING_HTTP_ALLOWED_ORIGINS,
  MCU_SETTING_HTTP_FRAME_ANCESTORS,
  MCU_SETTING_HTTP_MAX_CONNECTIONS,
  MCU_SETTING_HTTP_MAX_CONNECTIONS_PER_ADDRESS,
  MCU_SETTING_MEDIA_ADDRESS, /* strings; never empty after mcu_config_finish() */
  MCU_SETTING_MEDIA_PORT_MIN,
  MCU_SETTING_MEDIA_PORT_MAX,
  MCU_SETTING_MEDIA_EXTERNAL_ADDRESS,
  MCU_SETTING_MEDIA_STUN_SERVER,
  MCU_SETTING_ROOMS_AUTO_CREATE,
  MCU_SETTING_ROOMS_MAX_ROOMS,
  MCU_SETTING_ROOMS_MAX_PARTICIPANTS,
  MCU_SETTING_ROOMS_EMPTY_TIMEOUT_S,
  MCU_SETTING_ROOMS_CODECS,
  MCU_SETTING_ROOMS_LAYOUT,
  MCU_SETTING_ROOMS_PRESENT_SCREENS,
  MCU_SETTING_ROOMS_PRIVATE_VIEWS,
  MCU_SETTING_ROOMS_PORTRAIT_VIEW,
  MCU_SETTING_ROOMS_CANVAS_WIDTH,
  MCU_SETTING_ROOMS_CANVAS_HEIGHT,
  MCU_SETTING_ROOMS_CANVAS_FPS,
  MCU_SETTING_ROOMS_ADAPT_SENDERS,
  MCU_SETTING_ROOMS_LOCKED,
  MCU_SETTING_ROOMS_LOBBY,
  MCU_SETTING_ROOMS_RECORD,
  MCU_SETTING_TURN_URLS,
  MCU_SETTING_TURN_SECRET,
  MCU_SETTING_TURN_SECRET_FILE,
  MCU_SETTING_TURN_TTL_S,
  MCU_SETTING_LAYOUTS_DIRECTORY,
  MCU_SETTING_RECORDINGS_DIRECTORY,
  MCU_SETTING_STREAMS_MAX_PER_ROOM,
  MCU_SETTING_STREAMS_ALLOW_PRIVATE,
  MCU_SETTING_STREAMS_CA_FILE,
  MCU_SETTING_INPUTS_MAX_PER_ROOM,
  MCU_SETTING_INPUTS_ALLOW_PRIVATE,
  MCU_SETTING_INPUTS_DIRECTORY,
  MCU_SETTING_INPUTS_GPL_AAC,
  MCU_SETTING_RECORDINGS_MAX_AGE_DAYS,
  MCU_SETTING_RECORDINGS_MAX_TOTAL_BYTES,
  MCU_SETTING_RECORDINGS_RESERVE_BYTES,
  MCU_SETTING_RECORDINGS_CHAT,
  MCU_SETTING_RECORDINGS_TONE,
  MCU_SETTING_RECORDINGS_MARK,
  MCU_SETTING_RECORDINGS_PAUSE_EMPTY,
  MCU_SETTING_RECORDINGS_PAUSE_SILENCE_S,
  MCU_SETTING_WEBHOOKS_URLS,
  MCU_SETTING_WEBHOOKS_KEY,
  MCU_SETTING_METRICS_PER_ROOM,
  MCU_SETTING_NODE_DRAIN_TIMEOUT_S,
  MCU_SETTING_NODE_OVERLOAD_AFTER_S,
  MCU_N_SETTINGS
} McuSetting;

/** mcu_config_new: (transfer full): the built-in configuration. */
McuConfig *mcu_config_new (void);
McuConfig *mcu_config_ref (McuConfig *self);
void mcu_config_unref (McuConfig *self);

/**
 * mcu_config_load_file:
 * @error: MCU_ERROR_BAD_REQUEST with file, group, key and why; unknown groups and keys are errors
 */
gboolean mcu_config_load_file (McuConfig *self, const char *path, GError **error);

/**
 * mcu_config_load_environment:
 * @error: MCU_ERROR_BAD_REQUEST with the variable's name and why
 *
 * TESSERA_GROUP_KEY (TESSERA_HTTP_PORT) for each setting, and TESSERA_KEYS ("name: secret, ...").
 */
gboolean mcu_config_load_environment (McuConfig *self, GError **error);

/**
 * mcu_config_set:
 * @value: as it would stand in the file; lists are separated by commas
 * @error: MCU_ERROR_BAD_REQUEST
 */
gboolean mcu_config_set (McuConfig *self, const char *group, const char *key, const char *value,
                         GError **error);

/**
 * mcu_config_finish:
 * @error: MCU_ERROR_BAD_REQUEST when settings contradict each other, or a secret file is unreadable
 *
 * Fills in what depends on the machine: the media addresses. When none is set these are its
 * addresses that are neither loopback nor link-local, IPv4 first, at most 4; and 127.0.0.1 instead
 * of them all when HTTP listens on loopback only, or when there is none.
 */
gboolean mcu_config_finish (McuConfig *self, GError **error);

/**
 * mcu_config_print:
 *
 * Returns: (transfer full): a key file with every setting, its value now, its sentence and range as
 * comments; secrets are shown as "...".
 */
char *mcu_config_print (McuConfig *self);

/** mcu_config_to_markdown: (transfer full): docs/configuration.md's table of all settings. */
char *mcu_config_to_markdown (void);

/** mcu_config_get_int: of a whole-number setting (ports, counts, seconds). */
gint64 mcu_config_get_int (McuConfig *self, McuSetting setting);
/** mcu_config_get_bool: of a yes/no setting. */
gboolean mcu_config_get_bool (McuConfig *self, McuSetting setting);
/** mcu_config_get_string: (transfer none): of a text setting; "" when it is not set. */
const char *mcu_config_get_string (McuConfig *self, McuSetting setting);
/** mcu_config_get_strings: (transfer none) (array zero-terminated=1): of a list setting. */
const char *const *mcu_config_get_strings (McuConfig *self, McuSetting setting);

/** mcu_config_has_keys: whether any API key is configured. */
gboolean mcu_config_has_keys (McuConfig *self);
/** mcu_config_get_key: (transfer none) (nullable): the secret of the API key @name. */
const char *mcu_config_get_key (McuConfig *self, const char *name);

/** mcu_config_first_key: (transfer none) (nullable): a key's name, always the same one. */
const char *mcu_config_first_key (McuConfig *self);

/** mcu_config_get_room_groups: (transfer none): the `[room PATTERN]` groups of the file. */
McuRoomGroups *mcu_config_get_room_groups (McuConfig *self);

/** mcu_config_http_is_loopback: whether every [http] address is a loopback one. */
gboolean mcu_config_http_is_loopback (McuConfig *self);

/**
 * mcu_state_directory:
 * @error: MCU_ERROR_INTERNAL
 *
 * $STATE_DIRECTORY, else $XDG_STATE_HOME/tessera; made with mode 0700 when it is not there.
 *
 * Returns: (transfer full) (nullable): its path.
 */
char *mcu_state_directory (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuConfig, mcu_config_unref)
