/* pipelines/live/exchange.h - encoded pictures and sound between two processes of ours.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a room hands to a live output, and an input to a room, over a stream socket pair
 * (docs/live.md): frame after frame, each a header and its data. Either side may be somebody who
 * has taken the other process over, so every header is checked and every size bounded. */
#pragma once

#include <glib.h>

#include "pipelines/types.h"

#define MCU_EXCHANGE_HEADER_BYTES 24
/* Ten times a keyframe of 1080p at the rates that we encode or take. */
#define MCU_EXCHANGE_MAX_VIDEO_BYTES (2 * 1024 * 1024)
#define MCU_EXCHANGE_MAX_SOUND_BYTES (16 * 1024)

/** McuExchangeKind: as on the wire. */
typedef enum
{
  MCU_EXCHANGE_VIDEO = 1, /* H.264 (an access unit with start codes) or VP8 */
  MCU_EXCHANGE_SOUND = 2  /* Opus (a packet), or with MCU_CODEC_NONE 16-bit 48 kHz mono */
} McuExchangeKind;

/** McuExchangeFrame: what a header says. */
typedef struct
{
  McuExchangeKind kind;
  McuCodec codec;
  gboolean is_keyframe; /* of video; never believed where it matters */
  guint32 size;         /* bytes of data, at least 1 */
  guint64 pts_ns;       /* on the sender's clock; less than 2^62 */
} McuExchangeFrame;

/** mcu_exchange_pack: Thread: any, pure. */
void mcu_exchange_pack (const McuExchangeFrame *frame, guint8 out[MCU_EXCHANGE_HEADER_BYTES]);

/** mcu_exchange_unpack: FALSE when it breaks a rule. Thread: any, pure. */
gboolean mcu_exchange_unpack (const guint8 in[MCU_EXCHANGE_HEADER_BYTES], McuExchangeFrame *frame);

/**
 * mcu_exchange_write:
 * @data: @frame->size bytes
 *
 * Waits until all is written, or somebody shuts the socket down: for a thread that may.
 *
 * Returns: FALSE when the other side is gone.
 */
gboolean mcu_exchange_write (int fd, const McuExchangeFrame *frame, gconstpointer data);

/**
 * mcu_exchange_read:
 * @data: (out) (transfer full): @frame->size bytes
 *
 * Waits as mcu_exchange_write() does.  Returns: FALSE at the end, or when a rule was broken.
 */
gboolean mcu_exchange_read (int fd, McuExchangeFrame *frame, guint8 **data);
