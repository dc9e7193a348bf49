/* pipelines/room/person.c - what a room process knows of a participant.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/person.h"

McuPerson *
mcu_person_new (const char *id)
{
  McuPerson *self = g_new0 (McuPerson, 1);

  self->id = g_strdup (id);
  self->name = g_strdup ("");
  self->camera = mcu_source_new ();
  self->screen = mcu_source_new ();
  return self;
}

void
mcu_person_free (McuPerson *self)
{
  mcu_source_clear (self->camera);
  mcu_source_clear (self->screen);
  mcu_source_unref (self->camera);
  mcu_source_unref (self->screen);
  g_clear_pointer (&self->avatar, mcu_image_unref);
  g_free (self->avatar_id);
  g_free (self->name);
  g_free (self->id);
  g_free (self);
}

McuSource *
mcu_person_get_source (McuPerson *self, McuVideo stream)
{
  return stream == MCU_VIDEO_SCREEN ? self->screen : self->camera;
}

McuDecor
mcu_person_get_decor (McuPerson *self, McuVideo stream)
{
  McuDecor decor = {.label = self->name,
                    .muted = self->audio_muted,
                    .speaking = self->is_speaking && stream == MCU_VIDEO_CAMERA,
                    .hand_raised = self->hand_raised && stream == MCU_VIDEO_CAMERA,
                    .presenter = stream == MCU_VIDEO_SCREEN,
                    .bad_link = self->has_bad_link && stream == MCU_VIDEO_CAMERA,
                    .avatar = self->avatar,
                    .show_video = stream == MCU_VIDEO_SCREEN || !self->video_muted};

  return decor;
}
