/* mcu/pass.c - what somebody was let in with.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/pass.h"

McuPass *
mcu_pass_copy (const McuPass *self)
{
  McuPass *copy;

  if (self == NULL)
    return NULL;
  copy = g_new0 (McuPass, 1);
  copy->identity = g_strdup (self->identity);
  copy->name = g_strdup (self->name);
  copy->role = self->role;
  copy->rights = self->rights;
  return copy;
}

void
mcu_pass_free (McuPass *self)
{
  if (self == NULL)
    return;
  g_free (self->identity);
  g_free (self->name);
  g_free (self);
}
