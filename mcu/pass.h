/* mcu/pass.h - what somebody was let in with: the claims of a verified token, in this folder's
 * words. SPDX-License-Identifier: Apache-2.0
 *
 * signaling/ reads and checks tokens; here is what is left of one. Without keys nobody has a pass,
 * and the first in a room moderates. */
#pragma once

#include "mcu/types.h"

/** McuRights: a set; who has no pass has MCU_RIGHTS_DEFAULT. */
typedef enum
{
  MCU_MAY_PUBLISH = 1 << 0,   /* `canPublish` */
  MCU_MAY_SUBSCRIBE = 1 << 1, /* `canSubscribe`: without it nothing is sent to them */
  MCU_MAY_CHAT = 1 << 2,      /* `canPublishData` */
  MCU_IS_HIDDEN = 1 << 3,     /* `hidden`: no tile, not in the roster, never heard */
  /* Of `canPublishSources` what is not named. */
  MCU_NO_MICROPHONE = 1 << 4,
  MCU_NO_CAMERA = 1 << 5,
  MCU_NO_SCREEN = 1 << 6,
} McuRights;

#define MCU_RIGHTS_DEFAULT (MCU_MAY_PUBLISH | MCU_MAY_SUBSCRIBE | MCU_MAY_CHAT)
#define MCU_RIGHTS_ALL                                                                             \
  (MCU_RIGHTS_DEFAULT | MCU_IS_HIDDEN | MCU_NO_MICROPHONE | MCU_NO_CAMERA | MCU_NO_SCREEN)

/** McuPass: texts are the holder's. */
typedef struct
{
  char *identity; /* (nullable): a token's `sub`; in a room at a time each is there once */
  char *name;     /* (nullable): when the join says none */
  McuRole role;
  guint rights; /* of McuRights */
} McuPass;

/** mcu_pass_copy: (transfer full) (nullable): NULL of NULL. */
McuPass *mcu_pass_copy (const McuPass *self);
void mcu_pass_free (McuPass *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPass, mcu_pass_free)
