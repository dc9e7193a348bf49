/* signaling/guarded-stream.h - a GIOStream that counts and bounds what passes.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "signaling/guard.h"

#define MCU_TYPE_GUARDED_STREAM (mcu_guarded_stream_get_type ())
G_DECLARE_FINAL_TYPE (McuGuardedStream, mcu_guarded_stream, MCU, GUARDED_STREAM, GIOStream)

/**
 * McuGuardedStreamClosedFunc:
 *
 * Called once, when the stream is closed or, without that, finalized.
 */
typedef void (*McuGuardedStreamClosedFunc) (McuGuardedStream *self, gpointer user_data);

/**
 * mcu_guarded_stream_new:
 * @base: the socket's connection, or TLS over it; its streams are pollable
 * @socket: the socket at the bottom
 * @phase: the first phase
 *
 * Thread: main loop, as everything here.  Returns: (transfer full): owns @base.
 */
McuGuardedStream *mcu_guarded_stream_new (GIOStream *base, GSocket *socket, McuGuardPhase phase,
                                          McuGuardedStreamClosedFunc on_closed, gpointer user_data);

/** mcu_guarded_stream_get_guard: (transfer none): lives as long as the stream. */
McuGuard *mcu_guarded_stream_get_guard (McuGuardedStream *self);

/** mcu_guarded_stream_enter: mcu_guard_enter() with the present time. */
void mcu_guarded_stream_enter (McuGuardedStream *self, McuGuardPhase phase);

/**
 * mcu_guarded_stream_cut:
 * @why: static text, for the log
 *
 * Shuts the socket down both ways. Whoever uses the stream finds its end and closes it in its own
 * time; that is safe from any place, also from inside a read.
 */
void mcu_guarded_stream_cut (McuGuardedStream *self, const char *why);

/** mcu_guarded_stream_get_cut_reason: (nullable): why it was cut, %NULL while it was not. */
const char *mcu_guarded_stream_get_cut_reason (McuGuardedStream *self);

/**
 * mcu_guarded_stream_watch_hangup:
 * @func: called once, from the main loop, when the client ends its direction or the connection
 *
 * While an answer is awaited nobody reads, so nobody would see it.
 *
 * Returns: (transfer full): attached; g_source_destroy() and unref it when it is of no use any
 * more.
 */
GSource *mcu_guarded_stream_watch_hangup (McuGuardedStream *self, GSourceFunc func,
                                          gpointer user_data);

/**
 * mcu_guarded_stream_refuse:
 * @response: (transfer full): a whole HTTP response
 *
 * Writes what the socket takes at once (a refusal is small), ends our direction, and throws away
 * what the client still sends until it closes or the guard is through with it: a client that
 * writes its whole body before it reads sees the answer and not a reset.
 */
void mcu_guarded_stream_refuse (McuGuardedStream *self, GBytes *response);
