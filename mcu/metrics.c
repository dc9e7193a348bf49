/* mcu/metrics.c - what is counted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/metrics.h"

#include <string.h>

#include "mcu/base/json-check.h"

/* Reasons come from room processes, which are not trusted: no more series than this of a family. */
#define MAX_SERIES 200

typedef enum
{
  ROOMS,
  PARTICIPANTS,
  MEDIA_CPU,
  CANVAS_FRAMES,
  CANVAS_LATE,
  DECODED,
  ENCODED,
  KEYFRAMES,
  ENCODERS,
  DECODERS,
  CONCEALED,
  LOST,
  GUARD,
  JOINS,
  RESTARTS,
  LOAD,
  STREAMS,
  INPUTS,
  RECORDINGS,
  RECORDINGS_FREE,
  RECORDINGS_FULL,
  RECORDINGS_BROKEN,
  N_FAMILIES
} Family;

static const struct
{
  const char *name;
  McuMetricType type;
  const char *help;
} families[N_FAMILIES] = {
    [ROOMS] = {"tessera_rooms", MCU_METRIC_GAUGE, "Rooms that exist."},
    [PARTICIPANTS] = {"tessera_participants", MCU_METRIC_GAUGE, "People in rooms."},
    [MEDIA_CPU] = {"tessera_media_cpu_seconds_total", MCU_METRIC_COUNTER,
                   "CPU time of room processes."},
    [CANVAS_FRAMES] = {"tessera_canvas_frames_total", MCU_METRIC_COUNTER, "Pictures composed."},
    [CANVAS_LATE] = {"tessera_canvas_late_frames_total", MCU_METRIC_COUNTER,
                     "Pictures composed too late."},
    [DECODED] = {"tessera_decoded_frames_total", MCU_METRIC_COUNTER, "Frames decoded."},
    [ENCODED] = {"tessera_encoded_frames_total", MCU_METRIC_COUNTER, "Frames encoded."},
    [KEYFRAMES] = {"tessera_keyframes_total", MCU_METRIC_COUNTER, "Keyframes made."},
    [ENCODERS] = {"tessera_encoders", MCU_METRIC_GAUGE, "Encoders that run."},
    [DECODERS] = {"tessera_decoders", MCU_METRIC_GAUGE, "Decoders that run."},
    [CONCEALED] = {"tessera_audio_concealed_seconds_total", MCU_METRIC_COUNTER,
                   "Sound that was made up for what did not arrive."},
    [LOST] = {"tessera_packets_lost_total", MCU_METRIC_COUNTER, "Packets lost."},
    [GUARD] = {"tessera_guard_dropped_total", MCU_METRIC_COUNTER,
               "What was dropped before it reached a decoder."},
    [JOINS] = {"tessera_joins_total", MCU_METRIC_COUNTER, "Joins and offers, by how they ended."},
    [RESTARTS] = {"tessera_room_restarts_total", MCU_METRIC_COUNTER,
                  "Room processes that ended and should not have."},
    [LOAD] = {"tessera_load_ratio", MCU_METRIC_GAUGE,
              "Largest share of its frame time that a room uses, or share of the machine's cores "
              "that all "
              "use, whichever is more."},
    [STREAMS] = {"tessera_streams", MCU_METRIC_GAUGE, "Live outputs, by what they are at."},
    [INPUTS] = {"tessera_inputs", MCU_METRIC_GAUGE, "Inputs, by what they are at."},
    [RECORDINGS] = {"tessera_recordings", MCU_METRIC_GAUGE, "Recordings, by what they are at."},
    [RECORDINGS_FREE] = {"tessera_recordings_free_bytes", MCU_METRIC_GAUGE,
                         "Free on the recordings' disk."},
    [RECORDINGS_FULL] = {"tessera_recordings_disk_full", MCU_METRIC_GAUGE,
                         "1: no room for recordings beside the reserve, or one has ended for it."},
    [RECORDINGS_BROKEN] = {"tessera_recordings_unusable", MCU_METRIC_GAUGE,
                           "1: the recordings' directory or their index cannot be used."},
};

/* Upper bounds, ms. */
static const guint join_bounds[] = {50, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000};
static const guint latency_bounds[] = {5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 500};

typedef struct
{
  const char *name;
  const char *help;
  const guint *bounds_ms;
  guint n_bounds;
  double counts[16]; /* cumulative */
  double sum_ms;
  double count;
} Histogram;

struct _McuMetrics
{
  GHashTable *series[N_FAMILIES]; /* labels -> double, owned */
  Histogram join;
  Histogram latency;
};

static GHashTable *
new_series (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

McuMetrics *
mcu_metrics_new (void)
{
  McuMetrics *self = g_new0 (McuMetrics, 1);

  for (Family f = 0; f < N_FAMILIES; f++)
    self->series[f] = new_series ();
  self->join = (Histogram){.name = "tessera_join_seconds",
                           .help = "From an offer to its first mixed frame.",
                           .bounds_ms = join_bounds,
                           .n_bounds = G_N_ELEMENTS (join_bounds)};
  self->latency = (Histogram){
      .name = "tessera_mix_latency_seconds",
      .help = "From a frame's last packet to the mixed frame that shows it.",
      .bounds_ms = latency_bounds,
      .n_bounds = G_N_ELEMENTS (latency_bounds)};
  return self;
}

void
mcu_metrics_free (McuMetrics *self)
{
  if (self == NULL)
    return;
  for (Family f = 0; f < N_FAMILIES; f++)
    g_hash_table_unref (self->series[f]);
  g_free (self);
}

static double *
get_series (McuMetrics *self, Family family, const char *labels)
{
  GHashTable *series = self->series[family];
  double *value = g_hash_table_lookup (series, labels);

  if (value == NULL && labels[0] != '\0' && g_hash_table_size (series) >= MAX_SERIES)
    return get_series (self, family, "");
  if (value == NULL) {
    value = g_new0 (double, 1);
    g_hash_table_insert (series, g_strdup (labels), value);
  }
  return value;
}

static Family
find_family (const char *name)
{
  for (Family f = 0; f < N_FAMILIES; f++)
    if (g_str_equal (families[f].name, name))
      return f;
  g_assert_not_reached ();
}

void
mcu_metrics_count (McuMetrics *self, const char *name, const char *labels, double value)
{
  *get_series (self, find_family (name), labels) += value;
}

void
mcu_metrics_set (McuMetrics *self, const char *name, const char *labels, double value)
{
  *get_series (self, find_family (name), labels) = value;
}

void
mcu_metrics_join_ms (McuMetrics *self, guint join_ms)
{
  Histogram *join = &self->join;

  for (guint i = 0; i < join->n_bounds; i++)
    join->counts[i] += join_ms <= join->bounds_ms[i];
  join->sum_ms += join_ms;
  join->count += 1;
}

static double
number (JsonObject *object, const char *name)
{
  return MAX (0, mcu_json_int (object, name, 0));
}

static gboolean
is_plain_word (const char *text)
{
  gsize n = 0;

  for (; text != NULL && text[n] != '\0'; n++)
    if (n >= 32 || !(g_ascii_isalnum (text[n]) || text[n] == '_' || text[n] == '-'))
      return FALSE;
  return n > 0;
}

static void
add_labelled (McuMetrics *self, Family family, const char *label, JsonObject *counts)
{
  g_autoptr (GList) names = counts != NULL ? json_object_get_members (counts) : NULL;

  for (GList *link = names; link != NULL; link = link->next) {
    g_autofree char *labels = NULL;

    if (!is_plain_word (link->data))
      continue;
    labels = g_strdup_printf ("%s=\"%s\"", label, (const char *) link->data);
    *get_series (self, family, labels) += number (counts, link->data);
  }
}

static void
add_encoder (McuMetrics *self, JsonObject *encoder, gboolean is_running)
{
  const char *codec = mcu_json_string (encoder, "codec");
  g_autofree char *rung = NULL;
  g_autofree char *labels = NULL;
  g_autofree char *gauge = NULL;

  if (!is_plain_word (codec))
    return;
  rung = g_strdup_printf ("%dp", (int) CLAMP (mcu_json_int (encoder, "height", 0), 0, 9999));
  labels = g_strdup_printf ("codec=\"%s\",rung=\"%s\"", codec, rung);
  gauge = g_strdup_printf ("codec=\"%s\"", codec);
  *get_series (self, ENCODED, labels) += number (encoder, "frames");
  if (is_running)
    *get_series (self, ENCODERS, gauge) += 1;
  add_labelled (self, KEYFRAMES, "reason", mcu_json_object (encoder, "keyframes"));
}

/* Buckets whose bounds are not ours go into the next larger of ours. */
static void
add_latency (McuMetrics *self, JsonObject *report)
{
  Histogram *latency = &self->latency;

  if (report == NULL)
    return;
  for (guint i = 0; i < latency->n_bounds; i++) {
    g_autoptr (GList) names = json_object_get_members (report);
    double most = 0;

    for (GList *link = names; link != NULL; link = link->next) {
      guint64 bound;
      if (g_ascii_string_to_unsigned (link->data, 10, 0, latency->bounds_ms[i], &bound, NULL))
        most = MAX (most, number (report, link->data));
    }
    latency->counts[i] += most;
  }
  latency->sum_ms += number (report, "sum");
  latency->count += number (report, "count");
}

static void
add_lost (McuMetrics *self, JsonArray *peers)
{
  double lost = 0;

  for (guint i = 0; peers != NULL && i < json_array_get_length (peers); i++) {
    JsonObject *peer = mcu_json_array_object (peers, i);
    JsonObject *audio = peer != NULL ? mcu_json_object (peer, "audio") : NULL;
    JsonObject *video = peer != NULL ? mcu_json_object (peer, "video") : NULL;

    lost += (audio != NULL ? number (audio, "lost") : 0) +
            (video != NULL ? number (video, "lost") : 0);
  }
  *get_series (self, LOST, "direction=\"in\"") += lost;
}

static void
add_encoders (McuMetrics *self, JsonArray *encoders, gboolean are_running)
{
  for (guint i = 0; encoders != NULL && i < json_array_get_length (encoders); i++) {
    JsonObject *encoder = mcu_json_array_object (encoders, i);
    if (encoder != NULL)
      add_encoder (self, encoder, are_running);
  }
}

void
mcu_metrics_add_report (McuMetrics *self, JsonObject *stats)
{
  *get_series (self, CANVAS_FRAMES, "") += number (stats, "frames");
  *get_series (self, CANVAS_LATE, "") += number (stats, "late_frames");
  *get_series (self, DECODED, "") += number (stats, "decoded_frames");
  *get_series (self, DECODERS, "") += number (stats, "decoders");
  *get_series (self, CONCEALED, "") += number (stats, "concealed_ms") / 1000;
  add_labelled (self, GUARD, "reason", mcu_json_object (stats, "guard"));
  add_encoders (self, mcu_json_array (stats, "encoders"), TRUE);
  add_encoders (self, mcu_json_array (stats, "ended"), FALSE);
  add_latency (self, mcu_json_object (stats, "mix_latency_ms"));
  add_lost (self, mcu_json_array (stats, "peers"));
  /* A process that has ended decodes and encodes no more; the living are added to a copy. */
}

McuMetrics *
mcu_metrics_copy (McuMetrics *self)
{
  McuMetrics *copy = mcu_metrics_new ();

  copy->join = self->join;
  copy->latency = self->latency;
  for (Family f = 0; f < N_FAMILIES; f++) {
    GHashTableIter iter;
    gpointer labels, value;

    if (families[f].type == MCU_METRIC_GAUGE)
      continue; /* of the dead */
    g_hash_table_iter_init (&iter, self->series[f]);
    while (g_hash_table_iter_next (&iter, &labels, &value))
      *get_series (copy, f, labels) = *(double *) value;
  }
  return copy;
}

static void
visit_histogram (const Histogram *histogram, McuMetricFunc func, gpointer user_data)
{
  char labels[64];

  for (guint i = 0; i < histogram->n_bounds; i++) {
    g_snprintf (labels, sizeof labels, "le=\"%g\"", histogram->bounds_ms[i] / 1000.0);
    func (histogram->name, MCU_METRIC_HISTOGRAM, histogram->help, "_bucket", labels,
          histogram->counts[i], user_data);
  }
  func (histogram->name, MCU_METRIC_HISTOGRAM, histogram->help, "_bucket", "le=\"+Inf\"",
        histogram->count, user_data);
  func (histogram->name, MCU_METRIC_HISTOGRAM, histogram->help, "_sum", "",
        histogram->sum_ms / 1000, user_data);
  func (histogram->name, MCU_METRIC_HISTOGRAM, histogram->help, "_count", "", histogram->count,
        user_data);
}

void
mcu_metrics_visit (McuMetrics *self, McuMetricFunc func, gpointer user_data)
{
  for (Family f = 0; f < N_FAMILIES; f++) {
    g_autoptr (GList) labels = g_hash_table_get_keys (self->series[f]);

    labels = g_list_sort (labels, (GCompareFunc) strcmp);
    for (GList *link = labels; link != NULL; link = link->next)
      func (families[f].name, families[f].type, families[f].help, "", link->data,
            *(double *) g_hash_table_lookup (self->series[f], link->data), user_data);
  }
  visit_histogram (&self->join, func, user_data);
  visit_histogram (&self->latency, func, user_data);
}
