/* mcu/recordings-private.h - the records shared by recordings, recording, recording-finish and
 * room-recordings.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/disk.h"
#include "mcu/recording-log.h"
#include "mcu/recording-tool.h"
#include "mcu/recordings.h"
#include "mcu/room.h"

/** McuRecording: one that runs, or is being put in order. */
typedef struct
{
  McuRecordings *owner; /* unowned */
  McuRoom *room;        /* (nullable): NULL once its room is gone, or has not come back */
  McuRecordingInfo *info;
  McuRecordingLog *log;

  /* recording-view.c */
  McuLayout *layout;   /* owned (nullable): the room's */
  gboolean has_canvas; /* a size or rate of its own */
  McuRoomView *view;   /* unowned (nullable): the room's main one */

  /* Why it does not write. */
  gboolean is_made; /* its folder is there */
  gboolean stop_wanted;
  gboolean was_lost;    /* taken up again after a restart of ours, and its room has not come */
  gboolean is_ending;   /* no more parts: its files are put in order */
  gboolean is_unwanted; /* removed when it is over */

  /* The part that a process writes. */
  gboolean part_asked;   /* recording_start is on its way */
  gboolean part_open;    /* the process has it */
  gboolean part_resting; /* it was told to pause */
  gboolean part_stopping;
  gboolean part_started; /* its first `recording` came */
  guint next_part;
  guint n_failures;

  guint update_source;
  guint empty_source; /* automatic: nobody is there */
  guint lost_source;  /* recovered: its room has so long to come back */

  /* Saving. */
  gboolean is_saving;
  gboolean is_dirty;
  gboolean is_urgent;
  guint save_source;

  /* Finishing. */
  guint finish_at; /* the part that is looked at */

  McuRecordingFunc started; /* (nullable): told when it has begun */
  gpointer started_data;
} McuRecording;

struct _McuRecordings
{
  McuConfig *config;
  McuDisk *disk;
  char *directory;
  char *room_program;
  GHashTable *running; /* id -> McuRecording, owned */
  GQueue *to_finish;   /* of ids, owned: one at a time */
  gboolean is_finishing;
  McuRecordingTool *tool; /* unowned (nullable): what puts files in order now */
  GQueue *requests;       /* owned: what was asked and is not answered yet */
  guint status_source;
  guint retain_source;
  McuRecordingsFigures figures;
  gboolean failed_full; /* the last that ended, ended for a full disk */
  GHashTable *rooms;    /* unowned: name -> McuRoom */
  void (*drained) (gpointer);
  gpointer drained_data;
};

/** McuRecordingSave: what is to be written down. */
typedef struct
{
  McuRecordingInfo *info; /* owned */
  char *sidecar;          /* owned */
  gint64 reserve_bytes;   /* of one that begins: with less free it does not */
} McuRecordingSave;

/* ---- recordings.c ---- */

/** mcu_recordings_find: (nullable): one that runs. */
McuRecording *mcu_recordings_find (McuRecordings *self, const char *id);

/** mcu_recordings_drop: it is over and saved. Frees it. */
void mcu_recordings_drop (McuRecordings *self, McuRecording *recording);

/** mcu_recordings_adopt: @room has come back after a restart of ours: its recordings go on. */
void mcu_recordings_adopt (McuRecordings *self, McuRoom *room);

/** mcu_recordings_settle: its state has changed: who waited for that is answered, soon. */
void mcu_recordings_settle (McuRecordings *self, McuRecording *recording);

/** mcu_recordings_look: asks for the figures, soon. */
void mcu_recordings_look (McuRecordings *self);

/* ---- recordings-ask.c ---- */

/** mcu_recordings_forget_requests: nobody waits any more. */
void mcu_recordings_forget_requests (McuRecordings *self);

/* ---- recording-save.c ---- */

/**
 * mcu_recording_ask:
 *
 * Returns: what to give along with a question to others about @self, which may be gone when they
 * answer, and its owner too.
 */
gpointer mcu_recording_ask (McuRecording *self);

/** mcu_recording_answered: (nullable): what it was about. @owner: (out) (optional) (nullable) */
McuRecording *mcu_recording_answered (gpointer question, McuRecordings **owner);

/** mcu_recordings_forget_questions: @self is gone. */
void mcu_recordings_forget_questions (McuRecordings *self);

/** mcu_recording_make_save: (transfer full): what is to be written down. */
McuRecordingSave *mcu_recording_make_save (McuRecording *self);

/* ---- recording.c ---- */

McuRecording *mcu_recording_new (McuRecordings *owner, McuRecordingInfo *info);
void mcu_recording_free (McuRecording *self);

/** mcu_recording_at_ms: now, on its time line. */
gint64 mcu_recording_at_ms (McuRecording *self);

/** mcu_recording_handle: steps the state table; says and saves what has changed. */
gboolean mcu_recording_handle (McuRecording *self, McuRecordingEvent event);

/** mcu_recording_fail: for good. */
void mcu_recording_fail (McuRecording *self, const char *code, const char *detail);

/** mcu_recording_update: what the room's process is to do is compared with what it does, soon. */
void mcu_recording_update (McuRecording *self);

/** mcu_recording_save: soon, or at once. */
void mcu_recording_save (McuRecording *self, gboolean at_once);

/** mcu_recording_save_last: what is not written down yet; nobody waits for it. */
void mcu_recording_save_last (McuRecording *self);

/** mcu_recording_hear: `recording_state` of the room's process. */
void mcu_recording_hear (McuRecording *self, JsonObject *message);

/** mcu_recording_part_ended: the process is done with it, or gone. */
void mcu_recording_part_ended (McuRecording *self);

/** mcu_recording_stop_part: the part that runs ends; another one follows if it is to go on. */
void mcu_recording_stop_part (McuRecording *self);

/** mcu_recording_tell_without: the room's process: whose voices are not in it. */
void mcu_recording_tell_without (McuRecording *self);

/** mcu_recording_make: its folder; then it begins. */
void mcu_recording_make (McuRecording *self);

/** mcu_recording_answer: whoever started it. */
void mcu_recording_answer (McuRecording *self, const GError *error);

/** mcu_recording_tell: `recording` to everybody in its room. */
void mcu_recording_tell (McuRecording *self);

/* ---- room-recordings.c ---- */

/** mcu_room_recordings_take: @recording is @room's from here on. */
void mcu_room_recordings_take (McuRoom *room, McuRecording *recording);

/** mcu_room_recordings_forget: waits that are still under way have nobody to tell any more. */
void mcu_room_recordings_forget (McuRecordings *recordings);

/* ---- recording-finish.c ---- */

/** mcu_recording_finish: no more parts will come: puts its files in order, then ends it. */
void mcu_recording_finish (McuRecording *self);

/** mcu_recordings_finish_next: what waits for that. */
void mcu_recordings_finish_next (McuRecordings *self);

/** mcu_recording_finish_stop: for good: what is not in order yet is found again at the next start.
 */
void mcu_recording_finish_stop (McuRecordings *self);

/* ---- recording-jobs.c ---- */

extern const McuDiskJob mcu_recording_job_recover; /* no data -> GPtrArray of McuRecordingFound */
extern const McuDiskJob mcu_recording_job_begin;   /* McuRecordingSave -> nothing */
extern const McuDiskJob mcu_recording_job_save;    /* the same */
extern const McuDiskJob mcu_recording_job_get;     /* id -> McuRecordingInfo */
extern const McuDiskJob mcu_recording_job_list;    /* McuRecordingPage -> itself */
extern const McuDiskJob mcu_recording_job_remove;  /* id -> nothing */
extern const McuDiskJob mcu_recording_job_media;   /* McuRecordingPage -> McuRecordingMedia ** */
extern const McuDiskJob mcu_recording_job_find;    /* id -> McuRecordingFound */
extern const McuDiskJob mcu_recording_job_measure; /* McuRecordingInfo -> another, with sizes */
extern const McuDiskJob mcu_recording_job_retain;  /* McuRetention -> nothing */
extern const McuDiskJob mcu_recording_job_status;  /* no data -> McuRecordingsFigures */

/** McuRecordingPage: what is asked for, and what was found. */
typedef struct
{
  char *text; /* (nullable): room or id */
  char *after;
  guint limit; /* or the part */
  guint track;
  GPtrArray *rows;
  char *next;
} McuRecordingPage;
