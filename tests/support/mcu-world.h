/* tests/support/mcu-world.h - a server with fake rooms, and people who write down what they hear.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/client.h"
#include "mcu/server.h"

/** Person: one WebSocket's worth of a person. */
typedef struct
{
  McuClient *client; /* owned (nullable) */
  GPtrArray *got;    /* of JsonObject: what they were sent, in order */
  char *bye;         /* owned (nullable): the code */
  guint retry_after_ms;
  char *id;     /* owned (nullable): from `welcome` */
  char *resume; /* owned (nullable): from `welcome` */
} Person;

typedef struct
{
  McuServer *server;
  McuConfig *config;
  char *directory; /* state and log */
  char *log;       /* what fake rooms were told */
  GPtrArray *people;
} World;

/** world_set_up: @group.@key=@value: (nullable) array of triples, NULL at the end. */
void world_set_up (World *world, const char *const *settings);
void world_tear_down (World *world);
/** world_restart: the server goes as in a crash, and another one comes. */
void world_restart (World *world);

/** world_connect: a socket to @room, nothing said yet. The world frees it. */
Person *world_connect (World *world, const char *room);
/** world_join: connects, joins as @name, and waits for `welcome`. */
Person *world_join (World *world, const char *room, const char *name);
/** world_resume: connects with @token and waits for `welcome` or `bye`. */
Person *world_resume (World *world, const char *room, const char *token);

/** say: JSON text, with ' for ". */
void say (Person *person, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** lose_socket: it is gone without a word. */
void lose_socket (Person *person);

/** last: (nullable): the newest message of a type. */
JsonObject *last (Person *person, const char *type);
/** count: how many of a type. */
guint count (Person *person, const char *type);
/** told: whether a fake room's log has a line that begins so. */
guint told (World *world, const char *line);

/** wait_until: runs the main loop; fails after 20 s. */
#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint watchdog_ = start_watchdog (#condition);                                                 \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (watchdog_);                                                                   \
  }                                                                                                \
  G_STMT_END
guint start_watchdog (const char *what);
