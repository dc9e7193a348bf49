/* tests/bench/srtp.c - see srtp.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/srtp.h"

#include <srtp2/srtp.h>

/* A receiver that decrypts only what it must jumps far ahead in a stream. */
#define REPLAY_WINDOW 2048

struct _McuLoadSrtp
{
  srtp_t out, in; /* owned */
};

static gboolean
open_session (srtp_t *session, srtp_ssrc_type_t direction, const guint8 *key)
{
  static gsize once;
  srtp_policy_t policy = {.ssrc = {.type = direction},
                          .key = (unsigned char *) key,
                          .window_size = REPLAY_WINDOW,
                          .allow_repeat_tx = 1};

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, 1 + srtp_init ());
  srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtp);
  srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtcp);
  return srtp_create (session, &policy) == srtp_err_status_ok;
}

McuLoadSrtp *
mcu_load_srtp_new (const guint8 local_key[MCU_LOAD_SRTP_KEY_SIZE],
                   const guint8 remote_key[MCU_LOAD_SRTP_KEY_SIZE])
{
  McuLoadSrtp *self = g_new0 (McuLoadSrtp, 1);

  if (open_session (&self->out, ssrc_any_outbound, local_key) &&
      open_session (&self->in, ssrc_any_inbound, remote_key))
    return self;
  mcu_load_srtp_free (self);
  return NULL;
}

void
mcu_load_srtp_free (McuLoadSrtp *self)
{
  if (self->out != NULL)
    srtp_dealloc (self->out);
  if (self->in != NULL)
    srtp_dealloc (self->in);
  g_free (self);
}

typedef srtp_err_status_t (*Transform) (srtp_t session, void *data, int *size);

static gboolean
apply (Transform transform, srtp_t session, guint8 *data, gsize *size)
{
  int length = (int) *size;

  if (transform (session, data, &length) != srtp_err_status_ok)
    return FALSE;
  *size = (gsize) length;
  return TRUE;
}

gboolean
mcu_load_srtp_protect (McuLoadSrtp *self, guint8 *data, gsize *size)
{
  return apply (srtp_protect, self->out, data, size);
}

gboolean
mcu_load_srtp_protect_rtcp (McuLoadSrtp *self, guint8 *data, gsize *size)
{
  return apply (srtp_protect_rtcp, self->out, data, size);
}

gboolean
mcu_load_srtp_unprotect (McuLoadSrtp *self, guint8 *data, gsize *size)
{
  return apply (srtp_unprotect, self->in, data, size);
}

gboolean
mcu_load_srtp_unprotect_rtcp (McuLoadSrtp *self, guint8 *data, gsize *size)
{
  return apply (srtp_unprotect_rtcp, self->in, data, size);
}
