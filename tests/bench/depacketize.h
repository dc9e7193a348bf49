/* tests/bench/depacketize.h - RTP payloads back to what a decoder takes.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/material.h"

/** mcu_depacketize: appends one payload to @frame (RFC 7741; RFC 6184 as Annex B). */
void mcu_depacketize (McuMaterialKind kind, const guint8 *payload, gsize size, GByteArray *frame);
/** mcu_frame_is_key: of a whole frame as mcu_depacketize() made it. */
gboolean mcu_frame_is_key (McuMaterialKind kind, const guint8 *frame, gsize size);
