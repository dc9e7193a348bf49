/* signaling/guarded-stream.c - a GIOStream that counts and bounds what passes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/guarded-stream.h"

#include <glib-unix.h>
#include <poll.h>

struct _McuGuardedStream
{
  GIOStream parent;

  GIOStream *base;       /* owned */
  GSocket *socket;       /* owned */
  GInputStream *input;   /* owned, a GuardedInput */
  GOutputStream *output; /* owned, a GuardedOutput */
  McuGuard guard;
  const char *cut_reason;               /* (nullable) static */
  McuGuardedStreamClosedFunc on_closed; /* (nullable) once called */
  gpointer user_data;
  gboolean is_over; /* nothing more is read or written by whoever uses us */
  GSource *discard; /* (nullable) owned, after a refusal */
};

G_DEFINE_FINAL_TYPE (McuGuardedStream, mcu_guarded_stream, G_TYPE_IO_STREAM)

/* The two directions. They know their stream without a reference: it owns them and outlives their
 * use (whoever holds one holds the stream). */
#define GUARDED_TYPE_INPUT (guarded_input_get_type ())
G_DECLARE_FINAL_TYPE (GuardedInput, guarded_input, GUARDED, INPUT, GInputStream)
#define GUARDED_TYPE_OUTPUT (guarded_output_get_type ())
G_DECLARE_FINAL_TYPE (GuardedOutput, guarded_output, GUARDED, OUTPUT, GOutputStream)

struct _GuardedInput
{
  GInputStream parent;
  GInputStream *base;       /* owned */
  McuGuardedStream *stream; /* unowned; NULL once it is gone */
};

struct _GuardedOutput
{
  GOutputStream parent;
  GOutputStream *base;      /* owned */
  McuGuardedStream *stream; /* unowned; NULL once it is gone */
};

static void guarded_input_pollable_init (GPollableInputStreamInterface *iface);
static void guarded_output_pollable_init (GPollableOutputStreamInterface *iface);
GType guarded_input_get_type (void);
GType guarded_output_get_type (void);

G_DEFINE_FINAL_TYPE_WITH_CODE (GuardedInput, guarded_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      guarded_input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (GuardedOutput, guarded_output, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      guarded_output_pollable_init))

/* Source: RFC 6455, 5.5.1 and 7.4.1: an unmasked close frame that says 1009, too big. */
static const guint8 close_too_big[] = {0x88, 0x02, 0x03, 0xf1};

/* Reading. */

/* The reader closes us for it, and then lingers; a WebSocket is told why, unless a half-written
 * frame is in the way. */
static void
say_too_much (McuGuardedStream *self)
{
  if (self->guard.phase != MCU_GUARD_WEBSOCKET || self->guard.write_blocked_us != 0) {
    mcu_guarded_stream_cut (self, "too much");
    return;
  }
  g_info ("WebSocket ended: too much");
  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (self->output),
                                              close_too_big, sizeof close_too_big, NULL, NULL);
  self->is_over = TRUE;
}

static gssize
input_read (GuardedInput *self, void *buffer, gsize count, gboolean blocking,
            GCancellable *cancellable, GError **error)
{
  gsize allowance;
  gssize n_read;

  if (self->stream == NULL || self->stream->cut_reason != NULL || self->stream->is_over) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "connection cut");
    return -1;
  }
  allowance = mcu_guard_allowance (&self->stream->guard);
  if (allowance == 0) {
    say_too_much (self->stream);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "too much input");
    return -1;
  }
  n_read = g_pollable_stream_read (self->base, buffer, MIN (count, allowance), blocking,
                                   cancellable, error);
  if (n_read > 0)
    mcu_guard_read (&self->stream->guard, n_read, g_get_monotonic_time ());
  return n_read;
}

static gssize
guarded_input_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable,
                    GError **error)
{
  return input_read (GUARDED_INPUT (stream), buffer, count, TRUE, cancellable, error);
}

static gssize
guarded_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count,
                                GError **error)
{
  return input_read (GUARDED_INPUT (stream), buffer, count, FALSE, NULL, error);
}

static gboolean
guarded_input_is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (
      G_POLLABLE_INPUT_STREAM (GUARDED_INPUT (stream)->base));
}

static GSource *
guarded_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  GPollableInputStream *base = G_POLLABLE_INPUT_STREAM (GUARDED_INPUT (stream)->base);
  g_autoptr (GSource) ready = g_pollable_input_stream_create_source (base, cancellable);

  return g_pollable_source_new_full (stream, ready, NULL);
}

static void
guarded_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = guarded_input_is_readable;
  iface->create_source = guarded_input_create_source;
  iface->read_nonblocking = guarded_input_read_nonblocking;
}

static void
guarded_input_finalize (GObject *object)
{
  g_clear_object (&GUARDED_INPUT (object)->base);
  G_OBJECT_CLASS (guarded_input_parent_class)->finalize (object);
}

static void
guarded_input_init (GuardedInput *self)
{
}

static void
guarded_input_class_init (GuardedInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = guarded_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = guarded_input_read;
}

/* Writing. */

static gssize
output_write (GuardedOutput *self, const void *buffer, gsize count, gboolean blocking,
              GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) why = NULL;
  gssize n_written;

  if (self->stream == NULL || self->stream->cut_reason != NULL || self->stream->is_over) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "connection cut");
    return -1;
  }
  n_written = g_pollable_stream_write (self->base, buffer, count, blocking, cancellable, &why);
  if (n_written >= 0)
    mcu_guard_wrote (&self->stream->guard, n_written);
  else if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    mcu_guard_write_blocked (&self->stream->guard, g_get_monotonic_time ());
  if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return n_written;
}

static gssize
guarded_output_write (GOutputStream *stream, const void *buffer, gsize count,
                      GCancellable *cancellable, GError **error)
{
  return output_write (GUARDED_OUTPUT (stream), buffer, count, TRUE, cancellable, error);
}

static gssize
guarded_output_write_nonblocking (GPollableOutputStream *stream, const void *buffer, gsize count,
                                  GError **error)
{
  return output_write (GUARDED_OUTPUT (stream), buffer, count, FALSE, NULL, error);
}

static gboolean
guarded_output_is_writable (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_is_writable (
      G_POLLABLE_OUTPUT_STREAM (GUARDED_OUTPUT (stream)->base));
}

static GSource *
guarded_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  GPollableOutputStream *base = G_POLLABLE_OUTPUT_STREAM (GUARDED_OUTPUT (stream)->base);
  g_autoptr (GSource) ready = g_pollable_output_stream_create_source (base, cancellable);

  return g_pollable_source_new_full (stream, ready, NULL);
}

static void
guarded_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = guarded_output_is_writable;
  iface->create_source = guarded_output_create_source;
  iface->write_nonblocking = guarded_output_write_nonblocking;
}

static void
guarded_output_finalize (GObject *object)
{
  g_clear_object (&GUARDED_OUTPUT (object)->base);
  G_OBJECT_CLASS (guarded_output_parent_class)->finalize (object);
}

static void
guarded_output_init (GuardedOutput *self)
{
}

static void
guarded_output_class_init (GuardedOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = guarded_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = guarded_output_write;
}

/* The stream. */

McuGuardedStream *
mcu_guarded_stream_new (GIOStream *base, GSocket *socket, McuGuardPhase phase,
                        McuGuardedStreamClosedFunc on_closed, gpointer user_data)
{
  McuGuardedStream *self = g_object_new (MCU_TYPE_GUARDED_STREAM, NULL);
  GuardedInput *input = g_object_new (GUARDED_TYPE_INPUT, NULL);
  GuardedOutput *output = g_object_new (GUARDED_TYPE_OUTPUT, NULL);

  self->base = g_object_ref (base);
  self->socket = g_object_ref (socket);
  self->on_closed = on_closed;
  self->user_data = user_data;
  mcu_guard_init (&self->guard, phase, g_get_monotonic_time ());
  input->base = g_object_ref (g_io_stream_get_input_stream (base));
  input->stream = self;
  output->base = g_object_ref (g_io_stream_get_output_stream (base));
  output->stream = self;
  self->input = G_INPUT_STREAM (input);
  self->output = G_OUTPUT_STREAM (output);
  return self;
}

McuGuard *
mcu_guarded_stream_get_guard (McuGuardedStream *self)
{
  return &self->guard;
}

void
mcu_guarded_stream_enter (McuGuardedStream *self, McuGuardPhase phase)
{
  mcu_guard_enter (&self->guard, phase, g_get_monotonic_time ());
}

void
mcu_guarded_stream_cut (McuGuardedStream *self, const char *why)
{
  if (self->cut_reason != NULL)
    return;
  self->cut_reason = why;
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
}

const char *
mcu_guarded_stream_get_cut_reason (McuGuardedStream *self)
{
  return self->cut_reason;
}

/* Ends our direction at once and the connection when the client has ended its own, or when the
 * guard is through with it: closing over unread input would reset the connection, and with it what
 * the client has not read yet. */
static void finish_close (McuGuardedStream *self);

static gboolean
on_discard (GObject *pollable, gpointer user_data)
{
  McuGuardedStream *self = user_data;
  g_autoptr (GError) error = NULL;
  char scratch[4096];
  gssize n_read = -1;

  if (self->cut_reason == NULL && mcu_guard_allowance (&self->guard) > 0)
    n_read = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (pollable), scratch,
                                                       sizeof scratch, NULL, &error);
  if (n_read > 0)
    mcu_guard_read (&self->guard, n_read, g_get_monotonic_time ());
  if (n_read > 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->discard, g_source_unref);
  finish_close (self);
  return G_SOURCE_REMOVE; /* drops the source's reference to us */
}

static void
linger (McuGuardedStream *self)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->base));

  mcu_guarded_stream_enter (self, MCU_GUARD_REFUSED);
  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  self->discard = g_pollable_input_stream_create_source (input, NULL);
  g_source_set_callback (self->discard, G_SOURCE_FUNC (on_discard), g_object_ref (self),
                         g_object_unref);
  g_source_attach (self->discard, g_main_context_get_thread_default ());
}

void
mcu_guarded_stream_refuse (McuGuardedStream *self, GBytes *response)
{
  gsize length;
  const void *data = g_bytes_get_data (response, &length);

  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (self->output), data, length,
                                              NULL, NULL);
  g_bytes_unref (response);
  linger (self);
}

typedef struct
{
  GSourceFunc func;
  gpointer user_data;
} Hangup;

static gboolean
on_hangup (int fd, GIOCondition condition, gpointer user_data)
{
  Hangup *hangup = user_data;

  hangup->func (hangup->user_data);
  return G_SOURCE_REMOVE;
}

/* POLLRDHUP: unlike the end of what can be read it is seen over bytes that nobody has read yet,
 * such as the last words of TLS. */
GSource *
mcu_guarded_stream_watch_hangup (McuGuardedStream *self, GSourceFunc func, gpointer user_data)
{
  GSource *source = g_unix_fd_source_new (g_socket_get_fd (self->socket),
                                          (GIOCondition) (POLLRDHUP | POLLHUP | POLLERR));
  Hangup *hangup = g_new0 (Hangup, 1);

  hangup->func = func;
  hangup->user_data = user_data;
  g_source_set_callback (source, G_SOURCE_FUNC (on_hangup), hangup, g_free);
  g_source_attach (source, NULL);
  return source;
}

static void
say_closed (McuGuardedStream *self)
{
  McuGuardedStreamClosedFunc on_closed = self->on_closed;

  self->on_closed = NULL;
  if (on_closed != NULL)
    on_closed (self, self->user_data);
}

static void
finish_close (McuGuardedStream *self)
{
  /* TLS says goodbye with a blocking write: not to a socket that takes nothing. */
  if (!(g_socket_condition_check (self->socket, G_IO_OUT) & G_IO_OUT))
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  g_io_stream_close (self->base, NULL, NULL);
  say_closed (self);
}

static GInputStream *
mcu_guarded_stream_get_input (GIOStream *stream)
{
  return MCU_GUARDED_STREAM (stream)->input;
}

static GOutputStream *
mcu_guarded_stream_get_output (GIOStream *stream)
{
  return MCU_GUARDED_STREAM (stream)->output;
}

static gboolean
mcu_guarded_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  McuGuardedStream *self = MCU_GUARDED_STREAM (stream);

  if (self->discard != NULL) /* ends by itself */
    return TRUE;
  if (self->cut_reason == NULL && g_socket_get_available_bytes (self->socket) > 0)
    linger (self);
  else
    finish_close (self);
  return TRUE;
}

/* GIO's own would close on another thread; ours never blocks, so it need not. */
static void
mcu_guarded_stream_close_async (GIOStream *stream, int priority, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, mcu_guarded_stream_close_async);
  mcu_guarded_stream_close (stream, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
mcu_guarded_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
mcu_guarded_stream_dispose (GObject *object)
{
  McuGuardedStream *self = MCU_GUARDED_STREAM (object);

  say_closed (self);
  G_OBJECT_CLASS (mcu_guarded_stream_parent_class)->dispose (object);
}

static void
mcu_guarded_stream_finalize (GObject *object)
{
  McuGuardedStream *self = MCU_GUARDED_STREAM (object);

  GUARDED_INPUT (self->input)->stream = NULL;
  GUARDED_OUTPUT (self->output)->stream = NULL;
  g_clear_pointer (&self->discard, g_source_unref);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->base);
  g_clear_object (&self->socket);
  G_OBJECT_CLASS (mcu_guarded_stream_parent_class)->finalize (object);
}

static void
mcu_guarded_stream_init (McuGuardedStream *self)
{
}

static void
mcu_guarded_stream_class_init (McuGuardedStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mcu_guarded_stream_dispose;
  G_OBJECT_CLASS (klass)->finalize = mcu_guarded_stream_finalize;
  stream_class->get_input_stream = mcu_guarded_stream_get_input;
  stream_class->get_output_stream = mcu_guarded_stream_get_output;
  stream_class->close_fn = mcu_guarded_stream_close;
  stream_class->close_async = mcu_guarded_stream_close_async;
  stream_class->close_finish = mcu_guarded_stream_close_finish;
}
