/* tests/unit/pipelines/mix/audio/room.h - people who send a tone each, in a mixer, in simulated
 * time. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <opus.h>

#include "pipelines/mix/audio/mixer.h"

#define ROOM_MAX_PEOPLE 40
#define ROOM_START_US 5000000

/* A person that sends a tone as PCMU and decodes what it is sent. */
typedef struct
{
  guint port;
  McuPlayout *playout;
  double hz; /* 0: silent */
  McuCodec codec;
  OpusDecoder *opus;
  GArray *heard; /* gint16, at 48 kHz or 8 kHz */
  guint packets, markers;
  guint32 last_timestamp;
  gboolean gone;
} Person;

typedef struct
{
  McuAudioMixer *mixer;
  Person people[ROOM_MAX_PEOPLE];
  guint n, tick;
} Room;

Room *room_new (void);
/* Asserts that every user data was destroyed. */
void room_free (Room *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Room, room_free)

/* "person1", "person2", ... Sends as PCMU a tone (0: silence) of amplitude 4000. */
Person *room_join (Room *room, double hz, McuCodec codec);
/* One more connection, which sends nothing. */
Person *room_join_again (Room *room, const char *id, McuCodec codec);
void room_run (Room *room, guint ticks);
/* One packet of one of them, for this tick; room_run does it itself. */
void room_send (Room *room, guint which);
/* Amplitude of a tone in the last half second that a person heard. */
double hears (const Person *person, double hz);
