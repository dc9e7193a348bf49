/* pipelines/room/commands.c - what control says (docs/media-link.md), done to the room.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/commands-private.h"

#include "config.h"

#include "layouts/layout.h"
#include "layouts/placement-json.h"
#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/log.h"

#define DEFAULT_WIDTH_PX 1280
#define DEFAULT_HEIGHT_PX 720
#define DEFAULT_FPS 30

static void
report (JsonObject *message, gpointer user_data)
{
  McuCommands *self = user_data;

  mcu_link_send (self->link, message);
}

/* ---- people and places ---- */

static void
do_participant (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *name = mcu_json_string (message, "name");
  McuPersonSpec spec = {.id = mcu_json_string (message, "participant"),
                        .name = name != NULL ? name : "",
                        .audio_muted = mcu_json_bool (message, "audio_muted", FALSE),
                        .video_muted = mcu_json_bool (message, "video_muted", FALSE),
                        .shares_screen = mcu_json_bool (message, "screen", FALSE),
                        .hand_raised = mcu_json_bool (message, "hand_raised", FALSE)};

  if (spec.id == NULL)
    return;
  mcu_room_set_person (self->room, &spec);
  mcu_signs_set_avatar (self->signs, spec.id, mcu_json_string (message, "avatar"));
}

static void
do_participant_remove (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *participant = mcu_json_string (message, "participant");

  if (participant != NULL)
    mcu_room_remove_person (self->room, participant);
}

/* What is out of bounds is as if it were not said. */
static McuPlace
read_place (JsonObject *message)
{
  McuPlace how = {.seq = (guint64) mcu_json_int (message, "seq", 0),
                  .transition_ms = (guint) CLAMP (mcu_json_int (message, "transition_ms", 0), 0,
                                                  MCU_CANVAS_MAX_TRANSITION_MS)};
  const char *background = mcu_json_string (message, "background");

  if (background != NULL && !mcu_colour_from_string (background, &how.background_rgba))
    how.background_rgba = 0;
  return how;
}

static void
do_place (McuCommands *self, JsonObject *message, gint64 id)
{
  JsonArray *tiles = mcu_json_array (message, "tiles");
  McuPlacement placements[MCU_PLACEMENT_MAX_TILES];
  McuPlace how = read_place (message);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (guint i = 0;
       tiles != NULL && i < json_array_get_length (tiles) && n < MCU_PLACEMENT_MAX_TILES; i++) {
    JsonObject *tile = mcu_json_array_object (tiles, i);

    if (tile != NULL && mcu_placement_from_json (tile, &placements[n]))
      n++;
  }
  how.elements = mcu_signs_place (self->signs, message);
  if (!mcu_room_place (self->room, mcu_json_string (message, "view"), &how, placements, n, &error))
    g_warning ("place: %s", error->message);
}

/* ---- more pictures ---- */

static void
do_view (McuCommands *self, JsonObject *message, gint64 id)
{
  McuRoomViewSpec spec = {.id = mcu_json_string (message, "view"),
                          .width_px = CLAMP (mcu_json_int (message, "width", 0), 0, G_MAXINT),
                          .height_px = CLAMP (mcu_json_int (message, "height", 0), 0, G_MAXINT),
                          .fps = CLAMP (mcu_json_int (message, "fps", 0), 0, G_MAXINT)};
  g_autoptr (GError) error = NULL;

  if (!mcu_id_is_valid (spec.id))
    g_warning ("view: no such name");
  else if (!mcu_room_add_view (self->room, &spec, &error))
    g_warning ("view %s: %s", spec.id, error->message);
}

static void
do_view_remove (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *view = mcu_json_string (message, "view");

  if (view != NULL)
    mcu_room_remove_view (self->room, view);
}

/* Of `room_state`: a view and where its tiles are. */
static void
do_view_and_place (McuCommands *self, JsonObject *message)
{
  if (g_strcmp0 (mcu_json_string (message, "view"), MCU_ROOM_MAIN_VIEW) != 0)
    do_view (self, message, 0);
  do_place (self, message, 0);
}

/* ---- what is drawn beside people ---- */

static void
do_image (McuCommands *self, JsonObject *message, gint64 id)
{
  mcu_signs_add_image (self->signs, message, mcu_link_take_fd (self->link, message));
}

static void
do_image_remove (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *image = mcu_json_string (message, "image");

  if (image != NULL)
    mcu_signs_remove_image (self->signs, image);
}

static void
do_notices (McuCommands *self, JsonObject *message, gint64 id)
{
  mcu_signs_set_notices (self->signs, message);
}

/* ---- the whole state ---- */

static char **
read_addresses (JsonArray *array, gboolean *has_loopback)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  char **addresses;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

    if (text == NULL || !mcu_address_is_literal (text, NULL))
      continue;
    if (g_str_has_prefix (text, "127.") || g_str_equal (text, "::1"))
      *has_loopback = TRUE;
    g_strv_builder_add (builder, text);
  }
  addresses = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return addresses;
}

static void
read_codecs (JsonArray *array, McuRoomSettings *settings)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    McuCodec codec = JSON_NODE_HOLDS_VALUE (node)
                         ? mcu_codec_from_string (json_node_get_string (node))
                         : MCU_CODEC_NONE;

    if ((codec == MCU_CODEC_H264 || codec == MCU_CODEC_VP8) &&
        settings->n_video_codecs < G_N_ELEMENTS (settings->video_codecs))
      settings->video_codecs[settings->n_video_codecs++] = codec;
  }
}

static void
set_up (McuCommands *self, JsonObject *message)
{
  g_autoptr (JsonObject) nothing = json_object_new ();
  JsonObject *canvas = mcu_json_object (message, "canvas");
  JsonObject *media = mcu_json_object (message, "media");
  McuRoomSettings settings = {0};
  g_auto (GStrv) addresses = NULL;
  g_autofree char *subject = g_strdup_printf ("room %s", mcu_json_string (message, "room"));

  if (mcu_room_is_set_up (self->room))
    return;
  canvas = canvas != NULL ? canvas : nothing;
  media = media != NULL ? media : nothing;
  mcu_log_set_subject (subject);
  settings.width_px = CLAMP (mcu_json_int (canvas, "width", DEFAULT_WIDTH_PX), MCU_ROOM_MIN_SIDE_PX,
                             MCU_ROOM_MAX_SIDE_PX) &
                      ~1;
  settings.height_px = CLAMP (mcu_json_int (canvas, "height", DEFAULT_HEIGHT_PX),
                              MCU_ROOM_MIN_SIDE_PX, MCU_ROOM_MAX_SIDE_PX) &
                       ~1;
  settings.fps = CLAMP (mcu_json_int (canvas, "fps", DEFAULT_FPS), 1, MCU_ROOM_MAX_FPS);
  read_codecs (mcu_json_array (message, "codecs"), &settings);
  addresses = read_addresses (mcu_json_array (media, "addresses"),
                              &settings.network.allow_loopback);
  settings.network.addresses = addresses;
  settings.network.port_min = CLAMP (mcu_json_int (media, "port_min", 40000), 1, 65535);
  settings.network.port_max = CLAMP (mcu_json_int (media, "port_max", 44999), 1, 65535);
  settings.network.external_address = (char *) mcu_json_string (media, "external_address");
  mcu_room_set_up (self->room, &settings);
}

static gboolean
is_named (JsonArray *array, const char *member, const char *id)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    const char *text = NULL;

    if (member != NULL && JSON_NODE_HOLDS_OBJECT (node))
      text = mcu_json_string (json_node_get_object (node), member);
    else if (member == NULL && JSON_NODE_HOLDS_VALUE (node))
      text = json_node_get_string (node);
    if (g_strcmp0 (text, id) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
remove_unnamed (McuCommands *self, JsonObject *message)
{
  g_auto (GStrv) people = mcu_room_list_people (self->room);
  g_auto (GStrv) peers = mcu_peer_hub_list_ids (mcu_room_get_hub (self->room));
  g_auto (GStrv) views = mcu_room_list_views (self->room);

  for (guint i = 0; views[i] != NULL; i++)
    if (!is_named (mcu_json_array (message, "views"), "view", views[i]))
      mcu_room_remove_view (self->room, views[i]);
  for (guint i = 0; peers[i] != NULL; i++)
    if (!is_named (mcu_json_array (message, "peers"), NULL, peers[i]))
      mcu_room_remove_peer (self->room, peers[i]);
  for (guint i = 0; people[i] != NULL; i++)
    if (!is_named (mcu_json_array (message, "participants"), "participant", people[i]))
      mcu_room_remove_person (self->room, people[i]);
}

static void
do_room_state (McuCommands *self, JsonObject *message, gint64 id)
{
  JsonArray *people = mcu_json_array (message, "participants");
  JsonArray *views = mcu_json_array (message, "views");

  set_up (self, message);
  remove_unnamed (self, message);
  mcu_signs_set_notices (self->signs, mcu_json_object (message, "notices"));
  for (guint i = 0; people != NULL && i < json_array_get_length (people); i++)
    if (mcu_json_array_object (people, i) != NULL)
      do_participant (self, mcu_json_array_object (people, i), 0);
  for (guint i = 0; views != NULL && i < json_array_get_length (views); i++)
    if (mcu_json_array_object (views, i) != NULL)
      do_view_and_place (self, mcu_json_array_object (views, i));
  mcu_link_reply (self->link, id, NULL);
}

/* ---- asked ---- */

static void
do_ping (McuCommands *self, JsonObject *message, gint64 id)
{
  mcu_link_reply (self->link, id, mcu_reports_ping (self->reports));
}

static void
do_stats (McuCommands *self, JsonObject *message, gint64 id)
{
  mcu_link_reply (self->link, id, mcu_reports_stats (self->reports));
}

/* ---- recordings ---- */

static void
do_recording (McuCommands *self, JsonObject *message, gint64 id)
{
  g_autoptr (GError) error = NULL;

  if (mcu_recordings_do (self->recordings, message, &error))
    mcu_link_reply (self->link, id, NULL);
  else
    mcu_link_reply_error (self->link, id, error);
}

/* ---- live outputs and inputs ---- */

static void
do_output_add (McuCommands *self, JsonObject *message, gint64 id)
{
  g_autoptr (GError) error = NULL;

  if (!mcu_outputs_add (self->outputs, mcu_json_string (message, "output"),
                        mcu_link_take_fd (self->link, message), &error))
    g_warning ("output_add: %s", error->message);
}

static void
do_output_remove (McuCommands *self, JsonObject *message, gint64 id)
{
  mcu_outputs_remove (self->outputs, mcu_json_string (message, "output"));
}

static void
do_input_add (McuCommands *self, JsonObject *message, gint64 id)
{
  g_autoptr (GError) error = NULL;

  if (!mcu_inputs_add (self->inputs, mcu_json_string (message, "input"),
                       mcu_json_string (message, "participant"),
                       mcu_link_take_fd (self->link, message), &error))
    g_warning ("input_add: %s", error->message);
}

static void
do_input_remove (McuCommands *self, JsonObject *message, gint64 id)
{
  mcu_inputs_remove (self->inputs, mcu_json_string (message, "input"));
}

/* ---- snapshots ---- */

static void
on_snapshot (gpointer user_data, gint64 request_id, int fd, gsize size, const GError *error)
{
  McuCommands *self = user_data;
  JsonObject *members;

  if (error != NULL) {
    mcu_link_reply_error (self->link, request_id, error);
    return;
  }
  members = json_object_new ();
  json_object_set_int_member (members, "bytes", size);
  mcu_link_reply_with_fd (self->link, request_id, members, fd);
}

static void
do_snapshot (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *view = mcu_json_string (message, "view");
  g_autoptr (GError) error = NULL;

  if (!mcu_snapshots_take (self->snapshots, view != NULL ? view : MCU_ROOM_MAIN_VIEW, id, &error))
    mcu_link_reply_error (self->link, id, error);
}

/* ---- the end ---- */

static void
on_all_finished (gpointer user_data)
{
  McuCommands *self = user_data;

  g_main_loop_quit (self->loop);
}

static void
do_drain (McuCommands *self, JsonObject *message, gint64 id)
{
  mcu_recordings_finish (self->recordings, on_all_finished, self);
}

static const struct
{
  const char *type;
  void (*func) (McuCommands *self, JsonObject *message, gint64 id);
} commands[] = {
    {"room_state", do_room_state},
    {"participant", do_participant},
    {"participant_remove", do_participant_remove},
    {"view", do_view},
    {"view_remove", do_view_remove},
    {"place", do_place},
    {"image", do_image},
    {"image_remove", do_image_remove},
    {"notices", do_notices},
    {"peer_add", mcu_commands_peer_add},
    {"peer_candidate", mcu_commands_peer_candidate},
    {"peer_remove", mcu_commands_peer_remove},
    {"peer_view", mcu_commands_peer_view},
    {"ping", do_ping},
    {"stats", do_stats},
    {"recording_start", do_recording},
    {"recording_stop", do_recording},
    {"recording_pause", do_recording},
    {"recording_resume", do_recording},
    {"recording_without", do_recording},
    {"output_add", do_output_add},
    {"output_remove", do_output_remove},
    {"input_add", do_input_add},
    {"input_remove", do_input_remove},
    {"snapshot", do_snapshot},
    {"drain", do_drain},
};

static void
do_command (McuCommands *self, JsonObject *message)
{
  const char *type = mcu_json_string (message, "type");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (type, commands[i].type) == 0)
      commands[i].func (self, message, mcu_json_int (message, "id", 0));
}

static gboolean
on_turn (gpointer user_data)
{
  McuCommands *self = user_data;
  g_autoptr (JsonObject) message = g_queue_pop_head (&self->waiting);

  do_command (self, message);
  if (!g_queue_is_empty (&self->waiting))
    return G_SOURCE_CONTINUE;
  self->turn = 0;
  return G_SOURCE_REMOVE;
}

/* To make a peer takes some 15 ms, and after a restart all offers come at once: one a turn of the
 * main loop, so that answers go out and a ping is not taken for unheard. */
static void
on_message (McuLink *link, JsonObject *message, gpointer user_data)
{
  McuCommands *self = user_data;
  const char *type = mcu_json_string (message, "type");

  /* Neither waits: a descriptor that is not taken is one of few that may be. */
  if (g_strcmp0 (type, "ping") == 0 || g_strcmp0 (type, "image") == 0 ||
      (self->turn == 0 && g_strcmp0 (type, "peer_add") != 0)) {
    do_command (self, message);
    return;
  }
  g_queue_push_tail (&self->waiting, json_object_ref (message));
  if (self->turn == 0)
    self->turn = g_idle_add_full (G_PRIORITY_DEFAULT, on_turn, self, NULL);
}

static void
on_closed (McuLink *link, const char *reason, gpointer user_data)
{
  McuCommands *self = user_data;

  g_message ("the link to control is closed: %s", reason);
  mcu_recordings_finish (self->recordings, on_all_finished, self);
}

McuCommands *
mcu_commands_new (int fd, GMainLoop *loop)
{
  McuCommands *self = g_new0 (McuCommands, 1);
  JsonObject *hello = mcu_link_message_new ("hello");

  self->loop = loop;
  g_queue_init (&self->waiting);
  self->room = mcu_room_new (report, mcu_commands_on_answer, self);
  self->reports = mcu_reports_new (self->room);
  self->signs = mcu_signs_new (self->room);
  self->recordings = mcu_recordings_new (self->room);
  self->outputs = mcu_outputs_new (self->room);
  self->inputs = mcu_inputs_new (self->room);
  self->snapshots = mcu_snapshots_new (self->room, on_snapshot, self);
  self->link = mcu_link_new (fd, on_message, on_closed, self);
  json_object_set_int_member (hello, "pid", getpid ());
  json_object_set_string_member (hello, "version", TESSERA_VERSION);
  mcu_link_send (self->link, hello);
  return self;
}

void
mcu_commands_set_recordings (McuCommands *self, int fd)
{
  mcu_recordings_set_directory (self->recordings, fd);
}

void
mcu_commands_free (McuCommands *self)
{
  g_clear_handle_id (&self->turn, g_source_remove);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) json_object_unref);
  mcu_outputs_free (self->outputs);
  mcu_inputs_free (self->inputs);
  mcu_snapshots_free (self->snapshots);
  mcu_recordings_free (self->recordings);
  mcu_reports_free (self->reports);
  mcu_signs_free (self->signs);
  mcu_room_free (self->room);
  mcu_link_free (self->link);
  g_free (self);
}
