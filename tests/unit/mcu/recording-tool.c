/* tests/unit/mcu/recording-tool.c - programs that do as they are told, and others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-tool.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define WATCHDOG_S 20

typedef struct
{
  char *text; /* owned (nullable): of the result */
  GError *error;
  guint n_calls;
} Answer;

static void
on_answer (JsonObject *result, const GError *error, gpointer user_data)
{
  Answer *answer = user_data;

  answer->n_calls++;
  answer->text = result != NULL ? mcu_json_to_text (result) : NULL;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
}

static gboolean
on_watchdog (gpointer data)
{
  g_error ("the test waited too long");
  return G_SOURCE_REMOVE;
}

static const struct
{
  const char *script;
  guint timeout_s;
  const char *result; /* (nullable) */
  int code;
} programs[] = {
    {"cat /dev/stdin", 10, "{\"a\":1}", 0},
    {"cat", 10, "{\"a\":1}", 0},
    {"true", 10, NULL, MCU_ERROR_BAD_JSON},
    {"cat; exit 1", 10, NULL, MCU_ERROR_INTERNAL},
    {"kill -9 $$", 10, NULL, MCU_ERROR_INTERNAL},
    {"exec yes", 10, NULL, MCU_ERROR_INTERNAL},
    {"exec cat /dev/zero", 10, NULL, MCU_ERROR_INTERNAL},
    {"exec sleep 100", 1, NULL, MCU_ERROR_TIMEOUT},
    {"exec sleep 100 >&-", 1, NULL, MCU_ERROR_TIMEOUT},
};

static void
test_recording_tool__programs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++) {
    const char *arguments[] = {"-c", programs[i].script, NULL};
    guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
    Answer answer = {0};

    mcu_recording_tool_run ("/bin/sh", arguments, "{\"a\":1}", programs[i].timeout_s, on_answer,
                            &answer);
    g_assert_cmpuint (answer.n_calls, ==, 0);
    while (answer.n_calls == 0)
      g_main_context_iteration (NULL, TRUE);
    g_assert_cmpstr (answer.text, ==, programs[i].result);
    if (programs[i].result == NULL)
      g_assert_error (answer.error, MCU_ERROR, programs[i].code);
    g_free (answer.text);
    g_clear_error (&answer.error);
    g_source_remove (watchdog);
  }
}

static void
test_recording_tool__is_not_there (void)
{
  const char *arguments[] = {NULL};
  Answer answer = {0};

  mcu_recording_tool_run ("/nowhere/at/all", arguments, NULL, 10, on_answer, &answer);
  g_assert_cmpuint (answer.n_calls, ==, 0);
  while (answer.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (answer.error);
  g_clear_error (&answer.error);
}

static void
on_other (JsonObject *result, const GError *error, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
test_recording_tool__stopped (void)
{
  const char *endless[] = {"-c", "exec sleep 100", NULL};
  const char *soon[] = {"-c", "echo '{}'", NULL};
  Answer answer = {0};
  gboolean is_over = FALSE;

  mcu_recording_tool_stop (
      mcu_recording_tool_run ("/bin/sh", endless, "", 100, on_answer, &answer));
  mcu_recording_tool_run ("/bin/sh", soon, NULL, 10, on_other, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (answer.n_calls, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu/recording_tool/programs", test_recording_tool__programs);
  g_test_add_func ("/mcu/recording_tool/is_not_there", test_recording_tool__is_not_there);
  g_test_add_func ("/mcu/recording_tool/stopped", test_recording_tool__stopped);
  return g_test_run ();
}
