/* mcu/resume.h - resume tokens: who somebody was, signed by this server.
 * SPDX-License-Identifier: Apache-2.0
 *
 * base64url (JSON) "." base64url (HMAC-SHA256 over the first part). The key is 32 random bytes in
 * the state directory, so a token outlives the server that made it. Thread: main. */
#pragma once

#include "mcu/pass.h"

/* A name and an identity of 256 bytes each, escaped in JSON, in base64. */
#define MCU_RESUME_MAX_BYTES 6144
/* A meeting longer than a day is joined anew. */
#define MCU_RESUME_MAX_AGE_S (24 * 3600)

typedef struct _McuResumeKey McuResumeKey;

/** McuResume: what a token says. */
typedef struct
{
  char *room;
  char *participant;
  char *name;
  char *identity; /* (nullable) */
  McuRole role;
  guint rights;       /* of McuRights */
  gint64 issued_at_s; /* unix */
} McuResume;

/**
 * mcu_resume_key_open:
 * @directory: where "resume.key" is, or is made: mode 0600, whole or not at all
 * @error: MCU_ERROR_INTERNAL; also when others may read the file
 *
 * Returns: (transfer full) (nullable)
 */
McuResumeKey *mcu_resume_key_open (const char *directory, GError **error);
void mcu_resume_key_free (McuResumeKey *self);

/** mcu_resume_sign: (transfer full): the token. */
char *mcu_resume_sign (McuResumeKey *self, const McuResume *resume);

/**
 * mcu_resume_verify:
 * @token: (nullable): text from outside
 *
 * Returns: (transfer full) (nullable): what it says, when we signed it and it is not too old.
 */
McuResume *mcu_resume_verify (McuResumeKey *self, const char *token, gint64 now_s);
void mcu_resume_free (McuResume *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuResume, mcu_resume_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuResumeKey, mcu_resume_key_free)
