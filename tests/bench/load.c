/* tests/bench/load.c - tessera-load: N participants in one process.
 * SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/report.h"
#include "tests/bench/run.h"

typedef struct
{
  const McuLoadOptions *options;
  gboolean is_good;
} Outcome;

static void
on_measured (const McuRunResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  if (result == NULL) {
    g_print ("{\"event\":\"measuring\"}\n");
  } else {
    mcu_report_print (result, outcome->options);
    outcome->is_good = !outcome->options->is_checked || mcu_report_check (result, outcome->options);
  }
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  McuLoadOptions options;
  Outcome outcome = {&options, FALSE};
  g_autoptr (GError) error = NULL;
  McuRun *run = NULL;

  signal (SIGPIPE, SIG_IGN);
  if (!mcu_load_options_parse (&options, &argc, &argv, &error) ||
      (run = mcu_run_new (&options, on_measured, &outcome, &error)) == NULL) {
    g_printerr ("tessera-load: %s\n", error->message);
    return 2;
  }
  mcu_run_run (run);
  mcu_run_free (run);
  mcu_load_options_clear (&options);
  return outcome.is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
