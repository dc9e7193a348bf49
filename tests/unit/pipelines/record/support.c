/* tests/unit/pipelines/record/support.c - a rung and a mix that a recorder listens to.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/pipelines/record/support.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "pipelines/record/timeline.h"

#define WATCHDOG_S 20
#define TONE_HZ 1000
#define LOUD 8000
#define EDGE_STEP_SAMPLES 48 /* 1 ms */

static const guint8 colours[3][3] = {{145, 54, 34}, {81, 90, 240}, {41, 240, 110}};

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("nothing came for %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

void
stage_set_up (Stage *stage)
{
  memset (stage, 0, sizeof *stage);
  g_mutex_init (&stage->lock);
  g_cond_init (&stage->sent);
  stage->directory = g_dir_make_tmp ("tessera-record-XXXXXX", NULL);
  g_assert_nonnull (stage->directory);
  stage->directory_fd = open (stage->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  stage->base_time = g_get_monotonic_time () * 1000;
  stage->states = g_string_new ("");
}

static void
leave (Stage *stage)
{
  if (stage->rung != NULL && stage->recorder != NULL)
    mcu_rung_remove (stage->rung, mcu_recorder_get_receiver (stage->recorder));
  g_clear_pointer (&stage->recorder, mcu_recorder_free);
  g_clear_pointer (&stage->rung, mcu_rung_free);
}

void
stage_tear_down (Stage *stage)
{
  GDir *directory = g_dir_open (stage->directory, 0, NULL);
  const char *name;

  leave (stage);
  while ((name = g_dir_read_name (directory)) != NULL)
    unlinkat (stage->directory_fd, name, 0);
  g_dir_close (directory);
  close (stage->directory_fd);
  g_rmdir (stage->directory);
  g_free (stage->directory);
  g_free (stage->error);
  g_string_free (stage->states, TRUE);
  g_mutex_clear (&stage->lock);
  g_cond_clear (&stage->sent);
}

static void
on_state (McuRecorder *recorder, const McuRecorderStatus *status, gpointer user_data)
{
  Stage *stage = user_data;

  stage->last = *status;
  g_string_append_printf (stage->states, " %s", mcu_record_state_to_string (status->state));
  if (status->error != NULL)
    stage->error = g_strdup (mcu_error_code_of (status->error));
}

/* Thread: the encoder's. */
static void
on_sent (gpointer user_data, guint64 pts_ns)
{
  Stage *stage = user_data;

  g_mutex_lock (&stage->lock);
  stage->sent_ns = pts_ns;
  g_cond_signal (&stage->sent);
  g_mutex_unlock (&stage->lock);
}

void
stage_record (Stage *stage, McuRecordFormat format, gboolean audio_only, const char *part, int fd,
              guint64 reserve_bytes, gint64 hang_us)
{
  McuRecorderSettings settings = {.format = format,
                                  .audio_only = audio_only,
                                  .width_px = STAGE_WIDTH_PX,
                                  .height_px = STAGE_HEIGHT_PX,
                                  .fps = STAGE_FPS,
                                  .base_time = stage->base_time,
                                  .fd = fd,
                                  .directory_fd = stage->directory_fd,
                                  .part = part,
                                  .reserve_bytes = reserve_bytes,
                                  .hang_us = hang_us};
  g_autoptr (GError) error = NULL;

  leave (stage);
  stage->recorder = mcu_recorder_new (&settings, on_state, stage, &error);
  g_assert_no_error (error);
  stage->start_ns = g_get_monotonic_time () * 1000 - stage->base_time + GST_MSECOND;
  stage->played_ticks = 0;
  g_string_truncate (stage->states, 0);
  memset (&stage->last, 0, sizeof stage->last);
  g_clear_pointer (&stage->error, g_free);
  if (mcu_recorder_video (stage->recorder) != MCU_CODEC_NONE) {
    McuEncoderSettings encoder = {mcu_recorder_video (stage->recorder), STAGE_WIDTH_PX,
                                  STAGE_HEIGHT_PX, STAGE_FPS, 1000000};

    stage->rung = mcu_rung_new (&encoder, stage->base_time, on_sent, stage, &error);
    g_assert_no_error (error);
    mcu_rung_add (stage->rung, mcu_recorder_get_receiver (stage->recorder));
  }
}

void
stage_rejoin (Stage *stage)
{
  mcu_rung_remove (stage->rung, mcu_recorder_get_receiver (stage->recorder));
  mcu_rung_add (stage->rung, mcu_recorder_get_receiver (stage->recorder));
}

void
stage_pass (Stage *stage, guint ms)
{
  stage->start_ns += ms * GST_MSECOND;
}

/* Solid colours are encoded faster than a busy machine changes threads. */
static void
wait_until_taken (Stage *stage)
{
  gint64 give_up_us = g_get_monotonic_time () + WATCHDOG_S * G_USEC_PER_SEC;
  McuReceiverStats stats;

  do {
    g_thread_yield ();
    mcu_receiver_get_stats (mcu_recorder_get_receiver (stage->recorder), &stats);
    g_assert_cmpint (g_get_monotonic_time (), <, give_up_us);
  } while (stats.waiting > 0);
}

static void
show_picture (Stage *stage, guint64 pts_ns, guint second)
{
  static McuPicturePool *pool;
  const guint8 *colour = colours[second % 3];
  McuPicture *picture;

  if (pool == NULL)
    pool = mcu_picture_pool_new (4);
  picture = mcu_picture_pool_take (pool, STAGE_WIDTH_PX, STAGE_HEIGHT_PX);
  mcu_picture_fill (picture, colour[0], colour[1], colour[2]);
  mcu_rung_needs_picture (stage->rung, pts_ns / 1000);
  mcu_rung_push (stage->rung, picture, pts_ns);
  mcu_picture_unref (picture);
  g_mutex_lock (&stage->lock);
  while (stage->sent_ns != pts_ns)
    g_assert_true (g_cond_wait_until (&stage->sent, &stage->lock,
                                      g_get_monotonic_time () + WATCHDOG_S * G_USEC_PER_SEC));
  g_mutex_unlock (&stage->lock);
  wait_until_taken (stage);
}

gint16
stage_sample (guint64 n)
{
  gboolean is_tone = n / MCU_RECORD_RATE_HZ % 2 == 1;

  return is_tone ? LOUD * sin (2 * G_PI * TONE_HZ * (n % MCU_RECORD_RATE_HZ) / MCU_RECORD_RATE_HZ)
                 : 0;
}

static void
sound_out (Stage *stage, guint64 at_ns, guint64 at_sample)
{
  gint16 pcm[MCU_RECORD_SOUND_SAMPLES];

  for (guint i = 0; i < MCU_RECORD_SOUND_SAMPLES; i++)
    pcm[i] = stage_sample (at_sample + i);
  mcu_recorder_hear (stage->recorder, pcm, (stage->base_time + at_ns) / 1000);
}

void
stage_play (Stage *stage, guint ms)
{
  for (guint64 end = stage->played_ticks + ms * 150 / 1000; stage->played_ticks < end;
       stage->played_ticks++) {
    guint64 tick = stage->played_ticks;
    guint64 ns = stage->start_ns + tick * GST_SECOND / 150;

    if (stage->rung != NULL && tick % 5 == 0)
      show_picture (stage, ns, tick / 150);
    if (tick % 3 == 0)
      sound_out (stage, ns, tick * MCU_RECORD_RATE_HZ / 150);
  }
}

static gboolean
on_look (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
stage_wait_over (Stage *stage)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);

  while (stage->last.state != MCU_RECORD_FINISHED && stage->last.state != MCU_RECORD_FAILED)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

void
stage_wait_begun (Stage *stage)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);

  while (stage->states->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

void
stage_settle (Stage *stage)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
  guint look = g_timeout_add (10, on_look, NULL);
  McuRecorderStatus status;
  McuReceiverStats sent;

  mcu_receiver_get_stats (mcu_recorder_get_receiver (stage->recorder), &sent);
  do {
    g_main_context_iteration (NULL, TRUE);
    mcu_recorder_get_status (stage->recorder, &status);
  } while (status.state != MCU_RECORD_STATE_PAUSED &&
           status.duration_ms < sent.frames * 1000 / STAGE_FPS);
  g_source_remove (look);
  g_source_remove (watchdog);
}

guint64
stage_needs_key (Stage *stage)
{
  McuReceiverStats stats;

  mcu_receiver_get_stats (mcu_recorder_get_receiver (stage->recorder), &stats);
  return stats.needs_key;
}

void
stage_end (Stage *stage)
{
  mcu_recorder_stop (stage->recorder);
  stage_wait_over (stage);
}

char *
stage_path (Stage *stage, const char *name)
{
  return g_build_filename (stage->directory, name, NULL);
}

/* ---- a look at the file, by another implementation ---- */

static char *
run (const char *const *argv, gsize *size)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) complaints = NULL;

  process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate (process, NULL, NULL, &out, &complaints, &error);
  g_assert_no_error (error);
  if (g_bytes_get_size (complaints) > 0)
    g_error ("%s: %.*s", argv[0], (int) g_bytes_get_size (complaints),
             (const char *) g_bytes_get_data (complaints, NULL));
  g_assert_true (g_subprocess_get_successful (process));
  return g_bytes_unref_to_data (g_steal_pointer (&out), size);
}

static void
read_times (Film *film, const char *path)
{
  const char *argv[] = {
      "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of",
      "csv=p=0", path, NULL};
  gsize size;
  g_autofree char *out = run (argv, &size);
  g_autofree char *text = g_strndup (out, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0') {
      double time_s = g_ascii_strtod (lines[i], NULL);

      g_array_append_val (film->times, time_s);
    }
}

static void
read_pictures (Film *film, const char *path)
{
  const char *argv[] = {"ffmpeg",  "-v",  "error",     "-i",     path,          "-map",
                        "0:v",     "-vf", "scale=2:2", "-vsync", "passthrough", "-pix_fmt",
                        "yuv444p", "-f",  "rawvideo",  "-",      NULL};
  gsize size;
  g_autofree char *out = run (argv, &size);

  for (gsize i = 0; i + 12 <= size; i += 12) {
    g_array_append_val (film->luma, out[i]);
    g_array_append_val (film->chroma, out[i + 8]);
  }
  read_times (film, path);
  g_assert_cmpuint (film->times->len, ==, film->luma->len);
}

void
film_read (Film *film, const char *path, gboolean has_video)
{
  const char *argv[] = {"ffmpeg", "-v",  "error",
                        "-i",     path,  "-map",
                        "0:a",    "-af", "aresample=async=1:first_pts=0",
                        "-ac",    "1",   "-ar",
                        "48000",  "-f",  "s16le",
                        "-",      NULL};
  gsize size;
  g_autofree char *out = NULL;

  film->times = g_array_new (FALSE, FALSE, sizeof (double));
  film->luma = g_array_new (FALSE, FALSE, 1);
  film->chroma = g_array_new (FALSE, FALSE, 1);
  film->pcm = g_array_new (FALSE, FALSE, sizeof (gint16));
  out = run (argv, &size);
  g_array_append_vals (film->pcm, out, size / sizeof (gint16));
  if (has_video)
    read_pictures (film, path);
}

void
film_finish (Film *film)
{
  g_array_unref (film->times);
  g_array_unref (film->luma);
  g_array_unref (film->chroma);
  g_array_unref (film->pcm);
}

double
film_sound_s (const Film *film)
{
  return film->pcm->len / (double) MCU_RECORD_RATE_HZ;
}

/* Of the tone's energy (Goertzel), so that noise or a hum is no tone. */
static double
tone_level (const Film *film, gint64 from, guint n)
{
  double step = 2 * cos (2 * G_PI * TONE_HZ / MCU_RECORD_RATE_HZ), a = 0, b = 0;

  if (from < 0 || from + n > film->pcm->len)
    return 0;
  for (guint i = 0; i < n; i++) {
    double c = g_array_index (film->pcm, gint16, from + i) + step * a - b;

    b = a;
    a = c;
  }
  return sqrt (a * a + b * b - step * a * b) * 2 / n;
}

gboolean
film_is_tone (const Film *film, double at_s)
{
  return tone_level (film, at_s * MCU_RECORD_RATE_HZ - 2400, 4800) > LOUD / 2;
}

double
film_tone_edge (const Film *film, double near_s)
{
  const guint window = 480; /* ten periods */
  gint64 first = (near_s - 0.3) * MCU_RECORD_RATE_HZ;
  gint64 last = (near_s + 0.3) * MCU_RECORD_RATE_HZ;
  gboolean was_tone = tone_level (film, first, window) > LOUD / 2;

  for (gint64 at = first; at < last; at += EDGE_STEP_SAMPLES)
    if ((tone_level (film, at, window) > LOUD / 2) != was_tone)
      return (at + window / 2) / (double) MCU_RECORD_RATE_HZ; /* half of the window is tone */
  return G_MAXDOUBLE;
}

double
film_picture_edge (const Film *film, double near_s)
{
  double best_s = G_MAXDOUBLE;

  for (guint i = 1; i < film->times->len; i++) {
    int change = ABS (g_array_index (film->luma, guint8, i) -
                      g_array_index (film->luma, guint8, i - 1)) +
                 ABS (g_array_index (film->chroma, guint8, i) -
                      g_array_index (film->chroma, guint8, i - 1));
    double time_s = g_array_index (film->times, double, i);

    if (change > 40 && ABS (time_s - near_s) < ABS (best_s - near_s))
      best_s = time_s;
  }
  return best_s;
}
