/* pipelines/peer/negotiation.c - from a canonical offer to the client's answer, step by step.
 * SPDX-License-Identifier: Apache-2.0
 *
 * webrtcbin answers on its own thread; each step copies that and hops to the main loop, which takes
 * the next. A step that fails ends the peer: webrtcbin leaves half-applied state behind. */
#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/peer/canonical.h"
#include "pipelines/peer/peer-private.h"

#include <gst/webrtc/webrtc.h>

#define LATE_CANDIDATES_MS 200

typedef struct
{
  McuPeerTag *tag; /* owned */
  McuPeerFunc next;
} Step;

static void
free_step (gpointer data)
{
  Step *step = data;

  mcu_peer_tag_unref (step->tag);
  g_free (step);
}

/* Thread: webrtcbin's. */
static void
on_reply (GstPromise *promise, gpointer user_data)
{
  Step *step = user_data;

  mcu_peer_tag_post (step->tag, step->next, gst_promise_ref (promise),
                     (GDestroyNotify) gst_promise_unref);
}

/* Returns: (transfer full): webrtcbin takes a reference of its own. */
static GstPromise *
new_step (McuPeer *self, McuPeerFunc next)
{
  Step *step = g_new0 (Step, 1);

  step->tag = mcu_peer_tag_ref (self->tag);
  step->next = next;
  return gst_promise_new_with_change_func (on_reply, step, free_step);
}

static void
answer (McuPeer *self, const char *sdp, const GError *error)
{
  if (self->is_answered)
    return;
  self->is_answered = TRUE;
  g_clear_handle_id (&self->answer_timeout, g_source_remove);
  self->events->on_answer (self, sdp, error, self->user_data);
}

static void
refuse (McuPeer *self, McuError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, code, text);

  answer (self, NULL, error);
}

static gboolean
succeeded (McuPeer *self, GstPromise *promise, const char *step)
{
  const GstStructure *reply = gst_promise_get_reply (promise);
  g_autoptr (GError) error = NULL;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED &&
      (reply == NULL || !gst_structure_has_field (reply, "error")))
    return TRUE;
  if (reply != NULL)
    gst_structure_get (reply, "error", G_TYPE_ERROR, &error, NULL);
  g_message ("peer %s: %s: %s", self->id, step, error != NULL ? error->message : "interrupted");
  refuse (self, MCU_ERROR_INTERNAL, "the offer could not be answered");
  return FALSE;
}

/* Everything is there that an answer needs, candidates included: the server sends none later. */
static void
answer_when_complete (McuPeer *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sdp = NULL;

  if (!self->is_local_set || !self->is_gathered || self->parts.n_candidates < self->n_awaited ||
      self->is_answered)
    return;
  sdp = mcu_answer_write (self->offer, &self->parts, &error);
  answer (self, sdp, error);
}

static void
give_candidate (McuPeer *self, const char *line)
{
  g_signal_emit_by_name (self->webrtc, "add-ice-candidate", 0, line);
}

static void
handle_local_set (McuPeer *peer, gpointer data)
{
  if (!succeeded (peer, data, "set-local-description"))
    return;
  peer->is_local_set = TRUE;
  mcu_peer_watch_transport (peer);
  if (!mcu_peer_link_senders (peer)) {
    refuse (peer, MCU_ERROR_INTERNAL, "what is sent could not be linked");
    return;
  }
  for (guint i = 0; i < peer->early_candidates->len; i++)
    give_candidate (peer, g_ptr_array_index (peer->early_candidates, i));
  g_ptr_array_set_size (peer->early_candidates, 0);
  answer_when_complete (peer);
}

static void
handle_answer_created (McuPeer *peer, gpointer data)
{
  g_autoptr (GstWebRTCSessionDescription) description = NULL;
  g_autoptr (GstPromise) local_set = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!succeeded (peer, data, "create-answer"))
    return;
  gst_structure_get (gst_promise_get_reply (data), "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
                     &description, NULL);
  text = description != NULL ? gst_sdp_message_as_text (description->sdp) : NULL;
  g_debug ("peer %s: webrtcbin answers\n%s", peer->id, text);
  if (text == NULL || !mcu_answer_parts_read (&peer->parts, text, &error)) {
    refuse (peer, MCU_ERROR_INTERNAL, error != NULL ? error->message : "no answer");
    return;
  }
  local_set = new_step (peer, handle_local_set);
  g_signal_emit_by_name (peer->webrtc, "set-local-description", description, local_set);
}

static void
handle_remote_set (McuPeer *peer, gpointer data)
{
  g_autoptr (GstPromise) answer_created = NULL;

  if (!succeeded (peer, data, "set-remote-description"))
    return;
  answer_created = new_step (peer, handle_answer_created);
  g_signal_emit_by_name (peer->webrtc, "create-answer", NULL, answer_created);
}

static void
handle_candidate (McuPeer *peer, gpointer data)
{
  mcu_answer_parts_add_candidate (&peer->parts, data);
  answer_when_complete (peer);
}

static gboolean
on_late_candidates (gpointer user_data)
{
  McuPeer *self = user_data;

  self->late_candidates = 0;
  self->n_awaited = 1;
  answer_when_complete (self);
  return G_SOURCE_REMOVE;
}

/* webrtcbin 1.22 may say so before its last candidate; and a configured address may not be there.
 */
static void
handle_gathered (McuPeer *peer, gpointer data)
{
  peer->is_gathered = TRUE;
  answer_when_complete (peer);
  if (!peer->is_answered && peer->late_candidates == 0)
    peer->late_candidates = g_timeout_add (LATE_CANDIDATES_MS, on_late_candidates, peer);
}

static void
handle_connection_failed (McuPeer *peer, gpointer data)
{
  mcu_peer_lose (peer, "connection failed");
}

/* Thread: webrtcbin's. */
static void
on_ice_candidate (GstElement *webrtc, guint mline, const char *candidate, gpointer user_data)
{
  mcu_peer_tag_post (user_data, handle_candidate, g_strdup (candidate), g_free);
}

/* Thread: webrtcbin's. */
static void
on_gathering_state (GObject *webrtc, GParamSpec *pspec, gpointer user_data)
{
  GstWebRTCICEGatheringState state;

  g_object_get (webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    mcu_peer_tag_post (user_data, handle_gathered, NULL, NULL);
}

/* Thread: webrtcbin's. It may flap back to connected later; failed is final all the same. */
static void
on_connection_state (GObject *webrtc, GParamSpec *pspec, gpointer user_data)
{
  GstWebRTCPeerConnectionState state;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED ||
      state == GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED)
    mcu_peer_tag_post (user_data, handle_connection_failed, NULL, NULL);
}

static gboolean
on_answer_timeout (gpointer user_data)
{
  McuPeer *self = user_data;

  self->answer_timeout = 0;
  refuse (self, MCU_ERROR_TIMEOUT, "no answer in time");
  return G_SOURCE_REMOVE;
}

static GstWebRTCSessionDescription *
describe_offer (McuPeer *self)
{
  g_autofree char *text = mcu_offer_to_canonical (self->offer);
  GstSDPMessage *message = NULL;

  if (gst_sdp_message_new_from_text (text, &message) != GST_SDP_OK)
    return NULL;
  return gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, message);
}

void
mcu_peer_negotiate (McuPeer *self)
{
  g_autoptr (GstWebRTCSessionDescription) offer = describe_offer (self);
  g_autoptr (GstPromise) remote_set = NULL;
  guint n_addresses = self->network->addresses != NULL ? g_strv_length (self->network->addresses)
                                                       : 0;

  self->n_awaited = MAX (n_addresses, 1);
  self->answer_timeout = g_timeout_add (MCU_PEER_ANSWER_TIMEOUT_MS, on_answer_timeout, self);
  g_signal_connect (self->webrtc, "on-ice-candidate", G_CALLBACK (on_ice_candidate), self->tag);
  g_signal_connect (self->webrtc, "notify::ice-gathering-state", G_CALLBACK (on_gathering_state),
                    self->tag);
  g_signal_connect (self->webrtc, "notify::connection-state", G_CALLBACK (on_connection_state),
                    self->tag);
  gst_element_set_state (self->pipeline, GST_STATE_READY);
  if (offer == NULL || !mcu_peer_request_pads (self) ||
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    refuse (self, MCU_ERROR_INTERNAL, "the connection could not be made");
    return;
  }
  remote_set = new_step (self, handle_remote_set);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", offer, remote_set);
  for (guint i = 0; i < self->offer->n_candidates; i++)
    if (mcu_candidate_budget_take (&self->candidate_budget))
      g_ptr_array_add (self->early_candidates,
                       mcu_candidate_to_string (&self->offer->candidates[i]));
}

void
mcu_peer_add_candidate (McuPeer *self, const char *text)
{
  McuCandidate candidate;
  g_autofree char *line = NULL;

  if (!mcu_candidate_budget_take (&self->candidate_budget) ||
      mcu_candidate_parse (text, -1, self->network->allow_loopback, &candidate) != MCU_CANDIDATE_OK)
    return;
  line = mcu_candidate_to_string (&candidate);
  if (self->is_local_set)
    give_candidate (self, line);
  else
    g_ptr_array_add (self->early_candidates, g_steal_pointer (&line));
}
