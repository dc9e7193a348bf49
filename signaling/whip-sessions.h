/* signaling/whip-sessions.h - the ICE names of WHIP and WHEP sessions, to tell a trickle from an
 * ICE restart.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/types.h"

/**
 * mcu_whip_sessions_add:
 * @offer: the session's offer; its ice-ufrags are remembered
 *
 * Sessions that mcu/ no longer knows are forgotten here.  Thread: main loop, as everything here.
 */
void mcu_whip_sessions_add (McuServer *server, const char *room_name, McuKind kind,
                            const char *session_id, const char *offer);

/** mcu_whip_sessions_has_ufrag: TRUE when the session's offer had it, or is not known. */
gboolean mcu_whip_sessions_has_ufrag (const char *session_id, const char *ufrag);

void mcu_whip_sessions_remove (const char *session_id);
