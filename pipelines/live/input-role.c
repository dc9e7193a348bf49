/* pipelines/live/input-role.c - the program as an input: one camera or file, one process.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/input-role.h"

#include <sys/socket.h>
#include <unistd.h>

#include <gst/gst.h>

#include "mcu/base/error.h"
#include "mcu/base/hop.h"
#include "mcu/base/json-check.h"
#include "pipelines/live/egress.h"
#include "pipelines/live/fetcher.h"
#include "pipelines/live/side.h"
#include "pipelines/process/plugins.h"

/* To the first frame; then without one. */
#define CONNECT_WITHIN_US 15000000
#define STALLED_AFTER_US 10000000
#define LOOK_INTERVAL_MS 1000
#define END_WITHIN_S 4

/* What every source needs; the rest is loaded when it is known what it is. */
static const char *const plugins[] = {"coreelements", "app", "typefindfunctions",
                                      "rtpmanager",   "rtp", NULL};

typedef struct
{
  /* Main loop only. */
  McuSide *side;       /* owned */
  McuFetcher *fetcher; /* owned (nullable) */
  McuLiveUrl *url;     /* owned (nullable) */
  int file_fd;         /* owned, or -1 */
  gboolean is_loop, gpl_aac;
  gboolean is_live, has_failed;
  guint look, again; /* source ids */
  gint64 opened_us, frame_us;
  guint n_rounds_without; /* rounds of a loop that brought nothing */

  McuHop *hop; /* owned; any thread */

  /* Streaming threads write, the main loop reads: atomic. */
  gint had_frame; /* since the last look */
  gint n_told;    /* 1: `live` is on its way */

  /* Any: hold lock. Held while a frame is written: the room's decoder may be waited for. */
  GMutex lock;
  int feed_fd; /* owned, or -1; only the main loop changes it */
  gboolean is_feed_over;
} Role;

static void
fail (Role *self, const GError *error, gboolean is_final)
{
  if (self->has_failed)
    return;
  self->has_failed = TRUE;
  mcu_side_tell (self->side, "failed", error, is_final);
}

/* ---- what the fetcher says; streaming threads ---- */

static void
handle_live (gpointer owner, gpointer data)
{
  Role *self = owner;

  if (self->is_live || self->has_failed)
    return;
  self->is_live = TRUE;
  mcu_side_tell (self->side, "live", NULL, FALSE);
}

static void
on_frame (gpointer user_data, const McuExchangeFrame *frame, gconstpointer data)
{
  Role *self = user_data;

  g_atomic_int_set (&self->had_frame, 1);
  if (g_atomic_int_compare_and_exchange (&self->n_told, 0, 1))
    mcu_hop_send (self->hop, handle_live, NULL, NULL);
  g_mutex_lock (&self->lock);
  /* When that room process is gone, control brings the next. */
  if (self->feed_fd >= 0 && !self->is_feed_over)
    self->is_feed_over = !mcu_exchange_write (self->feed_fd, frame, data);
  g_mutex_unlock (&self->lock);
}

typedef struct
{
  GError *error;
  gboolean is_final;
} Failure;

static void
free_failure (gpointer data)
{
  Failure *failure = data;

  g_error_free (failure->error);
  g_free (failure);
}

static void
handle_failed (gpointer owner, gpointer data)
{
  Failure *failure = data;

  fail (owner, failure->error, failure->is_final);
}

static void
on_failed (gpointer user_data, const GError *error, gboolean is_final)
{
  Role *self = user_data;
  Failure *failure = g_new0 (Failure, 1);

  failure->error = g_error_copy (error);
  failure->is_final = is_final;
  mcu_hop_send (self->hop, handle_failed, failure, free_failure);
}

static void handle_ended (gpointer owner, gpointer data);

static void
on_ended (gpointer user_data)
{
  Role *self = user_data;

  mcu_hop_send (self->hop, handle_ended, NULL, NULL);
}

static const McuFetcherEvents events = {on_frame, on_ended, on_failed};

/* ---- main loop ---- */

static void
fetch (Role *self)
{
  McuFetcherSettings settings = {self->url, self->file_fd, self->gpl_aac};
  g_autoptr (GError) error = NULL;

  self->fetcher = mcu_fetcher_new (&settings, &events, self, &error);
  if (self->fetcher == NULL)
    fail (self, error, FALSE);
}

/* Whoever waits in a write comes back, so that the pipeline can stop. */
static void
stop_fetching (Role *self, gboolean is_for_good)
{
  if (is_for_good && self->feed_fd >= 0)
    shutdown (self->feed_fd, SHUT_RDWR);
  g_clear_pointer (&self->fetcher, mcu_fetcher_free);
}

static gboolean
is_of_use_again (Role *self)
{
  self->n_rounds_without = g_atomic_int_get (&self->had_frame) ? 0 : self->n_rounds_without + 1;
  return self->is_loop && self->n_rounds_without < 2;
}

/* A stream that ends by itself is a file; a camera that does has lost its connection. */
static void
handle_ended (gpointer owner, gpointer data)
{
  Role *self = owner;
  g_autoptr (GError) error = NULL;

  if (self->has_failed || self->fetcher == NULL)
    return;
  if (self->url->scheme == MCU_LIVE_RTSP || self->url->scheme == MCU_LIVE_RTSPS) {
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_GONE, "the camera has ended it");
    fail (self, error, FALSE);
  } else if (is_of_use_again (self)) {
    stop_fetching (self, FALSE);
    fetch (self);
  } else {
    self->has_failed = TRUE;
    mcu_side_tell (self->side, "ended", NULL, FALSE);
  }
}

static gboolean
on_look (gpointer user_data)
{
  Role *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  if (g_atomic_int_exchange (&self->had_frame, 0))
    self->frame_us = now_us;
  if (self->frame_us == 0 && now_us - self->opened_us > CONNECT_WITHIN_US)
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TIMEOUT, "nothing comes");
  else if (self->frame_us != 0 && now_us - self->frame_us > STALLED_AFTER_US)
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TIMEOUT, "nothing comes any more");
  if (error != NULL)
    fail (self, error, FALSE);
  return G_SOURCE_CONTINUE;
}

static void
on_resolved (GInetAddress *address, const GError *error, gpointer user_data)
{
  Role *self = user_data;

  if (error != NULL)
    fail (self, error, g_error_matches (error, MCU_ERROR, MCU_ERROR_FORBIDDEN));
  else
    fetch (self);
}

static gboolean
prepare (Role *self, JsonObject *message, GError **error)
{
  self->url = mcu_live_url_parse_input (mcu_json_string (message, "url"), error);
  if (self->url == NULL)
    return FALSE;
  self->is_loop = mcu_json_bool (message, "loop", FALSE);
  self->gpl_aac = mcu_json_bool (message, "gpl_aac", FALSE);
  if (!mcu_json_bool (message, "allow_private", FALSE))
    mcu_egress_restrict ();
  return mcu_plugins_load (plugins, error);
}

static void
open_input (Role *self, JsonObject *message)
{
  g_autoptr (GError) error = NULL;

  if (self->url != NULL)
    return;
  self->file_fd = mcu_side_take_fd (self->side, message);
  if (!prepare (self, message, &error)) {
    fail (self, error, TRUE);
    return;
  }
  self->opened_us = g_get_monotonic_time ();
  self->look = g_timeout_add (LOOK_INTERVAL_MS, on_look, self);
  if (self->url->host != NULL)
    mcu_egress_resolve (self->url->host, on_resolved, self);
  else
    fetch (self);
}

static void
take_feed (Role *self, int fd)
{
  if (fd < 0)
    return;
  /* Who writes into the old one and waits is let go first. */
  if (self->feed_fd >= 0)
    shutdown (self->feed_fd, SHUT_RDWR);
  g_mutex_lock (&self->lock);
  if (self->feed_fd >= 0)
    close (self->feed_fd);
  self->feed_fd = fd;
  self->is_feed_over = FALSE;
  g_mutex_unlock (&self->lock);
}

static void
on_message (McuSide *side, JsonObject *message, gpointer user_data)
{
  Role *self = user_data;
  const char *type = mcu_json_string (message, "type");

  if (g_strcmp0 (type, "input_open") == 0)
    open_input (self, message);
  else if (g_strcmp0 (type, "input_feed") == 0)
    take_feed (self, mcu_side_take_fd (side, message));
}

int
mcu_input_role_run (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Role self = {.file_fd = -1, .feed_fd = -1};

  g_mutex_init (&self.lock);
  self.hop = mcu_hop_new (NULL, &self);
  self.side = mcu_side_new (loop, on_message, &self);
  g_main_loop_run (loop);
  alarm (END_WITHIN_S); /* SIGALRM ends us */
  g_clear_handle_id (&self.look, g_source_remove);
  stop_fetching (&self, TRUE);
  mcu_hop_close (self.hop);
  mcu_hop_unref (self.hop);
  mcu_side_free (self.side);
  g_clear_pointer (&self.url, mcu_live_url_free);
  return 0;
}
