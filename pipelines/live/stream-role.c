/* pipelines/live/stream-role.c - the program as a live output: one connection, one process.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/stream-role.h"

#include <sys/socket.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/hop.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "mcu/base/log.h"
#include "pipelines/live/egress.h"
#include "pipelines/live/publisher.h"
#include "pipelines/live/side.h"
#include "pipelines/process/plugins.h"

/* To connect, with a slow server's handshake; then without anything going out. */
#define CONNECT_WITHIN_US 15000000
#define STALLED_AFTER_US 10000000
#define LOOK_INTERVAL_MS 1000
/* Nobody pings a process that is ending. */
#define END_WITHIN_S 4
/* The first thing that comes to a sink is on its way; the next ones tell that it was taken. */
#define SENT_IS_LIVE 3
/* A playlist is of use with so many pieces (mcu/hls.h). */
#define SEGMENTS_ARE_LIVE 3

static const char *const rtmp_plugins[] = {"coreelements", "app", "videoparsersbad", "voaacenc",
                                           "audioparsers", "flv", "rtmp2",           NULL};
static const char *const srt_plugins[] = {
    "coreelements", "app", "videoparsersbad", "voaacenc", "audioparsers", "mpegtsmux", "srt", NULL};
static const char *const hls_plugins[] = {
    "coreelements", "app", "videoparsersbad", "voaacenc", "audioparsers", "mpegtsmux", NULL};

static const struct
{
  const char *name;
  McuPublishKind kind;
  const char *const *plugins;
} kinds[] = {
    {"rtmp", MCU_PUBLISH_RTMP, rtmp_plugins},
    {"srt", MCU_PUBLISH_SRT, srt_plugins},
    {"hls", MCU_PUBLISH_HLS, hls_plugins},
};

typedef struct _Feed Feed;

typedef struct
{
  /* Main loop only. */
  McuSide *side;           /* owned */
  McuPublisher *publisher; /* owned (nullable) */
  McuPublisherSettings settings;
  McuLiveUrl *url; /* owned (nullable) */
  Feed *feed;      /* owned (nullable) */
  int waiting_fd;  /* of a feed that came before there was a publisher; -1: none */
  gboolean is_live;
  gboolean has_failed;
  guint n_segments;
  guint look; /* source id */

  McuHop *hop; /* owned; any thread */

  /* The feeding and the pipeline's threads write, the main loop reads: atomic. */
  gint n_sent;                        /* up to SENT_IS_LIVE */
  gint sent;                          /* something since the last look */
  gint is_fed;                        /* pictures came since the last look */
  gint64 fed_since_us, idle_since_us; /* main loop only */
} Role;

/** One room process's pictures and sound. */
struct _Feed
{
  Role *role;
  int fd;          /* owned */
  Feed *before;    /* owned (nullable): taken by the thread, which waits for its end */
  GThread *thread; /* owned */
};

static void
fail (Role *self, const GError *error, gboolean is_final)
{
  if (self->has_failed)
    return;
  self->has_failed = TRUE;
  mcu_side_tell (self->side, "failed", error, is_final);
}

/* ---- feeds ---- */

static void
free_feed (Feed *feed)
{
  shutdown (feed->fd, SHUT_RDWR);
  g_thread_join (feed->thread);
  close (feed->fd);
  g_free (feed);
}

/* Thread: the feed's. */
static gpointer
run_feed (gpointer data)
{
  Feed *feed = data;
  McuPublisher *publisher = feed->role->publisher;
  McuExchangeFrame frame;
  guint8 *payload;

  g_clear_pointer (&feed->before, free_feed);
  mcu_publisher_begin_feed (publisher);
  while (mcu_exchange_read (feed->fd, &frame, &payload)) {
    if (frame.kind == MCU_EXCHANGE_VIDEO)
      g_atomic_int_set (&feed->role->is_fed, 1);
    mcu_publisher_take (publisher, &frame, payload);
  }
  return NULL;
}

static void
start_feed (Role *self, int fd)
{
  Feed *feed = g_new0 (Feed, 1);

  feed->role = self;
  feed->fd = fd;
  feed->before = g_steal_pointer (&self->feed);
  if (feed->before != NULL)
    shutdown (feed->before->fd, SHUT_RDWR);
  feed->thread = g_thread_new ("feed", run_feed, feed);
  self->feed = feed;
}

static void
take_feed (Role *self, int fd)
{
  if (fd < 0)
    return;
  if (self->publisher != NULL) {
    start_feed (self, fd);
    return;
  }
  if (self->waiting_fd >= 0)
    close (self->waiting_fd);
  self->waiting_fd = fd;
}

/* ---- what the publisher says ---- */

static void
handle_failed (gpointer owner, gpointer data)
{
  fail (owner, data, FALSE);
}

static void
handle_live (gpointer owner, gpointer data)
{
  Role *self = owner;

  if (self->is_live || self->has_failed)
    return;
  self->is_live = TRUE;
  mcu_side_tell (self->side, "live", NULL, FALSE);
}

typedef struct
{
  int fd;
  guint duration_ms;
} Segment;

static void
free_segment (gpointer data)
{
  Segment *segment = data;

  if (segment->fd >= 0)
    close (segment->fd);
  g_free (segment);
}

static void
handle_segment (gpointer owner, gpointer data)
{
  Role *self = owner;
  Segment *segment = data;
  JsonObject *message = mcu_link_message_new ("stream_segment");
  int fd = segment->fd;

  segment->fd = -1;
  json_object_set_int_member (message, "duration_ms", segment->duration_ms);
  mcu_side_send (self->side, message, fd);
  if (++self->n_segments == SEGMENTS_ARE_LIVE)
    handle_live (self, NULL);
}

/* Thread: the pipeline's. */
static void
on_sent (gpointer user_data)
{
  Role *self = user_data;

  g_atomic_int_set (&self->sent, 1);
  if (g_atomic_int_get (&self->n_sent) < SENT_IS_LIVE &&
      g_atomic_int_add (&self->n_sent, 1) + 1 == SENT_IS_LIVE &&
      self->settings.kind != MCU_PUBLISH_HLS)
    mcu_hop_send (self->hop, handle_live, NULL, NULL);
}

/* Thread: the pipeline's. */
static void
on_segment (gpointer user_data, int memfd, guint duration_ms)
{
  Role *self = user_data;
  Segment *segment = g_new0 (Segment, 1);

  segment->fd = memfd;
  segment->duration_ms = duration_ms;
  mcu_hop_send (self->hop, handle_segment, segment, free_segment);
}

/* Thread: the pipeline's. */
static void
on_failed (gpointer user_data, const GError *error)
{
  Role *self = user_data;

  mcu_hop_send (self->hop, handle_failed, g_error_copy (error), (GDestroyNotify) g_error_free);
}

static const McuPublisherEvents events = {on_sent, on_segment, on_failed};

/* A server that takes the connection and then nothing more would be waited for by nobody. */
static gboolean
on_look (gpointer user_data)
{
  Role *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  gboolean was_fed = g_atomic_int_exchange (&self->is_fed, 0);
  gboolean was_sent = g_atomic_int_exchange (&self->sent, 0);
  g_autoptr (GError) error = NULL;

  if (was_fed && self->fed_since_us == 0)
    self->fed_since_us = now_us;
  if (was_sent || self->fed_since_us == 0 || self->feed == NULL)
    self->idle_since_us = now_us;
  if (!self->is_live && self->fed_since_us != 0 && now_us - self->fed_since_us > CONNECT_WITHIN_US)
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TIMEOUT, "the server does not answer");
  else if (self->is_live && now_us - self->idle_since_us > STALLED_AFTER_US)
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TIMEOUT, "the server takes nothing any more");
  if (error != NULL)
    fail (self, error, FALSE);
  return G_SOURCE_CONTINUE;
}

/* ---- what control says ---- */

static void
publish (Role *self, GInetAddress *address)
{
  g_autoptr (GError) error = NULL;
  int fd = self->waiting_fd;

  self->settings.url = self->url;
  self->settings.address = address;
  self->publisher = mcu_publisher_new (&self->settings, &events, self, &error);
  if (self->publisher == NULL) {
    fail (self, error, FALSE);
    return;
  }
  self->waiting_fd = -1;
  self->look = g_timeout_add (LOOK_INTERVAL_MS, on_look, self);
  take_feed (self, fd);
}

static void
on_resolved (GInetAddress *address, const GError *error, gpointer user_data)
{
  Role *self = user_data;

  if (error != NULL)
    fail (self, error, g_error_matches (error, MCU_ERROR, MCU_ERROR_FORBIDDEN));
  else
    publish (self, address);
}

static const char *const *
read_settings (Role *self, JsonObject *message)
{
  const char *kind = mcu_json_string (message, "kind");
  JsonObject *canvas = mcu_json_object (message, "canvas");

  self->settings.width_px = canvas != NULL ? mcu_json_int (canvas, "width", 0) : 0;
  self->settings.height_px = canvas != NULL ? mcu_json_int (canvas, "height", 0) : 0;
  self->settings.fps = canvas != NULL ? mcu_json_int (canvas, "fps", 0) : 0;
  if (self->settings.width_px == 0 || self->settings.height_px == 0 || self->settings.fps == 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind, kinds[i].name) == 0) {
      self->settings.kind = kinds[i].kind;
      return kinds[i].plugins;
    }
  return NULL;
}

static gboolean
prepare (Role *self, JsonObject *message, GError **error)
{
  const char *const *plugins = read_settings (self, message);

  if (plugins == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "stream_open without its members");
    return FALSE;
  }
  if (self->settings.kind != MCU_PUBLISH_HLS) {
    self->url = mcu_live_url_parse_output (mcu_json_string (message, "url"), error);
    if (self->url == NULL)
      return FALSE;
  }
  if (!mcu_json_bool (message, "allow_private", FALSE))
    mcu_egress_restrict ();
  return mcu_plugins_load (plugins, error);
}

static void
open_stream (Role *self, JsonObject *message)
{
  g_autoptr (GError) error = NULL;

  if (self->publisher != NULL || self->url != NULL)
    return;
  if (!prepare (self, message, &error))
    fail (self, error, TRUE);
  else if (self->url != NULL)
    mcu_egress_resolve (self->url->host, on_resolved, self);
  else
    publish (self, NULL);
}

static void
on_message (McuSide *side, JsonObject *message, gpointer user_data)
{
  Role *self = user_data;
  const char *type = mcu_json_string (message, "type");

  if (g_strcmp0 (type, "stream_open") == 0)
    open_stream (self, message);
  else if (g_strcmp0 (type, "stream_feed") == 0)
    take_feed (self, mcu_side_take_fd (side, message));
}

int
mcu_stream_role_run (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Role self = {.waiting_fd = -1};

  self.hop = mcu_hop_new (NULL, &self);
  self.side = mcu_side_new (loop, on_message, &self);
  g_main_loop_run (loop);
  alarm (END_WITHIN_S); /* SIGALRM ends us */
  g_clear_handle_id (&self.look, g_source_remove);
  if (self.publisher != NULL)
    mcu_publisher_unblock (self.publisher);
  g_clear_pointer (&self.feed, free_feed);
  g_clear_pointer (&self.publisher, mcu_publisher_free);
  mcu_hop_close (self.hop);
  mcu_hop_unref (self.hop);
  mcu_side_free (self.side);
  g_clear_pointer (&self.url, mcu_live_url_free);
  return 0;
}
