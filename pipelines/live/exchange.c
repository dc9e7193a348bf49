/* pipelines/live/exchange.c - encoded pictures and sound between two processes of ours.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/exchange.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* "TXF1": who lost their place in the stream is found out at once. */
#define MAGIC 0x54584631u
#define FLAG_KEYFRAME 1u
#define MAX_PTS_NS (G_GUINT64_CONSTANT (1) << 62)

/* Numbers of the wire: never changed. */
static const struct
{
  guint8 number;
  McuExchangeKind kind;
  McuCodec codec;
} codecs[] = {
    {0, MCU_EXCHANGE_SOUND, MCU_CODEC_NONE},
    {1, MCU_EXCHANGE_SOUND, MCU_CODEC_OPUS},
    {2, MCU_EXCHANGE_VIDEO, MCU_CODEC_H264},
    {3, MCU_EXCHANGE_VIDEO, MCU_CODEC_VP8},
};

static void
put (guint8 *out, guint64 value, guint n)
{
  for (guint i = 0; i < n; i++)
    out[i] = value >> (8 * (n - 1 - i));
}

static guint64
get (const guint8 *in, guint n)
{
  guint64 value = 0;

  for (guint i = 0; i < n; i++)
    value = value << 8 | in[i];
  return value;
}

void
mcu_exchange_pack (const McuExchangeFrame *frame, guint8 out[MCU_EXCHANGE_HEADER_BYTES])
{
  memset (out, 0, MCU_EXCHANGE_HEADER_BYTES);
  put (out, MAGIC, 4);
  out[4] = frame->kind;
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (codecs[i].kind == frame->kind && codecs[i].codec == frame->codec)
      out[5] = codecs[i].number;
  put (out + 6, frame->is_keyframe ? FLAG_KEYFRAME : 0, 2);
  put (out + 8, frame->size, 4);
  put (out + 16, frame->pts_ns, 8);
}

static gboolean
is_bounded (const McuExchangeFrame *frame)
{
  guint32 most = frame->kind == MCU_EXCHANGE_VIDEO ? MCU_EXCHANGE_MAX_VIDEO_BYTES
                                                   : MCU_EXCHANGE_MAX_SOUND_BYTES;

  return frame->size > 0 && frame->size <= most && frame->pts_ns < MAX_PTS_NS;
}

gboolean
mcu_exchange_unpack (const guint8 in[MCU_EXCHANGE_HEADER_BYTES], McuExchangeFrame *frame)
{
  if (get (in, 4) != MAGIC)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (codecs[i].kind != in[4] || codecs[i].number != in[5])
      continue;
    *frame = (McuExchangeFrame){.kind = codecs[i].kind,
                                .codec = codecs[i].codec,
                                .is_keyframe = (get (in + 6, 2) & FLAG_KEYFRAME) != 0,
                                .size = get (in + 8, 4),
                                .pts_ns = get (in + 16, 8)};
    return is_bounded (frame);
  }
  return FALSE;
}

gboolean
mcu_exchange_write (int fd, const McuExchangeFrame *frame, gconstpointer data)
{
  guint8 header[MCU_EXCHANGE_HEADER_BYTES];
  struct iovec parts[2] = {{header, sizeof header}, {(gpointer) data, frame->size}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

  mcu_exchange_pack (frame, header);
  while (message.msg_iovlen > 0) {
    gssize n = sendmsg (fd, &message, MSG_NOSIGNAL);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    while (message.msg_iovlen > 0 && (gsize) n >= message.msg_iov->iov_len) {
      n -= message.msg_iov->iov_len;
      message.msg_iov++;
      message.msg_iovlen--;
    }
    if (message.msg_iovlen > 0) {
      message.msg_iov->iov_base = (guint8 *) message.msg_iov->iov_base + n;
      message.msg_iov->iov_len -= n;
    }
  }
  return TRUE;
}

static gboolean
read_all (int fd, guint8 *out, gsize n)
{
  while (n > 0) {
    gssize got = recv (fd, out, n, 0);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return FALSE;
    out += got;
    n -= got;
  }
  return TRUE;
}

gboolean
mcu_exchange_read (int fd, McuExchangeFrame *frame, guint8 **data)
{
  guint8 header[MCU_EXCHANGE_HEADER_BYTES];

  if (!read_all (fd, header, sizeof header) || !mcu_exchange_unpack (header, frame))
    return FALSE;
  *data = g_malloc (frame->size);
  if (read_all (fd, *data, frame->size))
    return TRUE;
  g_clear_pointer (data, g_free);
  return FALSE;
}
