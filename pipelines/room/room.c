/* pipelines/room/room.c - one meeting's media: people, peers, views and the sound.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/room-private.h"

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/link.h"

/* Sound is made in 20 ms frames; what a busy machine held up is caught up so that it stays whole.
 */
#define AUDIO_TICKS_PER_S 50
#define AUDIO_CATCH_UP_MS 100

typedef struct
{
  char *view_id;
  guint64 seq;
  guint64 pts_ns;
} Placed;

static void
free_placed (gpointer data)
{
  Placed *placed = data;

  g_free (placed->view_id);
  g_free (placed);
}

static void
free_seat (gpointer data)
{
  McuSeat *seat = data;

  g_free (seat->peer_id);
  g_free (seat->view_id);
  g_free (seat);
}

/* Each peer has the same RTP offset, but is told its own figure: one day they may differ. */
static void
handle_placed (gpointer owner, gpointer data)
{
  McuRoom *self = owner;
  Placed *placed = data;
  JsonObject *message = mcu_link_message_new ("placed");
  JsonObject *times = json_object_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuSeat *seat = value;
    McuPeer *peer = mcu_peer_hub_find (self->hub, seat->peer_id);

    if (seat->has_picture && peer != NULL && g_str_equal (seat->view_id, placed->view_id))
      json_object_set_int_member (times, seat->peer_id,
                                  mcu_peer_video_rtp_time (peer, placed->pts_ns));
  }
  json_object_set_string_member (message, "view", placed->view_id);
  json_object_set_int_member (message, "seq", placed->seq);
  json_object_set_object_member (message, "rtp_timestamps", times);
  mcu_room_report (self, message);
}

/* Thread: a view's ticker. */
void
mcu_room_on_placed (gpointer user_data, const char *view_id, guint64 seq, guint64 pts_ns)
{
  McuRoom *self = user_data;
  Placed *placed = g_new0 (Placed, 1);

  placed->view_id = g_strdup (view_id);
  placed->seq = seq;
  placed->pts_ns = pts_ns;
  mcu_hop_send (self->hop, handle_placed, placed, free_placed);
}

/* Thread: the mixing thread. */
static void
on_audio_tick (gpointer user_data, guint64 tick_index, gint64 scheduled_ns, gint64 now_ns)
{
  mcu_audio_mixer_tick (user_data, scheduled_ns / 1000);
}

McuRoom *
mcu_room_new (McuRoomReportFunc report, McuRoomAnswerFunc answer, gpointer user_data)
{
  McuRoom *self = g_new0 (McuRoom, 1);

  self->report = report;
  self->answer = answer;
  self->user_data = user_data;
  self->hop = mcu_hop_new (NULL, self);
  self->base_time = g_get_monotonic_time () * 1000;
  mcu_random_bytes ((guint8 *) &self->video_rtp_offset, sizeof self->video_rtp_offset);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) mcu_person_free);
  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                       (GDestroyNotify) mcu_view_free);
  self->ended = g_array_new (FALSE, FALSE, sizeof (McuEndedRung));
  self->leaving_views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->seats = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_seat);
  self->hub = mcu_peer_hub_new ();
  self->mixer = mcu_audio_mixer_new ();
  return self;
}

void
mcu_room_free (McuRoom *self)
{
  g_auto (GStrv) peers = mcu_peer_hub_list_ids (self->hub);

  for (guint i = 0; peers[i] != NULL; i++)
    mcu_room_remove_peer (self, peers[i]);
  mcu_peer_hub_free (self->hub);
  mcu_tick_free (self->audio_tick);
  mcu_audio_mixer_free (self->mixer);
  mcu_hop_close (self->hop);
  g_hash_table_unref (self->views);
  g_hash_table_unref (self->leaving_views);
  g_array_unref (self->ended);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->seats);
  mcu_hop_unref (self->hop);
  g_strfreev (self->settings.network.addresses);
  g_free (self->settings.network.external_address);
  g_free (self);
}

void
mcu_room_set_up (McuRoom *self, const McuRoomSettings *settings)
{
  McuTickConfig tick = {.name = "sound",
                        .rate_num = AUDIO_TICKS_PER_S,
                        .rate_den = 1,
                        .catch_up_ms = AUDIO_CATCH_UP_MS,
                        .func = on_audio_tick,
                        .user_data = self->mixer};
  McuRoomViewSpec main_view = {MCU_ROOM_MAIN_VIEW, settings->width_px, settings->height_px,
                               settings->fps};

  if (self->is_set_up)
    return;
  self->is_set_up = TRUE;
  self->settings = *settings;
  self->settings.network.addresses = g_strdupv (settings->network.addresses);
  self->settings.network.external_address = g_strdup (settings->network.external_address);
  mcu_room_insert_view (self, &main_view);
  self->audio_tick = mcu_tick_new (&tick, NULL);
}

gboolean
mcu_room_is_set_up (McuRoom *self)
{
  return self->is_set_up;
}

const McuRoomSettings *
mcu_room_get_settings (McuRoom *self)
{
  return &self->settings;
}

static void
redraw_person (McuRoom *self, McuPerson *person)
{
  McuDecor camera = mcu_person_get_decor (person, MCU_VIDEO_CAMERA);
  McuDecor screen = mcu_person_get_decor (person, MCU_VIDEO_SCREEN);
  GHashTableIter iter;
  gpointer view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, &view)) {
    McuCanvas *canvas = mcu_view_get_canvas (view);

    mcu_canvas_set_decor (canvas, person->id, MCU_VIDEO_CAMERA, &camera);
    mcu_canvas_set_decor (canvas, person->id, MCU_VIDEO_SCREEN, &screen);
  }
}

gboolean
mcu_room_set_person (McuRoom *self, const McuPersonSpec *spec)
{
  McuPerson *person = mcu_room_find_person (self, spec->id);

  if (person == NULL) {
    if (g_hash_table_size (self->people) >= MCU_ROOM_MAX_PEOPLE)
      return FALSE;
    person = mcu_person_new (spec->id);
    g_hash_table_insert (self->people, person->id, person);
  }
  g_free (person->name);
  person->name = g_strdup (spec->name);
  person->audio_muted = spec->audio_muted;
  person->video_muted = spec->video_muted;
  person->shares_screen = spec->shares_screen;
  person->hand_raised = spec->hand_raised;
  mcu_audio_mixer_set_muted (self->mixer, spec->id, spec->audio_muted);
  redraw_person (self, person);
  return TRUE;
}

void
mcu_room_set_speaking (McuRoom *self, const char *id, gboolean is_speaking)
{
  McuPerson *person = mcu_room_find_person (self, id);

  if (person == NULL || person->is_speaking == is_speaking)
    return;
  person->is_speaking = is_speaking;
  redraw_person (self, person);
}

void
mcu_room_set_bad_link (McuRoom *self, const char *id, gboolean is_bad)
{
  McuPerson *person = mcu_room_find_person (self, id);

  if (person == NULL || person->has_bad_link == is_bad)
    return;
  person->has_bad_link = is_bad;
  redraw_person (self, person);
}

void
mcu_room_set_avatar (McuRoom *self, const char *id, const char *avatar_id, McuImage *avatar)
{
  McuPerson *person = mcu_room_find_person (self, id);

  if (person == NULL)
    return;
  if (g_strcmp0 (person->avatar_id, avatar_id) != 0) {
    g_free (person->avatar_id);
    person->avatar_id = g_strdup (avatar_id);
  }
  if (person->avatar == avatar)
    return;
  g_clear_pointer (&person->avatar, mcu_image_unref);
  if (avatar != NULL)
    person->avatar = mcu_image_ref (avatar);
  redraw_person (self, person);
}

void
mcu_room_remove_person (McuRoom *self, const char *id)
{
  g_auto (GStrv) peers = mcu_peer_hub_list_ids (self->hub);

  for (guint i = 0; peers[i] != NULL; i++)
    if (g_str_equal (mcu_peer_get_participant (mcu_peer_hub_find (self->hub, peers[i])), id))
      mcu_room_remove_peer (self, peers[i]);
  g_hash_table_remove (self->people, id);
}

McuPerson *
mcu_room_find_person (McuRoom *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->people, id) : NULL;
}

char **
mcu_room_list_people (McuRoom *self)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (self->people, NULL);

  return g_strdupv ((char **) keys);
}

McuView *
mcu_room_find_view (McuRoom *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->views, id) : NULL;
}

gboolean
mcu_room_place (McuRoom *self, const char *view_id, const McuPlace *how,
                const McuPlacement *placements, guint n, GError **error)
{
  McuView *view = mcu_room_find_view (self, view_id);
  McuTile tiles[MCU_PLACEMENT_MAX_TILES];
  guint n_tiles = 0;

  if (view == NULL || n > MCU_PLACEMENT_MAX_TILES) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "no such view, or too many tiles");
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    McuPerson *person = mcu_room_find_person (self, placements[i].participant);

    if (person == NULL)
      continue;
    tiles[n_tiles].source = mcu_person_get_source (person, placements[i].stream);
    tiles[n_tiles].placement = placements[i];
    tiles[n_tiles].decor = mcu_person_get_decor (person, placements[i].stream);
    n_tiles++;
  }
  return mcu_canvas_place (mcu_view_get_canvas (view), how, tiles, n_tiles, error);
}

McuPeerHub *
mcu_room_get_hub (McuRoom *self)
{
  return self->hub;
}

McuSeat *
mcu_room_find_seat (McuRoom *self, const char *peer_id)
{
  return g_hash_table_lookup (self->seats, peer_id);
}

McuAudioMixer *
mcu_room_get_mixer (McuRoom *self)
{
  return self->mixer;
}

GstClockTime
mcu_room_get_base_time (McuRoom *self)
{
  return self->base_time;
}

McuTick *
mcu_room_get_audio_tick (McuRoom *self)
{
  return self->audio_tick;
}

void
mcu_room_report (McuRoom *self, JsonObject *message)
{
  self->report (message, self->user_data);
}
