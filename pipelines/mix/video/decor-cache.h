/* pipelines/mix/video/decor-cache.h - drawings by what they show, so that each is drawn once.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/overlay.h"

/** McuDecorCache: least recently used go first. Not locked: one thread, or the owner's lock. */
typedef struct _McuDecorCache McuDecorCache;

/**
 * mcu_decor_cache_new:
 * @max_entries: how many drawings are kept
 * @max_bytes: how much memory they may have
 *
 * Returns: (transfer full)
 */
McuDecorCache *mcu_decor_cache_new (guint max_entries, gsize max_bytes);
/** mcu_decor_cache_free: Drawings in use stay valid. */
void mcu_decor_cache_free (McuDecorCache *self);

/** mcu_decor_cache_find: Returns: (transfer full) (nullable): the drawing kept under @key. */
McuOverlay *mcu_decor_cache_find (McuDecorCache *self, const char *key);
/** mcu_decor_cache_add: keeps a reference to @overlay under @key, which is not there yet. */
void mcu_decor_cache_add (McuDecorCache *self, const char *key, McuOverlay *overlay);
/** mcu_decor_cache_get_count: how many drawings it keeps. */
guint mcu_decor_cache_get_count (McuDecorCache *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuDecorCache, mcu_decor_cache_free)
