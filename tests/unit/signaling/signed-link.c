/* tests/unit/signaling/signed-link.c - links that hold for an hour, and no others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/signed-link.h"

#include <string.h>

#include "mcu/config.h"

#define NOW 1795240000

static McuConfig *
make_config (const char *key, const char *secret)
{
  McuConfig *config = mcu_config_new ();

  if (key != NULL)
    g_assert_true (mcu_config_set (config, "keys", key, secret, NULL));
  g_assert_true (mcu_config_finish (config, NULL));
  return config;
}

static gboolean
is_good (McuConfig *config, const char *id, const char *link, gint64 now_s)
{
  const char *query = strchr (link, '?');
  g_auto (GStrv) members = g_strsplit (query != NULL ? query + 1 : "", "&", 2);
  const char *expires = members[0] != NULL ? members[0] + strlen ("expires=") : NULL;
  const char *signature = expires != NULL && members[1] != NULL ? members[1] + strlen ("signature=")
                                                                : NULL;

  return mcu_signed_link_is_good (config, id, expires, signature, now_s);
}

static void
test_signed_link__holds_for_an_hour (void)
{
  g_autoptr (McuConfig) config = make_config ("a", "secret");
  g_autofree char *link = mcu_signed_link_new (config, "rec_1", "media", NOW);

  g_assert_true (
      g_str_has_prefix (link, "/v1/recordings/rec_1/media?expires=1795243600&signature="));
  g_assert_true (is_good (config, "rec_1", link, NOW));
  g_assert_true (is_good (config, "rec_1", link, NOW + 3600));
  g_assert_false (is_good (config, "rec_1", link, NOW + 3601));
  g_assert_false (is_good (config, "rec_2", link, NOW));
}

static void
test_signed_link__changed (void)
{
  g_autoptr (McuConfig) config = make_config ("a", "secret");
  g_autoptr (McuConfig) other = make_config ("a", "another");
  g_autofree char *link = mcu_signed_link_new (config, "rec_1", "media", NOW);

  g_assert_false (is_good (other, "rec_1", link, NOW));
  link[strlen (link) - 1] ^= 1;
  g_assert_false (is_good (config, "rec_1", link, NOW));
  link[strlen (link) - 1] = '\0';
  g_assert_false (is_good (config, "rec_1", link, NOW));
  g_assert_false (mcu_signed_link_is_good (config, "rec_1", "1795243600", "", NOW));
  g_assert_false (mcu_signed_link_is_good (config, "rec_1", "soon", "aa", NOW));
  g_assert_false (mcu_signed_link_is_good (config, "rec_1", NULL, NULL, NOW));
}

static void
test_signed_link__without_a_key (void)
{
  g_autoptr (McuConfig) config = make_config (NULL, NULL);
  g_autofree char *link = mcu_signed_link_new (config, "rec_1", "media", NOW);

  g_assert_cmpstr (link, ==, "/v1/recordings/rec_1/media");
  g_assert_false (mcu_signed_link_is_good (config, "rec_1", "1795243600", "", NOW));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/signed_link/holds_for_an_hour", test_signed_link__holds_for_an_hour);
  g_test_add_func ("/signaling/signed_link/changed", test_signed_link__changed);
  g_test_add_func ("/signaling/signed_link/without_a_key", test_signed_link__without_a_key);
  return g_test_run ();
}
