/* tests/unit/mcu/metrics.c - sums over processes that come and go, and what they may not do to
 * them. SPDX-License-Identifier: Apache-2.0 */
#include "mcu/metrics.h"

#include <string.h>

#include "mcu/base/json-check.h"

typedef struct
{
  const char *name; /* with its suffix */
  const char *labels;
  double value;
  guint n;
} Wanted;

static void
on_sample (const char *name, McuMetricType type, const char *help, const char *suffix,
           const char *labels, double value, gpointer user_data)
{
  Wanted *wanted = user_data;
  g_autofree char *full = g_strconcat (name, suffix, NULL);

  if (!g_str_equal (full, wanted->name))
    return;
  wanted->n++;
  if (g_strcmp0 (labels, wanted->labels) == 0)
    wanted->value = value;
}

static double
value_of (McuMetrics *metrics, const char *name, const char *labels, guint *n)
{
  Wanted wanted = {.name = name, .labels = labels, .value = -1};

  mcu_metrics_visit (metrics, on_sample, &wanted);
  if (n != NULL)
    *n = wanted.n;
  return wanted.value;
}

static void
add_report (McuMetrics *metrics, const char *text)
{
  g_autoptr (JsonObject) report = mcu_json_parse_object (text, strlen (text), NULL);

  g_assert_nonnull (report);
  mcu_metrics_add_report (metrics, report);
}

#define REPORT                                                                                     \
  "{\"frames\":300,\"late_frames\":2,\"decoders\":3,\"concealed_ms\":1500,"                        \
  "\"encoders\":[{\"codec\":\"vp8\",\"height\":720,\"frames\":290,\"keyframes\":{\"join\":2}}],"   \
  "\"guard\":{\"ssrc\":7},\"mix_latency_ms\":{\"10\":4,\"20\":9,\"sum\":120,\"count\":10}}"

static void
test_metrics__reports_add_up (void)
{
  g_autoptr (McuMetrics) metrics = mcu_metrics_new ();
  g_autoptr (McuMetrics) copy = NULL;

  add_report (metrics, REPORT);
  add_report (metrics, REPORT);
  g_assert_cmpfloat (value_of (metrics, "tessera_canvas_frames_total", "", NULL), ==, 600);
  g_assert_cmpfloat (value_of (metrics, "tessera_audio_concealed_seconds_total", "", NULL), ==, 3);
  g_assert_cmpfloat (
      value_of (metrics, "tessera_encoded_frames_total", "codec=\"vp8\",rung=\"720p\"", NULL), ==,
      580);
  g_assert_cmpfloat (value_of (metrics, "tessera_keyframes_total", "reason=\"join\"", NULL), ==, 4);
  g_assert_cmpfloat (value_of (metrics, "tessera_guard_dropped_total", "reason=\"ssrc\"", NULL), ==,
                     14);
  g_assert_cmpfloat (value_of (metrics, "tessera_mix_latency_seconds_bucket", "le=\"0.015\"", NULL),
                     ==, 8);
  g_assert_cmpfloat (value_of (metrics, "tessera_mix_latency_seconds_count", "", NULL), ==, 20);
  add_report (metrics, "{\"ended\":[{\"codec\":\"vp8\",\"height\":720,\"frames\":20}]}");
  g_assert_cmpfloat (
      value_of (metrics, "tessera_encoded_frames_total", "codec=\"vp8\",rung=\"720p\"", NULL), ==,
      600);
  g_assert_cmpfloat (value_of (metrics, "tessera_encoders", "codec=\"vp8\"", NULL), ==, 2);
  copy = mcu_metrics_copy (metrics); /* gauges are of the living only */
  g_assert_cmpfloat (value_of (copy, "tessera_canvas_frames_total", "", NULL), ==, 600);
  g_assert_cmpfloat (value_of (copy, "tessera_decoders", "", NULL), ==, -1);
}

static void
test_metrics__a_room_cannot_make_series_without_end (void)
{
  g_autoptr (McuMetrics) metrics = mcu_metrics_new ();
  guint n;

  for (int i = 0; i < 1000; i++) {
    g_autofree char *text = g_strdup_printf ("{\"guard\":{\"r%d\":1}}", i);
    add_report (metrics, text);
  }
  add_report (metrics,
              "{\"guard\":{\"a\\\"} 1\\nevil 2\":1},\"encoders\":[1,null,{}],\"peers\":3}");
  value_of (metrics, "tessera_guard_dropped_total", "", &n);
  g_assert_cmpuint (n, <=, 201);
}

static void
test_metrics__joins (void)
{
  g_autoptr (McuMetrics) metrics = mcu_metrics_new ();

  mcu_metrics_join_ms (metrics, 120);
  mcu_metrics_join_ms (metrics, 9000);
  g_assert_cmpfloat (value_of (metrics, "tessera_join_seconds_bucket", "le=\"0.1\"", NULL), ==, 0);
  g_assert_cmpfloat (value_of (metrics, "tessera_join_seconds_bucket", "le=\"0.15\"", NULL), ==, 1);
  g_assert_cmpfloat (value_of (metrics, "tessera_join_seconds_bucket", "le=\"+Inf\"", NULL), ==, 2);
  g_assert_cmpfloat (value_of (metrics, "tessera_join_seconds_sum", "", NULL), ==, 9.12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/reports_add_up", test_metrics__reports_add_up);
  g_test_add_func ("/metrics/a_room_cannot_make_series_without_end",
                   test_metrics__a_room_cannot_make_series_without_end);
  g_test_add_func ("/metrics/joins", test_metrics__joins);
  return g_test_run ();
}
