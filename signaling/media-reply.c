/* signaling/media-reply.c - a file of any size as an answer.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/media-reply.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "signaling/byte-range.h"
#include "signaling/listener.h"

#define PIECE_BYTES (256 * 1024)

typedef struct
{
  grefcount refs;         /* one of the message, one of each read that is under way */
  SoupServerMessage *msg; /* owned (nullable): NULL once it is over */
  McuRecordingMedia *media;
  guint64 at, end;
  gulong wrote_id, finished_id;
} Reply;

static void
unref_reply (Reply *reply)
{
  if (!g_ref_count_dec (&reply->refs))
    return;
  mcu_recording_media_free (reply->media);
  g_free (reply);
}

/* Thread: a pool's. Only what does not change any more is touched. */
static void
read_piece (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reply *reply = data;
  gsize wanted = MIN (reply->end - reply->at, PIECE_BYTES);
  guint8 *piece = g_malloc (wanted);
  gsize n = 0;

  while (n < wanted) {
    gssize got = pread (reply->media->fd, piece + n, wanted - n, reply->at + n);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    n += got;
  }
  g_task_return_pointer (task, g_bytes_new_take (piece, n), (GDestroyNotify) g_bytes_unref);
}

static McuGuardedStream *
stream_of (Reply *reply)
{
  return mcu_listener_stream_of (soup_server_message_get_remote_address (reply->msg));
}

static void
on_piece (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;
  g_autoptr (GBytes) piece = g_task_propagate_pointer (G_TASK (result), NULL);
  McuGuardedStream *stream = reply->msg != NULL ? stream_of (reply) : NULL;
  SoupMessageBody *body;

  if (reply->msg != NULL && g_bytes_get_size (piece) == 0) {
    /* It was cut while it was sent: less than was promised can only be said by hanging up. */
    if (stream != NULL)
      mcu_guarded_stream_cut (stream, "the file has ended");
  } else if (reply->msg != NULL) {
    body = soup_server_message_get_response_body (reply->msg);
    reply->at += g_bytes_get_size (piece);
    soup_message_body_append_bytes (body, piece);
    if (reply->at >= reply->end)
      soup_message_body_complete (body);
    if (stream != NULL)
      mcu_guarded_stream_enter (stream, MCU_GUARD_RESPONSE); /* its time begins anew */
    soup_server_message_unpause (reply->msg);
  }
  unref_reply (reply);
}

static void
read_next (Reply *reply)
{
  g_autoptr (GTask) task = NULL;

  if (reply->at >= reply->end)
    return;
  g_ref_count_inc (&reply->refs);
  task = g_task_new (NULL, NULL, on_piece, reply);
  g_task_set_task_data (task, reply, NULL);
  g_task_run_in_thread (task, read_piece);
}

static void
on_wrote (SoupServerMessage *msg, gpointer data)
{
  read_next (data);
}

static void
on_finished (SoupServerMessage *msg, gpointer data)
{
  Reply *reply = data;

  g_signal_handler_disconnect (msg, reply->wrote_id);
  g_signal_handler_disconnect (msg, reply->finished_id);
  g_clear_object (&reply->msg);
  unref_reply (reply);
}

static void
set_headers (SoupServerMessage *msg, const McuRecordingMedia *media)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  g_autofree char *disposition = g_strdup_printf ("inline; filename=\"%s\"", media->name);
  g_autofree char *n_parts = g_strdup_printf ("%u", media->n_parts);

  soup_message_headers_replace (headers, "Content-Type", media->content_type);
  soup_message_headers_replace (headers, "Content-Disposition", disposition);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  soup_message_headers_replace (headers, "ETag", media->etag);
  soup_message_headers_replace (headers, "Cache-Control",
                                media->is_growing ? "no-store" : "private, no-cache");
  soup_message_headers_replace (headers, "Tessera-Parts", n_parts);
}

static McuByteRangeKind
read_request (SoupServerMessage *msg, const McuRecordingMedia *media, McuByteRange *range)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (msg);

  return mcu_byte_range_read (soup_message_headers_get_list (asked, "Range"),
                              soup_message_headers_get_one (asked, "If-Range"), media->etag,
                              media->bytes, range);
}

static void
set_range (SoupServerMessage *msg, McuByteRangeKind kind, const McuByteRange *range, guint64 size)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  g_autofree char *text = NULL;

  if (kind == MCU_BYTE_RANGE_OUTSIDE)
    text = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, size);
  else if (kind == MCU_BYTE_RANGE_PART)
    text = g_strdup_printf ("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                            range->first, range->first + range->length - 1, size);
  if (text != NULL)
    soup_message_headers_replace (headers, "Content-Range", text);
  soup_server_message_set_status (msg,
                                  kind == MCU_BYTE_RANGE_OUTSIDE ? 416
                                  : kind == MCU_BYTE_RANGE_PART  ? 206
                                                                 : 200,
                                  NULL);
}

static void
start_body (SoupServerMessage *msg, McuRecordingMedia *media, const McuByteRange *range)
{
  Reply *reply = g_new0 (Reply, 1);

  g_ref_count_init (&reply->refs);
  reply->msg = g_object_ref (msg);
  reply->media = media;
  reply->at = range->first;
  reply->end = range->first + range->length;
  soup_message_body_set_accumulate (soup_server_message_get_response_body (msg), FALSE);
  reply->wrote_id = g_signal_connect (msg, "wrote-chunk", G_CALLBACK (on_wrote), reply);
  reply->finished_id = g_signal_connect (msg, "finished", G_CALLBACK (on_finished), reply);
  read_next (reply);
}

void
mcu_media_reply (SoupServerMessage *msg, McuRecordingMedia *media)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  gboolean is_head = strcmp (soup_server_message_get_method (msg), "HEAD") == 0;
  McuByteRange range;
  McuByteRangeKind kind = read_request (msg, media, &range);

  set_headers (msg, media);
  set_range (msg, kind, &range, media->bytes);
  if (kind == MCU_BYTE_RANGE_OUTSIDE)
    range.length = 0;
  soup_message_headers_set_content_length (headers, range.length);
  if (!is_head && range.length > 0) {
    start_body (msg, media, &range);
    return;
  }
  mcu_recording_media_free (media);
  soup_server_message_unpause (msg);
}
