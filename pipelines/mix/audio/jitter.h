/* pipelines/mix/audio/jitter.h - how late packets are, and so how long to wait for them.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MCU_JITTER_MAX_PACKETS 512
#define MCU_JITTER_WINDOW_US 5000000

/**
 * McuJitter: transit times of the last 5 s, against the earliest of them.
 *
 * "Transit" is arrival minus timestamp, so its zero means nothing and drift moves it slowly: the
 * earliest of 5 s follows 200 ppm within 1 ms. What piles up behind a stall (of the network or of
 * this machine) is left out, once in 2 s: one stall is no reason to wait longer from then on.
 *
 * Thread: any, one at a time. All zeros is its initial state.
 */
typedef struct
{
  gint64 transit_us[MCU_JITTER_MAX_PACKETS];
  gint64 arrival_us[MCU_JITTER_MAX_PACKETS];
  guint head, n;
  guint64 total;
  gint64 last_arrival_us, last_transit_us;
  gint64 pile_began_us; /* 0: no pile under way */
  gint64 pile_ended_us; /* the last one */

  /* Results. */
  gint64 earliest_us; /* transit */
  gint64 jitter_us;   /* 96th percentile above the earliest */
} McuJitter;

/** mcu_jitter_add: @media_us: the packet's timestamp as time. */
void mcu_jitter_add (McuJitter *self, gint64 media_us, gint64 arrival_us);

/** mcu_jitter_forget: as new. */
void mcu_jitter_forget (McuJitter *self);

G_END_DECLS
