/* pipelines/record/source-file.h - a file that is read in small pieces, within its bounds.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

typedef struct _McuSourceFile McuSourceFile;

/**
 * mcu_source_file_new:
 * @fd: (transfer full): an ordinary file, open for reading; closed on error too
 *
 * Its size is that of now: what is written behind it later is not seen.
 * Returns: (transfer full): MCU_ERROR_INTERNAL, MCU_ERROR_UNSUPPORTED_TYPE.
 */
McuSourceFile *mcu_source_file_new (int fd, GError **error);
void mcu_source_file_free (McuSourceFile *self);

guint64 mcu_source_file_size (McuSourceFile *self);
/** mcu_source_file_mode: who may do what with it (chmod (2)). */
guint mcu_source_file_mode (McuSourceFile *self);

/**
 * mcu_source_file_read: all of @size bytes at @offset, or FALSE: it does not have them, or, with
 * @error (nullable), cannot be read. Short reads go through a window, so walking forward is cheap.
 */
gboolean mcu_source_file_read (McuSourceFile *self, guint64 offset, gpointer out, gsize size,
                               GError **error);

/** mcu_source_file_bytes: (transfer full) (nullable): the same as an array of its own. */
GBytes *mcu_source_file_bytes (McuSourceFile *self, guint64 offset, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuSourceFile, mcu_source_file_free)
