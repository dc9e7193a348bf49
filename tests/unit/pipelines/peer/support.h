/* tests/unit/pipelines/peer/support.h - what the gateway's tests share.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "pipelines/peer/answer.h"
#include "pipelines/peer/offer.h"

/** test_offer_text: (transfer full): tests/data/offers/@name.sdp */
char *test_offer_text (const char *name);

/** test_offer: (transfer full): that offer, parsed; the test fails when it is refused. */
McuOffer *test_offer (const char *name, McuOfferKind kind);

/** test_replace: (transfer full): all @from in @text replaced; the test fails when there is none.
 */
char *test_replace (const char *text, const char *from, const char *to);

/** test_parts: as webrtcbin would give for @offer, with one candidate at 192.0.2.1. */
void test_parts (const McuOffer *offer, McuAnswerParts *parts);

/** test_has_line: a whole line of SDP. */
gboolean test_has_line (const char *sdp, const char *line);
