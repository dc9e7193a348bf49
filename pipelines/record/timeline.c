/* pipelines/record/timeline.c - from running times to places in a file; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/timeline.h"

#define SECOND_NS G_GINT64_CONSTANT (1000000000)
/* Half a tick: the sound is never further from its time than that. */
#define TOLERANCE_SAMPLES (MCU_RECORD_SOUND_SAMPLES / 2)
/* Two frames at one time would be one; encoders and clocks of 90 kHz tell 1 ms apart. */
#define LEAST_STEP_NS 1000000

/* In two parts: a day of nanoseconds times 48000 is more than 64 bits hold. */
static gint64
to_samples (gint64 ns)
{
  gint64 rest = ns % SECOND_NS * MCU_RECORD_RATE_HZ;

  return ns / SECOND_NS * MCU_RECORD_RATE_HZ + (rest + SECOND_NS / 2) / SECOND_NS;
}

static gint64
to_ns (gint64 samples)
{
  return samples / MCU_RECORD_RATE_HZ * SECOND_NS +
         samples % MCU_RECORD_RATE_HZ * SECOND_NS / MCU_RECORD_RATE_HZ;
}

void
mcu_record_timeline_init (McuRecordTimeline *self, guint64 now_ns, guint fps, guint delay_samples)
{
  *self = (McuRecordTimeline){.frame_ns = fps > 0 ? SECOND_NS / fps : 0,
                              .delay_samples = delay_samples,
                              .not_before_ns = now_ns};
}

static void
begin (McuRecordTimeline *self, gint64 running_ns, gint64 file_ns)
{
  self->phase = MCU_RECORD_RUNNING;
  self->has_sound = FALSE;
  self->origin_ns = running_ns - file_ns;
}

gboolean
mcu_record_timeline_video (McuRecordTimeline *self, guint64 running_ns, gboolean is_keyframe,
                           guint64 *file_ns)
{
  gint64 earliest_ns = MAX (0, self->video_ns - (gint64) self->frame_ns + LEAST_STEP_NS);

  if (self->phase == MCU_RECORD_PAUSED)
    return FALSE;
  if (self->phase == MCU_RECORD_WAITING &&
      (!is_keyframe || (gint64) running_ns < self->not_before_ns))
    return FALSE;
  if (self->phase == MCU_RECORD_WAITING)
    begin (self, running_ns, self->video_ns);
  *file_ns = MAX ((gint64) running_ns - self->origin_ns, self->video_ns > 0 ? earliest_ns : 0);
  self->video_ns = *file_ns + self->frame_ns;
  return TRUE;
}

gboolean
mcu_record_timeline_sound (McuRecordTimeline *self, guint64 running_ns, guint *silence,
                           guint64 *file_sample)
{
  gint64 ahead, tolerance;

  if (self->phase == MCU_RECORD_WAITING && self->frame_ns == 0 &&
      (gint64) running_ns >= self->not_before_ns)
    begin (self, running_ns, to_ns (self->samples + self->delay_samples));
  if (self->phase != MCU_RECORD_RUNNING)
    return FALSE;
  ahead = to_samples ((gint64) running_ns - self->origin_ns) - self->delay_samples - self->samples;
  /* The first is put exactly; from then on ticks follow each other. */
  tolerance = self->has_sound ? TOLERANCE_SAMPLES : 0;
  if (ahead < -tolerance)
    return FALSE;
  self->has_sound = TRUE;
  *silence = ahead > tolerance ? MIN (ahead, MCU_RECORD_MAX_SILENCE_SAMPLES) : 0;
  *file_sample = self->samples;
  self->samples += *silence + MCU_RECORD_SOUND_SAMPLES;
  return TRUE;
}

void
mcu_record_timeline_pause (McuRecordTimeline *self)
{
  self->phase = MCU_RECORD_PAUSED;
}

void
mcu_record_timeline_resume (McuRecordTimeline *self, guint64 now_ns)
{
  if (self->phase != MCU_RECORD_PAUSED)
    return;
  self->phase = MCU_RECORD_WAITING;
  self->not_before_ns = now_ns;
}

guint64
mcu_record_timeline_duration_ns (const McuRecordTimeline *self)
{
  return self->frame_ns > 0 ? self->video_ns : to_ns (self->samples);
}
