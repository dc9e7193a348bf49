/* pipelines/record/target-file.h - a file that is written front to back, and its SHA-256.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/source-file.h"

typedef struct _McuTargetFile McuTargetFile;

/** mcu_target_file_new: @fd: (transfer full): empty, open for writing; -1: only the sum is made. */
McuTargetFile *mcu_target_file_new (int fd);
/** mcu_target_file_free: closes it, whatever is in it. */
void mcu_target_file_free (McuTargetFile *self);

/** mcu_target_file_put: a failure is kept and told by mcu_target_file_end(). */
void mcu_target_file_put (McuTargetFile *self, gconstpointer data, gsize size);
void mcu_target_file_put_array (McuTargetFile *self, const GByteArray *data);
/** mcu_target_file_copy: @size bytes of @from at @offset. */
void mcu_target_file_copy (McuTargetFile *self, McuSourceFile *from, guint64 offset, guint64 size);

/** mcu_target_file_size: what was put so far. */
guint64 mcu_target_file_size (McuTargetFile *self);

/**
 * mcu_target_file_end: all is on the disk.
 *
 * Returns: (transfer full) (nullable): its SHA-256 in hex; MCU_ERROR_DISK_FULL, MCU_ERROR_INTERNAL.
 */
char *mcu_target_file_end (McuTargetFile *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuTargetFile, mcu_target_file_free)
