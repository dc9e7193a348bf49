/* tests/bench/decode.h - decoders for what comes back.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/material.h"

typedef struct _McuLoadDecoder McuLoadDecoder;

/** McuLoadLuma: the Y plane, valid until the decoder is used again. */
typedef struct
{
  const guint8 *data;
  int stride, width, height;
} McuLoadLuma;

/** mcu_load_decoder_new: (transfer full) (nullable): @kind VP8 or H264. One thread. */
McuLoadDecoder *mcu_load_decoder_new (McuMaterialKind kind);
void mcu_load_decoder_free (McuLoadDecoder *self);
/** mcu_load_decoder_decode: one whole frame. FALSE when it gave no picture. */
gboolean mcu_load_decoder_decode (McuLoadDecoder *self, const guint8 *frame, gsize size,
                                  McuLoadLuma *luma);
