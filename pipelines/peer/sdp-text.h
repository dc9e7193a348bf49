/* pipelines/peer/sdp-text.h - SDP as lines, and the small scanners that all SDP code shares.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Knows the grammar of lines (RFC 8866 section 5) and nothing of what they mean. */
#pragma once

#include <glib.h>

/** McuSdpText: a copy of the text cut into lines; each is "x=value", terminated, in one buffer. */
typedef struct
{
  char *buffer;
  GPtrArray *lines; /* (element-type utf8): into @buffer */
} McuSdpText;

/**
 * mcu_sdp_text_init:
 * @length: bytes, or -1 when terminated
 * @error: MCU_ERROR_TOO_LARGE, MCU_ERROR_BAD_SDP: control characters, not UTF-8, no "x=" lines,
 *   not starting with v=0
 *
 * Lines end with LF or CRLF; empty ones are skipped. On error nothing needs clearing.
 */
gboolean mcu_sdp_text_init (McuSdpText *self, const char *text, gssize length, gsize max_bytes,
                            GError **error);
void mcu_sdp_text_clear (McuSdpText *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (McuSdpText, mcu_sdp_text_clear)

/**
 * mcu_sdp_attribute:
 * @line: "a=name" or "a=name:value"
 *
 * Returns: (nullable): the value ("" for a bare name) if it is that attribute.
 */
const char *mcu_sdp_attribute (const char *line, const char *name);

/** mcu_sdp_skip_spaces: moves over blanks. */
void mcu_sdp_skip_spaces (const char **cursor);

/** mcu_sdp_take_uint: takes 1..20 digits of at most @max; FALSE moves nothing. */
gboolean mcu_sdp_take_uint (const char **cursor, guint64 max, guint64 *out);

/**
 * mcu_sdp_take_word:
 *
 * Skips blanks and takes what stands before the next one; FALSE when that is nothing or does not
 * fit into @size with its terminator.
 */
gboolean mcu_sdp_take_word (const char **cursor, char *out, gsize size);

/** mcu_sdp_is_token: 1..@max characters of RFC 8866's token. */
gboolean mcu_sdp_is_token (const char *text, gsize max);

/** mcu_sdp_is_ice_word: @min..256 ice-chars (RFC 8839 section 5.4). */
gboolean mcu_sdp_is_ice_word (const char *text, gsize min);

/**
 * mcu_sdp_fmtp_param:
 * @fmtp: (nullable): "key=value;key=value"; keys without regard to case
 *
 * Returns: TRUE if @key is there with a value that fits into @size.
 */
gboolean mcu_sdp_fmtp_param (const char *fmtp, const char *key, char *out, gsize size);

/** mcu_sdp_fingerprint: "sha-256 AB:CD:…" into 32 bytes; FALSE for other hashes and bad text. */
gboolean mcu_sdp_fingerprint (const char *value, guint8 out[32]);

/** mcu_sdp_append_fingerprint: the line "a=fingerprint:sha-256 …" with CRLF. */
void mcu_sdp_append_fingerprint (GString *out, const guint8 fingerprint[32]);
