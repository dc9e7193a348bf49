/* tests/unit/pipelines/mix/audio/room.c - people who send a tone each.
 * SPDX-License-Identifier: Apache-2.0 */
#include "room.h"

#include <string.h>

#include "link.h"
#include "pipelines/mix/audio/g711.h"
#include "signal.h"

static void
on_send (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp, gboolean marker,
         gint64 tick_us)
{
  Person *person = user_data;
  guint step = person->codec == MCU_CODEC_OPUS ? 960 : 160;
  gint16 pcm[960];

  g_assert_false (person->gone);
  if (person->packets++ > 0)
    g_assert_cmpuint (rtp_timestamp, ==, person->last_timestamp + step);
  person->markers += marker;
  person->last_timestamp = rtp_timestamp;
  if (person->codec == MCU_CODEC_OPUS)
    g_assert_cmpint (opus_decode (person->opus, payload, n, pcm, 960, 0), ==, 960);
  else
    for (guint i = 0; i < 160; i++)
      pcm[i] = person->codec == MCU_CODEC_PCMU ? mcu_g711_ulaw_decode (payload[i])
                                               : mcu_g711_alaw_decode (payload[i]);
  g_array_append_vals (person->heard, pcm, step);
}

static void
on_destroy (gpointer user_data)
{
  Person *person = user_data;

  person->gone = TRUE;
}

static Person *
add_person (Room *room, const char *id, McuPlayout *playout, double hz, McuCodec codec)
{
  Person *person = &room->people[room->n++];
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (room->n, <=, ROOM_MAX_PEOPLE);
  person->hz = hz;
  person->codec = codec;
  person->playout = playout;
  person->opus = opus_decoder_create (48000, 1, NULL);
  person->heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  person->port = mcu_audio_mixer_add (room->mixer,
                                      &(McuAudioPort){.participant = id,
                                                      .playout = person->playout,
                                                      .codec = codec,
                                                      .send = on_send,
                                                      .user_data = person,
                                                      .destroy = on_destroy},
                                      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (person->port, !=, 0);
  return person;
}

Person *
room_join (Room *room, double hz, McuCodec codec)
{
  g_autofree char *id = g_strdup_printf ("person%u", room->n + 1);

  return add_person (room, id, mcu_playout_new (MCU_CODEC_PCMU), hz, codec);
}

Person *
room_join_again (Room *room, const char *id, McuCodec codec)
{
  return add_person (room, id, NULL, 0, codec);
}

void
room_send (Room *room, guint which)
{
  Person *person = &room->people[which];
  guint k = room->tick;
  gint16 pcm[160 * 6] = {0};
  guint8 payload[160], rtp[200];

  if (person->playout == NULL)
    return;
  if (person->hz > 0)
    signal_add_tone (pcm, 960, k * 960, person->hz, 4000);
  for (guint i = 0; i < 160; i++)
    payload[i] = mcu_g711_ulaw_encode (pcm[i * 6]);
  mcu_playout_push (person->playout, rtp, link_packet (rtp, k, k * 160, 7, payload, sizeof payload),
                    ROOM_START_US + k * 20000 - 8000);
}

void
room_run (Room *room, guint ticks)
{
  for (guint i = 0; i < ticks; i++, room->tick++) {
    for (guint k = 0; k < room->n; k++)
      room_send (room, k);
    mcu_audio_mixer_tick (room->mixer, ROOM_START_US + room->tick * 20000);
  }
}

Room *
room_new (void)
{
  Room *room = g_new0 (Room, 1);

  room->mixer = mcu_audio_mixer_new ();
  return room;
}

void
room_free (Room *room)
{
  mcu_audio_mixer_free (room->mixer);
  for (guint i = 0; i < room->n; i++) {
    g_assert_true (room->people[i].gone);
    g_clear_pointer (&room->people[i].playout, mcu_playout_unref);
    opus_decoder_destroy (room->people[i].opus);
    g_array_unref (room->people[i].heard);
  }
  g_free (room);
}

double
hears (const Person *person, double hz)
{
  guint rate = person->codec == MCU_CODEC_OPUS ? 48000 : 8000;

  g_assert_cmpuint (person->heard->len, >=, rate / 2);
  return signal_amplitude ((gint16 *) person->heard->data + person->heard->len - rate / 2, rate / 2,
                           rate, hz);
}
