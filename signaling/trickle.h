/* signaling/trickle.h - the SDP fragment of a WHIP or WHEP PATCH (RFC 8840). Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The contract's bound for one session; the session's own count is kept by mcu/. */
#define MCU_TRICKLE_MAX_CANDIDATES 20

/**
 * McuTrickle: what a fragment says.
 * @ufrag: (nullable): of the session or its first section
 * @candidates: (element-type utf8): texts after "a="
 * @mids: (element-type utf8): of each candidate; "" where none was said
 * @is_end: it holds end-of-candidates
 */
typedef struct
{
  char *ufrag;
  char *pwd;
  GPtrArray *candidates;
  GPtrArray *mids;
  gboolean is_end;
} McuTrickle;

/**
 * mcu_trickle_parse:
 * @text: (array length=length): from outside, not terminated
 * @error: MCU_ERROR_BAD_SDP, MCU_ERROR_TOO_LARGE (too many candidates)
 *
 * Returns: (transfer full) (nullable).
 */
McuTrickle *mcu_trickle_parse (const char *text, gsize length, GError **error);
void mcu_trickle_free (McuTrickle *self);

/**
 * mcu_trickle_offer_has_ufrag:
 * @offer: (array length=length): the session's offer
 *
 * Returns: TRUE when one of its sections has this ufrag: else the fragment asks for an ICE restart.
 */
gboolean mcu_trickle_offer_has_ufrag (const char *offer, gsize length, const char *ufrag);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuTrickle, mcu_trickle_free)
