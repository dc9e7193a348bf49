/* tests/unit/signaling/jwt.c - tests signaling/jwt.c.  SPDX-License-Identifier: Apache-2.0 */
#include "signaling/jwt.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define NOW_S 1700000000

static const char *
secret_of (const char *issuer, gpointer user_data)
{
  return g_strcmp0 (issuer, "k") == 0 ? "secret" : g_strcmp0 (issuer, "empty") == 0 ? "" : NULL;
}

static char *
token_of (const char *claims, const char *secret)
{
  g_autoptr (JsonObject) object = mcu_json_parse_object (claims, strlen (claims), NULL);

  g_assert_nonnull (object);
  return mcu_jwt_sign (object, secret);
}

/* Returns: the code, or -1 when the token is good. */
static int
code_of (const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) claims = mcu_jwt_verify (token, NOW_S, secret_of, NULL, &error);

  g_assert_true ((claims == NULL) == (error != NULL));
  g_assert_true (error == NULL || error->domain == MCU_ERROR);
  return error != NULL ? error->code : -1;
}

/* Made with another implementation: HS256 of these parts with the key "secret". */
static void
test_jwt__known_token (void)
{
  static const char token[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                              "eyJpc3MiOiJrIiwiZXhwIjoxNzAwMDAwMDAxLCJzdWIiOiLDqSJ9."
                              "0iqw6Ze9J-_ZHf_pz60hNdyDaI9FdRM8dbr10EM3WNU";
  g_autoptr (JsonObject) claims = mcu_jwt_verify (token, NOW_S, secret_of, NULL, NULL);

  g_assert_nonnull (claims);
  g_assert_cmpstr (mcu_json_string (claims, "sub"), ==, "é");
}

static void
test_jwt__times_and_issuer (void)
{
  static const struct
  {
    const char *claims;
    int code;
  } rows[] = {
      {"{\"iss\":\"k\",\"exp\":1700000001}", -1},
      {"{\"iss\":\"k\",\"exp\":1699999940}", -1}, /* 60 s of leeway */
      {"{\"iss\":\"k\",\"exp\":1699999939}", MCU_ERROR_TOKEN_EXPIRED},
      {"{\"iss\":\"k\",\"exp\":1700000001,\"nbf\":1700000060}", -1},
      {"{\"iss\":\"k\",\"exp\":1700000001,\"nbf\":1700000061}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"k\"}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"k\",\"exp\":\"1700000001\"}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"k\",\"exp\":-9223372036854775808}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"k\",\"exp\":9223372036854775807}", -1},
      {"{\"exp\":1700000001}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"other\",\"exp\":1700000001}", MCU_ERROR_TOKEN_INVALID},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *token = token_of (rows[i].claims, "secret");

    g_test_message ("%s", rows[i].claims);
    g_assert_cmpint (code_of (token), ==, rows[i].code);
  }
}

static void
test_jwt__wrong_signature (void)
{
  g_autofree char *token = token_of ("{\"iss\":\"k\",\"exp\":1600000000}", "other");
  g_autofree char *good = token_of ("{\"iss\":\"k\",\"exp\":1700000001}", "secret");
  g_autofree char *unkeyed = token_of ("{\"iss\":\"empty\",\"exp\":1700000001}", "");

  /* Nobody learns from "expired" that a token was ever good. */
  g_assert_cmpint (code_of (token), ==, MCU_ERROR_TOKEN_INVALID);
  g_assert_cmpint (code_of (unkeyed), ==, MCU_ERROR_TOKEN_INVALID);
  for (gsize i = 0; i < strlen (good); i++) {
    g_autofree char *bent = g_strdup (good);

    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    g_assert_cmpint (code_of (bent), ==, MCU_ERROR_TOKEN_INVALID);
  }
}

static void
test_jwt__alg_is_pinned (void)
{
  /* {"alg":"none"}, {"alg":"HS512"}, {} - before a good payload and its HS256 signature */
  static const char *const heads[] = {"eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzUxMiJ9", "e30"};
  g_autofree char *good = token_of ("{\"iss\":\"k\",\"exp\":1700000001}", "secret");

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    g_autofree char *token = g_strconcat (heads[i], strchr (good, '.'), NULL);
    g_autofree char *unsigned_token = g_strndup (token, strrchr (token, '.') + 1 - token);

    g_assert_cmpint (code_of (token), ==, MCU_ERROR_TOKEN_INVALID);
    g_assert_cmpint (code_of (unsigned_token), ==, MCU_ERROR_TOKEN_INVALID);
  }
}

static void
test_jwt__shapes (void)
{
  static const char *const tokens[] = {"",    ".",       "..",    "...",
                                       "a.b", "a.b.c.d", "a.b.c", "e30.e30.e30"};
  g_autofree char *good = token_of ("{\"iss\":\"k\",\"exp\":1700000001}", "secret");
  g_autofree char *padded = g_strconcat (good, "=", NULL);
  g_autofree char *spaced = g_strconcat (good, "\n", NULL);
  g_autofree char *big = g_strnfill (MCU_JWT_MAX_BYTES + 1, '.');

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_assert_cmpint (code_of (tokens[i]), ==, MCU_ERROR_TOKEN_INVALID);
  g_assert_cmpint (code_of (good), ==, -1);
  g_assert_cmpint (code_of (padded), ==, MCU_ERROR_TOKEN_INVALID);
  g_assert_cmpint (code_of (spaced), ==, MCU_ERROR_TOKEN_INVALID);
  g_assert_cmpint (code_of (big), ==, MCU_ERROR_TOKEN_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/jwt/known_token", test_jwt__known_token);
  g_test_add_func ("/signaling/jwt/times_and_issuer", test_jwt__times_and_issuer);
  g_test_add_func ("/signaling/jwt/wrong_signature", test_jwt__wrong_signature);
  g_test_add_func ("/signaling/jwt/alg_is_pinned", test_jwt__alg_is_pinned);
  g_test_add_func ("/signaling/jwt/shapes", test_jwt__shapes);
  return g_test_run ();
}
