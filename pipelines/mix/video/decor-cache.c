/* pipelines/mix/video/decor-cache.c - drawings by what they show, so that each is drawn once.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/decor-cache.h"

typedef struct
{
  char *key;
  McuOverlay *overlay;
} Entry;

struct _McuDecorCache
{
  guint max_entries;
  gsize max_bytes;
  gsize bytes;
  GHashTable *links; /* key (the entry's) -> its GList in order */
  GQueue order;      /* (element-type Entry): owned; most recently used first */
};

static void
free_entry (Entry *entry)
{
  g_free (entry->key);
  mcu_overlay_unref (entry->overlay);
  g_free (entry);
}

static void
drop_oldest (McuDecorCache *self)
{
  Entry *entry = g_queue_pop_tail (&self->order);

  self->bytes -= mcu_overlay_get_bytes (entry->overlay);
  g_hash_table_remove (self->links, entry->key);
  free_entry (entry);
}

McuDecorCache *
mcu_decor_cache_new (guint max_entries, gsize max_bytes)
{
  McuDecorCache *self = g_new0 (McuDecorCache, 1);

  self->max_entries = max_entries;
  self->max_bytes = max_bytes;
  self->links = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->order);
  return self;
}

void
mcu_decor_cache_free (McuDecorCache *self)
{
  while (self->order.length > 0)
    drop_oldest (self);
  g_hash_table_unref (self->links);
  g_free (self);
}

McuOverlay *
mcu_decor_cache_find (McuDecorCache *self, const char *key)
{
  GList *link = g_hash_table_lookup (self->links, key);

  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->order, link);
  g_queue_push_head_link (&self->order, link);
  return mcu_overlay_ref (((Entry *) link->data)->overlay);
}

void
mcu_decor_cache_add (McuDecorCache *self, const char *key, McuOverlay *overlay)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->key = g_strdup (key);
  entry->overlay = mcu_overlay_ref (overlay);
  self->bytes += mcu_overlay_get_bytes (overlay);
  g_queue_push_head (&self->order, entry);
  g_hash_table_insert (self->links, entry->key, self->order.head);
  while (self->order.length > self->max_entries ||
         (self->bytes > self->max_bytes && self->order.length > 1))
    drop_oldest (self);
}

guint
mcu_decor_cache_get_count (McuDecorCache *self)
{
  return self->order.length;
}
