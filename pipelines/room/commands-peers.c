/* pipelines/room/commands-peers.c - what control says of connections, done to the room.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/commands-private.h"

#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "mcu/base/error.h"

#define MAX_STREAMS 16 /* of `streams` in peer_add: as many as an offer has sections */

static JsonArray *
list_streams (const McuOffer *offer)
{
  JsonArray *streams = json_array_new ();

  for (guint i = 0; i < offer->n_accepted; i++) {
    const McuOfferSection *section = mcu_offer_accepted (offer, i);
    JsonObject *stream;

    if (!section->we_receive)
      continue;
    stream = json_object_new ();
    json_object_set_string_member (stream, "mid", section->mid);
    json_object_set_string_member (stream, "stream", mcu_stream_to_string (section->stream));
    json_array_add_object_element (streams, stream);
  }
  return streams;
}

static void
set_codec (JsonObject *members, const char *name, McuCodec codec)
{
  if (codec == MCU_CODEC_NONE)
    json_object_set_null_member (members, name);
  else
    json_object_set_string_member (members, name, mcu_codec_to_string (codec));
}

void
mcu_commands_on_answer (McuPeer *peer, const char *answer, const GError *error, gint64 request_id,
                        gpointer user_data)
{
  McuCommands *self = user_data;
  const McuOffer *offer = mcu_peer_get_offer (peer);
  JsonObject *members;
  JsonArray *mids;

  if (error != NULL) {
    mcu_link_reply_error (self->link, request_id, error);
    return;
  }
  members = json_object_new ();
  mids = json_array_new ();
  for (char **mid = offer->bundle_mids; mid != NULL && *mid != NULL; mid++)
    json_array_add_string_element (mids, *mid);
  json_object_set_string_member (members, "answer", answer);
  set_codec (members, "video_codec", offer->video_codec);
  set_codec (members, "audio_codec", offer->audio_codec);
  json_object_set_array_member (members, "streams", list_streams (offer));
  json_object_set_array_member (members, "bundle_mids", mids);
  mcu_link_reply (self->link, request_id, members);
}

#if TESSERA_DEBUG_FAULTS
static void
do_debug_fault (const McuOffer *offer)
{
  if (offer->debug_fault == MCU_DEBUG_FAULT_ABORT)
    abort ();
  while (offer->debug_fault == MCU_DEBUG_FAULT_HANG)
    pause ();
}
#endif

static guint
read_streams (JsonObject *message, McuOfferStream *streams)
{
  JsonObject *members = mcu_json_object (message, "streams");
  g_autoptr (GList) mids = members != NULL ? json_object_get_members (members) : NULL;
  guint n = 0;

  for (GList *item = mids; item != NULL && n < MAX_STREAMS; item = item->next) {
    streams[n].mid = item->data;
    if (mcu_stream_from_string (mcu_json_string (members, item->data), &streams[n].stream))
      n++;
  }
  return n;
}

static guint
read_denied (JsonObject *message)
{
  JsonArray *names = mcu_json_array (message, "denied");
  guint denied = 0;

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++) {
    JsonNode *node = json_array_get_element (names, i);
    McuStream stream;

    if (JSON_NODE_HOLDS_VALUE (node) &&
        mcu_stream_from_string (json_node_get_string (node), &stream))
      denied |= 1u << stream;
  }
  return denied;
}

static McuOfferKind
read_kind (JsonObject *message)
{
  const char *kind = mcu_json_string (message, "kind");

  if (g_strcmp0 (kind, "whip") == 0)
    return MCU_OFFER_WHIP;
  return g_strcmp0 (kind, "whep") == 0 ? MCU_OFFER_WHEP : MCU_OFFER_BROWSER;
}

static McuOffer *
read_offer (McuCommands *self, JsonObject *message, GError **error)
{
  const McuRoomSettings *settings = mcu_room_get_settings (self->room);
  const char *sdp = mcu_json_string (message, "offer");
  McuOfferStream streams[MAX_STREAMS];
  McuOfferOptions options = {.kind = read_kind (message),
                             .viewer = mcu_json_bool (message, "viewer", FALSE),
                             .denied = read_denied (message),
                             .video_codecs = settings->video_codecs,
                             .n_video_codecs = settings->n_video_codecs,
                             .streams = streams,
                             .n_streams = read_streams (message, streams),
                             .allow_loopback = settings->network.allow_loopback};

  if (sdp == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_SDP, "no offer");
    return NULL;
  }
  return mcu_offer_parse (sdp, -1, &options, error);
}

void
mcu_commands_peer_add (McuCommands *self, JsonObject *message, gint64 id)
{
  McuRoomPeerSpec spec = {.id = mcu_json_string (message, "peer"),
                          .participant = mcu_json_string (message, "participant"),
                          .view = mcu_json_string (message, "view"),
                          .request_id = id};
  g_autoptr (GError) error = NULL;
  McuOffer *offer;

  if (!mcu_room_is_set_up (self->room) || spec.id == NULL || spec.participant == NULL) {
    g_set_error_literal (&error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "peer_add without its members");
    mcu_link_reply_error (self->link, id, error);
    return;
  }
  offer = read_offer (self, message, &error);
#if TESSERA_DEBUG_FAULTS
  if (offer != NULL)
    do_debug_fault (offer);
#endif
  if (offer == NULL || !mcu_room_add_peer (self->room, &spec, offer, &error))
    mcu_link_reply_error (self->link, id, error);
}

void
mcu_commands_peer_candidate (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *peer_id = mcu_json_string (message, "peer");
  const char *candidate = mcu_json_string (message, "candidate");
  McuPeer *peer = peer_id != NULL ? mcu_peer_hub_find (mcu_room_get_hub (self->room), peer_id)
                                  : NULL;

  if (peer != NULL && candidate != NULL)
    mcu_peer_add_candidate (peer, candidate);
}

void
mcu_commands_peer_remove (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *peer_id = mcu_json_string (message, "peer");

  if (peer_id != NULL)
    mcu_room_remove_peer (self->room, peer_id);
}

void
mcu_commands_peer_view (McuCommands *self, JsonObject *message, gint64 id)
{
  const char *peer_id = mcu_json_string (message, "peer");
  const char *view_id = mcu_json_string (message, "view");

  if (peer_id != NULL && view_id != NULL)
    mcu_room_set_peer_view (self->room, peer_id, view_id);
}
