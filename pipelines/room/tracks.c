/* pipelines/room/tracks.c - everybody's own streams beside a recording: who has which file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/tracks.h"

#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "pipelines/mix/audio/rtp-header.h"
#include "pipelines/record/track.h"

/* Who comes, goes, mutes or is muted is seen as often as this. */
#define TEND_INTERVAL_MS 100

/* What a connection sends: microphone and camera go into one file, a screen into another. */
typedef struct
{
  char *peer_id;     /* owned */
  char *participant; /* owned */
  gboolean is_screen;
  gboolean is_over; /* the peer is gone */
  McuTrack *track;  /* owned */
} Entry;

struct _McuTracks
{
  McuRoom *room;         /* unowned */
  McuRecorder *recorder; /* unowned (nullable): stopped */
  int directory_fd;      /* owned */
  char *folder;          /* owned (nullable) */
  char *part;            /* owned */
  guint64 reserve_bytes;
  GStrv without;      /* owned (nullable) */
  GPtrArray *entries; /* owned, (element-type Entry) */
  guint tend;         /* source id */
};

/* Main loop only; of which room does not matter: a process has one. */
static McuTracks *listening;

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  mcu_track_close (entry->track);
  mcu_track_unref (entry->track);
  g_free (entry->peer_id);
  g_free (entry->participant);
  g_free (entry);
}

/* ---- the streams' threads ---- */

/* Thread: any. */
static gboolean
place (gpointer recorder, guint64 running_ns, guint64 *file_ns)
{
  return mcu_recorder_place (recorder, running_ns, file_ns);
}

/* Thread: the stream's. */
static gboolean
on_coded_frame (gpointer user_data, const McuCodedFrame *frame)
{
  McuTrackPicture picture = {frame->data,        frame->size,     frame->running_ns,
                             frame->is_keyframe, frame->width_px, frame->height_px};

  return mcu_track_video (user_data, &picture);
}

/* Thread: the network's. */
static void
on_sound_packet (gpointer user_data, const guint8 *rtp, gsize n, guint64 running_ns)
{
  McuRtpHeader header;

  if (mcu_rtp_header_parse (rtp, n, &header))
    mcu_track_sound (user_data, header.seq, header.timestamp, header.payload, header.n_payload,
                     running_ns);
}

/* ---- who is there ---- */

static Entry *
find_entry (McuTracks *self, const char *peer_id, gboolean is_screen)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];

    if (entry->is_screen == is_screen && g_str_equal (entry->peer_id, peer_id))
      return entry;
  }
  return NULL;
}

static void
count_file (gpointer user_data, const char *file, guint64 offset_ms, const char *error_code)
{
}

/* A person who came back goes on counting: no file is written twice. */
static guint
next_number (McuTracks *self, const char *participant, gboolean is_screen)
{
  guint n = 1;

  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];

    if (entry->is_screen == is_screen && g_str_equal (entry->participant, participant))
      n += MAX (1, mcu_track_foreach_file (entry->track, count_file, NULL));
  }
  return n;
}

static void
close_entry (Entry *entry)
{
  if (!entry->is_over)
    mcu_track_close (entry->track);
  entry->is_over = TRUE;
}

/* What one of theirs wrote is complete before the next one's number is given. */
static void
close_older (McuTracks *self, const char *participant, gboolean is_screen)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];

    if (entry->is_screen == is_screen && g_str_equal (entry->participant, participant))
      close_entry (entry);
  }
}

static void
add_entry (McuTracks *self, McuPeer *peer, gboolean is_screen)
{
  const char *participant = mcu_peer_get_participant (peer);
  McuVideoIn *video = mcu_peer_get_video (peer, is_screen ? MCU_STREAM_SCREEN : MCU_STREAM_CAMERA);
  gboolean has_sound = !is_screen && mcu_peer_get_playout (peer) != NULL;
  g_autofree char *name = g_strdup_printf ("%s-%s%s", self->part, participant,
                                           is_screen ? "-screen" : "");
  McuTrackSettings settings = {
      .video = video != NULL ? mcu_video_in_get_codec (video) : MCU_CODEC_NONE,
      .sound = has_sound ? mcu_peer_get_offer (peer)->audio_codec : MCU_CODEC_NONE,
      .directory_fd = self->directory_fd,
      .folder = self->folder,
      .name = name,
      .reserve_bytes = self->reserve_bytes};
  Entry *entry;

  if (settings.video == MCU_CODEC_NONE && settings.sound == MCU_CODEC_NONE)
    return;
  close_older (self, participant, is_screen);
  settings.first = next_number (self, participant, is_screen);
  entry = g_new0 (Entry, 1);
  entry->peer_id = g_strdup (mcu_peer_get_id (peer));
  entry->participant = g_strdup (participant);
  entry->is_screen = is_screen;
  entry->track = mcu_track_new (&settings, place, self->recorder);
  g_ptr_array_add (self->entries, entry);
  if (video != NULL)
    mcu_video_in_set_tap (video, on_coded_frame, mcu_track_ref (entry->track),
                          (GDestroyNotify) mcu_track_unref);
  if (has_sound)
    mcu_peer_set_sound_tap (peer, on_sound_packet, mcu_track_ref (entry->track),
                            (GDestroyNotify) mcu_track_unref);
}

static void
look_at_peer (McuPeer *peer, gpointer data)
{
  McuTracks *self = data;

  if (!mcu_peer_is_connected (peer) || !mcu_id_is_valid (mcu_peer_get_participant (peer)) ||
      self->entries->len + 2 > MCU_TRACKS_MAX)
    return;
  if (find_entry (self, mcu_peer_get_id (peer), FALSE) == NULL)
    add_entry (self, peer, FALSE);
  if (mcu_peer_get_video (peer, MCU_STREAM_SCREEN) != NULL &&
      find_entry (self, mcu_peer_get_id (peer), TRUE) == NULL)
    add_entry (self, peer, TRUE);
}

/* What is muted, or to be left out, is not written, whatever arrives. */
static void
allow (McuTracks *self, Entry *entry)
{
  McuPerson *person = mcu_room_find_person (self->room, entry->participant);
  gboolean is_in = person != NULL &&
                   (self->without == NULL ||
                    !g_strv_contains ((const char *const *) self->without, entry->participant));

  mcu_track_allow (entry->track, is_in && (entry->is_screen || !person->video_muted),
                   is_in && !person->audio_muted);
}

static void
take_off (McuPeer *peer, gpointer data)
{
  mcu_peer_set_sound_tap (peer, NULL, NULL, NULL);
  for (McuStream stream = MCU_STREAM_CAMERA; stream <= MCU_STREAM_SCREEN; stream++)
    if (mcu_peer_get_video (peer, stream) != NULL)
      mcu_video_in_set_tap (mcu_peer_get_video (peer, stream), NULL, NULL, NULL);
}

static void
tend (McuTracks *self)
{
  McuPeerHub *hub = mcu_room_get_hub (self->room);

  if (self->recorder != NULL)
    mcu_peer_hub_foreach (hub, look_at_peer, self);
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];

    if (mcu_peer_hub_find (hub, entry->peer_id) == NULL)
      close_entry (entry);
    if (!entry->is_over)
      allow (self, entry);
    mcu_track_tend (entry->track);
  }
}

static gboolean
on_tend (gpointer user_data)
{
  tend (user_data);
  return G_SOURCE_CONTINUE;
}

McuTracks *
mcu_tracks_new (McuRoom *room, McuRecorder *recorder, const McuTracksSettings *settings,
                GError **error)
{
  McuTracks *self;

  if (listening != NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_OVERLOADED,
                         "another recording has this room's tracks");
    return NULL;
  }
  self = g_new0 (McuTracks, 1);
  self->room = room;
  self->recorder = recorder;
  self->directory_fd = dup (settings->directory_fd);
  self->folder = g_strdup (settings->folder);
  self->part = g_strdup (settings->part);
  self->reserve_bytes = settings->reserve_bytes;
  self->entries = g_ptr_array_new_with_free_func (free_entry);
  self->tend = g_timeout_add (TEND_INTERVAL_MS, on_tend, self);
  listening = self;
  tend (self);
  return self;
}

void
mcu_tracks_free (McuTracks *self)
{
  mcu_tracks_stop (self);
  g_source_remove (self->tend);
  g_ptr_array_unref (self->entries);
  close (self->directory_fd);
  g_strfreev (self->without);
  g_free (self->folder);
  g_free (self->part);
  g_free (self);
}

void
mcu_tracks_set_without (McuTracks *self, const char *const *without)
{
  g_strfreev (self->without);
  self->without = g_strdupv ((char **) without);
  tend (self);
}

void
mcu_tracks_stop (McuTracks *self)
{
  if (self->recorder == NULL)
    return;
  self->recorder = NULL;
  listening = NULL;
  mcu_peer_hub_foreach (mcu_room_get_hub (self->room), take_off, NULL);
  for (guint i = 0; i < self->entries->len; i++)
    close_entry (self->entries->pdata[i]);
}

gboolean
mcu_tracks_is_done (McuTracks *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (!mcu_track_is_done (((Entry *) self->entries->pdata[i])->track))
      return FALSE;
  return self->recorder == NULL;
}

typedef struct
{
  JsonArray *array;
  const char *participant;
} Telling;

static void
add_file (gpointer user_data, const char *file, guint64 offset_ms, const char *error_code)
{
  Telling *telling = user_data;
  JsonObject *item = json_object_new ();

  json_object_set_string_member (item, "participant", telling->participant);
  json_object_set_string_member (item, "file", file);
  json_object_set_int_member (item, "offset_ms", offset_ms);
  if (error_code != NULL)
    json_object_set_string_member (item, "error", error_code);
  json_array_add_object_element (telling->array, item);
}

JsonArray *
mcu_tracks_to_json (McuTracks *self)
{
  Telling telling = {.array = json_array_new ()};

  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];

    telling.participant = entry->participant;
    mcu_track_foreach_file (entry->track, add_file, &telling);
  }
  return telling.array;
}
