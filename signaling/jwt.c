/* signaling/jwt.c - signed tokens: HS256 and nothing else.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/jwt.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define HS256_BYTES 32

static char *
to_base64url (const guint8 *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/* GLib's decoder skips what it does not know; here only the alphabet passes, and only the one text
 * that encodes the bytes. */
static guint8 *
from_base64url (const char *text, gsize length, gsize *out_length)
{
  g_autofree char *padded = g_strndup (text, length);
  g_autofree char *again = NULL;
  g_autofree guint8 *data = NULL;
  char *with_padding;

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  with_padding = g_strconcat (padded, &"==="[3 - (4 - length % 4) % 4], NULL);
  data = g_base64_decode (with_padding, out_length);
  g_free (with_padding);
  again = to_base64url (data, *out_length);
  if (strlen (again) != length || memcmp (again, text, length) != 0)
    return NULL;
  return g_steal_pointer (&data);
}

static JsonObject *
object_of_part (const char *text, gsize length)
{
  gsize n_bytes;
  g_autofree guint8 *bytes = from_base64url (text, length, &n_bytes);

  return bytes != NULL ? mcu_json_parse_object ((const char *) bytes, n_bytes, NULL) : NULL;
}

static void
sign (const char *text, gsize length, const char *secret, guint8 *out)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret));
  gsize n_bytes = HS256_BYTES;

  g_hmac_update (hmac, (const guchar *) text, length);
  g_hmac_get_digest (hmac, out, &n_bytes);
}

/* The time it takes says nothing about where the first difference is. */
static gboolean
is_signed (const char *text, gsize length, const char *secret, const guint8 *signature)
{
  guint8 wanted[HS256_BYTES];
  guint difference = 0;

  sign (text, length, secret, wanted);
  for (guint i = 0; i < HS256_BYTES; i++)
    difference |= wanted[i] ^ signature[i];
  return difference == 0;
}

static gboolean
invalid (GError **error, const char *why)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_TOKEN_INVALID, "%s", why);
  return FALSE;
}

static gboolean
check_times (JsonObject *claims, gint64 now_s, GError **error)
{
  gint64 exp_s = mcu_json_int (claims, "exp", -1);
  gint64 nbf_s = mcu_json_int (claims, "nbf", 0);

  if (exp_s < 0)
    return invalid (error, "no exp");
  /* Subtractions of what a token says could overflow; what we add to does not. */
  if (nbf_s > now_s + MCU_JWT_LEEWAY_S)
    return invalid (error, "not valid yet");
  if (exp_s < now_s - MCU_JWT_LEEWAY_S) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_TOKEN_EXPIRED, "the token has expired");
    return FALSE;
  }
  return TRUE;
}

JsonObject *
mcu_jwt_verify (const char *token, gint64 now_s, McuJwtSecretFunc secret_of, gpointer user_data,
                GError **error)
{
  const char *dot = strchr (token, '.');
  const char *last = dot != NULL ? strchr (dot + 1, '.') : NULL;
  g_autoptr (JsonObject) header = NULL;
  g_autoptr (JsonObject) claims = NULL;
  g_autofree guint8 *signature = NULL;
  const char *issuer, *secret;
  gsize n_bytes = 0;

  if (strlen (token) > MCU_JWT_MAX_BYTES || last == NULL || strchr (last + 1, '.') != NULL) {
    invalid (error, "not three parts");
    return NULL;
  }
  header = object_of_part (token, dot - token);
  claims = object_of_part (dot + 1, last - dot - 1);
  signature = from_base64url (last + 1, strlen (last + 1), &n_bytes);
  if (header == NULL || claims == NULL || signature == NULL || n_bytes != HS256_BYTES) {
    invalid (error, "its parts are not as they should be");
    return NULL;
  }
  if (g_strcmp0 (mcu_json_string (header, "alg"), "HS256") != 0) {
    invalid (error, "its alg is not HS256");
    return NULL;
  }
  issuer = mcu_json_string (claims, "iss");
  secret = issuer != NULL ? secret_of (issuer, user_data) : NULL;
  if (secret == NULL || *secret == '\0' || !is_signed (token, last - token, secret, signature)) {
    invalid (error, "its signature is not of a key known here");
    return NULL;
  }
  return check_times (claims, now_s, error) ? g_steal_pointer (&claims) : NULL;
}

char *
mcu_jwt_sign (JsonObject *claims, const char *secret)
{
  static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  g_autofree char *head = to_base64url ((const guint8 *) header, strlen (header));
  g_autofree char *payload = mcu_json_to_text (claims);
  g_autofree char *body = to_base64url ((const guint8 *) payload, strlen (payload));
  g_autofree char *signed_text = g_strdup_printf ("%s.%s", head, body);
  g_autofree char *signature = NULL;
  guint8 digest[HS256_BYTES];

  sign (signed_text, strlen (signed_text), secret, digest);
  signature = to_base64url (digest, sizeof digest);
  return g_strdup_printf ("%s.%s", signed_text, signature);
}
