/* pipelines/peer/peer-hub.c - where a room's peers are found, and where they end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/peer-hub.h"

#include <malloc.h>
#include <string.h>

#include "mcu/base/hop.h"
#include "pipelines/peer/peer-private.h"

/* Setting a pipeline to NULL takes 2 to 13 ms (measured); two cores. */
#define N_TEARDOWN_THREADS 2

struct _McuPeerTag
{
  /* Set once in new(), then read by any thread. */
  gatomicrefcount refs;
  McuHop *hop;   /* owned */
  char *peer_id; /* owned */
  guint8 fingerprint[MCU_FINGERPRINT_BYTES];

  gint verdict; /* McuPeerVerdict: written by the DTLS thread, read by any: atomic */
};

struct _McuPeerHub
{
  /* Main loop only. */
  GHashTable *peers; /* owned, (element-type utf8 McuPeer): keys are the peers' own ids */
  McuHop *hop;       /* owned */
  GThreadPool *workers;

  /* Main loop and workers: hold lock. */
  GMutex lock;
  gint64 began_us[N_TEARDOWN_THREADS]; /* of the teardowns that a worker is at; 0: none */
  GQueue ended;                        /* of McuPeer, owned: taken apart, to be freed */
};

typedef struct
{
  McuPeerTag *tag; /* owned */
  McuPeerFunc func;
  gpointer data; /* owned */
  GDestroyNotify free_data;
} Post;

static void
free_post (gpointer data)
{
  Post *post = data;

  if (post->free_data != NULL)
    post->free_data (post->data);
  mcu_peer_tag_unref (post->tag);
  g_free (post);
}

static void
deliver (gpointer owner, gpointer data)
{
  McuPeerHub *self = owner;
  Post *post = data;
  McuPeer *peer = mcu_peer_hub_find (self, post->tag->peer_id);

  /* May have gone while this was under way, and another may have its name. */
  if (peer != NULL && peer->tag == post->tag)
    post->func (peer, post->data);
}

McuPeerTag *
mcu_peer_tag_new (McuPeerHub *hub, const char *peer_id,
                  const guint8 fingerprint[MCU_FINGERPRINT_BYTES])
{
  McuPeerTag *self = g_new0 (McuPeerTag, 1);

  g_atomic_ref_count_init (&self->refs);
  self->hop = mcu_hop_ref (hub->hop);
  self->peer_id = g_strdup (peer_id);
  memcpy (self->fingerprint, fingerprint, MCU_FINGERPRINT_BYTES);
  return self;
}

McuPeerTag *
mcu_peer_tag_ref (McuPeerTag *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_peer_tag_unref (McuPeerTag *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  mcu_hop_unref (self->hop);
  g_free (self->peer_id);
  g_free (self);
}

void
mcu_peer_tag_post (McuPeerTag *self, McuPeerFunc func, gpointer data, GDestroyNotify free_data)
{
  Post *post = g_new0 (Post, 1);

  post->tag = mcu_peer_tag_ref (self);
  post->func = func;
  post->data = data;
  post->free_data = free_data;
  mcu_hop_send (self->hop, deliver, post, free_post);
}

/* The DER inside a PEM certificate is the base64 between its two marks (RFC 7468). */
static gboolean
digest_of_pem (const char *pem, guint8 digest[MCU_FINGERPRINT_BYTES])
{
  static const char begin[] = "-----BEGIN CERTIFICATE-----";
  const char *start = strstr (pem, begin);
  const char *end = start != NULL ? strstr (start, "-----END") : NULL;
  g_autofree char *body = NULL;
  g_autofree guchar *der = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n, digest_bytes = MCU_FINGERPRINT_BYTES;

  if (end == NULL)
    return FALSE;
  start += strlen (begin);
  body = g_strndup (start, end - start);
  der = g_base64_decode (body, &n);
  g_checksum_update (checksum, der, n);
  g_checksum_get_digest (checksum, digest, &digest_bytes);
  return n > 0;
}

void
mcu_peer_tag_verify (McuPeerTag *self, const char *certificate_pem)
{
  guint8 digest[MCU_FINGERPRINT_BYTES];
  gboolean same = certificate_pem != NULL && digest_of_pem (certificate_pem, digest) &&
                  memcmp (digest, self->fingerprint, sizeof digest) == 0;

  g_atomic_int_set (&self->verdict, same ? MCU_PEER_VERIFIED : MCU_PEER_IMPOSTOR);
}

McuPeerVerdict
mcu_peer_tag_verdict (McuPeerTag *self)
{
  return g_atomic_int_get (&self->verdict);
}

/* Returns: how many. */
static guint
free_ended (McuPeerHub *self)
{
  for (guint n = 0;; n++) {
    McuPeer *peer;

    g_mutex_lock (&self->lock);
    peer = g_queue_pop_head (&self->ended);
    g_mutex_unlock (&self->lock);
    if (peer == NULL)
      return n;
    mcu_peer_free (peer);
  }
}

/* What a peer used stays in the allocator's arenas otherwise: measured, 116 MB after 30 joins and
 * leaves instead of 81. It takes some ms, so it is for the last of those that leave together. */
static void
give_back_memory (McuPeerHub *self)
{
  if (mcu_peer_hub_oldest_teardown_ms (self) == 0 && g_thread_pool_unprocessed (self->workers) == 0)
    g_thread_pool_push (self->workers, self, NULL);
}

static void
handle_ended (gpointer owner, gpointer data)
{
  if (free_ended (owner) > 0)
    give_back_memory (owner);
}

/* Returns: the worker's place. There are as many as workers, so one is free. */
static guint
begin_teardown (McuPeerHub *self)
{
  guint i = 0;

  g_mutex_lock (&self->lock);
  while (i < N_TEARDOWN_THREADS - 1 && self->began_us[i] != 0)
    i++;
  self->began_us[i] = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  return i;
}

/* Thread: a worker. Joins the peer's threads, which none of them could do itself. */
static void
take_apart (gpointer data, gpointer user_data)
{
  McuPeer *peer = data;
  McuPeerHub *self = user_data;
  guint place;

  if (data == user_data) { /* from give_back_memory */
    malloc_trim (0);
    return;
  }
  place = begin_teardown (self);
  mcu_peer_stop_pipeline (peer);
  g_mutex_lock (&self->lock);
  self->began_us[place] = 0;
  g_queue_push_tail (&self->ended, peer);
  g_mutex_unlock (&self->lock);
  mcu_hop_send (self->hop, handle_ended, NULL, NULL);
}

McuPeerHub *
mcu_peer_hub_new (void)
{
  McuPeerHub *self = g_new0 (McuPeerHub, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->ended);
  self->peers = g_hash_table_new (g_str_hash, g_str_equal);
  self->hop = mcu_hop_new (NULL, self);
  self->workers = g_thread_pool_new (take_apart, self, N_TEARDOWN_THREADS, FALSE, NULL);
  return self;
}

/* The main loop is not turned here: it would run what its owner has freed already. */
void
mcu_peer_hub_free (McuPeerHub *self)
{
  g_thread_pool_free (self->workers, FALSE, TRUE);
  mcu_hop_close (self->hop);
  free_ended (self);
  mcu_hop_unref (self->hop);
  g_hash_table_unref (self->peers);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mcu_peer_hub_add (McuPeerHub *self, McuPeer *peer)
{
  g_hash_table_insert (self->peers, peer->id, peer);
}

McuPeer *
mcu_peer_hub_find (McuPeerHub *self, const char *peer_id)
{
  return g_hash_table_lookup (self->peers, peer_id);
}

void
mcu_peer_hub_close (McuPeerHub *self, const char *peer_id)
{
  McuPeer *peer = g_hash_table_lookup (self->peers, peer_id);

  if (peer == NULL)
    return;
  g_hash_table_remove (self->peers, peer_id);
  mcu_peer_let_go (peer);
  g_thread_pool_push (self->workers, peer, NULL);
}

void
mcu_peer_hub_foreach (McuPeerHub *self, McuPeerFunc func, gpointer data)
{
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    func (peer, data);
}

char **
mcu_peer_hub_list_ids (McuPeerHub *self)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (self->peers, NULL);

  return g_strdupv ((char **) keys);
}

guint
mcu_peer_hub_oldest_teardown_ms (McuPeerHub *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 oldest_us = now_us;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < N_TEARDOWN_THREADS; i++)
    if (self->began_us[i] != 0)
      oldest_us = MIN (oldest_us, self->began_us[i]);
  g_mutex_unlock (&self->lock);
  return (now_us - oldest_us) / 1000;
}
