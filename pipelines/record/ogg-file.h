/* pipelines/record/ogg-file.h - Opus in Ogg (RFC 3533, RFC 7845), whole or cut off anywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/target-file.h"

/** McuOggFile: what is known of one. */
typedef struct
{
  McuSourceFile *file; /* owned */
  GArray *pages;       /* owned, (element-type guint64): where each is that has sound */
  guint64 headers_end; /* the identification and the comments are before */
  guint64 end;         /* of the last whole page */
  guint32 serial;
  guint pre_skip;
  guint64 samples; /* that are played */
} McuOggFile;

/** mcu_ogg_file_read: @file: (transfer full): also on error. MCU_ERROR_UNSUPPORTED_TYPE. */
McuOggFile *mcu_ogg_file_read (McuSourceFile *file, GError **error);
void mcu_ogg_file_free (McuOggFile *self);

/** mcu_ogg_file_is_whole: its last page says that it is the last. */
gboolean mcu_ogg_file_is_whole (McuOggFile *self);

/**
 * mcu_ogg_file_join: @parts behind each other as one stream; of one part: it with an end.
 * @offset_samples: (out) (array length=n): where each begins
 */
void mcu_ogg_file_join (McuTargetFile *out, McuOggFile **parts, guint n, guint64 *offset_samples);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuOggFile, mcu_ogg_file_free)
