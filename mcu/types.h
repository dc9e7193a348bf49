/* mcu/types.h - the names of this folder's types, and the words that they share.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

typedef struct _McuConfig McuConfig;
typedef struct _McuServer McuServer;
typedef struct _McuClient McuClient;
typedef struct _McuRoom McuRoom;
typedef struct _McuParticipant McuParticipant;
typedef struct _McuRoomProcess McuRoomProcess;
typedef struct _McuRoomView McuRoomView;
typedef struct _McuRoomLive McuRoomLive;

/** McuKind: by which door somebody came. */
typedef enum
{
  MCU_KIND_BROWSER,
  MCU_KIND_WHIP,
  MCU_KIND_WHEP,
  MCU_KIND_INPUT /* a camera or a file that we fetched ourselves: mcu/input.h */
} McuKind;

/** McuRole: what somebody may do. */
typedef enum
{
  MCU_ROLE_VIEWER,
  MCU_ROLE_PARTICIPANT,
  MCU_ROLE_MODERATOR
} McuRole;

/** mcu_kind_to_string: (transfer none): "browser", "whip", "whep" or "input". */
const char *mcu_kind_to_string (McuKind kind);
/** mcu_role_to_string: (transfer none): "viewer", "participant" or "moderator". */
const char *mcu_role_to_string (McuRole role);
/** mcu_role_from_string: FALSE when @text is none of them. */
gboolean mcu_role_from_string (const char *text, McuRole *role);
