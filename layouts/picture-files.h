/* layouts/picture-files.h - the operator's pictures beside their layout files, read but never
 * looked into: decoding bytes from outside is for the room process. From: a folder.  To:
 * layouts/layout-store, mcu.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "layouts/layout.h"

#define MCU_PICTURE_FILES_MAX 64
#define MCU_PICTURE_FILE_MAX_BYTES (4 * 1024 * 1024)
#define MCU_PICTURE_FILES_MAX_BYTES (64 * 1024 * 1024)

/** McuPictureFile: bytes of a file as they were when it was read. */
typedef struct
{
  gatomicrefcount refs;
  char *name;
  int fd;         /* a sealed memfd, at no matter what offset: pread (2) */
  gsize bytes;    /* 1..MCU_PICTURE_FILE_MAX_BYTES */
  guint64 number; /* no two contents of this process have the same */
  /* To tell whether the file is another now. */
  guint64 device, inode;
  gint64 changed_ns;
} McuPictureFile;

/* Thread: main loop. Reading is bounded as above, and from a local disk. */

/**
 * mcu_picture_file_read:
 * @known: (nullable): one of that name, which is used again if the file is still the same
 * @error: MCU_ERROR_NOT_FOUND: it cannot be read; MCU_ERROR_TOO_LARGE; MCU_ERROR_UNSUPPORTED_TYPE:
 *   it does not begin as a PNG or JPEG does
 *
 * Returns: (transfer full) (nullable)
 */
McuPictureFile *mcu_picture_file_read (const char *directory, const char *name,
                                       McuPictureFile *known, GError **error);
McuPictureFile *mcu_picture_file_ref (McuPictureFile *self);
void mcu_picture_file_unref (McuPictureFile *self);

/**
 * mcu_picture_files_read:
 * @known: (nullable) (element-type utf8 McuPictureFile): what was read before
 * @errors: (element-type GError): gets one for each that is bad
 *
 * All of a folder whose names can be in a layout.
 *
 * Returns: (transfer full) (element-type utf8 McuPictureFile)
 */
GHashTable *mcu_picture_files_read (const char *directory, GHashTable *known, GPtrArray *errors);

/**
 * mcu_picture_files_check:
 * @files: (nullable) (element-type utf8 McuPictureFile)
 * @file: how errors name @layout
 * @error: MCU_ERROR_BAD_REQUEST: one of its pictures is not there
 */
gboolean mcu_picture_files_check (GHashTable *files, const McuLayout *layout, const char *file,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPictureFile, mcu_picture_file_unref)
