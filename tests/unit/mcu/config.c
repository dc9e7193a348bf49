/* tests/unit/mcu/config.c - four places that settings come from, and what is wrong in them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "mcu/base/error.h"
#include "mcu/config-table.h"
#include "mcu/local-addresses.h"

static char *
write_file (const char *text)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("tessera-XXXXXX.conf", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static gboolean
load (McuConfig *config, const char *text, GError **error)
{
  g_autofree char *path = write_file (text);
  gboolean ok = mcu_config_load_file (config, path, error);

  g_unlink (path);
  return ok;
}

static void
test_config__precedence (void)
{
  g_autoptr (McuConfig) config = mcu_config_new ();

  g_assert_cmpint (mcu_config_get_int (config, MCU_SETTING_HTTP_PORT), ==, 8080);
  g_assert_true (load (config, "[http]\nport=81\naddress=0.0.0.0\n[rooms]\ncodecs=vp8\n", NULL));
  g_assert_cmpint (mcu_config_get_int (config, MCU_SETTING_HTTP_PORT), ==, 81);
  g_setenv ("TESSERA_HTTP_PORT", "82", TRUE);
  g_assert_true (mcu_config_load_environment (config, NULL));
  g_unsetenv ("TESSERA_HTTP_PORT");
  g_assert_cmpint (mcu_config_get_int (config, MCU_SETTING_HTTP_PORT), ==, 82);
  g_assert_true (mcu_config_set (config, "http", "port", "83", NULL));
  g_assert_cmpint (mcu_config_get_int (config, MCU_SETTING_HTTP_PORT), ==, 83);
  g_assert_cmpstr (mcu_config_get_strings (config, MCU_SETTING_HTTP_ADDRESS)[0], ==, "0.0.0.0");
  g_assert_cmpstr (mcu_config_get_strings (config, MCU_SETTING_ROOMS_CODECS)[0], ==, "vp8");
  g_assert_null (mcu_config_get_strings (config, MCU_SETTING_ROOMS_CODECS)[1]);
}

static void
test_config__wrong_files (void)
{
  static const struct
  {
    const char *text;
    const char *says;
  } bad[] = {
      {"[http]\nprot=80\n", "[http] prot"},
      {"[htpp]\nport=80\n", "[htpp] port"},
      {"[http]\nport=x\n", "[http] port"},
      {"[http]\nport=70000\n", "from 0 to 65535"},
      {"[http]\nport=80 81\n", "[http] port"},
      {"[rooms]\nauto_create=yes\n", "true or false"},
      {"[rooms]\ncodecs=\n", "at least one"},
      {"[media]\naddress=1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5\n", "too many"},
      {"[turn]\nttl_s=1\n", "ttl_s"},
      {"no group\n", ".conf"},
      {"[keys]\nname=\n", "[keys] name"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (McuConfig) config = mcu_config_new ();
    g_autoptr (GError) error = NULL;

    g_assert_false (load (config, bad[i].text, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    g_assert_nonnull (strstr (error->message, bad[i].says));
    g_assert_nonnull (strstr (error->message, ".conf")); /* the file is named */
  }
}

static void
test_config__contradictions (void)
{
  static const struct
  {
    const char *group;
    const char *key;
    const char *value;
  } bad[] = {
      {"media", "port_min", "50000"},
      {"rooms", "canvas_width", "641"},
      {"rooms", "codecs", "h265"},
      {"http", "tls_key", "/k"},
      {"turn", "secret_file", "/no/such/one"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (McuConfig) config = mcu_config_new ();
    g_autoptr (GError) error = NULL;

    g_assert_true (mcu_config_set (config, bad[i].group, bad[i].key, bad[i].value, NULL));
    g_assert_false (mcu_config_finish (config, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  }
}

static void
test_config__print_reads_back_and_hides_secrets (void)
{
  g_autoptr (McuConfig) config = mcu_config_new ();
  g_autoptr (McuConfig) again = mcu_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *page = mcu_config_to_markdown ();

  g_assert_true (mcu_config_set (config, "turn", "secret", "hunter2", NULL));
  g_assert_true (mcu_config_set (config, "keys", "k", "hunter2", NULL));
  g_assert_true (mcu_config_set (config, "rooms", "max_rooms", "7", NULL));
  text = mcu_config_print (config);
  g_assert_null (strstr (text, "hunter2"));
  g_assert_true (load (again, text, &error));
  g_assert_no_error (error);
  g_assert_cmpint (mcu_config_get_int (again, MCU_SETTING_ROOMS_MAX_ROOMS), ==, 7);
  for (McuSetting s = 0; s < MCU_N_SETTINGS; s++) {
    g_assert_nonnull (strstr (text, mcu_setting_infos[s].sentence));
    g_assert_nonnull (strstr (page, mcu_setting_infos[s].sentence));
  }
}

static void
test_config__keys (void)
{
  g_autoptr (McuConfig) config = mcu_config_new ();

  g_assert_false (mcu_config_has_keys (config));
  g_setenv ("TESSERA_KEYS", "one: secret1, two:secret2", TRUE);
  g_assert_true (mcu_config_load_environment (config, NULL));
  g_assert_cmpstr (mcu_config_get_key (config, "one"), ==, "secret1");
  g_assert_cmpstr (mcu_config_get_key (config, "two"), ==, "secret2");
  g_assert_null (mcu_config_get_key (config, "three"));
  g_setenv ("TESSERA_KEYS", "nothing", TRUE);
  g_assert_false (mcu_config_load_environment (config, NULL));
  g_unsetenv ("TESSERA_KEYS");
}

static void
test_config__media_addresses (void)
{
  g_autoptr (McuConfig) local = mcu_config_new ();
  g_autoptr (McuConfig) open = mcu_config_new ();
  const char *const *addresses;

  g_assert_true (mcu_config_finish (local, NULL));
  addresses = mcu_config_get_strings (local, MCU_SETTING_MEDIA_ADDRESS);
  g_assert_cmpstr (addresses[0], ==, "127.0.0.1");
  g_assert_null (addresses[1]);

  g_assert_true (mcu_config_set (open, "http", "address", "0.0.0.0", NULL));
  g_assert_true (mcu_config_finish (open, NULL));
  addresses = mcu_config_get_strings (open, MCU_SETTING_MEDIA_ADDRESS);
  g_assert_cmpuint (g_strv_length ((char **) addresses), >=, 1);
  g_assert_cmpuint (g_strv_length ((char **) addresses), <=, MCU_MAX_MEDIA_ADDRESSES);
  if (addresses[1] != NULL)
    for (gsize i = 0; addresses[i] != NULL; i++)
      g_assert_false (mcu_address_is_loopback (addresses[i]));
}

#define add(name) g_test_add_func ("/config/" #name, test_config__##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (precedence);
  add (wrong_files);
  add (contradictions);
  add (print_reads_back_and_hides_secrets);
  add (keys);
  add (media_addresses);
  return g_test_run ();
}
