/* mcu/base/hop.c - from any thread to the one that owns things.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/hop.h"

struct _McuHop
{
  /* Set once in new(), then read by any thread. */
  gatomicrefcount refs;
  GMainContext *context; /* owned */

  /* The owner's thread only. */
  gpointer owner; /* (nullable) (unowned): NULL once closed */
};

typedef struct
{
  McuHop *hop; /* owned */
  McuHopFunc func;
  gpointer data; /* owned */
  GDestroyNotify free_data;
} Jump;

static gboolean
land (gpointer user_data)
{
  Jump *jump = user_data;

  if (jump->hop->owner != NULL)
    jump->func (jump->hop->owner, jump->data);
  return G_SOURCE_REMOVE;
}

static void
free_jump (gpointer user_data)
{
  Jump *jump = user_data;

  if (jump->free_data != NULL)
    jump->free_data (jump->data);
  mcu_hop_unref (jump->hop);
  g_free (jump);
}

McuHop *
mcu_hop_new (GMainContext *context, gpointer owner)
{
  McuHop *self = g_new0 (McuHop, 1);

  g_atomic_ref_count_init (&self->refs);
  self->context = context != NULL ? g_main_context_ref (context)
                                  : g_main_context_ref (g_main_context_default ());
  self->owner = owner;
  return self;
}

McuHop *
mcu_hop_ref (McuHop *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_hop_unref (McuHop *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_main_context_unref (self->context);
  g_free (self);
}

void
mcu_hop_send (McuHop *self, McuHopFunc func, gpointer data, GDestroyNotify free_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Jump *jump = g_new0 (Jump, 1);

  jump->hop = mcu_hop_ref (self);
  jump->func = func;
  jump->data = data;
  jump->free_data = free_data;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, land, jump, free_jump);
  g_source_attach (source, self->context);
}

void
mcu_hop_close (McuHop *self)
{
  self->owner = NULL;
}
