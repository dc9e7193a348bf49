/* pipelines/live/fetcher.h - one attempt at a camera, a file or an HTTP stream: frames come out.
 * To: live/exchange.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/base/live-url.h"
#include "pipelines/live/exchange.h"

typedef struct _McuFetcher McuFetcher;

/** McuFetcherSettings: only used in mcu_fetcher_new(). */
typedef struct
{
  const McuLiveUrl *url;
  int fd; /* of a file: open; is duplicated */
  gboolean gpl_aac;
} McuFetcherSettings;

/** McuFetcherEvents: Thread: the pipeline's; copy and hop. */
typedef struct
{
  /**
   * frame: when its time has come; its pts is the time of this moment, CLOCK_MONOTONIC, but for a
   *   camera: its own clock's
   *
   * It may wait: then the source waits.
   */
  void (*frame) (gpointer user_data, const McuExchangeFrame *frame, gconstpointer data);
  void (*ended) (gpointer user_data);
  /** @is_final: MCU_ERROR_UNSUPPORTED_TYPE: there is nothing in it that can be taken */
  void (*failed) (gpointer user_data, const GError *error, gboolean is_final);
} McuFetcherEvents;

/**
 * mcu_fetcher_new:
 * @events: static
 *
 * Thread: main loop.  Returns: (transfer full) (nullable): MCU_ERROR_INTERNAL.
 */
McuFetcher *mcu_fetcher_new (const McuFetcherSettings *settings, const McuFetcherEvents *events,
                             gpointer user_data, GError **error);

/** mcu_fetcher_free: may wait for the network. Thread: main loop; nobody waits in a frame(). */
void mcu_fetcher_free (McuFetcher *self);
