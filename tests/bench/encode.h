/* tests/bench/encode.h - encoders for the material: constant rate, key frames where they are asked.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/material.h"

typedef struct _McuLoadEncoder McuLoadEncoder;

/** mcu_load_encoder_new: (transfer full) (nullable): @kind VP8 or H264; NULL when the library
 * refuses. Free with mcu_load_encoder_free(). */
McuLoadEncoder *mcu_load_encoder_new (McuMaterialKind kind, int width, int height, guint rate_bps);
void mcu_load_encoder_free (McuLoadEncoder *self);

/**
 * mcu_load_encoder_encode:
 * @i420: planar without padding
 *
 * Returns: (transfer full) (nullable): the frame (Annex B for H.264), NULL when encoding failed.
 */
GBytes *mcu_load_encoder_encode (McuLoadEncoder *self, const guint8 *i420, gboolean key);
