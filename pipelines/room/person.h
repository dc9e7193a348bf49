/* pipelines/room/person.h - what a room process knows of a participant: how to draw and hear them.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/canvas.h"
#include "pipelines/mix/video/source.h"
#include "pipelines/types.h"

/** McuPerson: main loop only. */
typedef struct
{
  char *id;             /* owned */
  char *name;           /* owned */
  gboolean audio_muted; /* marked on the tile, and dropped */
  gboolean video_muted; /* the placeholder is shown, and nothing decoded */
  gboolean shares_screen;
  gboolean hand_raised;
  gboolean is_speaking; /* by their levels */
  gboolean has_bad_link;
  char *avatar_id;      /* owned (nullable): of a still picture, which may not have come yet */
  McuImage *avatar;     /* owned (nullable): that */
  McuSource *camera;    /* owned; outlives peers */
  McuSource *screen;    /* owned */
  gboolean was_live[3]; /* by McuStream: as last reported */
} McuPerson;

McuPerson *mcu_person_new (const char *id);
void mcu_person_free (McuPerson *self);

/** mcu_person_get_source: (transfer none): of a picture on a canvas. */
McuSource *mcu_person_get_source (McuPerson *self, McuVideo stream);

/** mcu_person_get_decor: valid as long as @self is not changed. */
McuDecor mcu_person_get_decor (McuPerson *self, McuVideo stream);
