/* tests/bench/probe.h - the one receiver that decodes, on its own thread: how late is what it sees
 * and hears.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/sender.h"
#include "tests/bench/timecode.h"

typedef struct _McuProbe McuProbe;

/** McuProbeResult: since measuring began. */
typedef struct
{
  GArray *video_ms, *audio_ms; /* owned, (element-type double), one per time code or tick */
  guint n_decoded, n_undecodable, n_unread;
  int width, height;
  double cpu_s; /* of the probe's thread: not the load client's own cost */
} McuProbeResult;

/**
 * mcu_probe_new:
 * @source: (transfer none): whose time code and ticks are looked for; outlives the probe
 *
 * Returns: (transfer full): free with mcu_probe_free(), which joins the thread.
 */
McuProbe *mcu_probe_new (McuMaterialKind kind, const McuSender *source);
void mcu_probe_free (McuProbe *self);

/** mcu_probe_set_tile: where the source's picture is from now on, in a canvas of that size;
 * without it the whole picture is the source's. Thread: any. */
void mcu_probe_set_tile (McuProbe *self, const McuLoadRect *tile, int canvas_width,
                         int canvas_height);
/** mcu_probe_push_video: @frame (transfer full). Thread: any. */
void mcu_probe_push_video (McuProbe *self, GByteArray *frame, gint64 arrival_ns);
/** mcu_probe_push_audio: one Opus packet. Thread: any. */
void mcu_probe_push_audio (McuProbe *self, const guint8 *packet, gsize size, gint64 arrival_ns);
/** mcu_probe_begin: forgets what was measured and begins. Thread: any. */
void mcu_probe_begin (McuProbe *self);
/** mcu_probe_cpu_s: CPU time of its thread so far. Thread: any. */
double mcu_probe_cpu_s (McuProbe *self);
/** mcu_probe_finish: decodes what is queued and stops. Returns: (transfer none). */
const McuProbeResult *mcu_probe_finish (McuProbe *self);
