/* tests/unit/pipelines/record/track.c - what was received is what a track's files have.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/track.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "pipelines/mix/audio/encoder.h"
#include "pipelines/output/encoder.h"
#include "pipelines/process/plugins.h"
#include "pipelines/record/packet-clock.h"
#include "pipelines/record/rewrite.h"
#include "tests/unit/pipelines/record/support.h"

#define WATCHDOG_S 20
#define BEGUN_NS (5000 * GST_MSECOND) /* the recording's 0, as a running time */

typedef struct
{
  char *directory; /* owned */
  int directory_fd;
  McuTrack *track;
  McuEncoder *encoder; /* owned (nullable) */
  McuAudioEncoder *sound;
  gboolean is_paused;
  guint64 reserve_bytes;
  guint seq;
  GString *files; /* "name@offset " */

  GMutex lock;
  GCond encoded;
  guint64 encoded_ns;
  gboolean needs_key;
} Fixture;

static gboolean
place (gpointer user_data, guint64 running_ns, guint64 *file_ns)
{
  Fixture *fixture = user_data;

  *file_ns = running_ns - BEGUN_NS;
  return !fixture->is_paused && running_ns >= BEGUN_NS;
}

/* Thread: the encoder's. */
static void
on_encoded (gpointer user_data, GstBuffer *buffer, gboolean is_keyframe)
{
  Fixture *fixture = user_data;
  GstMapInfo map;
  McuTrackPicture picture = {.running_ns = GST_BUFFER_PTS (buffer), .is_keyframe = is_keyframe};

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  picture.data = map.data;
  picture.size = map.size;
  g_mutex_lock (&fixture->lock);
  picture.width_px = is_keyframe ? STAGE_WIDTH_PX : 0;
  picture.height_px = is_keyframe ? STAGE_HEIGHT_PX : 0;
  fixture->needs_key = mcu_track_video (fixture->track, &picture);
  fixture->encoded_ns = picture.running_ns;
  g_cond_signal (&fixture->encoded);
  g_mutex_unlock (&fixture->lock);
  gst_buffer_unmap (buffer, &map);
}

static void
use_camera (Fixture *fixture, McuCodec codec, guint width_px)
{
  McuEncoderSettings settings = {codec, width_px, STAGE_HEIGHT_PX, STAGE_FPS, 1000000};

  g_clear_pointer (&fixture->encoder, mcu_encoder_free);
  fixture->encoder = mcu_encoder_new (&settings, 0, on_encoded, fixture, NULL);
  g_assert_nonnull (fixture->encoder);
  mcu_encoder_force_keyframe (fixture->encoder);
}

static void
start (Fixture *fixture, McuCodec video, McuCodec sound)
{
  McuTrackSettings settings = {.video = video,
                               .sound = sound,
                               .directory_fd = fixture->directory_fd,
                               .name = "p1-abc",
                               .first = 1,
                               .reserve_bytes = fixture->reserve_bytes};

  fixture->track = mcu_track_new (&settings, place, fixture);
  fixture->sound = mcu_audio_encoder_new (sound);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  memset (fixture, 0, sizeof *fixture);
  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->encoded);
  fixture->directory = g_dir_make_tmp ("tessera-track-XXXXXX", NULL);
  fixture->directory_fd = open (fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  fixture->files = g_string_new ("");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  GDir *directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  g_clear_pointer (&fixture->encoder, mcu_encoder_free);
  mcu_audio_encoder_free (fixture->sound);
  mcu_track_unref (fixture->track);
  while ((name = g_dir_read_name (directory)) != NULL)
    unlinkat (fixture->directory_fd, name, 0);
  g_dir_close (directory);
  close (fixture->directory_fd);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
  g_string_free (fixture->files, TRUE);
}

/* ---- what is sent ---- */

static void
show (Fixture *fixture, guint64 ns, guint width_px)
{
  static const guint8 colours[3][3] = {{145, 54, 34}, {81, 90, 240}, {41, 240, 110}};
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (1);
  McuPicture *picture = mcu_picture_pool_take (pool, width_px, STAGE_HEIGHT_PX);
  const guint8 *colour = colours[(ns - BEGUN_NS + GST_MSECOND) / GST_SECOND % 3];

  mcu_picture_fill (picture, colour[0], colour[1], colour[2]);
  if (fixture->needs_key)
    mcu_encoder_force_keyframe (fixture->encoder);
  mcu_encoder_push (fixture->encoder, picture, ns);
  mcu_picture_unref (picture);
  g_mutex_lock (&fixture->lock);
  while (fixture->encoded_ns != ns)
    g_assert_true (g_cond_wait_until (&fixture->encoded, &fixture->lock,
                                      g_get_monotonic_time () + WATCHDOG_S * G_USEC_PER_SEC));
  g_mutex_unlock (&fixture->lock);
}

/* With some jitter of its path, and two packets in another order now and then. */
static void
speak (Fixture *fixture, guint64 sample, guint rate_hz)
{
  static guint8 held[1500];
  static gsize n_held;
  static guint held_seq;
  guint step = rate_hz / 50;
  guint8 payload[1500];
  gint16 pcm[960];
  guint64 ns = BEGUN_NS + sample * GST_SECOND / 48000 + fixture->seq % 3 * 4 * GST_MSECOND;
  gsize n;

  for (guint i = 0; i < 960; i++)
    pcm[i] = stage_sample (sample + i);
  n = mcu_audio_encoder_encode (fixture->sound, pcm, payload);
  g_assert_cmpuint (n, >, 0);
  if (fixture->seq % 10 == 4) {
    memcpy (held, payload, n_held = n);
    held_seq = fixture->seq;
  } else {
    mcu_track_sound (fixture->track, fixture->seq, fixture->seq * step, payload, n, ns);
  }
  if (fixture->seq % 10 == 5) {
    mcu_track_sound (fixture->track, held_seq, held_seq * step, held, n_held, ns);
    mcu_track_sound (fixture->track, held_seq, held_seq * step, held, n_held, ns); /* twice */
  }
  fixture->seq++;
}

/* @from_ms: of the recording. */
static void
play (Fixture *fixture, guint from_ms, guint to_ms, guint width_px, guint rate_hz)
{
  for (guint tick = from_ms * 150 / 1000; tick < to_ms * 150 / 1000; tick++) {
    if (tick % 5 == 0 && width_px > 0)
      show (fixture, BEGUN_NS + tick * GST_SECOND / 150, width_px);
    if (tick % 3 == 0 && rate_hz > 0)
      speak (fixture, tick * G_GUINT64_CONSTANT (48000) / 150, rate_hz);
    if (tick % 15 == 0)
      mcu_track_tend (fixture->track);
  }
}

static void
on_file (gpointer user_data, const char *file, guint64 offset_ms, const char *error_code)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->files, "%s@%" G_GUINT64_FORMAT "%s ", file, offset_ms,
                          error_code != NULL ? error_code : "");
}

static gboolean
on_look (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
end (Fixture *fixture)
{
  gint64 give_up_us = g_get_monotonic_time () + WATCHDOG_S * G_USEC_PER_SEC;
  guint look = g_timeout_add (5, on_look, NULL);

  mcu_track_close (fixture->track);
  while (!mcu_track_is_done (fixture->track)) {
    g_main_context_iteration (NULL, TRUE);
    g_assert_cmpint (g_get_monotonic_time (), <, give_up_us);
  }
  g_source_remove (look);
  mcu_track_foreach_file (fixture->track, on_file, fixture);
}

static void
look_at (Fixture *fixture, Film *film, const char *name, gboolean has_video)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

  film_read (film, path, has_video);
}

/* ---- tests ---- */

/* Pictures and tones that change at the same moments, sent by a path with jitter. */
static void
test_track__files_hold_what_was_sent (Fixture *fixture, gconstpointer data)
{
  McuCodec codec = GPOINTER_TO_UINT (data);
  Film film;

  start (fixture, codec, MCU_CODEC_OPUS);
  use_camera (fixture, codec, STAGE_WIDTH_PX);
  play (fixture, 0, 4000, STAGE_WIDTH_PX, 48000);
  end (fixture);
  g_assert_cmpstr (fixture->files->str, ==, "p1-abc.mkv@0 ");
  look_at (fixture, &film, "p1-abc.mkv", TRUE);
  g_assert_cmpuint (film.times->len, ==, 4 * STAGE_FPS);
  g_assert_cmpfloat (fabs (film_sound_s (&film) - 4), <, 0.05);
  for (guint second = 1; second < 4; second++) {
    double picture_s = film_picture_edge (&film, second);
    double tone_s = film_tone_edge (&film, second);

    g_test_message ("second %u: picture at %.3f s, sound %+.1f ms", second, picture_s,
                    (tone_s - picture_s) * 1000);
    g_assert_cmpfloat (fabs (picture_s - second), <, 0.002);
    g_assert_cmpfloat (fabs (tone_s - picture_s), <, 0.012);
  }
  film_finish (&film);
}

/* Whatever ends the process: what is there of it can be played, as it is and finished. */
static void
test_track__a_file_that_is_cut_off (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "p1-abc.mkv", NULL);
  g_autofree char *whole = NULL;
  gsize size;

  start (fixture, MCU_CODEC_H264, MCU_CODEC_OPUS);
  use_camera (fixture, MCU_CODEC_H264, STAGE_WIDTH_PX);
  play (fixture, 0, 4000, STAGE_WIDTH_PX, 48000);
  end (fixture);
  g_assert_true (g_file_get_contents (path, &whole, &size, NULL));
  for (guint share = 90; share > 40; share -= 7) {
    McuRewriteInfo info;
    g_autoptr (GError) error = NULL;
    Film film;

    g_assert_true (g_file_set_contents (path, whole, size * share / 100, NULL));
    mcu_rewrite_finish (fixture->directory_fd, "p1-abc.mkv", NULL, 0, &info, &error);
    g_assert_no_error (error);
    g_assert_true (info.is_playable);
    g_assert_cmpstr (info.video, ==, "h264");
    look_at (fixture, &film, "p1-abc.mkv", TRUE);
    g_assert_cmpuint (film.times->len, >, 0);
    g_assert_cmpfloat (fabs (film_sound_s (&film) - info.duration_ms / 1000.0), <, 0.6);
    film_finish (&film);
    mcu_rewrite_info_clear (&info);
  }
}

static void
test_track__h264_of_another_size_is_another_file (Fixture *fixture, gconstpointer data)
{
  Film film;

  start (fixture, MCU_CODEC_H264, MCU_CODEC_OPUS);
  use_camera (fixture, MCU_CODEC_H264, STAGE_WIDTH_PX);
  play (fixture, 1000, 3000, STAGE_WIDTH_PX, 48000);
  use_camera (fixture, MCU_CODEC_H264, 160);
  play (fixture, 3000, 5000, 160, 48000);
  end (fixture);
  g_assert_cmpstr (fixture->files->str, ==, "p1-abc.mkv@1000 p1-abc-2.mkv@3000 ");
  look_at (fixture, &film, "p1-abc.mkv", TRUE);
  g_assert_cmpuint (film.times->len, ==, 2 * STAGE_FPS);
  g_assert_true (film_is_tone (&film, 0.5));
  g_assert_false (film_is_tone (&film, 1.5));
  film_finish (&film);
  look_at (fixture, &film, "p1-abc-2.mkv", TRUE);
  g_assert_cmpuint (film.times->len, ==, 2 * STAGE_FPS);
  g_assert_true (film_is_tone (&film, 0.5));
  g_assert_false (film_is_tone (&film, 1.5));
  film_finish (&film);
}

/* A camera that does not come is not waited for; when it does, it is in the next file. */
static void
test_track__sound_does_not_wait_for_ever (Fixture *fixture, gconstpointer data)
{
  Film film;

  start (fixture, MCU_CODEC_VP8, MCU_CODEC_OPUS);
  play (fixture, 0, 3000, 0, 48000);
  use_camera (fixture, MCU_CODEC_VP8, STAGE_WIDTH_PX);
  play (fixture, 3000, 4000, STAGE_WIDTH_PX, 48000);
  end (fixture);
  g_assert_cmpstr (fixture->files->str, ==, "p1-abc.mkv@0 p1-abc-2.mkv@3000 ");
  look_at (fixture, &film, "p1-abc.mkv", FALSE);
  g_assert_cmpfloat (fabs (film_sound_s (&film) - 3), <, 0.05);
  g_assert_true (film_is_tone (&film, 1.5));
  film_finish (&film);
  look_at (fixture, &film, "p1-abc-2.mkv", TRUE);
  g_assert_cmpuint (film.times->len, ==, STAGE_FPS);
  film_finish (&film);
}

static void
test_track__what_may_not_be_is_not (Fixture *fixture, gconstpointer data)
{
  Film film;

  start (fixture, MCU_CODEC_VP8, MCU_CODEC_OPUS);
  use_camera (fixture, MCU_CODEC_VP8, STAGE_WIDTH_PX);
  play (fixture, 0, 1000, STAGE_WIDTH_PX, 48000);
  mcu_track_allow (fixture->track, TRUE, FALSE); /* muted in the second that has a tone */
  play (fixture, 1000, 2000, STAGE_WIDTH_PX, 48000);
  mcu_track_allow (fixture->track, FALSE, TRUE);
  play (fixture, 2000, 3000, STAGE_WIDTH_PX, 48000);
  g_assert_false (fixture->needs_key); /* nobody is asked for what is not wanted */
  mcu_track_allow (fixture->track, TRUE, TRUE);
  fixture->is_paused = TRUE;
  play (fixture, 3000, 3500, STAGE_WIDTH_PX, 48000);
  fixture->is_paused = FALSE;
  play (fixture, 3500, 5000, STAGE_WIDTH_PX, 48000);
  end (fixture);
  g_assert_cmpstr (fixture->files->str, ==, "p1-abc.mkv@0 ");
  look_at (fixture, &film, "p1-abc.mkv", TRUE);
  /* Seconds 0, 1, and from 3.5 on: a frame passes before a keyframe comes. */
  g_assert_cmpuint (film.times->len, >=, 3 * STAGE_FPS + STAGE_FPS / 2 - 2);
  g_assert_cmpuint (film.times->len, <=, 3 * STAGE_FPS + STAGE_FPS / 2);
  g_assert_false (film_is_tone (&film, 1.5));
  g_assert_false (film_is_tone (&film, 3.25));
  g_assert_true (film_is_tone (&film, 3.75));
  film_finish (&film);
}

static void
test_track__telephones (Fixture *fixture, gconstpointer data)
{
  Film film;

  start (fixture, MCU_CODEC_NONE, GPOINTER_TO_UINT (data));
  play (fixture, 0, 3000, 0, 8000);
  end (fixture);
  g_assert_cmpstr (fixture->files->str, ==, "p1-abc.mkv@0 ");
  look_at (fixture, &film, "p1-abc.mkv", FALSE);
  g_assert_true (film_is_tone (&film, 1.5));
  g_assert_false (film_is_tone (&film, 0.5));
  film_finish (&film);
}

static void
test_track__a_full_disk (Fixture *fixture, gconstpointer data)
{
  fixture->reserve_bytes = G_MAXUINT64 / 2;
  start (fixture, MCU_CODEC_VP8, MCU_CODEC_OPUS);
  use_camera (fixture, MCU_CODEC_VP8, STAGE_WIDTH_PX);
  play (fixture, 0, 3000, STAGE_WIDTH_PX, 48000);
  end (fixture);
  g_assert_cmpstr (fixture->files->str, ==, "p1-abc.mkv@0disk_full ");
}

/* The disk says no: the track is over, and whoever gives it pictures does not notice. */
static void
test_track__a_file_that_cannot_be_written (Fixture *fixture, gconstpointer data)
{
  int fd = openat (fixture->directory_fd, "p1-abc.mkv", O_CREAT | O_WRONLY, 0600);

  close (fd);
  start (fixture, MCU_CODEC_VP8, MCU_CODEC_OPUS);
  use_camera (fixture, MCU_CODEC_VP8, STAGE_WIDTH_PX);
  play (fixture, 0, 3000, STAGE_WIDTH_PX, 48000);
  end (fixture);
  g_assert_cmpstr (fixture->files->str, ==, "p1-abc.mkv@0exists ");
}

/* A sender whose clock is 200 ppm slow, and a path of 20 ms with jitter: after an hour it is still
 * beside our clock. */
static void
test_track__clocks_that_drift_are_followed (void)
{
  McuPacketClock clock = {.rate_hz = 48000};
  gint64 worst_ns = 0;

  for (guint i = 0; i < 180000; i++) {
    gint64 sent_ns = (gint64) (i * 20e6 * 1.0002);
    gint64 arrival_ns = sent_ns + 20000000 + g_test_rand_int_range (0, 60) * 1000000;
    gint64 off_ns = mcu_packet_clock_time (&clock, i * 960 + 12345, arrival_ns) - sent_ns -
                    20000000;

    if (i > 200)
      worst_ns = MAX (worst_ns, ABS (off_ns));
  }
  g_test_message ("%.1f ms off at worst", worst_ns / 1e6);
  g_assert_cmpint (worst_ns, <, 15000000);
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/record/track/" name, Fixture, GUINT_TO_POINTER (data), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_assert_true (mcu_plugins_init (NULL));
  ADD ("h264", MCU_CODEC_H264, test_track__files_hold_what_was_sent);
  ADD ("vp8", MCU_CODEC_VP8, test_track__files_hold_what_was_sent);
  ADD ("cut", 0, test_track__a_file_that_is_cut_off);
  ADD ("size", 0, test_track__h264_of_another_size_is_another_file);
  ADD ("sound-first", 0, test_track__sound_does_not_wait_for_ever);
  ADD ("not-allowed", 0, test_track__what_may_not_be_is_not);
  ADD ("pcmu", MCU_CODEC_PCMU, test_track__telephones);
  ADD ("pcma", MCU_CODEC_PCMA, test_track__telephones);
  ADD ("exists", 0, test_track__a_file_that_cannot_be_written);
  ADD ("full", 0, test_track__a_full_disk);
  g_test_add_func ("/record/track/drift", test_track__clocks_that_drift_are_followed);
  return g_test_run ();
}
