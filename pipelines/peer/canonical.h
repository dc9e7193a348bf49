/* pipelines/peer/canonical.h - the offer as webrtcbin 1.22 is given it.
 * From: offer.  To: webrtcbin's set-remote-description.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/peer/offer.h"

/**
 * mcu_offer_to_canonical:
 *
 * Only accepted sections, in their canonical order, all in one BUNDLE; transport values at media
 * level and the same in each; one codec (and its rtx) a section; always a=ssrc lines, because
 * webrtcbin maps packets to sections by nothing else. Candidates are not in it: the peer adds
 * them with add-ice-candidate on mline 0.
 *
 * Thread: any.  Returns: (transfer full): SDP text with CRLF lines.
 */
char *mcu_offer_to_canonical (const McuOffer *offer);
