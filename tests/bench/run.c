/* tests/bench/run.c - see run.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/run.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/clock.h"
#include "tests/bench/door.h"
#include "tests/bench/layout-changes.h"
#include "tests/bench/loop.h"

#define STEP_MS 5
#define JOIN_TIMEOUT_NS (10 * MCU_LOAD_S)
/* Long enough that who watches us can look at the server before everybody is gone. */
#define AFTER_NS (MCU_LOAD_S / 2)
#define LEAVE_NS (MCU_LOAD_S / 2)
#define MAX_FAILURES 50
#define DECRYPT_ONE_IN 10

typedef enum
{
  STATE_JOINING,
  STATE_WARMING,
  STATE_MEASURING,
  STATE_AFTER,
  STATE_LEAVING
} State;

struct _McuRun
{
  const McuLoadOptions *options; /* unowned */
  McuRunFunc func;
  gpointer user_data;
  McuMaterial *video, *tick, *talk, *quiet; /* owned */
  McuLoop *loop;                            /* owned */
  GMainLoop *main_loop;                     /* owned */
  SoupSession *session;                     /* owned (nullable) */
  McuProbe *probe;                          /* owned (nullable) */
  McuClient *watcher;                       /* unowned (nullable): who has the probe */
  McuLayoutChanges *changes;                /* owned (nullable) */

  guint n;
  McuClient **clients; /* [n] owned */
  McuDoor **doors;     /* [n] owned (nullable) */
  guint n_joined;

  State state;
  gint64 state_ns;
  double cpu_before_s, probe_cpu_before_s;
  McuClientStats *before; /* [n] */
  McuRunResult result;
};

static void
add_failure (McuRun *self, guint index, const char *why)
{
  if (self->result.failures->len < MAX_FAILURES)
    g_ptr_array_add (self->result.failures, g_strdup_printf ("client %u: %s", index, why));
}

static void
on_offered (McuClient *client, gpointer user_data)
{
  McuRun *self = user_data;

  mcu_loop_add (self->loop, client);
}

static void
on_failed (McuClient *client, const char *why, gpointer user_data)
{
  McuRun *self = user_data;

  if (self->state != STATE_LEAVING)
    add_failure (self, mcu_client_index (client), why);
}

static int
number_in (JsonObject *object, const char *member)
{
  return (int) json_object_get_int_member_with_default (object, member, 0);
}

static gboolean
is_sources_tile (McuRun *self, JsonObject *tile)
{
  const char *source = self->doors[0] != NULL ? mcu_door_participant (self->doors[0]) : NULL;

  return source != NULL &&
         strcmp (json_object_get_string_member_with_default (tile, "participant", ""), source) ==
             0 &&
         strcmp (json_object_get_string_member_with_default (tile, "stream", "camera"), "camera") ==
             0;
}

static gboolean
is_viewer (McuRun *self, guint index)
{
  return index >= (guint) self->options->n_clients && !self->options->is_direct;
}

static McuLoadDirection
direction_of (McuRun *self, guint index)
{
  if (is_viewer (self, index))
    return MCU_LOAD_RECVONLY;
  return self->options->over_http && !self->options->is_sendrecv ? MCU_LOAD_SENDONLY
                                                                 : MCU_LOAD_SENDRECV;
}

/* Who watches: somebody else than the source, for nobody hears themselves. */
static guint
watcher_index (McuRun *self)
{
  if (self->options->is_direct)
    return (guint) self->options->n_clients;
  for (guint i = 1; i < self->n; i++)
    if (direction_of (self, i) != MCU_LOAD_SENDONLY)
      return i;
  return 0;
}

static void
on_layout (McuClient *client, JsonObject *layout, gpointer user_data)
{
  McuRun *self = user_data;
  JsonNode *canvas = json_object_get_member (layout, "canvas");
  JsonNode *tiles = json_object_get_member (layout, "tiles");

  if (self->changes != NULL && client == self->clients[watcher_index (self)])
    mcu_layout_changes_told (self->changes, layout);
  if (client != self->watcher || canvas == NULL || tiles == NULL ||
      !JSON_NODE_HOLDS_OBJECT (canvas) || !JSON_NODE_HOLDS_ARRAY (tiles))
    return;
  JsonArray *list = json_node_get_array (tiles);
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *tile = json_array_get_object_element (list, i);
    McuLoadRect rect = {number_in (tile, "x"), number_in (tile, "y"), number_in (tile, "width"),
                        number_in (tile, "height")};

    if (is_sources_tile (self, tile))
      mcu_probe_set_tile (self->probe, &rect, number_in (json_node_get_object (canvas), "width"),
                          number_in (json_node_get_object (canvas), "height"));
  }
}

static const McuMaterial *
sound_of (McuRun *self, guint index)
{
  if (index == 0 && !self->options->is_unmarked)
    return self->tick;
  return self->options->n_talkers < 0 || index < (guint) self->options->n_talkers ? self->talk
                                                                                  : self->quiet;
}

/* Cameras are not in step: the golden ratio spreads any number of them evenly. */
static McuClient *
new_client (McuRun *self, guint index)
{
  double phase = 0.618034 * index;
  gboolean sends = direction_of (self, index) != MCU_LOAD_RECVONLY;
  McuClientConfig config = {.index = index,
                            .direction = direction_of (self, index),
                            .kind = self->options->kind,
                            .video = sends && !self->options->cameras_off ? self->video : NULL,
                            .audio = sends ? sound_of (self, index) : NULL,
                            .phase = phase - (int) phase,
                            .sweeps = index == 0 && !self->options->is_in_step,
                            .keeps_step = self->options->is_in_step,
                            .drop = self->options->drop,
                            .decrypts = index % DECRYPT_ONE_IN == 1};

  return mcu_client_new (&config);
}

static void
make_clients (McuRun *self)
{
  for (guint i = 0; i < self->n; i++) {
    self->clients[i] = new_client (self, i);
    self->result.is_receiver[i] = direction_of (self, i) != MCU_LOAD_SENDONLY;
  }
  if (!self->options->has_probe || self->options->n_clients == 0)
    return;
  self->probe = mcu_probe_new (self->options->kind, mcu_client_sender (self->clients[0]));
  self->watcher = self->clients[watcher_index (self)];
  mcu_client_attach_probe (self->watcher, self->probe);
}

static void
join_directly (McuRun *self, guint index)
{
  McuClient *a = self->clients[index], *b = self->clients[self->options->n_clients + (int) index];
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = mcu_client_offer (a, &error);
  g_autofree char *answer = offer != NULL ? mcu_client_answer (b, offer, &error) : NULL;

  if (answer == NULL || !mcu_client_take_answer (a, answer, &error)) {
    add_failure (self, index, error->message);
    return;
  }
  mcu_loop_add (self->loop, a);
  mcu_loop_add (self->loop, b);
}

static void
join_next (McuRun *self)
{
  static const McuDoorEvents events = {on_offered, on_failed, on_layout};
  guint index = self->n_joined++;
  McuDoorWay way = {.session = self->session,
                    .server = self->options->server,
                    .room = self->options->room,
                    .token = self->options->token,
                    .over_http = self->options->over_http,
                    .is_viewer = is_viewer (self, index),
                    .events = &events,
                    .user_data = self};

  if (self->options->is_direct)
    join_directly (self, index);
  else
    self->doors[index] = mcu_door_enter (&way, self->clients[index]);
}

static double
process_cpu_s (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
begin_measuring (McuRun *self, gint64 now_ns)
{
  for (guint i = 0; i < self->n; i++) {
    mcu_client_begin (self->clients[i], now_ns);
    mcu_client_stats (self->clients[i], &self->before[i]);
  }
  self->cpu_before_s = process_cpu_s ();
  if (self->probe != NULL) {
    mcu_probe_begin (self->probe);
    self->probe_cpu_before_s = mcu_probe_cpu_s (self->probe);
  }
  self->func (NULL, self->user_data);
}

#define SUBTRACT(member) stats->member -= before->member

static void
take_difference (McuClientStats *stats, const McuClientStats *before)
{
  SUBTRACT (frames);
  SUBTRACT (packets);
  SUBTRACT (bytes);
  SUBTRACT (skipped);
  SUBTRACT (recovered);
  SUBTRACT (audio_packets);
  SUBTRACT (audio_lost);
  SUBTRACT (undecryptable);
  SUBTRACT (keys_asked);
  SUBTRACT (nacked);
  SUBTRACT (twcc_sent);
  SUBTRACT (twcc_received);
  SUBTRACT (frames_sent);
  SUBTRACT (packets_sent);
  SUBTRACT (keys_sent);
  SUBTRACT (resent);
}

static void
end_measuring (McuRun *self, gint64 now_ns)
{
  McuRunResult *result = &self->result;

  result->seconds = (double) (now_ns - self->state_ns) / MCU_LOAD_S;
  result->cpu_s = process_cpu_s () - self->cpu_before_s;
  for (guint i = 0; i < self->n; i++) {
    mcu_client_stats (self->clients[i], &result->stats[i]);
    take_difference (&result->stats[i], &self->before[i]);
    result->join_ms[i] = mcu_client_join_ms (self->clients[i]);
  }
  if (self->probe != NULL) {
    result->probe_cpu_s = mcu_probe_cpu_s (self->probe) - self->probe_cpu_before_s;
    mcu_client_attach_probe (self->watcher, NULL);
    result->probe = mcu_probe_finish (self->probe);
  }
  if (self->changes != NULL)
    result->layout_ms = mcu_layout_changes_get_ms (self->changes);
  self->func (result, self->user_data);
}

static gboolean
has_last_joined (McuRun *self, gint64 now_ns)
{
  guint last = self->n_joined - 1;

  if (now_ns - self->state_ns > JOIN_TIMEOUT_NS) {
    add_failure (self, last,
                 mcu_client_is_connected (self->clients[last]) ? "no picture in 10 s"
                                                               : "not connected in 10 s");
    return TRUE;
  }
  return mcu_client_is_live (self->clients[last]) &&
         (!self->options->is_direct ||
          mcu_client_is_live (self->clients[self->options->n_clients + (int) last]));
}

static void
enter_state (McuRun *self, State state, gint64 now_ns)
{
  self->state = state;
  self->state_ns = now_ns;
}

static void
leave (McuRun *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->doors[i] != NULL)
      mcu_door_leave (self->doors[i]);
}

static void
step_joining (McuRun *self, gint64 now_ns)
{
  guint n = self->options->is_direct ? (guint) self->options->n_clients : self->n;

  if (self->n_joined > 0 && !has_last_joined (self, now_ns))
    return;
  enter_state (self, self->n_joined < n ? STATE_JOINING : STATE_WARMING, now_ns);
  if (self->n_joined < n)
    join_next (self);
}

static gboolean
on_step (gpointer user_data)
{
  McuRun *self = user_data;
  gint64 now_ns = mcu_load_now_ns ();
  double spent_s = (double) (now_ns - self->state_ns) / MCU_LOAD_S;

  if (self->state == STATE_JOINING) {
    step_joining (self, now_ns);
  } else if (self->state == STATE_WARMING && spent_s >= self->options->warmup_s) {
    begin_measuring (self, now_ns);
    enter_state (self, STATE_MEASURING, now_ns);
  } else if (self->state == STATE_MEASURING && self->changes != NULL &&
             spent_s < self->options->seconds) {
    mcu_layout_changes_step (self->changes, self->clients[watcher_index (self)], now_ns);
  } else if (self->state == STATE_MEASURING && spent_s >= self->options->seconds) {
    end_measuring (self, now_ns);
    enter_state (self, STATE_AFTER, now_ns);
  } else if (self->state == STATE_AFTER && now_ns - self->state_ns >= AFTER_NS) {
    leave (self);
    enter_state (self, STATE_LEAVING, now_ns);
  } else if (self->state == STATE_LEAVING && now_ns - self->state_ns >= LEAVE_NS) {
    g_main_loop_quit (self->main_loop);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
make_material (const char *directory, GError **error)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", error);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *program = folder != NULL
                                 ? g_build_filename (folder, "tessera-load-material", NULL)
                                 : NULL;
  const char *argv[] = {program, directory, NULL};
  int status;

  return program != NULL &&
         g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                       NULL, &status, error) &&
         g_spawn_check_wait_status (status, error);
}

static const char *
camera_of (const McuLoadOptions *options)
{
  if (options->is_unmarked)
    return options->kind == MCU_MATERIAL_VP8 ? "other-vp8" : "other-h264";
  return options->kind == MCU_MATERIAL_VP8 ? "camera-vp8" : "camera-h264";
}

static gboolean
load_material (McuRun *self, GError **error)
{
  const char *directory = self->options->material;

  return make_material (directory, error) &&
         (self->video = mcu_material_load (directory, camera_of (self->options), error)) != NULL &&
         (self->tick = mcu_material_load (directory, "tick", error)) != NULL &&
         (self->talk = mcu_material_load (directory, "talk", error)) != NULL &&
         (self->quiet = mcu_material_load (directory, "quiet", error)) != NULL;
}

McuRun *
mcu_run_new (const McuLoadOptions *options, McuRunFunc func, gpointer user_data, GError **error)
{
  McuRun *self = g_new0 (McuRun, 1);

  self->options = options;
  self->func = func;
  self->user_data = user_data;
  self->n = (guint) (options->n_clients +
                     (options->is_direct ? options->n_clients : options->n_viewers));
  self->result.n = self->n;
  self->clients = g_new0 (McuClient *, self->n);
  self->doors = g_new0 (McuDoor *, self->n);
  self->before = g_new0 (McuClientStats, self->n);
  self->result.stats = g_new0 (McuClientStats, self->n);
  self->result.is_receiver = g_new0 (gboolean, self->n);
  self->result.join_ms = g_new0 (double, self->n);
  self->result.failures = g_ptr_array_new_with_free_func (g_free);
  self->main_loop = g_main_loop_new (NULL, FALSE);
  self->session = soup_session_new_with_options ("max-conns", 256, "max-conns-per-host", 256, NULL);
  if (load_material (self, error) && (self->loop = mcu_loop_new (error)) != NULL) {
    make_clients (self);
    if (options->changes_layouts)
      self->changes = mcu_layout_changes_new (self->session, options->server, options->room,
                                              options->token);
    return self;
  }
  mcu_run_free (self);
  return NULL;
}

void
mcu_run_run (McuRun *self)
{
  guint source = g_timeout_add (STEP_MS, on_step, self);

  g_main_loop_run (self->main_loop);
  g_source_remove (source);
}

void
mcu_run_free (McuRun *self)
{
  g_clear_pointer (&self->loop, mcu_loop_free);
  g_clear_pointer (&self->probe, mcu_probe_free);
  for (guint i = 0; i < self->n; i++) {
    g_clear_pointer (&self->doors[i], mcu_door_free);
    g_clear_pointer (&self->clients[i], mcu_client_free);
  }
  g_clear_pointer (&self->changes, mcu_layout_changes_free);
  g_clear_object (&self->session);
  g_clear_pointer (&self->main_loop, g_main_loop_unref);
  g_clear_pointer (&self->video, mcu_material_free);
  g_clear_pointer (&self->tick, mcu_material_free);
  g_clear_pointer (&self->talk, mcu_material_free);
  g_clear_pointer (&self->quiet, mcu_material_free);
  g_ptr_array_unref (self->result.failures);
  g_free (self->result.stats);
  g_free (self->result.is_receiver);
  g_free (self->result.join_ms);
  g_free (self->before);
  g_free (self->clients);
  g_free (self->doors);
  g_free (self);
}
