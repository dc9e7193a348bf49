/* signaling/signed-link.h - links to a recording's files that hold for an hour, for players that
 * send no token.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/types.h"

#define MCU_SIGNED_LINK_TTL_S 3600

/**
 * mcu_signed_link_new:
 * @id: a recording's
 * @file: "media" or "chapters.vtt"
 *
 * Signed with the first API key. Without one it is the bare path: then who may is a matter of the
 * machine (signaling/auth.h).
 *
 * Returns: (transfer full): a path with its query.
 */
char *mcu_signed_link_new (McuConfig *config, const char *id, const char *file, gint64 now_s);

/**
 * mcu_signed_link_is_good:
 * @expires, @signature: (nullable): of the query
 *
 * One signature opens all of a recording's files.
 */
gboolean mcu_signed_link_is_good (McuConfig *config, const char *id, const char *expires,
                                  const char *signature, gint64 now_s);
