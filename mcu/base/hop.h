/* mcu/base/hop.h - from any thread to the one that owns things.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * McuHop:
 *
 * A way into one main context, given to callbacks that run on other threads. After mcu_hop_close()
 * what is still under way is freed instead of run, so that nothing arrives at an owner that is
 * gone.
 */
typedef struct _McuHop McuHop;
typedef void (*McuHopFunc) (gpointer owner, gpointer data);

/**
 * mcu_hop_new:
 * @context: (nullable): the owner's main context; %NULL for the default one
 * @owner: (unowned): first argument of every function that hops; lives until mcu_hop_close()
 *
 * Thread: the owner's.  Returns: (transfer full): one reference.
 */
McuHop *mcu_hop_new (GMainContext *context, gpointer owner);
McuHop *mcu_hop_ref (McuHop *self);
void mcu_hop_unref (McuHop *self);

/**
 * mcu_hop_send:
 * @func: run as `func (owner, data)` on the owner's main loop, in the order of the calls
 * @data: (transfer full): handed to @func, then freed with @free_data; also when it never runs
 *
 * Always attaches a source of default priority, never g_main_context_invoke(), which may run the
 * callback on the calling thread.
 *
 * Thread: any.
 */
void mcu_hop_send (McuHop *self, McuHopFunc func, gpointer data, GDestroyNotify free_data);

/**
 * mcu_hop_close:
 *
 * From here on nothing of @self runs.  Thread: the owner's.
 */
void mcu_hop_close (McuHop *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuHop, mcu_hop_unref)
