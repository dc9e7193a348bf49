/* mcu/recording-index.h - which recordings there are: a table in the state directory.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Everything in it is in the sidecars too (mcu/recording-files.h), so that it can be made anew.
 * Thread: one at a time; waits for the disk. */
#pragma once

#include "mcu/recording-info.h"

#define MCU_RECORDING_INDEX_FILE "recordings.sqlite"

typedef struct _McuRecordingIndex McuRecordingIndex;

/**
 * mcu_recording_index_open:
 * @path: made when it is not there
 * @made: (out): it was not there, or was no table of ours and has been put aside: rebuild it
 * @error: MCU_ERROR_INTERNAL
 *
 * Returns: (transfer full) (nullable)
 */
McuRecordingIndex *mcu_recording_index_open (const char *path, gboolean *made, GError **error);
void mcu_recording_index_free (McuRecordingIndex *self);

/** mcu_recording_index_put: adds or replaces. */
gboolean mcu_recording_index_put (McuRecordingIndex *self, const McuRecordingInfo *info,
                                  GError **error);

/** mcu_recording_index_get: (transfer full) (nullable): NULL without @error: there is none. */
McuRecordingInfo *mcu_recording_index_get (McuRecordingIndex *self, const char *id, GError **error);

gboolean mcu_recording_index_remove (McuRecordingIndex *self, const char *id, GError **error);

/**
 * mcu_recording_index_list:
 * @room: (nullable): of this one only
 * @after: (nullable): a cursor that was `next`
 * @next: (out) (transfer full) (nullable): the cursor, when there are more than @limit
 *
 * Returns: (transfer full) (element-type McuRecordingInfo) (nullable): the newest first.
 */
GPtrArray *mcu_recording_index_list (McuRecordingIndex *self, const char *room, guint limit,
                                     const char *after, char **next, GError **error);

/** mcu_recording_index_count: how many are in each state. */
gboolean mcu_recording_index_count (McuRecordingIndex *self, guint64 counts[MCU_RECORDING_N_STATES],
                                    GError **error);

/** mcu_recording_index_all: (transfer full) (element-type McuRecordingInfo): oldest end first. */
GPtrArray *mcu_recording_index_all (McuRecordingIndex *self, GError **error);

/** mcu_recording_index_begin: what follows takes effect with mcu_recording_index_end(), or not. */
gboolean mcu_recording_index_begin (McuRecordingIndex *self, GError **error);
gboolean mcu_recording_index_end (McuRecordingIndex *self, gboolean keep, GError **error);

/** mcu_recording_index_clear: before it is made anew. */
gboolean mcu_recording_index_clear (McuRecordingIndex *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordingIndex, mcu_recording_index_free)
