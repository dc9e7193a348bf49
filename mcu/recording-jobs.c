/* mcu/recording-jobs.c - what control asks of the disk's thread.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "mcu/recordings-private.h"

static void
free_save (gpointer data)
{
  McuRecordingSave *save = data;

  mcu_recording_info_free (save->info);
  g_free (save->sidecar);
  g_free (save);
}

static void
free_page (gpointer data)
{
  McuRecordingPage *page = data;

  g_free (page->text);
  g_free (page->after);
  g_clear_pointer (&page->rows, g_ptr_array_unref);
  g_free (page->next);
  g_free (page);
}

static gpointer
recover (gpointer context, gpointer data, GError **error)
{
  if (!mcu_recording_store_lock (context))
    g_warning ("recordings: another program works on them");
  return mcu_recording_store_recover (context, error);
}

static gboolean
has_room (McuRecordingStore *store, gint64 reserve_bytes, GError **error)
{
  gint64 free_bytes = mcu_recording_files_free_bytes (mcu_recording_store_get_files (store));

  if (free_bytes < 0 || free_bytes >= reserve_bytes)
    return TRUE;
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_DISK_FULL,
                       "the disk is full but for the reserve");
  return FALSE;
}

static gpointer
begin (gpointer context, gpointer data, GError **error)
{
  McuRecordingSave *save = data;

  if (!mcu_recording_store_open (context, error) || !has_room (context, save->reserve_bytes, error))
    return NULL;

  mcu_recording_store_begin (context, save->info, save->sidecar, error);
  return NULL;
}

static gpointer
save_it (gpointer context, gpointer data, GError **error)
{
  McuRecordingSave *save = data;

  mcu_recording_store_save (context, save->info, save->sidecar, error);
  return NULL;
}

static gpointer
get (gpointer context, gpointer data, GError **error)
{
  return mcu_recording_store_get (context, data, error);
}

static gpointer
find (gpointer context, gpointer data, GError **error)
{
  return mcu_recording_store_find (context, data, error);
}

static gpointer
list (gpointer context, gpointer data, GError **error)
{
  McuRecordingPage *asked = data;
  McuRecordingPage *page;

  if (!mcu_recording_store_open (context, error))
    return NULL;
  page = g_new0 (McuRecordingPage, 1);
  page->rows = mcu_recording_index_list (mcu_recording_store_get_index (context), asked->text,
                                         asked->limit, asked->after, &page->next, error);
  if (page->rows == NULL)
    g_clear_pointer (&page, free_page);
  return page;
}

static gpointer
remove_it (gpointer context, gpointer data, GError **error)
{
  mcu_recording_store_remove (context, data, error);
  return NULL;
}

/* In a box of its own, so that it can be taken out. */
static gpointer
media (gpointer context, gpointer data, GError **error)
{
  McuRecordingPage *asked = data;
  McuRecordingMedia *found = mcu_recording_store_open_media (context, asked->text, asked->limit,
                                                             asked->track, error);
  McuRecordingMedia **box;

  if (found == NULL)
    return NULL;
  box = g_new0 (McuRecordingMedia *, 1);
  *box = found;
  return box;
}

static void
free_media (gpointer data)
{
  McuRecordingMedia **box = data;

  mcu_recording_media_free (*box);
  g_free (box);
}

static gpointer
measure (gpointer context, gpointer data, GError **error)
{
  McuRecordingInfo *info;

  if (!mcu_recording_store_open (context, error))
    return NULL;
  info = mcu_recording_info_copy (data);
  for (guint i = 0; i < info->parts->len; i++) {
    McuRecordingPart *part = info->parts->pdata[i];

    part->bytes = MAX (0, mcu_recording_files_get_size (mcu_recording_store_get_files (context),
                                                        info->folder, part->file));
  }
  return info;
}

static gpointer
retain (gpointer context, gpointer data, GError **error)
{
  mcu_recording_store_retain (context, data);
  return NULL;
}

static gpointer
status (gpointer context, gpointer data, GError **error)
{
  McuRecordingsFigures *figures;

  if (!mcu_recording_store_open (context, error))
    return NULL;
  figures = g_new0 (McuRecordingsFigures, 1);
  mcu_recording_index_count (mcu_recording_store_get_index (context), figures->by_state, NULL);
  figures->free_bytes = mcu_recording_files_free_bytes (mcu_recording_store_get_files (context));
  return figures;
}

const McuDiskJob mcu_recording_job_recover = {recover, NULL, (GDestroyNotify) g_ptr_array_unref};
const McuDiskJob mcu_recording_job_begin = {begin, free_save, NULL};
const McuDiskJob mcu_recording_job_save = {save_it, free_save, NULL};
const McuDiskJob mcu_recording_job_get = {get, g_free, (GDestroyNotify) mcu_recording_info_free};
const McuDiskJob mcu_recording_job_list = {list, free_page, free_page};
const McuDiskJob mcu_recording_job_remove = {remove_it, g_free, NULL};
const McuDiskJob mcu_recording_job_media = {media, free_page, free_media};
const McuDiskJob mcu_recording_job_find = {find, g_free, (GDestroyNotify) mcu_recording_found_free};
const McuDiskJob mcu_recording_job_measure = {measure, (GDestroyNotify) mcu_recording_info_free,
                                              (GDestroyNotify) mcu_recording_info_free};
const McuDiskJob mcu_recording_job_retain = {retain, g_free, NULL};
const McuDiskJob mcu_recording_job_status = {status, NULL, g_free};
