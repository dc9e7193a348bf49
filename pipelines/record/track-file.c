/* pipelines/record/track-file.c - a Matroska file that grows by whole clusters; its bytes only.
 * Source: RFC 9559; Opus: its "Codec Mappings".  SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/track-file.h"

#include "pipelines/record/ebml.h"
#include "pipelines/record/mkv-read.h"

#define MAX_CLUSTER_BYTES (4 * 1024 * 1024)
#define OPUS_PRE_SKIP 312
#define OPUS_PRE_SKIP_NS 6500000
#define OPUS_SEEK_PRE_ROLL_NS 80000000

static void
put_ebml_header (GByteArray *out)
{
  gsize ebml = mcu_ebml_open (out, MCU_MKV_EBML);

  mcu_ebml_put_number (out, 0x4286, 1); /* EBMLVersion */
  mcu_ebml_put_number (out, 0x42f7, 1); /* EBMLReadVersion */
  mcu_ebml_put_number (out, 0x42f2, 4); /* EBMLMaxIDLength */
  mcu_ebml_put_number (out, 0x42f3, 8); /* EBMLMaxSizeLength */
  mcu_ebml_put_text (out, 0x4282, "matroska");
  mcu_ebml_put_number (out, 0x4287, 4); /* DocTypeVersion */
  mcu_ebml_put_number (out, 0x4285, 2); /* DocTypeReadVersion */
  mcu_ebml_close (out, ebml);
}

static gsize
open_track (GByteArray *out, McuTrackKind kind, const char *codec)
{
  gsize entry = mcu_ebml_open (out, 0xae);

  mcu_ebml_put_number (out, 0xd7, kind);
  mcu_ebml_put_number (out, 0x73c5, kind); /* TrackUID */
  mcu_ebml_put_number (out, 0x83, kind);   /* TrackType: 1 video, 2 audio */
  mcu_ebml_put_number (out, 0x9c, 0);      /* FlagLacing */
  mcu_ebml_put_text (out, 0x86, codec);
  return entry;
}

static void
put_video (GByteArray *out, const McuTrackFileSettings *settings)
{
  gboolean is_h264 = settings->video == MCU_CODEC_H264;
  gsize entry = open_track (out, MCU_TRACK_VIDEO, is_h264 ? "V_MPEG4/ISO/AVC" : "V_VP8"), video;

  if (is_h264 && settings->video_config != NULL)
    mcu_ebml_put_bytes (out, 0x63a2, settings->video_config->data, settings->video_config->len);
  video = mcu_ebml_open (out, 0xe0);
  mcu_ebml_put_number (out, 0xb0, settings->width_px);
  mcu_ebml_put_number (out, 0xba, settings->height_px);
  mcu_ebml_close (out, video);
  mcu_ebml_close (out, entry);
}

static void
put_sound (GByteArray *out, McuCodec codec)
{
  static const guint8 opus_head[] = {
      'O',  'p',  'u', 's', 'H', 'e', 'a', 'd', 1, 2, OPUS_PRE_SKIP & 0xff, OPUS_PRE_SKIP >> 8,
      0x80, 0xbb, 0,   0,   0,   0,   0};
  /* WAVEFORMATEX: tag, channels, rate, bytes a second, block, bits, no more. */
  guint8 wave[18] = {codec == MCU_CODEC_PCMU ? 7 : 6,
                     0,
                     1,
                     0,
                     0x40,
                     0x1f,
                     0,
                     0,
                     0x40,
                     0x1f,
                     0,
                     0,
                     1,
                     0,
                     8,
                     0,
                     0,
                     0};
  gboolean is_opus = codec == MCU_CODEC_OPUS;
  gsize entry = open_track (out, MCU_TRACK_SOUND, is_opus ? "A_OPUS" : "A_MS/ACM"), audio;

  if (is_opus) {
    mcu_ebml_put_bytes (out, 0x63a2, opus_head, sizeof opus_head);
    mcu_ebml_put_number (out, 0x56aa, OPUS_PRE_SKIP_NS); /* CodecDelay */
    mcu_ebml_put_number (out, 0x56bb, OPUS_SEEK_PRE_ROLL_NS);
  } else {
    mcu_ebml_put_bytes (out, 0x63a2, wave, sizeof wave);
  }
  audio = mcu_ebml_open (out, 0xe1);
  mcu_ebml_put_float (out, 0xb5, is_opus ? 48000 : 8000);
  mcu_ebml_put_number (out, 0x9f, is_opus ? 2 : 1); /* an Opus packet says itself how many */
  mcu_ebml_close (out, audio);
  mcu_ebml_close (out, entry);
}

GBytes *
mcu_track_file_head (const McuTrackFileSettings *settings)
{
  static const guint8 segment[] = {0x18, 0x53, 0x80, 0x67, 0x01, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  GByteArray *out = g_byte_array_new ();
  gsize master;

  put_ebml_header (out);
  g_byte_array_append (out, segment, sizeof segment); /* of no known size: it grows */
  master = mcu_ebml_open (out, MCU_MKV_INFO);
  mcu_ebml_put_number (out, 0x2ad7b1, 1000000); /* TimestampScale: ms */
  mcu_ebml_put_text (out, 0x4d80, "tessera");
  mcu_ebml_put_text (out, 0x5741, "tessera");
  mcu_ebml_close (out, master);
  master = mcu_ebml_open (out, MCU_MKV_TRACKS);
  if (settings->video != MCU_CODEC_NONE)
    put_video (out, settings);
  if (settings->sound != MCU_CODEC_NONE)
    put_sound (out, settings->sound);
  mcu_ebml_close (out, master);
  return g_byte_array_free_to_bytes (out);
}

gboolean
mcu_track_cluster_add (McuTrackCluster *self, McuTrackKind kind, gint64 ms, gboolean is_key,
                       const guint8 *data, gsize n)
{
  gint64 relative_ms = self->blocks != NULL ? ms - self->begun_ms : 0;
  guint8 lead[4] = {0x80 | kind, 0, 0, is_key ? 0x80 : 0};

  if (self->blocks != NULL &&
      (relative_ms >= MCU_TRACK_CLUSTER_MS || relative_ms < -MCU_TRACK_CLUSTER_MS ||
       self->blocks->len > MAX_CLUSTER_BYTES))
    return FALSE;
  if (self->blocks == NULL) {
    self->blocks = g_byte_array_new ();
    self->begun_ms = ms;
  }
  lead[1] = (guint16) relative_ms >> 8;
  lead[2] = (guint16) relative_ms;
  mcu_ebml_put_head (self->blocks, MCU_MKV_SIMPLE_BLOCK, sizeof lead + n);
  g_byte_array_append (self->blocks, lead, sizeof lead);
  g_byte_array_append (self->blocks, data, n);
  return TRUE;
}

GBytes *
mcu_track_cluster_take (McuTrackCluster *self)
{
  GByteArray *out;
  gsize cluster;

  if (self->blocks == NULL)
    return NULL;
  out = g_byte_array_sized_new (self->blocks->len + 64);
  cluster = mcu_ebml_open (out, MCU_MKV_CLUSTER);
  mcu_ebml_put_number (out, MCU_MKV_TIMESTAMP, self->begun_ms);
  g_byte_array_append (out, self->blocks->data, self->blocks->len);
  mcu_ebml_close (out, cluster);
  g_byte_array_unref (g_steal_pointer (&self->blocks));
  return g_byte_array_free_to_bytes (out);
}
