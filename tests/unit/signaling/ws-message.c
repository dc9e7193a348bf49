/* tests/unit/signaling/ws-message.c - tests signaling/ws-message.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/ws-message.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

static int
code_of (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) message = mcu_ws_message_parse (text, length, &error);

  g_assert_true ((message == NULL) == (error != NULL));
  return error != NULL ? error->code : -1;
}

static void
test_ws_message__shapes (void)
{
  static const struct
  {
    const char *text;
    int code; /* -1: good */
  } rows[] = {
      {"{\"type\":\"join\"}", -1},
      {" {\"type\":\"participant_joined\",\"x\":[1,{\"y\":null}]} ", -1},
      {"", MCU_ERROR_BAD_JSON},
      {"[]", MCU_ERROR_BAD_JSON},
      {"\"join\"", MCU_ERROR_BAD_JSON},
      {"{\"type\":\"join\"", MCU_ERROR_BAD_JSON},
      {"{\"type\":\"join\"} x", MCU_ERROR_BAD_JSON},
      {"{/**/\"type\":\"join\"}", MCU_ERROR_BAD_JSON},
      {"{\"type\":\"\xff\"}", MCU_ERROR_BAD_JSON},
      {"{}", MCU_ERROR_BAD_REQUEST},
      {"{\"type\":1}", MCU_ERROR_BAD_REQUEST},
      {"{\"type\":null}", MCU_ERROR_BAD_REQUEST},
      {"{\"type\":\"\"}", MCU_ERROR_BAD_REQUEST},
      {"{\"type\":\"Join\"}", MCU_ERROR_BAD_REQUEST},
      {"{\"type\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", MCU_ERROR_BAD_REQUEST},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *shown = g_strescape (rows[i].text, NULL);

    g_test_message ("%s", shown);
    g_assert_cmpint (code_of (rows[i].text, strlen (rows[i].text)), ==, rows[i].code);
  }
  g_assert_cmpint (code_of ("{\"type\":\"join\"}\0", 16), ==, MCU_ERROR_BAD_JSON);
}

/* 100,000 brackets make json-glib's parser run out of stack. */
static void
test_ws_message__depth (void)
{
  for (guint depth = 30; depth <= 30000; depth = depth < 33 ? depth + 1 : depth * 30) {
    g_autofree char *open = g_strnfill (depth, '[');
    g_autofree char *close = g_strnfill (depth, ']');
    g_autofree char *text = g_strdup_printf ("{\"type\":\"x\",\"a\":%s%s}", open, close);

    g_assert_cmpint (code_of (text, strlen (text)), ==, depth + 1 <= 32 ? -1 : MCU_ERROR_BAD_JSON);
  }
}

static void
test_ws_message__size (void)
{
  g_autofree char *text = g_strnfill (MCU_WS_MESSAGE_MAX_BYTES + 1, ' ');
  static const char good[] = "{\"type\":\"ping\"}";

  memcpy (text, good, strlen (good));
  g_assert_cmpint (code_of (text, MCU_WS_MESSAGE_MAX_BYTES), ==, -1);
  g_assert_cmpint (code_of (text, MCU_WS_MESSAGE_MAX_BYTES + 1), ==, MCU_ERROR_TOO_LARGE);
}

static void
test_ws_message__error (void)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_BAD_JSON, "why");
  g_autoptr (JsonObject) message = mcu_ws_message_error (error, TRUE);

  g_assert_cmpstr (mcu_json_string (message, "type"), ==, "error");
  g_assert_cmpstr (mcu_json_string (message, "code"), ==, "bad_json");
  g_assert_cmpstr (mcu_json_string (message, "detail"), ==, "why");
  g_assert_true (mcu_json_bool (message, "fatal", FALSE));
}

static void
test_ws_message__close_codes (void)
{
  static const struct
  {
    const char *bye;
    guint16 code;
  } rows[] = {
      {"left", 1000},          {"draining", 1001},      {"kicked", 1008},
      {"banned", 1008},        {"room_ended", 1000},    {"room_full", 1013},
      {"room_locked", 1008},   {"replaced", 1008},      {"token_missing", 1008},
      {"token_invalid", 1008}, {"token_expired", 1008}, {"overloaded", 1013},
      {"slow", 1013},          {"idle", 1008},          {"media_fault", 1013},
      {"protocol", 1008},      {"internal", 1008},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpuint (mcu_ws_close_code (rows[i].bye), ==, rows[i].code);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/ws-message/shapes", test_ws_message__shapes);
  g_test_add_func ("/signaling/ws-message/depth", test_ws_message__depth);
  g_test_add_func ("/signaling/ws-message/size", test_ws_message__size);
  g_test_add_func ("/signaling/ws-message/error", test_ws_message__error);
  g_test_add_func ("/signaling/ws-message/close_codes", test_ws_message__close_codes);
  return g_test_run ();
}
