/* tests/bench/client-feedback.c - what a client tells of what it receives: reports, PLI, NACK,
 * transport-cc.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/client-private.h"

#define MAX_NACKED 64

static guint32
own_ssrc (McuClient *self)
{
  return self->sender.video.ssrc;
}

void
mcu_client_send_reports (McuClient *self, gint64 now_ns)
{
  guint8 out[512];
  gsize at = 0;
  McuRtcpBlock blocks[2];
  guint n_blocks = 0;
  const McuSenderTrack *tracks[] = {&self->sender.audio, &self->sender.video};

  for (gsize i = 0; i < G_N_ELEMENTS (tracks); i++)
    if (tracks[i]->n_packets > 0) {
      McuRtcpSender report = mcu_sender_report (tracks[i], now_ns);

      at += mcu_rtcp_write_sr (out + at, &report);
    }
  if (self->audio_in.ssrc != 0)
    mcu_reception_report (&self->audio_in, &blocks[n_blocks++], now_ns);
  if (self->video_in.ssrc != 0)
    mcu_reception_report (&self->video_in, &blocks[n_blocks++], now_ns);
  at += mcu_rtcp_write_rr (out + at, own_ssrc (self), blocks, n_blocks);
  at += mcu_rtcp_write_sdes (out + at, own_ssrc (self), self->cname);
  mcu_connection_send_rtcp (self->connection, out, at);
}

/* RFC 5506: feedback alone, where both sides said rtcp-rsize; else behind an empty report. */
static gsize
begin_feedback (McuClient *self, guint8 *out)
{
  gsize at;

  if (self->remote.video.has_rsize)
    return 0;
  at = mcu_rtcp_write_rr (out, own_ssrc (self), NULL, 0);
  return at + mcu_rtcp_write_sdes (out + at, own_ssrc (self), self->cname);
}

void
mcu_client_ask_for_key (McuClient *self)
{
  guint8 out[128];
  gsize at = begin_feedback (self, out);

  at += mcu_rtcp_write_pli (out + at, own_ssrc (self), self->video_in.ssrc);
  mcu_connection_send_rtcp (self->connection, out, at);
  self->stats.keys_asked++;
}

void
mcu_client_ask_for_missing (McuClient *self, gint64 now_ns)
{
  guint16 seqs[MAX_NACKED];
  guint8 out[128 + 4 * MAX_NACKED];
  guint n = self->remote.video.rtx_pt < 0
                ? 0
                : mcu_frames_missing (self->frames, now_ns, seqs, MAX_NACKED);

  if (n == 0)
    return;
  gsize at = begin_feedback (self, out);
  at += mcu_rtcp_write_nack (out + at, own_ssrc (self), self->video_in.ssrc, seqs, n);
  mcu_connection_send_rtcp (self->connection, out, at);
  self->stats.nacked += n;
}

void
mcu_client_send_twcc (McuClient *self)
{
  guint8 out[128 + MCU_TWCC_MAX_SIZE];
  gsize at = begin_feedback (self, out);
  gsize size = mcu_twcc_write (&self->twcc, out + at, own_ssrc (self), self->video_in.ssrc);

  if (size == 0)
    return;
  mcu_connection_send_rtcp (self->connection, out, at + size);
  self->stats.twcc_sent++;
}
