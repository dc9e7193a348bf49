/* pipelines/peer/sdp-codec.h - which payload type of a section carries a codec that we take.
 * From: sdp-section.  To: offer.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/peer/sdp-section.h"

/**
 * mcu_sdp_find_codec:
 *
 * H.264 only with packetization-mode=1 and a (constrained) baseline profile, constrained first;
 * PCMU and PCMA also without rtpmap (RFC 3551).
 *
 * Returns: (nullable): the best payload type of @section for @codec.
 */
const McuSdpFormat *mcu_sdp_find_codec (const McuSdpSection *section, McuCodec codec);

/** mcu_sdp_find_rtx: (nullable): the retransmission format whose apt is @pt (RFC 4588). */
const McuSdpFormat *mcu_sdp_find_rtx (const McuSdpSection *section, guint8 pt);

/** mcu_sdp_codec_fmtp: (transfer full) (nullable): what we say of it, in offer and answer alike. */
char *mcu_sdp_codec_fmtp (const McuSdpFormat *format, McuCodec codec, gboolean stereo);

/** mcu_sdp_codec_clock: Hz of RTP timestamps, 0 for MCU_CODEC_NONE. */
guint mcu_sdp_codec_clock (McuCodec codec);

/** mcu_sdp_codec_rtpmap: "VP8/90000"; NULL for MCU_CODEC_NONE. */
const char *mcu_sdp_codec_rtpmap (McuCodec codec);
