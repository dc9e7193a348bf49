/* pipelines/live/publisher.h - encoded pictures and sound in, RTMP, SRT or HLS pieces out.
 * From: live/exchange.  SPDX-License-Identifier: Apache-2.0
 *
 * One connection, or one attempt at it: when it fails it has failed, and control begins anew. */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

#include "mcu/base/live-url.h"
#include "pipelines/live/exchange.h"

typedef enum
{
  MCU_PUBLISH_RTMP, /* and RTMPS */
  MCU_PUBLISH_SRT,
  MCU_PUBLISH_HLS
} McuPublishKind;

typedef struct _McuPublisher McuPublisher;

/** McuPublisherSettings: copied. */
typedef struct
{
  McuPublishKind kind;
  const McuLiveUrl *url; /* (nullable): NULL for HLS */
  GInetAddress *address; /* (nullable): of @url's host, as it was checked */
  guint width_px, height_px, fps;
} McuPublisherSettings;

/** McuPublisherEvents: Thread: the pipeline's; copy and hop. */
typedef struct
{
  /** sent: something more has gone out. Often. */
  void (*sent) (gpointer user_data);
  /** segment: @memfd: (transfer full): see #McuSegmentFunc; only good ones */
  void (*segment) (gpointer user_data, int memfd, guint duration_ms);
  void (*failed) (gpointer user_data, const GError *error);
} McuPublisherEvents;

/**
 * mcu_publisher_new:
 * @events: static
 * @error: MCU_ERROR_INTERNAL: an element or a plugin is missing
 *
 * Thread: main loop.  Returns: (transfer full) (nullable).
 */
McuPublisher *mcu_publisher_new (const McuPublisherSettings *settings,
                                 const McuPublisherEvents *events, gpointer user_data,
                                 GError **error);

/** mcu_publisher_free: closes the connection. May wait for the network. Thread: main loop. */
void mcu_publisher_free (McuPublisher *self);

/**
 * mcu_publisher_begin_feed: what follows is of another room process: it goes on behind what there
 * is, with the next keyframe.  Thread: that of mcu_publisher_take().
 */
void mcu_publisher_begin_feed (McuPublisher *self);

/**
 * mcu_publisher_take:
 * @data: (transfer full)
 *
 * Waits while more than some seconds are waiting to be sent.  Thread: one at a time.
 */
void mcu_publisher_take (McuPublisher *self, const McuExchangeFrame *frame, guint8 *data);

/** mcu_publisher_unblock: who waits in mcu_publisher_take() does no longer. Thread: any. */
void mcu_publisher_unblock (McuPublisher *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPublisher, mcu_publisher_free)
