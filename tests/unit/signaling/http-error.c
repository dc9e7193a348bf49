/* tests/unit/signaling/http-error.c - tests signaling/http-error.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/http-error.h"

#include <gio/gio.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

/* Source: the outside contract's table. */
static const struct
{
  const char *code;
  guint status;
} rows[] = {
    {"bad_request", 400},
    {"bad_json", 400},
    {"bad_room_name", 400},
    {"token_missing", 401},
    {"token_invalid", 401},
    {"token_expired", 401},
    {"forbidden", 403},
    {"banned", 403},
    {"room_locked", 403},
    {"not_found", 404},
    {"method_not_allowed", 405},
    {"exists", 409},
    {"gone", 410},
    {"precondition_failed", 412},
    {"too_large", 413},
    {"unsupported_type", 415},
    {"bad_sdp", 422},
    {"no_common_codec", 422},
    {"too_many_streams", 422},
    {"ice_restart_unsupported", 422},
    {"precondition_required", 428},
    {"rate_limited", 429},
    {"internal", 500},
    {"room_full", 503},
    {"view_budget", 503},
    {"overloaded", 503},
    {"draining", 503},
    {"timeout", 504},
    {"disk_full", 507},
};

static void
test_http_error__status_of_every_code (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError)
        error = g_error_new_literal (MCU_ERROR, mcu_error_from_code (rows[i].code), "why");
    g_autoptr (JsonObject) problem = mcu_http_problem (error);

    g_assert_cmpuint (mcu_http_status_of (error), ==, rows[i].status);
    g_assert_cmpstr (mcu_json_string (problem, "code"), ==, rows[i].code);
    g_assert_cmpint (mcu_json_int (problem, "status", 0), ==, rows[i].status);
    g_assert_cmpstr (mcu_json_string (problem, "detail"), ==, "why");
    g_assert_nonnull (mcu_json_string (problem, "title"));
    g_assert_nonnull (mcu_json_string (problem, "type"));
  }
}

static void
test_http_error__every_code_has_a_row (void)
{
  for (guint code = 0; code < MCU_ERROR_N_CODES; code++) {
    g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, code, "why");

    g_assert_cmpuint (mcu_http_status_of (error), >=, 400);
  }
}

static void
test_http_error__text_of_other_domains_stays_inside (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, 0, "/secret/path");
  g_autoptr (JsonObject) problem = mcu_http_problem (error);

  g_assert_cmpuint (mcu_http_status_of (error), ==, 500);
  g_assert_cmpuint (mcu_http_status_of (NULL), ==, 500);
  g_assert_cmpstr (mcu_json_string (problem, "code"), ==, "internal");
  g_assert_null (g_strrstr (mcu_json_string (problem, "detail"), "secret"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/http-error/status_of_every_code",
                   test_http_error__status_of_every_code);
  g_test_add_func ("/signaling/http-error/every_code_has_a_row",
                   test_http_error__every_code_has_a_row);
  g_test_add_func ("/signaling/http-error/text_of_other_domains_stays_inside",
                   test_http_error__text_of_other_domains_stays_inside);
  return g_test_run ();
}
