/* tests/bench/dtls.c - see dtls.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/dtls.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>

#define RECORD_HEADER 13
#define LINK_MTU 1200

struct _McuLoadDtls
{
  SSL *ssl;      /* owned; owns both BIOs */
  BIO *in, *out; /* unowned */
  gboolean is_server;
  gboolean has_failed;
  McuLoadSendFunc send;
  gpointer user_data;
};

/* One certificate for all clients: making one each would be the client's start-up cost, not the
 * server's. Main thread only. */
static SSL_CTX *shared_context;
static char shared_fingerprint[96];

static int
accept_any_certificate (int ok, X509_STORE_CTX *store)
{
  return 1; /* self-signed by nature: what counts is the fingerprint */
}

static void
fingerprint_of (X509 *certificate, char out[96])
{
  guint8 digest[32];
  unsigned size = sizeof digest;

  X509_digest (certificate, EVP_sha256 (), digest, &size);
  for (unsigned i = 0; i < size; i++)
    g_snprintf (out + 3 * i, 4, "%02X%s", digest[i], i + 1 < size ? ":" : "");
}

static X509 *
make_certificate (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);

  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1 + (long) (g_random_int () >> 1));
  X509_gmtime_adj (X509_getm_notBefore (certificate), -86400);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 30 * 86400);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "WebRTC", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  X509_sign (certificate, key, EVP_sha256 ());
  return certificate;
}

static void
ensure_context (void)
{
  if (shared_context != NULL)
    return;
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = make_certificate (key);

  shared_context = SSL_CTX_new (DTLS_method ());
  SSL_CTX_use_certificate (shared_context, certificate);
  SSL_CTX_use_PrivateKey (shared_context, key);
  SSL_CTX_set_tlsext_use_srtp (shared_context, "SRTP_AES128_CM_SHA1_80");
  SSL_CTX_set_verify (shared_context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                      accept_any_certificate);
  SSL_CTX_set_options (shared_context, SSL_OP_NO_QUERY_MTU);
  SSL_CTX_set_read_ahead (shared_context, 1);
  fingerprint_of (certificate, shared_fingerprint);
  X509_free (certificate);
  EVP_PKEY_free (key);
}

const char *
mcu_load_dtls_fingerprint (void)
{
  ensure_context ();
  return shared_fingerprint;
}

McuLoadDtls *
mcu_load_dtls_new (gboolean is_server, McuLoadSendFunc send, gpointer user_data)
{
  McuLoadDtls *self = g_new0 (McuLoadDtls, 1);

  ensure_context ();
  self->is_server = is_server;
  self->send = send;
  self->user_data = user_data;
  self->ssl = SSL_new (shared_context);
  self->in = BIO_new (BIO_s_mem ());
  self->out = BIO_new (BIO_s_mem ());
  BIO_set_mem_eof_return (self->in, -1);
  BIO_set_mem_eof_return (self->out, -1);
  SSL_set_bio (self->ssl, self->in, self->out);
  SSL_set_mtu (self->ssl, LINK_MTU);
  if (is_server)
    SSL_set_accept_state (self->ssl);
  else
    SSL_set_connect_state (self->ssl);
  return self;
}

void
mcu_load_dtls_free (McuLoadDtls *self)
{
  SSL_free (self->ssl);
  g_free (self);
}

/* A memory BIO forgets where datagrams end; every record may go alone. */
static void
flush_records (McuLoadDtls *self)
{
  char *data;
  gsize left = (gsize) BIO_get_mem_data (self->out, &data);

  while (left >= RECORD_HEADER) {
    gsize size = RECORD_HEADER + ((guint8) data[11] << 8 | (guint8) data[12]);

    if (size > left)
      break;
    self->send ((const guint8 *) data, size, NULL, self->user_data);
    data += size;
    left -= size;
  }
  (void) BIO_reset (self->out);
}

static void
step (McuLoadDtls *self)
{
  int result = SSL_do_handshake (self->ssl);

  if (result <= 0 && SSL_get_error (self->ssl, result) != SSL_ERROR_WANT_READ)
    self->has_failed = TRUE;
  ERR_clear_error ();
  flush_records (self);
}

void
mcu_load_dtls_start (McuLoadDtls *self)
{
  step (self);
}

void
mcu_load_dtls_feed (McuLoadDtls *self, const guint8 *data, gsize size)
{
  guint8 ignored[256];

  BIO_write (self->in, data, (int) size);
  if (!SSL_is_init_finished (self->ssl)) {
    step (self);
    return;
  }
  /* A repeated flight of the peer, or its alert: OpenSSL answers what must be answered. */
  while (SSL_read (self->ssl, ignored, sizeof ignored) > 0)
    ;
  ERR_clear_error ();
  flush_records (self);
}

void
mcu_load_dtls_tick (McuLoadDtls *self)
{
  struct timeval left;

  if (SSL_is_init_finished (self->ssl) || !DTLSv1_get_timeout (self->ssl, &left) ||
      left.tv_sec > 0 || left.tv_usec > 0)
    return;
  DTLSv1_handle_timeout (self->ssl);
  flush_records (self);
}

gboolean
mcu_load_dtls_is_done (McuLoadDtls *self)
{
  return SSL_is_init_finished (self->ssl);
}

gboolean
mcu_load_dtls_has_failed (McuLoadDtls *self)
{
  return self->has_failed;
}

gboolean
mcu_load_dtls_finish (McuLoadDtls *self, const char *remote_fingerprint,
                      guint8 local_key[MCU_LOAD_SRTP_KEY_SIZE],
                      guint8 remote_key[MCU_LOAD_SRTP_KEY_SIZE])
{
  guint8 keys[2 * MCU_LOAD_SRTP_KEY_SIZE];
  char fingerprint[96] = "";
  X509 *certificate = SSL_get1_peer_certificate (self->ssl);
  guint8 *client = self->is_server ? remote_key : local_key;
  guint8 *server = self->is_server ? local_key : remote_key;

  if (certificate != NULL)
    fingerprint_of (certificate, fingerprint);
  X509_free (certificate);
  if (g_ascii_strcasecmp (fingerprint, remote_fingerprint) != 0 ||
      SSL_get_selected_srtp_profile (self->ssl) == NULL ||
      SSL_export_keying_material (self->ssl, keys, sizeof keys, "EXTRACTOR-dtls_srtp", 19, NULL, 0,
                                  0) != 1)
    return FALSE;
  /* RFC 5764, 4.2: both keys, then both salts. */
  memcpy (client, keys, 16);
  memcpy (server, keys + 16, 16);
  memcpy (client + 16, keys + 32, 14);
  memcpy (server + 16, keys + 46, 14);
  return TRUE;
}
