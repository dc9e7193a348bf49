/* tests/fuzz/fuzz-ws-message.c - what comes over a WebSocket, in a PATCH, and as a token.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <string.h>

#include "mcu/base/json-check.h"
#include "signaling/jwt.h"
#include "signaling/origin.h"
#include "signaling/trickle.h"
#include "signaling/ws-message.h"
#include "tests/fuzz/fuzz.h"

static const char *
secret_of (const char *issuer, gpointer user_data)
{
  return "secret";
}

static void
check_message (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) message = mcu_ws_message_parse (data, length, &error);
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *text = NULL;

  g_assert_true ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;
  /* What was taken once is taken again; only escapes may make it longer. */
  text = mcu_json_to_text (message);
  again = mcu_json_parse_object (text, strlen (text), NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (mcu_json_string (again, "type"), ==, mcu_json_string (message, "type"));
}

static void
check_trickle (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuTrickle) trickle = mcu_trickle_parse (data, length, &error);

  g_assert_true ((trickle == NULL) == (error != NULL));
  if (trickle == NULL)
    return;
  g_assert_cmpuint (trickle->candidates->len, <=, MCU_TRICKLE_MAX_CANDIDATES);
  g_assert_cmpuint (trickle->candidates->len, ==, trickle->mids->len);
  if (trickle->ufrag != NULL)
    mcu_trickle_offer_has_ufrag (data, length, trickle->ufrag);
}

static void
check_texts (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) claims = mcu_jwt_verify (text, 1700000000, secret_of, NULL, &error);

  g_assert_true ((claims == NULL) == (error != NULL));
  mcu_host_is_loopback (text);
  mcu_origin_is_own (text, "localhost:8080");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  check_message ((const char *) data, size);
  check_trickle ((const char *) data, size);
  check_texts (text);
  return 0;
}
