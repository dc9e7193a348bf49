/* pipelines/output/audio-out.c - stage 6 of 6 for sound: mixed packets into a peer's webrtcbin.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/audio-out.h"

#include <string.h>

#include "mcu/base/id.h"

#define RTP_HEADER_BYTES 12
/* RFC 8285 one-byte form: the profile word and one word that holds a 2-byte element and padding. */
#define EXTENSION_BYTES 8
#define MAX_PAYLOAD_BYTES 1275 /* RFC 6716: the largest Opus packet */

struct _McuAudioOut
{
  /* Set once in new(), then read by any thread. */
  GstAppSrc *source; /* owned */
  GstClockTime base_time;
  guint32 ssrc;
  guint8 pt;
  guint8 twcc_id;

  /* The mixing thread only. */
  guint16 seq;

  /* Written by the mixing thread, read by any. */
  GMutex lock;
  guint64 packets;
  guint64 bytes;
};

McuAudioOut *
mcu_audio_out_new (GstAppSrc *source, GstClockTime base_time, guint32 ssrc, guint8 pt,
                   guint8 twcc_id)
{
  McuAudioOut *self = g_new0 (McuAudioOut, 1);

  g_mutex_init (&self->lock);
  self->source = gst_object_ref (source);
  self->base_time = base_time;
  self->ssrc = ssrc;
  self->pt = pt;
  self->twcc_id = twcc_id;
  mcu_random_bytes ((guint8 *) &self->seq, sizeof self->seq);
  return self;
}

void
mcu_audio_out_free (McuAudioOut *self)
{
  gst_object_unref (self->source);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* The transport-wide number itself is written by webrtcbin's funnel; here is only its place. */
static gsize
write_header (McuAudioOut *self, guint8 *out, guint32 rtp_timestamp, gboolean marker)
{
  out[0] = 0x80 | (self->twcc_id != 0 ? 0x10 : 0);
  out[1] = (marker ? 0x80 : 0) | self->pt;
  GST_WRITE_UINT16_BE (out + 2, self->seq);
  GST_WRITE_UINT32_BE (out + 4, rtp_timestamp);
  GST_WRITE_UINT32_BE (out + 8, self->ssrc);
  if (self->twcc_id == 0)
    return RTP_HEADER_BYTES;
  GST_WRITE_UINT32_BE (out + 12, 0xbede0001);
  GST_WRITE_UINT32_BE (out + 16, (guint32) (self->twcc_id << 4 | 1) << 24);
  return RTP_HEADER_BYTES + EXTENSION_BYTES;
}

void
mcu_audio_out_send (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp,
                    gboolean marker, gint64 tick_us)
{
  McuAudioOut *self = user_data;
  guint8 header[RTP_HEADER_BYTES + EXTENSION_BYTES];
  gsize header_bytes;
  GstBuffer *buffer;

  if (n > MAX_PAYLOAD_BYTES)
    return;
  header_bytes = write_header (self, header, rtp_timestamp, marker);
  self->seq++; /* also for what is not sent: the gap tells the receiver to conceal */
  if (gst_app_src_get_current_level_buffers (self->source) > MCU_AUDIO_OUT_MAX_WAITING)
    return;

  buffer = gst_buffer_new_allocate (NULL, header_bytes + n, NULL);
  gst_buffer_fill (buffer, 0, header, header_bytes);
  gst_buffer_fill (buffer, header_bytes, payload, n);
  GST_BUFFER_PTS (buffer) = tick_us * GST_USECOND - self->base_time;
  GST_BUFFER_DURATION (buffer) = 20 * GST_MSECOND;
  gst_app_src_push_buffer (self->source, buffer);

  g_mutex_lock (&self->lock);
  self->packets++;
  self->bytes += header_bytes + n;
  g_mutex_unlock (&self->lock);
}

guint64
mcu_audio_out_get_packets (McuAudioOut *self, guint64 *bytes)
{
  guint64 packets;

  g_mutex_lock (&self->lock);
  packets = self->packets;
  *bytes = self->bytes;
  g_mutex_unlock (&self->lock);
  return packets;
}
