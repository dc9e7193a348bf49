/* tests/unit/signaling/auth.c - tests signaling/auth.c.  SPDX-License-Identifier: Apache-2.0 */
#include "signaling/auth.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/config.h"
#include "signaling/jwt.h"

static McuAuth *
auth_with (const char *key, const char *address, const char *origins, gboolean open)
{
  g_autoptr (McuConfig) config = mcu_config_new ();

  g_assert_true (key == NULL || mcu_config_set (config, "keys", "k", key, NULL));
  g_assert_true (mcu_config_set (config, "http", "address", address, NULL));
  g_assert_true (origins == NULL ||
                 mcu_config_set (config, "http", "allowed_origins", origins, NULL));
  g_assert_true (mcu_config_finish (config, NULL));
  return mcu_auth_new (config, open);
}

static char *
token_saying (const char *video)
{
  g_autofree char *text = g_strdup_printf ("{\"iss\":\"k\",\"exp\":%" G_GINT64_FORMAT
                                           ",\"sub\":\"ann\",\"name\":\"Ann\",\"video\":%s}",
                                           g_get_real_time () / G_USEC_PER_SEC + 100, video);
  g_autoptr (JsonObject) claims = mcu_json_parse_object (text, strlen (text), NULL);

  g_assert_nonnull (claims);
  return mcu_jwt_sign (claims, "a-secret-of-some-length-for-hs256");
}

static McuAuth *
auth_with_key (void)
{
  return auth_with ("a-secret-of-some-length-for-hs256", "0.0.0.0", NULL, FALSE);
}

static const McuRequestFacts local = {
    .peer_is_loopback = TRUE, .host = "127.0.0.1:8080", .own_address = "127.0.0.1"};

static void
test_auth__listening_beyond_loopback_needs_a_key (void)
{
  g_autoptr (McuAuth) closed = auth_with (NULL, "0.0.0.0", NULL, FALSE);
  g_autoptr (McuAuth) open = auth_with (NULL, "0.0.0.0", NULL, TRUE);
  g_autoptr (McuAuth) loopback = auth_with (NULL, "127.0.0.1", NULL, FALSE);
  g_autoptr (McuAuth) keyed = auth_with_key ();
  g_autoptr (GError) error = NULL;

  g_assert_false (mcu_auth_check_listening (closed, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_FORBIDDEN);
  g_assert_true (mcu_auth_check_listening (open, NULL));
  g_assert_true (mcu_auth_check_listening (loopback, NULL));
  g_assert_true (mcu_auth_check_listening (keyed, NULL));
}

static void
test_auth__rest_without_keys_is_for_this_machine (void)
{
  g_autoptr (McuAuth) auth = auth_with (NULL, "0.0.0.0", NULL, TRUE);
  McuRequestFacts rows[] = {local, local, local, local};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (McuGrant) grant = {0};

    if (i == 1)
      rows[i].is_forwarded = TRUE;
    if (i == 2)
      rows[i].host = "evil.example";
    if (i == 3)
      rows[i].peer_is_loopback = FALSE;
    g_assert_cmpint (mcu_auth_check_rest (auth, &rows[i], &grant, NULL), ==, i == 0);
    g_assert_cmpint (mcu_auth_check_figures (auth, &rows[i], NULL), ==, i == 0);
  }
}

static void
test_auth__host_and_origin (void)
{
  g_autoptr (McuAuth) auth = auth_with (NULL, "127.0.0.1", NULL, FALSE);
  g_autoptr (McuAuth) listed = auth_with (NULL, "127.0.0.1", "https://meet.example", FALSE);
  McuRequestFacts facts = local;

  g_assert_true (mcu_auth_check_host (auth, &facts, NULL));
  g_assert_true (mcu_auth_check_origin (auth, &facts, FALSE, NULL)); /* none at all */
  facts.origin = "http://127.0.0.1:8080";
  g_assert_true (mcu_auth_check_origin (auth, &facts, FALSE, NULL));
  g_assert_false (mcu_auth_check_origin (listed, &facts, FALSE, NULL));
  facts.origin = "https://meet.example";
  g_assert_false (mcu_auth_check_origin (auth, &facts, FALSE, NULL));
  g_assert_false (mcu_auth_check_origin (auth, &facts, TRUE, NULL));
  g_assert_true (mcu_auth_check_origin (listed, &facts, FALSE, NULL));
  facts.origin = "http://localhost:3000";
  g_assert_false (mcu_auth_check_origin (auth, &facts, FALSE, NULL));
  g_assert_true (mcu_auth_check_origin (auth, &facts, TRUE, NULL));
  facts.host = "evil.example";
  g_assert_false (mcu_auth_check_host (auth, &facts, NULL));
  /* DNS that was bent to us: page and request agree, but the name is not ours. */
  facts.origin = "http://evil.example";
  g_assert_false (mcu_auth_check_host (auth, &facts, NULL));
}

static void
test_auth__join_with_keys (void)
{
  static const struct
  {
    const char *video;
    int code; /* -1: may */
  } rows[] = {
      {"{\"room\":\"a\",\"roomJoin\":true}", -1},
      {"{\"room\":\"b\",\"roomJoin\":true}", MCU_ERROR_FORBIDDEN},
      {"{\"room\":\"a\"}", MCU_ERROR_FORBIDDEN},
      {"{\"roomJoin\":true}", MCU_ERROR_FORBIDDEN},
      {"{\"room\":\"a\",\"roomJoin\":\"true\"}", MCU_ERROR_FORBIDDEN},
      {"null", MCU_ERROR_FORBIDDEN},
  };
  g_autoptr (McuAuth) auth = auth_with_key ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *token = token_saying (rows[i].video);
    g_autoptr (GError) error = NULL;
    g_auto (McuGrant) grant = {0};

    g_test_message ("%s", rows[i].video);
    g_assert_cmpint (mcu_auth_check_join (auth, token, "a", &grant, &error), ==, rows[i].code < 0);
    g_assert_cmpint (error != NULL ? error->code : -1, ==, rows[i].code);
  }
}

static void
test_auth__grant_says_what_the_token_says (void)
{
  g_autoptr (McuAuth) auth = auth_with_key ();
  g_autofree char *token = token_saying (
      "{\"room\":\"a\",\"roomJoin\":true,\"roomAdmin\":true,\"canPublish\":false}");
  g_auto (McuGrant) grant = {0};

  g_assert_true (mcu_auth_check_join (auth, token, "a", &grant, NULL));
  g_assert_cmpstr (grant.identity, ==, "ann");
  g_assert_cmpstr (grant.name, ==, "Ann");
  g_assert_true (grant.room_admin);
  g_assert_false (grant.room_list);
  g_assert_false (grant.can_publish);
  g_assert_true (grant.can_subscribe);
}

static void
test_auth__sources (void)
{
  static const struct
  {
    const char *sources;
    guint denied;
  } rows[] = {
      {"[]", 0},
      {"null", 0},
      {"[\"camera\"]", MCU_NO_MICROPHONE | MCU_NO_SCREEN},
      {"[\"microphone\",\"screen_share\"]", MCU_NO_CAMERA},
      {"[\"camera\",\"microphone\",\"screen_share\",\"screen_share_audio\"]", 0},
      {"[\"screen_share_audio\"]", MCU_NO_MICROPHONE | MCU_NO_CAMERA | MCU_NO_SCREEN},
      {"[7,null,{}]", MCU_NO_MICROPHONE | MCU_NO_CAMERA | MCU_NO_SCREEN},
      {"\"camera\"", MCU_NO_MICROPHONE | MCU_NO_CAMERA | MCU_NO_SCREEN}, /* no list */
  };
  g_autoptr (McuAuth) auth = auth_with_key ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *video = g_strdup_printf (
        "{\"room\":\"a\",\"roomJoin\":true,\"canPublishSources\":%s}", rows[i].sources);
    g_autofree char *token = token_saying (video);
    g_auto (McuGrant) grant = {0};
    g_autoptr (McuPass) pass = NULL;

    g_assert_true (mcu_auth_check_join (auth, token, "a", &grant, NULL));
    pass = mcu_grant_to_pass (&grant);
    g_assert_cmpuint (pass->rights, ==, MCU_RIGHTS_DEFAULT | rows[i].denied);
  }
}

static void
test_auth__missing_token (void)
{
  g_autoptr (McuAuth) auth = auth_with_key ();
  g_autoptr (GError) error = NULL;
  g_auto (McuGrant) grant = {0};
  McuRequestFacts facts = local;

  g_assert_false (mcu_auth_check_join (auth, NULL, "a", &grant, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_TOKEN_MISSING);
  g_clear_error (&error);
  g_assert_false (mcu_auth_check_rest (auth, &facts, &grant, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_TOKEN_MISSING);
  g_assert_true (mcu_auth_check_figures (auth, &facts, NULL)); /* loopback may always */
  facts.access_token = "query";
  g_assert_cmpstr (mcu_auth_token_of (&facts), ==, "query");
  facts.authorization = "bearer header";
  g_assert_cmpstr (mcu_auth_token_of (&facts), ==, "header");
  facts.authorization = "Basic x";
  g_assert_cmpstr (mcu_auth_token_of (&facts), ==, "query");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/auth/listening_beyond_loopback_needs_a_key",
                   test_auth__listening_beyond_loopback_needs_a_key);
  g_test_add_func ("/signaling/auth/rest_without_keys_is_for_this_machine",
                   test_auth__rest_without_keys_is_for_this_machine);
  g_test_add_func ("/signaling/auth/host_and_origin", test_auth__host_and_origin);
  g_test_add_func ("/signaling/auth/join_with_keys", test_auth__join_with_keys);
  g_test_add_func ("/signaling/auth/grant_says_what_the_token_says",
                   test_auth__grant_says_what_the_token_says);
  g_test_add_func ("/signaling/auth/sources", test_auth__sources);
  g_test_add_func ("/signaling/auth/missing_token", test_auth__missing_token);
  return g_test_run ();
}
