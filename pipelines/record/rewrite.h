/* pipelines/record/rewrite.h - a recording's files, after the fact: looked at, finished, joined.
 * SPDX-License-Identifier: Apache-2.0
 *
 * No GStreamer, no decoder: only the boxes, elements and pages, so that it is quick and bounded
 * whatever the files hold. A file that a kill cut off anywhere is as good as one that was closed;
 * what of its end is not whole is left out. */
#pragma once

#include "pipelines/record/target-file.h"

/** McuRewriteInfo: of a file. */
typedef struct
{
  guint64 bytes;
  char *sha256; /* owned (nullable): hex */
  guint64 duration_ms;
  guint width_px, height_px; /* 0: no picture */
  char video[24];            /* "h264", "vp8", ...; empty: none */
  char audio[24];            /* "aac", "opus", ...; empty: none */
  gboolean is_playable;
  gboolean is_rewritten; /* an ordinary file was made; FALSE: it was one already */
} McuRewriteInfo;

void mcu_rewrite_info_clear (McuRewriteInfo *info);

/**
 * mcu_rewrite_probe:
 * @fd: (transfer full)
 *
 * Returns: FALSE with MCU_ERROR_UNSUPPORTED_TYPE for what is no file of a recording.
 */
gboolean mcu_rewrite_probe (int fd, McuRewriteInfo *info, GError **error);

/**
 * mcu_rewrite_finish:
 * @directory_fd: open; where @name is and the new file is made, as `name.tmp`, which goes first if
 *     it is there
 * @chapters: (nullable) (element-type McuChapter): with none, a file that is an ordinary one
 *     already is only summed up
 * @reserve_bytes: that have to be free on the disk beside the new file
 *
 * The old file stays what it was until the new one is durable, then has its name.
 * Returns: FALSE with MCU_ERROR_NOT_FOUND, MCU_ERROR_UNSUPPORTED_TYPE, MCU_ERROR_BAD_REQUEST (there
 * is nothing to play in it), MCU_ERROR_DISK_FULL, MCU_ERROR_INTERNAL.
 */
gboolean mcu_rewrite_finish (int directory_fd, const char *name, const GArray *chapters,
                             guint64 reserve_bytes, McuRewriteInfo *info, GError **error);

/**
 * mcu_rewrite_join:
 * @fds: (array length=n) (transfer full): open parts, in their order
 * @name: of the file to be made, which must not be there yet
 * @offset_ms: (out) (array length=n): where in it each part begins
 *
 * Returns: as mcu_rewrite_finish(), and MCU_ERROR_EXISTS; MCU_ERROR_BAD_REQUEST: the parts do not
 * fit each other.
 */
gboolean mcu_rewrite_join (int directory_fd, const char *name, const int *fds, guint n,
                           const GArray *chapters, McuRewriteInfo *info, guint64 *offset_ms,
                           GError **error);
