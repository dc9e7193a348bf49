/* mcu/base/live-url.h - the URLs of live outputs and inputs: what is taken, what of them is shown.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Control checks what it is asked with this, the process that connects reads it with this: what is
 * not understood here reaches neither GStreamer nor a network. Pure; thread: any. */
#pragma once

#include <glib.h>

#define MCU_LIVE_URL_MAX_BYTES 2048

/** McuLiveScheme: how it is spoken. */
typedef enum
{
  MCU_LIVE_RTMP,
  MCU_LIVE_RTMPS,
  MCU_LIVE_SRT,
  MCU_LIVE_RTSP,
  MCU_LIVE_RTSPS,
  MCU_LIVE_HTTP,
  MCU_LIVE_HTTPS,
  MCU_LIVE_FILE
} McuLiveScheme;

/** McuLiveUrl: texts are its own, decoded where nothing else is said. */
typedef struct
{
  McuLiveScheme scheme;
  char *text;     /* as it was given */
  char *host;     /* name or address, without brackets; NULL of a file */
  guint port;     /* the scheme's own when none is given; 0 of a file */
  char *path;     /* as it stands in the URL, from "/" on; of a file: relative, decoded */
  char *query;    /* (nullable): as it stands in the URL */
  char *user;     /* (nullable) */
  char *password; /* (nullable) */

  /* SRT only. */
  char *stream_id;  /* (nullable) */
  char *passphrase; /* (nullable): 10 to 79 bytes (SRTO_PASSPHRASE) */
  guint key_bytes;  /* 16, 24, 32; 0: not said */
  guint latency_ms; /* 0: not said */
} McuLiveUrl;

/**
 * mcu_live_url_parse_output:
 * @error: MCU_ERROR_BAD_REQUEST, in words for whoever asked
 *
 * rtmp://HOST[:PORT]/APP/KEY, rtmps:// the same,
 * srt://HOST:PORT[?streamid=&passphrase=&pbkeylen=&latency=].
 *
 * Returns: (transfer full) (nullable).
 */
McuLiveUrl *mcu_live_url_parse_output (const char *text, GError **error);

/**
 * mcu_live_url_parse_input:
 *
 * rtsp(s)://, http(s)://, file:NAME (beneath the directory of inputs; also file:///NAME).
 */
McuLiveUrl *mcu_live_url_parse_input (const char *text, GError **error);

void mcu_live_url_free (McuLiveUrl *self);

/**
 * mcu_live_url_shown:
 *
 * Returns: (transfer full): without user, password, query, and of RTMP without the last element of
 * its path: what tells the key is in none of the others.
 */
char *mcu_live_url_shown (const McuLiveUrl *self);

/** mcu_live_url_kind: (transfer none): "rtmp", "srt", "rtsp", "http" or "file". */
const char *mcu_live_url_kind (const McuLiveUrl *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuLiveUrl, mcu_live_url_free)
