/* tests/bench/client.c - see client.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/client-private.h"

#include <gio/gio.h>
#include <string.h>

#include "tests/bench/clock.h"
#include "tests/bench/depacketize.h"

#define REPORT_EVERY_NS MCU_LOAD_S
#define FEEDBACK_EVERY_NS (100 * MCU_LOAD_MS)
/* As long as browsers wait for a first key frame before they ask. */
#define KEY_EVERY_NS (200 * MCU_LOAD_MS)

static void
on_packet (guint8 *data, gsize size, gpointer user_data)
{
  McuClient *self = user_data;

  self->stats.packets_sent++;
  mcu_connection_send_rtp (self->connection, data, size);
}

static void
on_connected (gpointer user_data)
{
  McuClient *self = user_data;
  gint64 now_ns = mcu_load_now_ns ();

  if (self->config.direction != MCU_LOAD_RECVONLY)
    mcu_sender_start (&self->sender, &self->remote, now_ns, self->config.phase);
  self->next_report_ns = now_ns + 100 * MCU_LOAD_MS;
  self->next_feedback_ns = now_ns + FEEDBACK_EVERY_NS;
  self->next_key_ns = now_ns + KEY_EVERY_NS;
  mcu_connection_drop (self->connection, self->config.drop);
}

/* Payloads are kept, and so decrypted, until the first key frame; by the probe for ever. */
static void
take_frame (McuClient *self, GByteArray *frame, gint64 arrival_ns)
{
  if (!self->has_key && !mcu_frame_is_key (self->config.kind, frame->data, frame->len)) {
    self->next_key_ns = MIN (self->next_key_ns, arrival_ns);
    g_byte_array_unref (frame);
    return;
  }
  self->has_key = TRUE;
  if (!self->is_live) {
    self->is_live = TRUE;
    self->first_picture_ns = arrival_ns;
  }
  if (self->probe != NULL)
    mcu_probe_push_video (self->probe, frame, arrival_ns);
  else
    g_byte_array_unref (frame);
}

static void
on_frame (McuFrames *frames, guint16 first, guint16 last, gint64 arrival_ns, gpointer user_data)
{
  McuClient *self = user_data;

  if (self->last_frame_ns != 0)
    self->stats.longest_gap_ms = MAX (self->stats.longest_gap_ms,
                                      (double) (arrival_ns - self->last_frame_ns) / MCU_LOAD_MS);
  self->last_frame_ns = arrival_ns;
  self->seen[self->n_seen++ % MCU_CLIENT_N_SEEN] = (McuSeenFrame){
      mcu_frames_slot (frames, last)->timestamp, arrival_ns};
  if (!frames->keep_payloads)
    return;

  GByteArray *frame = g_byte_array_new ();
  for (guint16 seq = first; seq != (guint16) (last + 1); seq++) {
    McuFramesSlot *slot = mcu_frames_slot (frames, seq);

    if (slot->payload != NULL)
      mcu_depacketize (self->config.kind, slot->payload, slot->payload_size, frame);
    g_clear_pointer (&slot->payload, g_free);
  }
  take_frame (self, frame, arrival_ns);
  if (self->is_live && self->probe == NULL)
    mcu_frames_keep_payloads (frames, FALSE);
}

static gsize
without_padding (const guint8 *data, gsize size)
{
  guint8 padding = data[0] & 0x20 ? data[size - 1] : 0;

  return padding < size ? size - padding : 0;
}

static gboolean
decrypt (McuClient *self, guint8 *data, gsize *size, const McuRtpHeader *header)
{
  if (!mcu_connection_decrypt_rtp (self->connection, data, size)) {
    self->stats.undecryptable++;
    return FALSE;
  }
  *size = without_padding (data, *size);
  return *size >= header->header_size;
}

static void
take_video (McuClient *self, guint8 *data, gsize size, const McuRtpHeader *header,
            gint64 arrival_ns)
{
  McuFramesPacket packet = {.seq = header->seq,
                            .marker = header->marker,
                            .timestamp = header->timestamp,
                            .arrival_ns = arrival_ns};

  mcu_reception_add (&self->video_in, header, arrival_ns);
  if (self->frames->keep_payloads || self->config.decrypts) {
    if (!decrypt (self, data, &size, header))
      return;
    packet.payload = data + header->header_size;
    packet.payload_size = size - header->header_size;
  }
  mcu_frames_add (self->frames, &packet);
}

/* RFC 4588: rare, so every receiver decrypts them: the number it repeats is inside. */
static void
take_rtx (McuClient *self, guint8 *data, gsize size, const McuRtpHeader *header, gint64 arrival_ns)
{
  if (!decrypt (self, data, &size, header) || size < header->header_size + 3)
    return;
  const guint8 *payload = data + header->header_size;
  McuFramesPacket packet = {.seq = mcu_read_u16 (payload),
                            .marker = header->marker,
                            .timestamp = header->timestamp,
                            .arrival_ns = arrival_ns,
                            .payload = payload + 2,
                            .payload_size = size - header->header_size - 2};

  mcu_frames_add (self->frames, &packet);
}

static void
take_audio (McuClient *self, guint8 *data, gsize size, const McuRtpHeader *header,
            gint64 arrival_ns)
{
  self->stats.audio_packets++;
  mcu_reception_add (&self->audio_in, header, arrival_ns);
  if ((self->probe != NULL || self->config.decrypts) && decrypt (self, data, &size, header) &&
      self->probe != NULL)
    mcu_probe_push_audio (self->probe, data + header->header_size, size - header->header_size,
                          arrival_ns);
}

static void
on_rtp (guint8 *data, gsize size, gint64 arrival_ns, gpointer user_data)
{
  McuClient *self = user_data;
  McuRtpHeader header;

  if (!mcu_rtp_parse (data, size, MCU_LOAD_EXT_TWCC, &header))
    return;
  self->stats.bytes += size;
  if (header.twcc >= 0)
    mcu_twcc_add (&self->twcc, (guint16) header.twcc, arrival_ns);
  if (header.pt == self->remote.video.pt)
    take_video (self, data, size, &header, arrival_ns);
  else if (header.pt == self->remote.video.rtx_pt)
    take_rtx (self, data, size, &header, arrival_ns);
  else if (header.pt == self->remote.audio.pt)
    take_audio (self, data, size, &header, arrival_ns);
}

static void
take_nack (McuClient *self, const McuRtcpPacket *packet)
{
  for (gsize at = 8; at + 4 <= packet->size; at += 4) {
    guint16 seq = mcu_read_u16 (packet->body + at);
    guint mask = (guint) mcu_read_u16 (packet->body + at + 2) << 1 | 1;

    for (guint bit = 0; bit <= 16; bit++)
      if (mask >> bit & 1)
        mcu_sender_resend (&self->sender, (guint16) (seq + bit));
  }
}

static void
on_rtcp (guint8 *data, gsize size, gint64 arrival_ns, gpointer user_data)
{
  McuClient *self = user_data;
  McuRtcpPacket packet;

  if (!mcu_connection_decrypt_rtcp (self->connection, data, &size)) {
    self->stats.undecryptable++;
    return;
  }
  for (gsize at = 0; mcu_rtcp_next (data, size, &at, &packet);) {
    if (packet.type == 200) {
      mcu_reception_take_sr (&self->audio_in, packet.body, packet.size, arrival_ns);
      mcu_reception_take_sr (&self->video_in, packet.body, packet.size, arrival_ns);
    } else if (packet.type == 205 && packet.count == 1) {
      take_nack (self, &packet);
    } else if (packet.type == 205 && packet.count == 15) {
      self->stats.twcc_received++;
    } else if (packet.type == 206 && (packet.count == 1 || packet.count == 4)) {
      mcu_sender_request_key (&self->sender); /* PLI or FIR */
    }
  }
}

static gboolean
receives (McuClient *self)
{
  return self->config.direction != MCU_LOAD_SENDONLY && self->remote.video.is_accepted;
}

static void
tick_receiving (McuClient *self, gint64 now_ns)
{
  mcu_client_ask_for_missing (self, now_ns);
  if (self->frames->keep_payloads && self->frames->n_skipped != self->n_skipped_before) {
    self->n_skipped_before = self->frames->n_skipped;
    self->has_key = FALSE; /* what follows refers to what was lost */
  }
  if (!self->has_key && self->frames->keep_payloads && now_ns >= self->next_key_ns) {
    self->next_key_ns = now_ns + KEY_EVERY_NS;
    mcu_client_ask_for_key (self);
  }
  if (now_ns >= self->next_feedback_ns) {
    self->next_feedback_ns = now_ns + FEEDBACK_EVERY_NS;
    mcu_client_send_twcc (self);
  }
}

void
mcu_client_tick (McuClient *self, gint64 now_ns)
{
  mcu_connection_tick (self->connection, now_ns);
  if (!mcu_connection_is_connected (self->connection))
    return;
  mcu_sender_tick (&self->sender, now_ns);
  if (receives (self))
    tick_receiving (self, now_ns);
  if (now_ns >= self->next_report_ns) {
    self->next_report_ns = now_ns + REPORT_EVERY_NS;
    mcu_client_send_reports (self, now_ns);
  }
  mcu_connection_flush (self->connection);
}

McuClient *
mcu_client_new (const McuClientConfig *config)
{
  McuClient *self = g_new0 (McuClient, 1);

  self->config = *config;
  g_snprintf (self->cname, sizeof self->cname, "load-%u-%08x", config->index, g_random_int ());
  mcu_sender_init (&self->sender, config->video, config->audio, on_packet, self);
  if (config->sweeps)
    mcu_sender_sweep (&self->sender);
  if (config->keeps_step)
    mcu_sender_keep_step (&self->sender);
  self->frames = mcu_frames_new (on_frame, self);
  self->frames->keep_payloads = TRUE;
  self->audio_in.clock_hz = 48000;
  self->video_in.clock_hz = 90000;
  return self;
}

void
mcu_client_free (McuClient *self)
{
  g_clear_pointer (&self->connection, mcu_connection_free);
  mcu_frames_free (self->frames);
  mcu_sender_clear (&self->sender);
  g_free (self);
}

static gboolean
open_connection (McuClient *self, gboolean controlling, GError **error)
{
  static const McuConnectionEvents events = {on_connected, on_rtp, on_rtcp};

  self->connection = mcu_connection_new (controlling, &events, self, error);
  return self->connection != NULL;
}

static char *
write_sdp (McuClient *self, const char *setup)
{
  McuLoadSdpWriter writer = {.direction = self->config.direction,
                             .video = self->config.kind,
                             .setup = setup,
                             .cname = self->cname,
                             .port = mcu_connection_port (self->connection),
                             .ice = mcu_connection_ice (self->connection),
                             .audio_ssrc = self->sender.audio.ssrc,
                             .video_ssrc = self->sender.video.ssrc,
                             .rtx_ssrc = self->sender.rtx_ssrc};

  return mcu_load_sdp_write (&writer);
}

char *
mcu_client_offer (McuClient *self, GError **error)
{
  if (!open_connection (self, TRUE, error))
    return NULL;
  self->offered_ns = mcu_load_now_ns ();
  return write_sdp (self, "actpass");
}

gboolean
mcu_client_take_answer (McuClient *self, const char *sdp, GError **error)
{
  if (!mcu_load_sdp_parse (sdp, &self->remote, error))
    return FALSE;
  if (self->remote.video.is_accepted && self->remote.video.codec != self->config.kind) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the answer has another codec:\n%s",
                 sdp);
    return FALSE;
  }
  mcu_connection_open (self->connection, &self->remote);
  return TRUE;
}

char *
mcu_client_answer (McuClient *self, const char *offer, GError **error)
{
  if (!open_connection (self, FALSE, error) || !mcu_load_sdp_parse (offer, &self->remote, error))
    return NULL;
  self->offered_ns = mcu_load_now_ns ();
  mcu_connection_open (self->connection, &self->remote);
  return write_sdp (self, "active");
}

void
mcu_client_attach_probe (McuClient *self, McuProbe *probe)
{
  self->probe = probe;
}

const McuSender *
mcu_client_sender (McuClient *self)
{
  return &self->sender;
}

McuConnection *
mcu_client_connection (McuClient *self)
{
  return self->connection;
}

guint
mcu_client_index (McuClient *self)
{
  return self->config.index;
}

gboolean
mcu_client_is_connected (McuClient *self)
{
  return self->connection != NULL && mcu_connection_is_connected (self->connection);
}

gboolean
mcu_client_is_live (McuClient *self)
{
  return mcu_client_is_connected (self) && (self->is_live || !receives (self));
}

double
mcu_client_join_ms (McuClient *self)
{
  return self->is_live ? (double) (self->first_picture_ns - self->offered_ns) / MCU_LOAD_MS : -1;
}

void
mcu_client_pause (McuClient *self, gboolean paused)
{
  self->sender.is_video_paused = paused;
}

void
mcu_client_readable (McuClient *self, gint64 now_ns)
{
  mcu_connection_readable (self->connection, now_ns);
}

void
mcu_client_stats (McuClient *self, McuClientStats *stats)
{
  *stats = self->stats;
  stats->frames = self->frames->n_frames;
  stats->packets = self->frames->n_packets;
  stats->skipped = self->frames->n_skipped;
  stats->recovered = self->frames->n_recovered;
  stats->audio_lost = mcu_reception_lost (&self->audio_in);
  stats->frames_sent = self->sender.video.n_frames;
  stats->keys_sent = self->sender.n_keys;
  stats->resent = self->sender.n_rtx;
}

void
mcu_client_begin (McuClient *self, gint64 now_ns)
{
  self->stats.longest_gap_ms = 0;
  self->last_frame_ns = now_ns;
}

gboolean
mcu_client_find_frame (McuClient *self, guint32 timestamp, gint64 *arrival_ns)
{
  guint oldest = self->n_seen > MCU_CLIENT_N_SEEN ? self->n_seen - MCU_CLIENT_N_SEEN : 0;

  for (guint i = oldest; i < self->n_seen; i++) {
    const McuSeenFrame *frame = &self->seen[i % MCU_CLIENT_N_SEEN];

    if ((gint32) (frame->timestamp - timestamp) < 0)
      continue;
    *arrival_ns = frame->arrival_ns;
    return TRUE;
  }
  return FALSE;
}
