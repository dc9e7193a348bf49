/* mcu/input.c - one input of a room: a camera, a file or an HTTP stream that is a participant.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/input.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/base/live-url.h"
#include "mcu/room-layout.h"
#include "mcu/room-media.h"
#include "mcu/roster.h"

#define DEFAULT_NAME "Camera"

struct _McuInput
{
  /* Set once. */
  McuRoom *room; /* unowned */
  char *id;
  McuLiveUrl *url;
  gboolean is_loop;
  McuInputGoneFunc on_gone;
  gpointer user_data;
  char *participant_id;

  McuParticipant *participant; /* unowned (nullable): NULL once it was sent out */
  McuSide *side;               /* owned */
};

/* What is beneath the directory and nothing else, whatever links somebody has put there. The
 * process that reads it gets the open file, never the name. */
static int
open_file (McuInput *self, GError **error)
{
  const char *directory = mcu_config_get_string (self->room->node->config,
                                                 MCU_SETTING_INPUTS_DIRECTORY);
  struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  int directory_fd = *directory != '\0' ? open (directory, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
  struct stat status;
  int fd;

  if (directory_fd < 0) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "no file can be an input here");
    return -1;
  }
  fd = syscall (SYS_openat2, directory_fd, self->url->path, &how, sizeof how);
  close (directory_fd);
  if (fd >= 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    return fd;
  if (fd >= 0)
    close (fd);
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such file");
  return -1;
}

static JsonObject *
on_open (gpointer owner, int *fd, GError **error)
{
  McuInput *self = owner;
  McuConfig *config = self->room->node->config;
  JsonObject *message;

  if (self->url->scheme == MCU_LIVE_FILE && (*fd = open_file (self, error)) < 0)
    return NULL;
  message = mcu_link_message_new ("input_open");
  json_object_set_string_member (message, "url", self->url->text);
  json_object_set_boolean_member (message, "loop", self->is_loop);
  json_object_set_boolean_member (message, "allow_private",
                                  mcu_config_get_bool (config, MCU_SETTING_INPUTS_ALLOW_PRIVATE));
  json_object_set_boolean_member (message, "gpl_aac",
                                  mcu_config_get_bool (config, MCU_SETTING_INPUTS_GPL_AAC));
  return message;
}

static void
on_add (gpointer owner, JsonObject *message)
{
  McuInput *self = owner;

  json_object_set_string_member (message, "participant", self->participant_id);
}

static void
on_changed (gpointer owner)
{
  McuInput *self = owner;
  McuParticipant *participant = self->participant;
  gboolean is_live = mcu_side_get_state (self->side) == MCU_SIDE_LIVE;
  gboolean has_changed;

  if (participant == NULL)
    return;
  if (mcu_side_is_over (self->side)) {
    self->participant = NULL;
    mcu_room_leave (self->room, participant, "left");
    return;
  }
  if (is_live) {
    mcu_participant_handle (participant, MCU_PARTICIPANT_SOCKET_BACK);
    has_changed = mcu_participant_handle (participant, MCU_PARTICIPANT_CONNECTED);
  } else {
    participant->camera_live = FALSE;
    has_changed = mcu_participant_handle (participant, MCU_PARTICIPANT_MEDIA_LOST);
  }
  if (has_changed)
    mcu_roster_changed (self->room, participant);
  mcu_room_layout_changed (self->room);
}

static const McuSideOps side_ops = {.role = "--input",
                                    .to_process = "input_feed",
                                    .add_to_room = "input_add",
                                    .take_of_room = "input_remove",
                                    .id_member = "input",
                                    .open = on_open,
                                    .add = on_add,
                                    .changed = on_changed};

/* ---- the seat ---- */

static void
on_seat_send (gpointer holder, JsonObject *message)
{
  /* A camera does not listen. */
}

static void
on_seat_answered (gpointer holder, gint64 session, const char *sdp, const GError *error)
{
}

static void
on_seat_bye (gpointer holder, const char *code, const char *reason, guint retry_after_ms)
{
  McuInput *self = holder;

  self->participant = NULL;
  self->on_gone (self, self->user_data);
}

static const McuSeatOps seat_ops = {on_seat_send, on_seat_answered, on_seat_bye};

/* Who adds it is an admin of the room: neither lock nor lobby is meant for it. It moderates nothing
 * all the same. */
static gboolean
join (McuInput *self, const char *name, GError **error)
{
  const McuPass pass = {.role = MCU_ROLE_MODERATOR, .rights = MCU_MAY_PUBLISH};

  self->participant = mcu_room_join (self->room, name != NULL ? name : DEFAULT_NAME, MCU_KIND_INPUT,
                                     FALSE, &pass, &seat_ops, self, error);
  if (self->participant == NULL)
    return FALSE;
  self->participant->role = MCU_ROLE_PARTICIPANT;
  self->participant_id = g_strdup (self->participant->id);
  self->participant->has_seat = TRUE;
  mcu_room_announce (self->room, self->participant);
  mcu_room_layout_changed (self->room);
  return TRUE;
}

McuInput *
mcu_input_new (McuRoom *room, JsonObject *wanted, McuInputGoneFunc on_gone, gpointer user_data,
               GError **error)
{
  McuLiveUrl *url = mcu_live_url_parse_input (mcu_json_string (wanted, "url"), error);
  McuInput *self;

  if (url == NULL)
    return NULL;
  self = g_new0 (McuInput, 1);
  self->room = room;
  self->id = mcu_id_new ("i");
  self->url = url;
  self->is_loop = mcu_json_bool (wanted, "loop", FALSE);
  self->on_gone = on_gone;
  self->user_data = user_data;
  self->side = mcu_side_new (room, self->id, &side_ops, self);
  if (join (self, mcu_json_string (wanted, "name"), error))
    return self;
  mcu_input_free (self);
  return NULL;
}

void
mcu_input_free (McuInput *self)
{
  McuParticipant *participant = g_steal_pointer (&self->participant);

  mcu_side_free (self->side);
  if (participant != NULL)
    mcu_room_leave (self->room, participant, "left");
  mcu_live_url_free (self->url);
  g_free (self->participant_id);
  g_free (self->id);
  g_free (self);
}

const char *
mcu_input_get_id (McuInput *self)
{
  return self->id;
}

McuSide *
mcu_input_get_side (McuInput *self)
{
  return self->side;
}

JsonObject *
mcu_input_to_json (McuInput *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *shown = mcu_live_url_shown (self->url);

  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "participant", self->participant_id);
  json_object_set_string_member (object, "url", shown);
  mcu_side_to_json (self->side, object);
  json_object_set_boolean_member (object, "loop", self->is_loop);
  json_object_set_int_member (object, "restarts", mcu_side_get_restarts (self->side));
  return object;
}
