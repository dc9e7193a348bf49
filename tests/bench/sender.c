/* tests/bench/sender.c - see sender.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/sender.h"

#include <string.h>

#include "tests/bench/clock.h"
#include "tests/bench/srtp.h"

#define MIN_KEY_INTERVAL_NS (300 * MCU_LOAD_MS)
#define VIDEO_CLOCK_HZ 90000
#define AUDIO_CLOCK_HZ 48000
#define AUDIO_FPS 50
#define SWEEP_FRAMES 300

static void
init_track (McuSenderTrack *track, const McuMaterial *material, guint clock_hz, guint fps)
{
  track->material = material;
  track->ssrc = g_random_int_range (1, G_MAXINT32);
  track->seq = (guint16) g_random_int_range (0, 30000);
  track->timestamp = g_random_int ();
  track->step = clock_hz / fps;
  track->period_ns = MCU_LOAD_S / fps;
  if (material != NULL)
    track->sent_ns = g_new0 (gint64, material->frames->len);
}

void
mcu_sender_init (McuSender *self, const McuMaterial *video, const McuMaterial *audio,
                 McuSenderFunc func, gpointer user_data)
{
  memset (self, 0, sizeof *self);
  init_track (&self->video, video, VIDEO_CLOCK_HZ, MCU_MATERIAL_FPS);
  init_track (&self->audio, audio, AUDIO_CLOCK_HZ, AUDIO_FPS);
  self->rtx_ssrc = g_random_int_range (1, G_MAXINT32);
  self->picture_id = (guint16) g_random_int_range (0, 0x7fff);
  self->func = func;
  self->user_data = user_data;
}

void
mcu_sender_sweep (McuSender *self)
{
  self->video.period_ns += self->video.period_ns / SWEEP_FRAMES;
  self->video.step += self->video.step / SWEEP_FRAMES;
}

void
mcu_sender_keep_step (McuSender *self)
{
  self->is_in_step = TRUE;
}

void
mcu_sender_clear (McuSender *self)
{
  g_clear_pointer (&self->audio.sent_ns, g_free);
  g_clear_pointer (&self->video.sent_ns, g_free);
}

static void
start_track (McuSenderTrack *track, const McuLoadSdpSection *section, char mid, gint64 at_ns)
{
  if (!section->is_accepted || section->pt < 0) {
    track->material = NULL;
    return;
  }
  track->pt = (guint8) section->pt;
  track->next_ns = at_ns;
  track->extensions = (McuRtpExtensions){.mid = mid,
                                         .mid_id = section->has_mid ? MCU_LOAD_EXT_MID : 0,
                                         .twcc_id = section->has_twcc ? MCU_LOAD_EXT_TWCC : 0,
                                         .level_id = section->has_level ? MCU_LOAD_EXT_LEVEL : 0};
}

void
mcu_sender_start (McuSender *self, const McuLoadSdp *sdp, gint64 now_ns, double phase)
{
  start_track (&self->audio, &sdp->audio, '0',
               now_ns + (gint64) (phase * (double) self->audio.period_ns));
  start_track (&self->video, &sdp->video, '1',
               now_ns + (gint64) (phase * (double) self->video.period_ns));
  self->video.extensions.level_id = 0;
  self->rtx_pt = sdp->video.rtx_pt > 0 ? (guint8) sdp->video.rtx_pt : 0;
}

static gsize
write_payload (McuSender *self, guint8 *out, const McuMaterialPacket *packet, McuMaterialKind kind,
               guint16 picture_id)
{
  gsize at = 0;

  if (kind == MCU_MATERIAL_VP8) { /* RFC 7741, 4.2: with a 15-bit picture id */
    out[at++] = packet->first ? 0x90 : 0x80;
    out[at++] = 0x80;
    mcu_write_u16 (out + at, 0x8000u | picture_id);
    at += 2;
  }
  memcpy (out + at, packet->prefix, packet->n_prefix);
  at += packet->n_prefix;
  memcpy (out + at, packet->data, packet->size);
  return at + packet->size;
}

static void
send_packet (McuSender *self, McuSenderTrack *track, const McuMaterialPacket *packet)
{
  guint8 data[MCU_RTP_MAX_PACKET + MCU_LOAD_SRTP_OVERHEAD];
  gboolean is_audio = track == &self->audio;
  McuRtpHeader header = {.pt = track->pt,
                         .marker = !is_audio && packet->last,
                         .seq = track->seq++,
                         .timestamp = track->timestamp,
                         .ssrc = track->ssrc};

  track->extensions.twcc = self->twcc++;
  gsize at = mcu_rtp_write (data, &header, &track->extensions);
  gsize size = write_payload (self, data + at, packet, track->material->kind, self->picture_id);

  track->n_packets++;
  track->n_bytes += (guint32) size;
  if (!is_audio) {
    guint slot = header.seq % MCU_SENDER_HISTORY;

    self->history[slot].packet = packet;
    self->history[slot].timestamp = header.timestamp;
    self->history[slot].picture_id = self->picture_id;
    self->history[slot].seq = header.seq;
  }
  self->func (data, at + size, self->user_data);
}

static void
send_frame (McuSender *self, McuSenderTrack *track, gint64 now_ns)
{
  const McuMaterialFrame *frame = &g_array_index (track->material->frames, McuMaterialFrame,
                                                  track->position);

  if (track == &self->audio)
    track->extensions.level = 0x80 | MCU_MATERIAL_LEVEL (frame->flags);
  for (guint i = 0; i < frame->n_packets; i++)
    send_packet (
        self, track,
        &g_array_index (track->material->packets, McuMaterialPacket, frame->first_packet + i));
  __atomic_store_n (&track->sent_ns[track->position], now_ns, __ATOMIC_RELAXED);
  track->n_frames++;
  track->position = (track->position + 1) % track->material->frames->len;
}

static void
jump_to_key (McuSender *self, gint64 now_ns)
{
  if (!self->key_wanted || now_ns - self->last_key_ns < MIN_KEY_INTERVAL_NS)
    return;
  self->key_wanted = FALSE;
  self->last_key_ns = now_ns;
  self->n_keys++;
  if (self->video.n_frames > 0)
    self->video.position = mcu_material_next_key (self->video.material, self->video.position);
}

static void
tick_audio (McuSender *self, gint64 now_ns)
{
  McuSenderTrack *track = &self->audio;

  while (track->material != NULL && now_ns >= track->next_ns) {
    track->timestamp += track->step;
    track->next_ns += track->period_ns;
    send_frame (self, track, now_ns);
  }
}

/* After a stall of this machine a camera has lost its frames too: none are made up for. */
static void
tick_video_once (McuSender *self, gint64 now_ns)
{
  McuSenderTrack *track = &self->video;
  gint64 n_due = self->is_in_step ? 1 : (now_ns - track->next_ns) / track->period_ns + 1;

  if (!self->is_in_step)
    jump_to_key (self, now_ns);
  self->picture_id = (self->picture_id + 1) & 0x7fff;
  track->timestamp += track->step * (guint32) n_due;
  track->next_ns += track->period_ns * n_due;
  if (!self->is_video_paused)
    send_frame (self, track, now_ns);
}

static void
tick_video (McuSender *self, gint64 now_ns)
{
  while (self->video.material != NULL && now_ns >= self->video.next_ns)
    tick_video_once (self, now_ns);
}

void
mcu_sender_tick (McuSender *self, gint64 now_ns)
{
  tick_audio (self, now_ns);
  tick_video (self, now_ns);
}

void
mcu_sender_request_key (McuSender *self)
{
  self->key_wanted = TRUE;
}

void
mcu_sender_resend (McuSender *self, guint16 seq)
{
  guint8 data[MCU_RTP_MAX_PACKET + MCU_LOAD_SRTP_OVERHEAD];
  guint slot = seq % MCU_SENDER_HISTORY;
  const McuMaterialPacket *packet = self->history[slot].packet;

  if (packet == NULL || self->history[slot].seq != seq || self->rtx_pt == 0 ||
      self->video.material == NULL)
    return;
  McuRtpHeader header = {.pt = self->rtx_pt,
                         .marker = packet->last,
                         .seq = self->rtx_seq++,
                         .timestamp = self->history[slot].timestamp,
                         .ssrc = self->rtx_ssrc};
  self->video.extensions.twcc = self->twcc++;
  gsize at = mcu_rtp_write (data, &header, &self->video.extensions);

  mcu_write_u16 (data + at, seq); /* RFC 4588, 4: the original sequence number */
  gsize size = write_payload (self, data + at + 2, packet, self->video.material->kind,
                              self->history[slot].picture_id);
  self->n_rtx++;
  self->func (data, at + 2 + size, self->user_data);
}

McuRtcpSender
mcu_sender_report (const McuSenderTrack *track, gint64 now_ns)
{
  /* timestamp belongs to the frame that was due one period before next_ns. */
  gint64 since_ns = now_ns - (track->next_ns - track->period_ns);

  return (McuRtcpSender){
      .ssrc = track->ssrc,
      .now_ns = now_ns,
      .timestamp = track->timestamp +
                   (guint32) (since_ns * (gint64) track->step / track->period_ns),
      .packets = track->n_packets,
      .bytes = track->n_bytes,
  };
}
