/* pipelines/output/view.c - one composed picture of a room, its clock and its rungs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/view.h"

#include <string.h>

/* Frames between composing and sending whose arrival times are kept; an encoder is at most a few
 * frames behind. */
#define N_UNDER_WAY 8
#define N_RUNGS 2 /* one per video codec */

/* What a composed frame shows for the first time. */
typedef struct
{
  guint64 pts_ns;
  guint n;
  gint64 arrival_us[MCU_PLACEMENT_MAX_TILES];
} UnderWay;

struct _McuView
{
  /* Set once in new(), then read by any thread. */
  char *id; /* owned */
  guint fps;
  GstClockTime base_time;
  McuViewPlacedFunc on_placed;
  gpointer user_data;
  McuCanvas *canvas; /* owned */

  /* Main loop only. */
  McuTick *tick;               /* owned (nullable): while there is a rung */
  McuRungStats ended[N_RUNGS]; /* of rungs that are no more */

  /* The ticker's thread only; while there is none, the main loop. */
  gint64 changed_at_us;
  gint64 pushed_at_us;

  /* Main loop writes, the ticker reads; never held while an encoder is made or freed. */
  GMutex lock;
  McuRung *rungs[N_RUNGS]; /* owned (nullable) */
  McuPicture *picture;     /* owned (nullable): the newest composed; the ticker reads it freely */
  guint64 shown_seq;
  guint64 shown_pts_ns;
  McuViewStats stats;
  UnderWay under_way[N_UNDER_WAY];
};

static guint
rung_of (McuCodec codec)
{
  return codec == MCU_CODEC_H264 ? 0 : 1;
}

/* Thread: an encoder's. A frame counts when its first codec is out. */
static void
on_sent (gpointer user_data, guint64 pts_ns)
{
  McuView *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < N_UNDER_WAY; i++) {
    UnderWay *frame = &self->under_way[i];

    if (frame->n == 0 || frame->pts_ns != pts_ns)
      continue;
    for (guint j = 0; j < frame->n; j++)
      if (frame->arrival_us[j] > 0)
        mcu_latency_add (&self->stats.latency, (now_us - frame->arrival_us[j]) / 1000.0);
    frame->n = 0;
  }
  g_mutex_unlock (&self->lock);
}

/* Thread: the ticker's. */
static void
compose (McuView *self, gint64 now_us, guint64 pts_ns, McuComposeInfo *info)
{
  McuPicture *picture = mcu_canvas_new_picture (self->canvas);

  mcu_canvas_compose (self->canvas, now_us, picture, info);

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->picture, mcu_picture_unref);
  self->picture = picture;
  UnderWay *frame = &self->under_way[self->stats.frames % N_UNDER_WAY];
  frame->pts_ns = pts_ns;
  frame->n = info->n_first_shown;
  memcpy (frame->arrival_us, info->arrival_us, info->n_first_shown * sizeof info->arrival_us[0]);
  self->shown_seq = info->seq;
  g_mutex_unlock (&self->lock);
}

/* Returns: a bit for each rung that needs a picture, also of a still canvas. */
static guint
ask_rungs (McuView *self, gint64 now_us, gboolean *has_rung)
{
  guint needing = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < N_RUNGS; i++)
    if (self->rungs[i] != NULL) {
      *has_rung = TRUE;
      if (mcu_rung_needs_picture (self->rungs[i], now_us))
        needing |= 1u << i;
    }
  g_mutex_unlock (&self->lock);
  return needing;
}

static void
push_to_rungs (McuView *self, guint rungs, guint64 pts_ns, gboolean is_late)
{
  g_mutex_lock (&self->lock);
  self->stats.frames++;
  if (is_late)
    self->stats.late_frames++;
  self->shown_pts_ns = pts_ns;
  for (guint i = 0; i < N_RUNGS; i++)
    if (self->rungs[i] != NULL && (rungs & 1u << i) != 0)
      mcu_rung_push (self->rungs[i], self->picture, pts_ns);
  g_mutex_unlock (&self->lock);
}

/* Thread: the ticker's. */
static void
on_tick (gpointer user_data, guint64 tick_index, gint64 scheduled_ns, gint64 now_ns)
{
  McuView *self = user_data;
  gint64 now_us = scheduled_ns / 1000;
  guint64 pts_ns = scheduled_ns - self->base_time;
  gboolean has_rung = FALSE;
  guint needing = ask_rungs (self, now_us, &has_rung);
  gboolean has_news = mcu_canvas_has_news (self->canvas);
  gboolean is_due; /* to all rungs */
  McuComposeInfo info = {0};

  if (!has_rung)
    return;
  if (has_news)
    self->changed_at_us = now_us;
  is_due = now_us - self->changed_at_us < MCU_VIEW_SHARPEN_US ||
           now_us - self->pushed_at_us >= MCU_VIEW_STILL_INTERVAL_US;
  if (!is_due && needing == 0)
    return;

  if (has_news || self->picture == NULL)
    compose (self, now_us, pts_ns, &info);
  push_to_rungs (self, is_due ? ~0u : needing, pts_ns,
                 now_ns - scheduled_ns > G_GINT64_CONSTANT (500000000) / self->fps);
  if (is_due)
    self->pushed_at_us = now_us;
  if (info.placed)
    self->on_placed (self->user_data, self->id, info.seq, pts_ns);
}

McuView *
mcu_view_new (const char *id, int width_px, int height_px, guint fps, GstClockTime base_time,
              McuViewPlacedFunc on_placed, gpointer user_data)
{
  McuView *self = g_new0 (McuView, 1);

  g_mutex_init (&self->lock);
  self->id = g_strdup (id);
  self->fps = fps;
  self->base_time = base_time;
  self->on_placed = on_placed;
  self->user_data = user_data;
  self->canvas = mcu_canvas_new (width_px, height_px);
  return self;
}

void
mcu_view_free (McuView *self)
{
  g_clear_pointer (&self->tick, mcu_tick_free);
  for (guint i = 0; i < N_RUNGS; i++)
    g_clear_pointer (&self->rungs[i], mcu_rung_free);
  g_clear_pointer (&self->picture, mcu_picture_unref);
  g_clear_pointer (&self->canvas, mcu_canvas_unref);
  g_mutex_clear (&self->lock);
  g_free (self->id);
  g_free (self);
}

const char *
mcu_view_get_id (McuView *self)
{
  return self->id;
}

guint
mcu_view_get_fps (McuView *self)
{
  return self->fps;
}

McuCanvas *
mcu_view_get_canvas (McuView *self)
{
  return self->canvas;
}

McuTick *
mcu_view_get_tick (McuView *self)
{
  return self->tick;
}

guint64
mcu_view_get_shown (McuView *self, guint64 *pts_ns)
{
  guint64 seq;

  g_mutex_lock (&self->lock);
  seq = self->shown_seq;
  *pts_ns = self->shown_pts_ns;
  g_mutex_unlock (&self->lock);
  return seq;
}

static gboolean
make_rung (McuView *self, McuCodec codec, guint bitrate_bps, GError **error)
{
  int width_px = mcu_canvas_get_width (self->canvas);
  int height_px = mcu_canvas_get_height (self->canvas);
  McuEncoderSettings settings = {
      .codec = codec,
      .width_px = width_px,
      .height_px = height_px,
      .fps = self->fps,
      .bitrate_bps = bitrate_bps > 0
                         ? bitrate_bps
                         : mcu_encoder_default_bitrate_bps (width_px, height_px, self->fps)};
  McuRung *rung = mcu_rung_new (&settings, self->base_time, on_sent, self, error);

  if (rung == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  self->rungs[rung_of (codec)] = rung;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* All views of a rate tick at the same moments: who moves between them misses no moment. */
static gboolean
start_ticking (McuView *self, GError **error)
{
  guint64 since_ns = g_get_monotonic_time () * GST_USECOND - self->base_time;
  guint64 n = gst_util_uint64_scale (since_ns, self->fps, GST_SECOND) + 1;
  McuTickConfig config = {.name = "canvas",
                          .rate_num = self->fps,
                          .rate_den = 1,
                          .start_ns = self->base_time +
                                      gst_util_uint64_scale (n, GST_SECOND, self->fps),
                          .func = on_tick,
                          .user_data = self};

  self->tick = mcu_tick_new (&config, error);
  return self->tick != NULL;
}

static void
note_end (McuView *self, guint i, McuRung *rung)
{
  McuRungStats stats;

  mcu_rung_get_stats (rung, &stats);
  mcu_rung_stats_add (&self->ended[i], &stats);
}

/* Without anybody nothing ticks. */
static void
drop_rung (McuView *self, guint i)
{
  g_autoptr (McuRung) unused = NULL;

  g_mutex_lock (&self->lock);
  unused = g_steal_pointer (&self->rungs[i]);
  g_mutex_unlock (&self->lock);
  note_end (self, i, unused);
  for (guint other = 0; other < N_RUNGS; other++)
    if (self->rungs[other] != NULL)
      return;
  g_clear_pointer (&self->tick, mcu_tick_free);
}

gboolean
mcu_view_add_receiver (McuView *self, McuCodec codec, McuReceiver *receiver, GError **error)
{
  guint i = rung_of (codec);

  if (self->rungs[i] == NULL &&
      !make_rung (self, codec, mcu_receiver_get_bitrate (receiver), error))
    return FALSE;
  if (self->tick == NULL && !start_ticking (self, error)) {
    drop_rung (self, i);
    return FALSE;
  }
  mcu_rung_add (self->rungs[i], receiver);
  return TRUE;
}

void
mcu_view_remove_receiver (McuView *self, McuCodec codec, McuReceiver *receiver)
{
  guint i = rung_of (codec);
  McuRungStats stats;

  if (self->rungs[i] == NULL)
    return;
  mcu_rung_remove (self->rungs[i], receiver);
  mcu_rung_get_stats (self->rungs[i], &stats);
  if (stats.n_receivers == 0)
    drop_rung (self, i);
}

void
mcu_view_mend (McuView *self)
{
  for (guint i = 0; i < N_RUNGS; i++) {
    g_autoptr (McuRung) broken = NULL;
    g_autoptr (GError) error = NULL;
    McuRung *rung;

    if (self->rungs[i] == NULL || !mcu_rung_has_failed (self->rungs[i]))
      continue;
    rung = mcu_rung_new (mcu_rung_settings (self->rungs[i]), self->base_time, on_sent, self,
                         &error);
    if (rung == NULL) {
      g_warning ("view %s: %s", self->id, error->message);
      continue;
    }
    g_mutex_lock (&self->lock);
    broken = self->rungs[i];
    self->rungs[i] = rung;
    g_mutex_unlock (&self->lock);
    mcu_rung_move_all (broken, rung);
    note_end (self, i, broken);
  }
}

McuPicture *
mcu_view_take_picture (McuView *self)
{
  McuPicture *picture;

  if (self->tick == NULL) {
    gint64 now_us = g_get_monotonic_time ();
    guint64 pts_ns = now_us * GST_USECOND - self->base_time;
    McuComposeInfo info = {0};

    compose (self, now_us, pts_ns, &info);
    if (info.placed)
      self->on_placed (self->user_data, self->id, info.seq, pts_ns);
  }
  g_mutex_lock (&self->lock);
  picture = self->picture != NULL ? mcu_picture_ref (self->picture) : NULL;
  g_mutex_unlock (&self->lock);
  if (picture == NULL) { /* its ticker has just begun */
    picture = mcu_canvas_new_picture (self->canvas);
    mcu_picture_fill (picture, 16, 128, 128);
  }
  return picture;
}

void
mcu_view_foreach_rung (McuView *self, McuViewRungFunc func, gpointer user_data)
{
  for (guint i = 0; i < N_RUNGS; i++)
    if (self->rungs[i] != NULL) {
      McuRungStats stats;

      mcu_rung_get_stats (self->rungs[i], &stats);
      func (mcu_rung_settings (self->rungs[i]), &stats, user_data);
    }
}

void
mcu_view_foreach_ended (McuView *self, McuViewRungFunc func, gpointer user_data)
{
  McuEncoderSettings settings = {.width_px = mcu_canvas_get_width (self->canvas),
                                 .height_px = mcu_canvas_get_height (self->canvas),
                                 .fps = self->fps};

  for (guint i = 0; i < N_RUNGS; i++) {
    settings.codec = i == rung_of (MCU_CODEC_H264) ? MCU_CODEC_H264 : MCU_CODEC_VP8;
    if (self->ended[i].frames > 0)
      func (&settings, &self->ended[i], user_data);
  }
}

void
mcu_view_get_stats (McuView *self, McuViewStats *stats)
{
  g_mutex_lock (&self->lock);
  *stats = self->stats;
  g_mutex_unlock (&self->lock);
  stats->n_rungs = 0;
  for (guint i = 0; i < N_RUNGS; i++)
    stats->n_rungs += self->rungs[i] != NULL;
}

void
mcu_view_stats_add (McuViewStats *self, const McuViewStats *other)
{
  self->frames += other->frames;
  self->late_frames += other->late_frames;
  mcu_latency_merge (&self->latency, &other->latency);
  self->n_rungs += other->n_rungs;
}
