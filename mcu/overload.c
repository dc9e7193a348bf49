/* mcu/overload.c - whether this machine can take more people.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/overload.h"

static gboolean
is_bad (const McuOverloadSample *sample)
{
  return sample->late_frames > MCU_OVERLOAD_LATE_FRAMES &&
         (sample->load >= MCU_OVERLOAD_LOAD || sample->cpu >= MCU_OVERLOAD_CPU);
}

gboolean
mcu_overload_second (McuOverload *self, const McuOverloadSample *sample, guint after_s)
{
  if (is_bad (sample)) {
    self->n_bad++;
    self->n_good = 0;
  } else {
    self->n_bad = 0;
    self->n_good++;
  }
  if (after_s == 0 || self->n_good >= MCU_OVERLOAD_WELL_S)
    self->is_over = FALSE;
  else if (self->n_bad >= after_s)
    self->is_over = TRUE;
  return self->is_over;
}
