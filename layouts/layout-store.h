/* layouts/layout-store.h - the layouts there are: built in, and the operator's own files.
 * From: layouts/layout-file.  To: mcu.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout.h"
#include "layouts/picture-files.h"

/* The operator's files, more than any menu could show. */
#define MCU_LAYOUT_STORE_MAX_FILES 256

/**
 * McuLayoutStore:
 *
 * Layouts by name. A file of the operator's is called NAME.json and says the same name; one with
 * the name of a built-in takes its place. Files whose names do not end in .json, or begin with a
 * dot, are not looked at; but pictures that layouts may name, which lie beside them, are read too.
 *
 * Thread: main loop. Reading is bounded (256 files of 64 KiB) and from a local disk.
 */
typedef struct _McuLayoutStore McuLayoutStore;

/**
 * mcu_layout_store_new:
 * @directory: (nullable): of the operator's files; it is not read until reload
 *
 * Returns: (transfer full): a store with what is built in.
 */
McuLayoutStore *mcu_layout_store_new (const char *directory);
/** mcu_layout_store_free: */
void mcu_layout_store_free (McuLayoutStore *self);

/**
 * mcu_layout_store_reload:
 * @errors: (out) (optional) (element-type GError) (transfer container): one for each file that is
 *   bad, by name; empty when none is. Frees its errors
 *
 * Reads the directory anew. When anything is wrong the set stays as it was, all of it: half of an
 * operator's change is not what they wanted. Layouts in use live on in whoever holds a reference.
 *
 * Returns: TRUE when the new set is in use.
 */
gboolean mcu_layout_store_reload (McuLayoutStore *self, GPtrArray **errors);

/** mcu_layout_store_find: (transfer none) (nullable): take a reference to keep it. */
McuLayout *mcu_layout_store_find (McuLayoutStore *self, const char *name);

/** mcu_layout_store_find_picture: (transfer none) (nullable): of the operator's, by name. */
McuPictureFile *mcu_layout_store_find_picture (McuLayoutStore *self, const char *name);

/** mcu_layout_store_check_pictures: of a layout that is not from a file: see picture-files.h. */
gboolean mcu_layout_store_check_pictures (McuLayoutStore *self, const McuLayout *layout,
                                          const char *file, GError **error);

/** mcu_layout_store_list: (transfer container) (element-type McuLayout): all, by name. */
GPtrArray *mcu_layout_store_list (McuLayoutStore *self);

/**
 * mcu_layout_read_file:
 * @path: a regular file
 * @error: of mcu_layout_parse(); MCU_ERROR_NOT_FOUND: it cannot be read. Named by the last part of
 *   @path
 *
 * For `layout check` and `layout draw`. Thread: any.  Returns: (transfer full) (nullable)
 */
McuLayout *mcu_layout_read_file (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuLayoutStore, mcu_layout_store_free)
