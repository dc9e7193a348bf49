/* pipelines/record/recorder.c - one more receiver of a picture that exists already, to a file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/recorder.h"

#include <string.h>
#include <unistd.h>

#include <gst/video/video.h>

#include "mcu/base/error.h"
#include "mcu/base/hop.h"
#include "mcu/base/id.h"
#include "pipelines/record/muxer.h"
#include "pipelines/record/timeline.h"
#include "pipelines/record/writer.h"

#define LOOK_INTERVAL_MS 100
/* Sound that came while the first keyframe was still in its encoder. */
#define N_EARLY_SOUNDS 32

typedef struct
{
  guint64 running_ns;
  gint16 pcm[MCU_RECORD_SOUND_SAMPLES];
} Sound;

struct _McuRecorder
{
  /* Set once in new(), then read by any thread. */
  McuRecordFormat format;
  McuCodec video;
  GstClockTime base_time;
  gint64 hang_us;
  McuRecordMuxer *muxer;   /* owned */
  McuRecordWriter *writer; /* owned */
  McuReceiver *receiver;   /* owned (nullable) */
  McuHop *hop;             /* owned */

  /* Main loop only. */
  McuRecorderFunc func;
  gpointer user_data;
  McuRecordState state;
  GError *error; /* owned (nullable) */
  gint64 finish_by_us;
  gint64 settled_us; /* when a keyframe is asked for anew; 0: none is due */
  guint look;        /* source id */

  /* The mixing thread, the video appsrc's and the main loop: hold lock. Inside it only queues are
   * filled. */
  GMutex lock;
  McuRecordTimeline timeline;
  gboolean is_hearing; /* sound is for the file */
  gboolean is_over;    /* nothing is; pictures that wait at a stop still are */
  gboolean has_begun;
  Sound early[N_EARLY_SOUNDS]; /* a ring */
  guint n_early;
  guint first_early;
};

static guint64
running_now_ns (McuRecorder *self)
{
  return g_get_monotonic_time () * 1000 - self->base_time;
}

static gboolean
has_ended (McuRecorder *self)
{
  return self->state == MCU_RECORD_FINISHED || self->state == MCU_RECORD_FAILED;
}

static void
hear_no_more (McuRecorder *self, gboolean is_over)
{
  g_mutex_lock (&self->lock);
  self->is_hearing = FALSE;
  self->is_over = is_over;
  self->n_early = 0;
  g_mutex_unlock (&self->lock);
}

/* The last thing done: the owner may free us in it. */
static void
change_state (McuRecorder *self, McuRecordState state)
{
  McuRecorderStatus status;

  if (has_ended (self) || state == self->state)
    return;
  self->state = state;
  if (has_ended (self)) {
    hear_no_more (self, TRUE);
    g_clear_handle_id (&self->look, g_source_remove);
  }
  mcu_recorder_get_status (self, &status);
  self->func (self, &status, self->user_data);
}

static void
fail (McuRecorder *self, const GError *error)
{
  if (has_ended (self))
    return;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  mcu_record_writer_finish (self->writer); /* what is queued is still good */
  change_state (self, MCU_RECORD_FAILED);
}

static void
fail_literal (McuRecorder *self, McuError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, code, text);

  fail (self, error);
}

static void
handle_failed (gpointer owner, gpointer data)
{
  fail (owner, data);
}

static void
handle_written (gpointer owner, gpointer data)
{
  McuRecorder *self = owner;
  gboolean has_begun;

  g_mutex_lock (&self->lock);
  has_begun = self->has_begun;
  g_mutex_unlock (&self->lock);
  if (!has_begun)
    fail_literal (self, MCU_ERROR_GONE, "it was stopped before there was anything to record");
  else
    change_state (self, MCU_RECORD_FINISHED);
}

/* Thread: any. */
static void
hop_failure (McuHop *hop, const GError *error)
{
  mcu_hop_send (hop, handle_failed, g_error_copy (error), (GDestroyNotify) g_error_free);
}

/* Thread: the writer's, which may outlive us: hence the hop and not the recorder. */
static void
on_writer_ended (gpointer user_data, const GError *error)
{
  if (error != NULL)
    hop_failure (user_data, error);
  else
    mcu_hop_send (user_data, handle_written, NULL, NULL);
}

/* ---- the muxer's threads ---- */

static gboolean
on_place (gpointer user_data, GstBuffer *frame, guint64 *file_ns)
{
  McuRecorder *self = user_data;
  gboolean is_keyframe = !GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
  gboolean is_for_file;

  g_mutex_lock (&self->lock);
  is_for_file = !self->is_over &&
                mcu_record_timeline_video (&self->timeline, GST_BUFFER_PTS (frame), is_keyframe,
                                           file_ns);
  self->has_begun |= is_for_file;
  g_mutex_unlock (&self->lock);
  return is_for_file;
}

static gboolean
on_write (gpointer user_data, GBytes *data)
{
  McuRecorder *self = user_data;
  g_autoptr (GError) error = NULL;

  if (mcu_record_writer_give (self->writer, data))
    return TRUE;
  /* If it ended by itself it has said why already, and the first word counts. */
  error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TIMEOUT, "the disk does not keep up");
  hop_failure (self->hop, error);
  return FALSE;
}

static void
on_muxed (gpointer user_data)
{
  McuRecorder *self = user_data;

  mcu_record_writer_finish (self->writer);
}

static void
on_muxer_failed (gpointer user_data, const GError *error)
{
  McuRecorder *self = user_data;

  hop_failure (self->hop, error);
}

static const McuRecordMuxerEvents muxer_events = {
    .place = on_place, .write = on_write, .ended = on_muxed, .failed = on_muxer_failed};

/* ---- sound ---- */

static void
remember_sound (McuRecorder *self, const gint16 *pcm, guint64 running_ns)
{
  Sound *sound = &self->early[(self->first_early + self->n_early) % N_EARLY_SOUNDS];

  sound->running_ns = running_ns;
  memcpy (sound->pcm, pcm, sizeof sound->pcm);
  if (self->n_early < N_EARLY_SOUNDS)
    self->n_early++;
  else
    self->first_early = (self->first_early + 1) % N_EARLY_SOUNDS;
}

static gboolean
push_sound (McuRecorder *self, const Sound *sound)
{
  guint silence;
  guint64 file_sample;

  if (!mcu_record_timeline_sound (&self->timeline, sound->running_ns, &silence, &file_sample))
    return TRUE;
  self->has_begun = TRUE;
  if (silence > 0 && !mcu_record_muxer_push_sound (self->muxer, NULL, silence, file_sample))
    return FALSE;
  return mcu_record_muxer_push_sound (self->muxer, sound->pcm, MCU_RECORD_SOUND_SAMPLES,
                                      file_sample + silence);
}

static gboolean
push_remembered (McuRecorder *self)
{
  for (; self->n_early > 0; self->n_early--) {
    if (!push_sound (self, &self->early[self->first_early]))
      return FALSE;
    self->first_early = (self->first_early + 1) % N_EARLY_SOUNDS;
  }
  return TRUE;
}

void
mcu_recorder_hear (gpointer recorder, const gint16 *pcm, gint64 tick_us)
{
  McuRecorder *self = recorder;
  gint64 running_ns = tick_us * 1000 - (gint64) self->base_time;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  if (self->is_hearing && running_ns >= 0 && self->timeline.phase != MCU_RECORD_PAUSED) {
    remember_sound (self, pcm, running_ns);
    if ((self->timeline.phase == MCU_RECORD_RUNNING || self->video == MCU_CODEC_NONE) &&
        !push_remembered (self)) {
      self->is_hearing = FALSE;
      error = g_error_new_literal (MCU_ERROR, MCU_ERROR_OVERLOADED,
                                   "sound waits for pictures that do not come");
    }
  }
  g_mutex_unlock (&self->lock);
  if (error != NULL)
    hop_failure (self->hop, error);
}

/* ---- main loop ---- */

/* We are not the far end of a connection, which notices by itself that it has no picture. */
static void
ask_for_keyframe (McuRecorder *self)
{
  g_autoptr (GstPad) pad = NULL;

  if (self->receiver == NULL)
    return;
  pad = gst_element_get_static_pad (GST_ELEMENT (mcu_record_muxer_get_video (self->muxer)), "src");
  gst_pad_send_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

static void
ask_when_settled (McuRecorder *self)
{
  self->settled_us = 0;
  ask_for_keyframe (self);
}

static gboolean
on_look (gpointer user_data)
{
  McuRecorder *self = user_data;
  gboolean has_begun;

  g_mutex_lock (&self->lock);
  has_begun = self->has_begun;
  g_mutex_unlock (&self->lock);
  if (mcu_record_writer_stuck_us (self->writer) > self->hang_us)
    fail_literal (self, MCU_ERROR_TIMEOUT, "the disk does not answer");
  else if (self->finish_by_us != 0 && g_get_monotonic_time () > self->finish_by_us)
    fail_literal (self, MCU_ERROR_TIMEOUT, "the file could not be finished in time");
  else if (self->state == MCU_RECORD_STARTING && has_begun)
    change_state (self, MCU_RECORD_RECORDING);
  else if (self->settled_us != 0 && g_get_monotonic_time () >= self->settled_us)
    ask_when_settled (self);
  return G_SOURCE_CONTINUE; /* whoever ends it removes it by its id */
}

static void
on_first_frame (gpointer user_data, guint64 pts_ns)
{
}

static gboolean
is_possible (const McuRecorderSettings *settings)
{
  McuCodec video = mcu_record_format_video (settings->format, settings->audio_only);

  return (settings->fd >= 0 || (settings->directory_fd >= 0 && mcu_id_is_valid (settings->part))) &&
         (video == MCU_CODEC_NONE ||
          (settings->width_px > 0 && settings->height_px > 0 && settings->fps > 0));
}

static void
close_given (const McuRecorderSettings *settings)
{
  if (settings->fd >= 0)
    close (settings->fd);
}

static gboolean
make_writer (McuRecorder *self, const McuRecorderSettings *settings, GError **error)
{
  McuRecordFile file = {.fd = settings->fd, .directory_fd = -1};

  if (settings->fd < 0) {
    file.directory_fd = dup (settings->directory_fd);
    file.folder = g_strdup (settings->folder);
    file.name = g_strdup_printf (
        "%s.%s", settings->part,
        mcu_record_format_extension (settings->format, settings->audio_only));
  }
  self->writer = mcu_record_writer_new (&file, settings->format, settings->reserve_bytes,
                                        on_writer_ended, mcu_hop_ref (self->hop),
                                        (GDestroyNotify) mcu_hop_unref, error);
  return self->writer != NULL;
}

McuRecorder *
mcu_recorder_new (const McuRecorderSettings *settings, McuRecorderFunc func, gpointer user_data,
                  GError **error)
{
  McuCodec video = mcu_record_format_video (settings->format, settings->audio_only);
  McuRecordMuxerSettings muxer = {settings->format, settings->audio_only, settings->width_px,
                                  settings->height_px, settings->fps};
  g_autoptr (McuRecorder) self = NULL;

  if (!is_possible (settings)) {
    close_given (settings);
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "this cannot be recorded");
    return NULL;
  }
  self = g_new0 (McuRecorder, 1);
  g_mutex_init (&self->lock);
  self->format = settings->format;
  self->video = video;
  self->base_time = settings->base_time;
  self->hang_us = settings->hang_us > 0 ? settings->hang_us : MCU_RECORD_HANG_US;
  self->func = func;
  self->user_data = user_data;
  self->hop = mcu_hop_new (NULL, self);
  mcu_record_timeline_init (&self->timeline,
                            running_now_ns (self) + settings->settle_ms * GST_MSECOND,
                            video != MCU_CODEC_NONE ? settings->fps : 0,
                            mcu_record_muxer_sound_delay_samples (settings->format));
  self->muxer = mcu_record_muxer_new (&muxer, &muxer_events, self, error);
  if (self->muxer == NULL) {
    close_given (settings);
    return NULL;
  }
  if (!make_writer (self, settings, error))
    return NULL;
  if (video != MCU_CODEC_NONE) {
    self->receiver = mcu_receiver_new (mcu_record_muxer_get_video (self->muxer), on_first_frame,
                                       NULL, NULL);
    mcu_receiver_set_steady (self->receiver);
    mcu_receiver_set_bitrate (self->receiver, settings->bitrate_bps);
    ask_for_keyframe (self);
    if (settings->settle_ms > 0)
      self->settled_us = g_get_monotonic_time () + settings->settle_ms * 1000;
  }
  self->look = g_timeout_add (LOOK_INTERVAL_MS, on_look, self);
  self->is_hearing = TRUE;
  return g_steal_pointer (&self);
}

void
mcu_recorder_free (McuRecorder *self)
{
  g_clear_handle_id (&self->look, g_source_remove);
  mcu_hop_close (self->hop);
  if (self->receiver != NULL)
    mcu_receiver_close (self->receiver);
  g_clear_pointer (&self->muxer, mcu_record_muxer_free);
  if (self->writer != NULL) {
    mcu_record_writer_finish (self->writer);
    mcu_record_writer_abandon (self->writer);
  }
  g_clear_pointer (&self->receiver, mcu_receiver_unref);
  mcu_hop_unref (self->hop);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_free (self);
}

McuCodec
mcu_recorder_video (McuRecorder *self)
{
  return self->video;
}

McuReceiver *
mcu_recorder_get_receiver (McuRecorder *self)
{
  return self->receiver;
}

gboolean
mcu_recorder_place (McuRecorder *self, guint64 running_ns, guint64 *file_ns)
{
  gboolean is_in;

  g_mutex_lock (&self->lock);
  is_in = !self->is_over && self->timeline.phase == MCU_RECORD_RUNNING &&
          (gint64) running_ns >= self->timeline.origin_ns;
  *file_ns = is_in ? running_ns - self->timeline.origin_ns : 0;
  g_mutex_unlock (&self->lock);
  return is_in;
}

void
mcu_recorder_pause (McuRecorder *self)
{
  if (self->state != MCU_RECORD_STARTING && self->state != MCU_RECORD_RECORDING)
    return;
  g_mutex_lock (&self->lock);
  mcu_record_timeline_pause (&self->timeline);
  self->n_early = 0;
  g_mutex_unlock (&self->lock);
  change_state (self, MCU_RECORD_STATE_PAUSED);
}

void
mcu_recorder_resume (McuRecorder *self)
{
  if (self->state != MCU_RECORD_STATE_PAUSED)
    return;
  g_mutex_lock (&self->lock);
  mcu_record_timeline_resume (&self->timeline, running_now_ns (self));
  g_mutex_unlock (&self->lock);
  ask_for_keyframe (self);
  change_state (self, MCU_RECORD_RECORDING);
}

void
mcu_recorder_stop (McuRecorder *self)
{
  if (has_ended (self) || self->state == MCU_RECORD_FINISHING)
    return;
  hear_no_more (self, FALSE);
  self->finish_by_us = g_get_monotonic_time () + MCU_RECORD_FINISH_US;
  mcu_record_muxer_finish (self->muxer);
  change_state (self, MCU_RECORD_FINISHING);
}

void
mcu_recorder_get_status (McuRecorder *self, McuRecorderStatus *status)
{
  status->state = self->state;
  status->error = self->error;
  status->bytes = mcu_record_writer_written (self->writer);
  g_mutex_lock (&self->lock);
  status->duration_ms = (mcu_record_timeline_duration_ns (&self->timeline) + 500000) / 1000000;
  g_mutex_unlock (&self->lock);
}
