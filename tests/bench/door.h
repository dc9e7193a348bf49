/* tests/bench/door.h - how one client gets into a room: WebSocket signaling, or WHIP and WHEP.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "tests/bench/client.h"

typedef struct _McuDoor McuDoor;

/** McuDoorEvents: main loop. */
typedef struct
{
  /* The client has made its offer and has a socket. */
  void (*offered) (McuClient *client, gpointer user_data);
  /* It did not get in, or was sent away; the client stays as it is. */
  void (*failed) (McuClient *client, const char *why, gpointer user_data);
  /* A layout message of this client's view. */
  void (*layout) (McuClient *client, JsonObject *layout, gpointer user_data);
} McuDoorEvents;

/** McuDoorWay: which door. */
typedef struct
{
  SoupSession *session; /* unowned: may be shared */
  const char *server;   /* "http://127.0.0.1:8080" */
  const char *room;
  const char *token;  /* (nullable) */
  gboolean over_http; /* POST to /whip or /whep, not the WebSocket */
  gboolean is_viewer;
  const McuDoorEvents *events;
  gpointer user_data;
} McuDoorWay;

/** mcu_door_enter: (transfer full): begins to join; free with mcu_door_free(). @client is unowned.
 */
McuDoor *mcu_door_enter (const McuDoorWay *way, McuClient *client);
/** mcu_door_leave: says good-bye; nothing is called any more. */
void mcu_door_leave (McuDoor *self);
void mcu_door_free (McuDoor *self);
/** mcu_door_participant: (transfer none) (nullable): the id that the server gave. */
const char *mcu_door_participant (McuDoor *self);
