/* tests/bench/report.c - see report.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/report.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static void
add_double (JsonObject *object, const char *name, double value)
{
  json_object_set_double_member (object, name, (double) (gint64) (value * 1000 + 0.5) / 1000);
}

/* {n, p50, p95, max}; nothing when there are no samples. */
static void
add_percentiles (JsonObject *report, const char *name, const double *values, guint n)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);
  JsonObject *object;

  if (n == 0)
    return;
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  object = json_object_new ();
  json_object_set_int_member (object, "n", n);
  add_double (object, "p50", sorted[(n - 1) / 2]);
  add_double (object, "p95", sorted[(n - 1) * 95 / 100]);
  add_double (object, "max", sorted[n - 1]);
  json_object_set_object_member (report, name, object);
}

static void
add_join_times (JsonObject *report, const McuRunResult *result)
{
  g_autofree double *values = g_new (double, result->n);
  guint n = 0;

  for (guint i = 0; i < result->n; i++)
    if (result->join_ms[i] >= 0)
      values[n++] = result->join_ms[i];
  add_percentiles (report, "join_ms", values, n);
}

static void
add_rates (JsonObject *report, const McuRunResult *result)
{
  double sum = 0, least = G_MAXDOUBLE, gap = 0, bytes = 0;
  guint n = 0;

  for (guint i = 0; i < result->n; i++) {
    double fps = (double) result->stats[i].frames / result->seconds;

    if (!result->is_receiver[i])
      continue;
    n++;
    sum += fps;
    least = MIN (least, fps);
    gap = MAX (gap, result->stats[i].longest_gap_ms);
    bytes += (double) result->stats[i].bytes;
  }
  if (n == 0)
    return;
  json_object_set_int_member (report, "receivers", n);
  add_double (report, "fps_mean", sum / n);
  add_double (report, "fps_least", least);
  add_double (report, "longest_gap_ms", gap);
  add_double (report, "kbps_per_receiver", bytes * 8 / 1000 / result->seconds / n);
}

#define ADD_SUM(member) add_sum (report, result, #member, G_STRUCT_OFFSET (McuClientStats, member))

static void
add_sum (JsonObject *report, const McuRunResult *result, const char *name, gsize offset)
{
  gint64 sum = 0;

  for (guint i = 0; i < result->n; i++)
    sum += (gint64) G_STRUCT_MEMBER (guint64, &result->stats[i], offset);
  json_object_set_int_member (report, name, sum);
}

/* All of them, and the first and the last tenth: a delay that grows shows in a long run. */
static void
add_delays (JsonObject *report, const char *name, GArray *delays)
{
  const double *values = (const double *) delays->data;
  guint tenth = delays->len / 10;
  g_autofree char *first = g_strconcat (name, "_first_tenth", NULL);
  g_autofree char *last = g_strconcat (name, "_last_tenth", NULL);

  add_percentiles (report, name, values, delays->len);
  if (tenth == 0)
    return;
  add_percentiles (report, first, values, tenth);
  add_percentiles (report, last, values + delays->len - tenth, tenth);
}

static void
add_probe (JsonObject *report, const McuProbeResult *probe)
{
  add_delays (report, "video_delay_ms", probe->video_ms);
  add_delays (report, "audio_delay_ms", probe->audio_ms);
  json_object_set_int_member (report, "decoded", probe->n_decoded);
  json_object_set_int_member (report, "undecodable", probe->n_undecodable);
  json_object_set_int_member (report, "unread", probe->n_unread);
  json_object_set_int_member (report, "width", probe->width);
  json_object_set_int_member (report, "height", probe->height);
}

void
mcu_report_print (const McuRunResult *result, const McuLoadOptions *options)
{
  JsonObject *report = json_object_new ();
  JsonArray *failures = json_array_new ();

  json_object_set_string_member (report, "event", "measured");
  json_object_set_int_member (report, "clients", options->n_clients);
  json_object_set_int_member (report, "viewers", options->n_viewers);
  add_double (report, "seconds", result->seconds);
  add_double (report, "client_cores", (result->cpu_s - result->probe_cpu_s) / result->seconds);
  add_double (report, "probe_cores", result->probe_cpu_s / result->seconds);
  add_rates (report, result);
  add_join_times (report, result);
  ADD_SUM (frames);
  ADD_SUM (packets);
  ADD_SUM (skipped);
  ADD_SUM (recovered);
  ADD_SUM (nacked);
  ADD_SUM (resent);
  ADD_SUM (audio_packets);
  ADD_SUM (audio_lost);
  ADD_SUM (undecryptable);
  ADD_SUM (keys_asked);
  ADD_SUM (keys_sent);
  ADD_SUM (twcc_sent);
  ADD_SUM (twcc_received);
  ADD_SUM (frames_sent);
  ADD_SUM (packets_sent);
  if (result->probe != NULL)
    add_probe (report, result->probe);
  if (result->layout_ms != NULL)
    add_percentiles (report, "layout_ms", (const double *) result->layout_ms->data,
                     result->layout_ms->len);
  for (guint i = 0; i < result->failures->len; i++)
    json_array_add_string_element (failures, result->failures->pdata[i]);
  json_object_set_array_member (report, "failures", failures);

  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), report);
  g_autofree char *text = json_to_string (node, FALSE);
  json_object_unref (report);
  g_print ("%s\n", text);
}

static gboolean
hold (gboolean condition, const char *what, guint client)
{
  if (!condition)
    g_printerr ("client %u: expected %s\n", client, what);
  return condition;
}

static gboolean
check_client (const McuRunResult *result, const McuLoadOptions *options, guint i)
{
  const McuClientStats *stats = &result->stats[i];
  gboolean ok = hold (stats->undecryptable == 0, "only packets that decrypt", i);

  if (!result->is_receiver[i])
    return ok;
  ok &= hold (result->join_ms[i] >= 0, "a key frame", i);
  ok &= hold (stats->frames > 0, "complete frames", i);
  ok &= hold (stats->audio_packets > 0, "sound", i);
  ok &= hold (stats->twcc_sent > 0, "packets with transport-wide numbers", i);
  if (options->drop <= 0.05)
    ok &= hold (stats->skipped == 0, "no frame lost for good", i);
  return ok;
}

/* Of all together: in a few seconds one receiver may well have lost nothing. */
static gboolean
check_losses (const McuRunResult *result)
{
  guint64 nacked = 0, recovered = 0;

  for (guint i = 0; i < result->n; i++) {
    nacked += result->stats[i].nacked;
    recovered += result->stats[i].recovered;
  }
  return hold (nacked > 0 && recovered > 0, "lost packets that came again", 0);
}

gboolean
mcu_report_check (const McuRunResult *result, const McuLoadOptions *options)
{
  gboolean ok = result->failures->len == 0;

  for (guint i = 0; i < result->failures->len; i++)
    g_printerr ("%s\n", (char *) result->failures->pdata[i]);
  for (guint i = 0; i < result->n; i++)
    ok &= check_client (result, options, i);
  if (options->drop > 0 && options->drop <= 0.05)
    ok &= check_losses (result);
  if (result->layout_ms != NULL)
    ok &= hold (result->layout_ms->len > 0, "layouts that were seen", 0);
  if (result->probe != NULL) {
    ok &= hold (result->probe->video_ms->len > 0, "readable time codes", 0);
    ok &= hold (result->probe->n_undecodable == 0, "frames that decode", 0);
    if (options->n_clients > 1 || options->is_direct)
      ok &= hold (result->probe->audio_ms->len > 0, "ticks in the sound", 0);
  }
  return ok;
}
