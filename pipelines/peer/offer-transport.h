/* pipelines/peer/offer-transport.h - which of the client's transports is used, and its values.
 * From: sdp-section.  To: offer.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/peer/sdp-section.h"

/** mcu_sdp_is_bundled: @mid (nullable) is named by the BUNDLE group. */
gboolean mcu_sdp_is_bundled (const McuSdpSession *session, const char *mid);

/**
 * mcu_offer_set_transport:
 * @offer: sections are accepted or not already, at least one is
 * @error: MCU_ERROR_BAD_SDP: no ICE credentials or no SHA-256 fingerprint
 *
 * Sets the group and its mids, the tagged section, ICE, DTLS and candidates.
 */
gboolean mcu_offer_set_transport (McuOffer *offer, const McuSdpSession *session,
                                  gboolean allow_loopback, GError **error);
