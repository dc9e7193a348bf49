/* mcu/recording-store.h - what is done with recordings on the disk's thread (mcu/disk.h): index and
 * files together.  SPDX-License-Identifier: Apache-2.0
 *
 * Thread: the disk's, or a program's only one (`tessera recordings`). */
#pragma once

#include "mcu/recording-files.h"
#include "mcu/recording-index.h"
#include "mcu/recording-retention.h"

typedef struct _McuRecordingStore McuRecordingStore;

/**
 * mcu_recording_store_new:
 *
 * Touches no disk yet: the first of the functions below opens what it needs, and says why it could
 * not. Thread: any.
 */
McuRecordingStore *mcu_recording_store_new (const char *state_directory, const char *directory);
void mcu_recording_store_free (McuRecordingStore *self);

/**
 * mcu_recording_store_open:
 * @error: MCU_ERROR_INTERNAL
 *
 * An index that was not there or was broken is made anew from the files.
 */
gboolean mcu_recording_store_open (McuRecordingStore *self, GError **error);

/**
 * mcu_recording_store_lock:
 *
 * Held until mcu_recording_store_free(). Returns: FALSE when another program works on these
 * recordings.
 */
gboolean mcu_recording_store_lock (McuRecordingStore *self);

McuRecordingFiles *mcu_recording_store_get_files (McuRecordingStore *self);
McuRecordingIndex *mcu_recording_store_get_index (McuRecordingStore *self);

/** mcu_recording_store_begin: makes the folder, then as mcu_recording_store_save(). */
gboolean mcu_recording_store_begin (McuRecordingStore *self, const McuRecordingInfo *info,
                                    const char *sidecar, GError **error);

/** mcu_recording_store_save: sidecar and index. @sidecar: (nullable): the index only */
gboolean mcu_recording_store_save (McuRecordingStore *self, const McuRecordingInfo *info,
                                   const char *sidecar, GError **error);

/**
 * mcu_recording_store_remove:
 * @error: MCU_ERROR_NOT_FOUND
 */
gboolean mcu_recording_store_remove (McuRecordingStore *self, const char *id, GError **error);

/** mcu_recording_store_retain: lets go what @limits say. Returns: how many, and logs each. */
guint mcu_recording_store_retain (McuRecordingStore *self, const McuRetention *limits);

/** McuRecordingMedia: an open file to be sent. */
typedef struct
{
  int fd; /* owned, or -1 */
  gint64 bytes;
  char *etag; /* with its quotes */
  char *name; /* to be saved as */
  const char *content_type;
  guint n_parts;
  gboolean is_growing;
  char *room;
} McuRecordingMedia;

void mcu_recording_media_free (McuRecordingMedia *self);

/**
 * mcu_recording_store_open_media:
 * @part: from 1 on; 0: what all parts were joined to, else the first
 * @track: from 1 on: one person's instead; 0: none
 * @error: MCU_ERROR_NOT_FOUND
 */
McuRecordingMedia *mcu_recording_store_open_media (McuRecordingStore *self, const char *id,
                                                   guint part, guint track, GError **error);

/** mcu_recording_store_get: (transfer full) (nullable): @error: MCU_ERROR_NOT_FOUND */
McuRecordingInfo *mcu_recording_store_get (McuRecordingStore *self, const char *id, GError **error);

/** McuRecordingFound: one with its sidecar. */
typedef struct
{
  McuRecordingInfo *info; /* owned */
  JsonObject *sidecar;    /* owned (nullable) */
} McuRecordingFound;

void mcu_recording_found_free (McuRecordingFound *self);

/** mcu_recording_store_find: (transfer full) (nullable): @error: MCU_ERROR_NOT_FOUND */
McuRecordingFound *mcu_recording_store_find (McuRecordingStore *self, const char *id,
                                             GError **error);

/**
 * mcu_recording_store_recover:
 *
 * Returns: (transfer full) (element-type McuRecordingFound): what was not over when the server
 * ended; files that are there and in no list of parts are in it now.
 */
GPtrArray *mcu_recording_store_recover (McuRecordingStore *self, GError **error);

/** McuRecordingProblemFunc: a sentence about one thing that was not as it should be. */
typedef void (*McuRecordingProblemFunc) (const char *problem, gpointer user_data);

/**
 * mcu_recording_store_rebuild:
 * @problem: (nullable)
 *
 * The index from the files. A folder without a good sidecar gets one from what is in it. Returns:
 * how many recordings there are; -1 with @error.
 */
gint mcu_recording_store_rebuild (McuRecordingStore *self, McuRecordingProblemFunc problem,
                                  gpointer user_data, GError **error);

/**
 * mcu_recording_store_check:
 * @is_served: a server works on them: that some run is no problem
 *
 * Compares index and files. Returns: how many problems; -1 with @error.
 */
gint mcu_recording_store_check (McuRecordingStore *self, gboolean is_served,
                                McuRecordingProblemFunc problem, gpointer user_data,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordingStore, mcu_recording_store_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordingMedia, mcu_recording_media_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordingFound, mcu_recording_found_free)
