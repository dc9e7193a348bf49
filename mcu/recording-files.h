/* mcu/recording-files.h - the recordings directory: folders, sidecars, and nothing outside of it.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   <directory>/2026/11/ID/1.mp4    written by a room process, which may only add files
 *   <directory>/2026/11/ID/ID.json  the sidecar, written here
 *
 * What is in there is looked at as a room process that was taken over would have left it. Thread:
 * any, one at a time; waits for the disk. */
#pragma once

#include "mcu/recording-info.h"

typedef struct _McuRecordingFiles McuRecordingFiles;

/**
 * mcu_recording_files_open:
 * @directory: made when it is not there
 * @error: MCU_ERROR_INTERNAL
 *
 * Returns: (transfer full) (nullable)
 */
McuRecordingFiles *mcu_recording_files_open (const char *directory, GError **error);
void mcu_recording_files_free (McuRecordingFiles *self);

/** mcu_recording_files_get_directory: (transfer none): absolute. */
const char *mcu_recording_files_get_directory (McuRecordingFiles *self);

/**
 * mcu_recording_files_make_folder:
 * @folder: see mcu_recording_folder(); it must not be there
 * @error: MCU_ERROR_DISK_FULL, MCU_ERROR_INTERNAL
 *
 * Its owner is whom a room process becomes; the folders above it can be passed, not read.
 */
gboolean mcu_recording_files_make_folder (McuRecordingFiles *self, const char *folder,
                                          GError **error);

/** mcu_recording_files_write_sidecar: whole or not at all, and durable. */
gboolean mcu_recording_files_write_sidecar (McuRecordingFiles *self, const McuRecordingInfo *info,
                                            const char *text, GError **error);

/** mcu_recording_files_read_sidecar: (transfer full) (nullable): of @folder, whose last name is the
 * recording's id. */
JsonObject *mcu_recording_files_read_sidecar (McuRecordingFiles *self, const char *folder,
                                              GError **error);

/**
 * mcu_recording_files_open_file:
 * @file: see mcu_recording_file_is_valid()
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_INTERNAL
 *
 * Returns: a descriptor of an ordinary file, or -1.
 */
int mcu_recording_files_open_file (McuRecordingFiles *self, const char *folder, const char *file,
                                   GError **error);

/** mcu_recording_files_get_size: of one file; -1: there is none. */
gint64 mcu_recording_files_get_size (McuRecordingFiles *self, const char *folder, const char *file);

/** mcu_recording_files_list: (transfer full): names of what may be media in @folder, sorted. */
GStrv mcu_recording_files_list (McuRecordingFiles *self, const char *folder);

/** mcu_recording_files_measure: bytes of everything in @folder. */
gint64 mcu_recording_files_measure (McuRecordingFiles *self, const char *folder);

/** mcu_recording_files_remove: @folder and what is in it; it is no error when it is gone. */
gboolean mcu_recording_files_remove (McuRecordingFiles *self, const char *folder, GError **error);

/** mcu_recording_files_scan: (transfer full): every folder of a recording, sorted. */
GStrv mcu_recording_files_scan (McuRecordingFiles *self);

/** mcu_recording_files_free_bytes: on their disk; -1: not known. */
gint64 mcu_recording_files_free_bytes (McuRecordingFiles *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordingFiles, mcu_recording_files_free)
