/* mcu/base/link.c - framed JSON messages between control and a room process.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/link.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib-unix.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define HEADER_BYTES 4
/* What one turn of the main loop reads, so that a talkative other end does not own the loop. */
#define READ_CHUNK_BYTES (64 * 1024)
#define STALL_CHECK_MS 500
/* What one recvmsg() takes: the kernel ends it behind the first that it finds. */
#define FDS_PER_READ 4

typedef struct
{
  McuLink *link; /* unowned: the request is in its table */
  gint64 id;
  McuLinkReplyFunc func;
  gpointer user_data;
  GSource *timeout; /* owned */
} Request;

typedef struct
{
  GBytes *bytes; /* owned */
  int fd;        /* owned, -1: none or sent */
} Frame;

struct _McuLink
{
  grefcount refs;        /* one of the owner, one while we dispatch: callbacks may free us */
  int fd;                /* owned, -1 once closed */
  GMainContext *context; /* owned */
  McuLinkMessageFunc on_message;
  McuLinkClosedFunc on_closed;
  gpointer user_data;
  gboolean freed;

  GByteArray *input;
  GSource *readable;    /* owned */
  GSource *writable;    /* owned (nullable): while something is queued */
  GSource *stall;       /* owned (nullable): while something is queued */
  GSource *closing;     /* owned (nullable): a close that waits for the main loop */
  char *closing_reason; /* owned */
  GQueue queue;         /* of Frame, owned */
  gsize sent_of_head;
  gsize queued_bytes;
  gint64 moved_us; /* monotonic: when the queue last moved */

  gint64 next_id;
  GHashTable *requests; /* gint64 id -> Request, owned */

  gint64 fds_sent;     /* each is known by its number, on both ends */
  gint64 fds_received; /* the same of the other direction */
  GHashTable *fds;     /* gint64 number -> int, owned: received and not taken */
};

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
free_request (gpointer data)
{
  Request *request = data;

  clear_source (&request->timeout);
  g_free (request);
}

static void
free_frame (gpointer data)
{
  Frame *frame = data;

  g_bytes_unref (frame->bytes);
  if (frame->fd >= 0)
    close (frame->fd);
  g_free (frame);
}

static void
free_fd (gpointer data)
{
  close (GPOINTER_TO_INT (data));
}

static void
unref_link (McuLink *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->fds);
  g_byte_array_unref (self->input);
  g_hash_table_unref (self->requests);
  g_free (self->closing_reason);
  g_main_context_unref (self->context);
  g_free (self);
}

static GSource *
attach (McuLink *self, GSource *source, GSourceFunc func, gpointer data)
{
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->context);
  return source;
}

/* Takes the request out of the table first: its function may make new requests or free the link. */
static void
answer_request (McuLink *self, Request *request, JsonObject *reply, const GError *error)
{
  g_hash_table_steal (self->requests, &request->id);
  request->func (reply, error, request->user_data);
  free_request (request);
}

static void
fail_all_requests (McuLink *self)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_INTERNAL, "link closed");

  for (;;) {
    GHashTableIter iter;
    gpointer request;

    g_hash_table_iter_init (&iter, self->requests);
    if (!g_hash_table_iter_next (&iter, NULL, &request))
      return;
    answer_request (self, request, NULL, error);
  }
}

static void
close_now (McuLink *self)
{
  clear_source (&self->readable);
  clear_source (&self->writable);
  clear_source (&self->stall);
  clear_source (&self->closing);
  g_queue_clear_full (&self->queue, free_frame);
  self->queued_bytes = 0;
  self->sent_of_head = 0;
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* From the main loop only. The last thing done to the link: the owner may free it here. */
static void
close_and_tell (McuLink *self, const char *reason)
{
  g_autofree char *why = g_strdup (reason);

  if (self->fd < 0)
    return;
  close_now (self);
  fail_all_requests (self);
  if (!self->freed)
    self->on_closed (self, why, self->user_data);
}

static gboolean
on_closing (gpointer data)
{
  McuLink *self = data;

  g_ref_count_inc (&self->refs);
  close_and_tell (self, self->closing_reason);
  unref_link (self);
  return G_SOURCE_REMOVE;
}

/* From anywhere: the owner hears of it on the main loop, never inside its own call. */
static void
close_soon (McuLink *self, const char *reason)
{
  if (self->fd < 0 || self->closing != NULL)
    return;
  self->closing_reason = g_strdup (reason);
  self->closing = attach (self, g_idle_source_new (), on_closing, self);
  g_source_set_priority (self->closing, G_PRIORITY_DEFAULT);
}

static gboolean
on_stall_check (gpointer data)
{
  McuLink *self = data;

  if (g_get_monotonic_time () - self->moved_us < MCU_LINK_STALL_MS * G_TIME_SPAN_MILLISECOND)
    return G_SOURCE_CONTINUE;
  g_ref_count_inc (&self->refs);
  close_and_tell (self, "stalled: the queue has not moved");
  unref_link (self);
  return G_SOURCE_REMOVE;
}

/* As much of @frame as the socket takes; a descriptor goes out with the first byte. */
static gssize
write_frame (McuLink *self, Frame *frame)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (frame->bytes, &size);
  struct iovec vector = {(char *) data + self->sent_of_head, size - self->sent_of_head};
  union
  {
    struct cmsghdr header;
    char room[CMSG_SPACE (sizeof (int))];
  } control = {0};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
  gssize n;

  if (frame->fd >= 0) {
    message.msg_control = control.room;
    message.msg_controllen = sizeof control.room;
    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN (sizeof (int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy (CMSG_DATA (&control.header), &frame->fd, sizeof (int));
  }
  n = sendmsg (self->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0 && frame->fd >= 0) {
    close (frame->fd);
    frame->fd = -1;
  }
  return n;
}

/* Returns: FALSE when the link broke. */
static gboolean
write_queue (McuLink *self)
{
  while (!g_queue_is_empty (&self->queue)) {
    Frame *head = g_queue_peek_head (&self->queue);
    gssize n = write_frame (self, head);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno == EAGAIN || errno == EWOULDBLOCK;
    self->moved_us = g_get_monotonic_time ();
    self->sent_of_head += n;
    self->queued_bytes -= n;
    if (self->sent_of_head == g_bytes_get_size (head->bytes)) {
      self->sent_of_head = 0;
      free_frame (g_queue_pop_head (&self->queue));
    }
  }
  return TRUE;
}

static gboolean
on_writable (int fd, GIOCondition condition, gpointer data)
{
  McuLink *self = data;

  if (!write_queue (self)) {
    close_soon (self, "cannot write");
    clear_source (&self->writable);
    return G_SOURCE_REMOVE;
  }
  if (!g_queue_is_empty (&self->queue))
    return G_SOURCE_CONTINUE;
  clear_source (&self->stall);
  clear_source (&self->writable);
  return G_SOURCE_REMOVE;
}

static void
wait_for_room (McuLink *self)
{
  if (g_queue_is_empty (&self->queue) || self->writable != NULL)
    return;
  self->moved_us = g_get_monotonic_time ();
  self->writable = attach (self, g_unix_fd_source_new (self->fd, G_IO_OUT),
                           G_SOURCE_FUNC (on_writable), self);
  self->stall = attach (self, g_timeout_source_new (STALL_CHECK_MS), on_stall_check, self);
}

static GBytes *
make_frame (JsonObject *message)
{
  g_autofree char *text = NULL;
  gsize length;
  guint32 header;
  guint8 *frame;

  json_object_set_int_member (message, "v", MCU_LINK_VERSION);
  text = mcu_json_to_text (message);
  length = strlen (text);
  if (length > MCU_LINK_MAX_FRAME_BYTES)
    return NULL;
  header = GUINT32_TO_BE ((guint32) length);
  frame = g_malloc (HEADER_BYTES + length);
  memcpy (frame, &header, HEADER_BYTES);
  memcpy (frame + HEADER_BYTES, text, length);
  return g_bytes_new_take (frame, HEADER_BYTES + length);
}

/* @fd: (transfer full): -1: none */
static void
queue_frame (McuLink *self, JsonObject *message, int fd)
{
  Frame *frame = g_new0 (Frame, 1);

  frame->fd = fd;
  if (fd >= 0)
    json_object_set_int_member (message, "fd", ++self->fds_sent);
  frame->bytes = make_frame (message);
  if (frame->bytes == NULL) {
    frame->bytes = g_bytes_new (NULL, 0);
    free_frame (frame);
    close_soon (self, "message of ours longer than a frame");
    return;
  }
  if (self->queued_bytes + g_bytes_get_size (frame->bytes) > MCU_LINK_MAX_QUEUE_BYTES) {
    free_frame (frame);
    close_soon (self, "queue full");
    return;
  }
  self->queued_bytes += g_bytes_get_size (frame->bytes);
  g_queue_push_tail (&self->queue, frame);
  if (self->writable == NULL && !write_queue (self))
    close_soon (self, "cannot write");
  else
    wait_for_room (self);
}

static void
handle_reply (McuLink *self, JsonObject *message)
{
  gint64 id = mcu_json_int (message, "id", -1);
  Request *request = g_hash_table_lookup (self->requests, &id);
  g_autoptr (GError) error = NULL;
  JsonObject *why;
  const char *detail;

  if (request == NULL) /* came after its time-out */
    return;
  if (mcu_json_bool (message, "ok", FALSE)) {
    answer_request (self, request, message, NULL);
    return;
  }
  why = mcu_json_object (message, "error");
  detail = why != NULL ? mcu_json_string (why, "detail") : NULL;
  error = g_error_new_literal (
      MCU_ERROR, mcu_error_from_code (why != NULL ? mcu_json_string (why, "code") : NULL),
      detail != NULL ? detail : "refused");
  answer_request (self, request, NULL, error);
}

/* Returns: FALSE when the frame breaks the rules. */
static gboolean
handle_frame (McuLink *self, const char *text, gsize length)
{
  g_autoptr (JsonObject) message = mcu_json_parse_object (text, length, NULL);
  const char *type;

  if (message == NULL || mcu_json_int (message, "v", 0) != MCU_LINK_VERSION)
    return FALSE;
  type = mcu_json_string (message, "type");
  if (type == NULL)
    return FALSE;
  if (g_str_equal (type, "reply"))
    handle_reply (self, message);
  else
    self->on_message (self, message, self->user_data);
  return TRUE;
}

/* Returns: FALSE on a bad frame. Stops when a callback closed or freed the link. */
static gboolean
handle_input (McuLink *self)
{
  while (self->fd >= 0 && self->input->len >= HEADER_BYTES) {
    g_autoptr (GByteArray) frame = NULL;
    guint32 header, length;

    memcpy (&header, self->input->data, HEADER_BYTES);
    length = GUINT32_FROM_BE (header);
    if (length == 0 || length > MCU_LINK_MAX_FRAME_BYTES)
      return FALSE;
    if (self->input->len < HEADER_BYTES + length)
      return TRUE;
    frame = g_byte_array_sized_new (length);
    g_byte_array_append (frame, self->input->data + HEADER_BYTES, length);
    g_byte_array_remove_range (self->input, 0, HEADER_BYTES + length);
    if (!handle_frame (self, (const char *) frame->data, length))
      return FALSE;
  }
  return TRUE;
}

/* Numbered as they come, which is as the other end counts them. */
static void
keep_fds (McuLink *self, const struct cmsghdr *header)
{
  gsize n = (header->cmsg_len - CMSG_LEN (0)) / sizeof (int);

  for (gsize i = 0; i < n; i++) {
    gint64 *number = g_new (gint64, 1);
    int fd;

    memcpy (&fd, CMSG_DATA (header) + i * sizeof fd, sizeof fd);
    *number = ++self->fds_received;
    g_hash_table_insert (self->fds, number, GINT_TO_POINTER (fd));
  }
}

/* As recv(); what came of descriptors is kept. EMFILE when it was more than we take. */
static gssize
read_some (McuLink *self, guint8 *chunk)
{
  struct iovec vector = {chunk, READ_CHUNK_BYTES};
  union
  {
    struct cmsghdr header;
    char room[CMSG_SPACE (FDS_PER_READ * sizeof (int))];
  } control;
  struct msghdr message = {.msg_iov = &vector,
                           .msg_iovlen = 1,
                           .msg_control = control.room,
                           .msg_controllen = sizeof control.room};
  gssize n = recvmsg (self->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

  if (n < 0)
    return n;
  for (struct cmsghdr *one = CMSG_FIRSTHDR (&message); one != NULL;
       one = CMSG_NXTHDR (&message, one))
    if (one->cmsg_level == SOL_SOCKET && one->cmsg_type == SCM_RIGHTS)
      keep_fds (self, one);
  if ((message.msg_flags & MSG_CTRUNC) == 0 && g_hash_table_size (self->fds) <= MCU_LINK_MAX_FDS)
    return n;
  errno = EMFILE;
  return -1;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  McuLink *self = data;
  guint8 *chunk = g_malloc (READ_CHUNK_BYTES);
  gssize n = read_some (self, chunk);
  int why = errno;

  g_ref_count_inc (&self->refs);
  if (n > 0) {
    g_byte_array_append (self->input, chunk, n);
    if (!handle_input (self))
      close_and_tell (self, "bad frame");
  } else if (n == 0) {
    close_and_tell (self, "closed by the other end");
  } else if (why != EAGAIN && why != EINTR && why != EWOULDBLOCK) {
    close_and_tell (self, g_strerror (why));
  }
  g_free (chunk);
  n = self->fd;
  unref_link (self);
  return n >= 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
on_request_timeout (gpointer data)
{
  Request *request = data;
  McuLink *self = request->link;
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TIMEOUT, "no reply in time");

  g_ref_count_inc (&self->refs);
  answer_request (self, request, NULL, error);
  unref_link (self);
  return G_SOURCE_REMOVE;
}

static void
send_reply (McuLink *self, gint64 request_id, gboolean ok, JsonObject *members, int fd)
{
  JsonObject *reply = members != NULL ? members : json_object_new ();

  json_object_set_string_member (reply, "type", "reply");
  json_object_set_int_member (reply, "id", request_id);
  json_object_set_boolean_member (reply, "ok", ok);
  mcu_link_send_with_fd (self, reply, fd);
}

int
mcu_link_pair (int *other_fd, GError **error)
{
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "socket pair: %s", g_strerror (errno));
    return -1;
  }
  *other_fd = fds[1];
  return fds[0];
}

McuLink *
mcu_link_new (int fd, McuLinkMessageFunc on_message, McuLinkClosedFunc on_closed,
              gpointer user_data)
{
  McuLink *self = g_new0 (McuLink, 1);

  g_ref_count_init (&self->refs);
  self->fd = fd;
  self->context = g_main_context_ref_thread_default ();
  self->on_message = on_message;
  self->on_closed = on_closed;
  self->user_data = user_data;
  self->input = g_byte_array_new ();
  self->next_id = 1;
  self->requests = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_request);
  self->fds = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_fd);
  g_queue_init (&self->queue);
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  self->readable = attach (self, g_unix_fd_source_new (fd, G_IO_IN), G_SOURCE_FUNC (on_readable),
                           self);
  return self;
}

void
mcu_link_free (McuLink *self)
{
  if (self == NULL || self->freed)
    return;
  self->freed = TRUE;
  close_now (self);
  fail_all_requests (self);
  unref_link (self);
}

void
mcu_link_send (McuLink *self, JsonObject *message)
{
  mcu_link_send_with_fd (self, message, -1);
}

void
mcu_link_send_with_fd (McuLink *self, JsonObject *message, int fd)
{
  if (self->fd >= 0 && self->closing == NULL)
    queue_frame (self, message, fd);
  else if (fd >= 0)
    close (fd);
  json_object_unref (message);
}

int
mcu_link_take_fd (McuLink *self, JsonObject *message)
{
  gint64 number = mcu_json_int (message, "fd", 0);
  gpointer key, value;

  if (!g_hash_table_steal_extended (self->fds, &number, &key, &value))
    return -1;
  g_free (key);
  return GPOINTER_TO_INT (value);
}

void
mcu_link_request (McuLink *self, JsonObject *message, guint timeout_ms, McuLinkReplyFunc func,
                  gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->link = self;
  request->id = self->next_id++;
  request->func = func;
  request->user_data = user_data;
  /* Also what answers, from the main loop, a request to a link that is closed already. */
  request->timeout = attach (self, g_timeout_source_new (self->fd >= 0 ? timeout_ms : 0),
                             on_request_timeout, request);
  g_hash_table_insert (self->requests, &request->id, request);
  json_object_set_int_member (message, "id", request->id);
  mcu_link_send (self, message);
}

void
mcu_link_reply (McuLink *self, gint64 request_id, JsonObject *members)
{
  send_reply (self, request_id, TRUE, members, -1);
}

void
mcu_link_reply_with_fd (McuLink *self, gint64 request_id, JsonObject *members, int fd)
{
  send_reply (self, request_id, TRUE, members, fd);
}

void
mcu_link_reply_error (McuLink *self, gint64 request_id, const GError *error)
{
  JsonObject *members = json_object_new ();
  JsonObject *why = json_object_new ();

  json_object_set_string_member (why, "code", mcu_error_code_of (error));
  json_object_set_string_member (why, "detail", error != NULL ? error->message : "");
  json_object_set_object_member (members, "error", why);
  send_reply (self, request_id, FALSE, members, -1);
}

gsize
mcu_link_queued_bytes (McuLink *self)
{
  return self->queued_bytes;
}

JsonObject *
mcu_link_message_new (const char *type)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "type", type);
  return message;
}
