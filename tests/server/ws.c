/* tests/server/ws.c - a WebSocket client that does as it is told, also what is wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

#define OPCODE_TEXT 1
#define OPCODE_CLOSE 8
#define OPCODE_PING 9

/* Returns: FALSE at the end of the connection. */
static gboolean
fill (Ws *self)
{
  struct pollfd ready = {.fd = self->fd, .events = POLLIN};
  guint8 buffer[16384];
  gssize n;

  if (poll (&ready, 1, HARNESS_WAIT_MS) != 1)
    g_error ("nothing came from the server");
  n = recv (self->fd, buffer, sizeof buffer, 0);
  if (n > 0)
    g_byte_array_append (self->input, buffer, n);
  return n > 0;
}

Ws *
ws_open (Server *server, const char *room, const char *head)
{
  Ws *self = g_new0 (Ws, 1);
  g_autofree char *request = g_strdup_printf (
      "GET /v1/rooms/%s/signal HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: tessera.v1\r\n%s\r\n",
      room, server->port, head != NULL ? head : "");
  const char *end;
  gsize length;

  self->fd = raw_connect (server);
  self->input = g_byte_array_new ();
  self->seen = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  raw_write (self->fd, request, strlen (request));
  do {
    g_assert_true (fill (self));
    end = memmem (self->input->data, self->input->len, "\r\n\r\n", 4);
  } while (end == NULL);
  length = end + 4 - (const char *) self->input->data;
  self->handshake = g_strndup ((const char *) self->input->data, length);
  g_byte_array_remove_range (self->input, 0, length);
  return self;
}

void
ws_free (Ws *self)
{
  close (self->fd);
  g_byte_array_unref (self->input);
  g_ptr_array_unref (self->seen);
  g_free (self->handshake);
  g_free (self);
}

void
ws_send_frame (Ws *self, guint8 first, const char *payload, gsize length)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8 head[8] = {first};
  gsize n = 2;

  if (length < 126) {
    head[1] = 0x80 | length;
  } else if (length <= G_MAXUINT16) {
    head[1] = 0x80 | 126;
    head[2] = length >> 8;
    head[3] = length & 0xff;
    n = 4;
  } else {
    g_assert_not_reached ();
  }
  g_byte_array_append (frame, head, n);
  g_byte_array_append (frame, (const guint8 *) "\0\0\0\0", 4); /* a mask that changes nothing */
  g_byte_array_append (frame, (const guint8 *) payload, length);
  raw_write (self->fd, (const char *) frame->data, frame->len);
}

void
ws_send (Ws *self, const char *text)
{
  ws_send_frame (self, 0x80 | OPCODE_TEXT, text, strlen (text));
}

static gsize
payload_length (const guint8 *data, gsize *header_bytes)
{
  guint64 length = data[1] & 0x7f;
  guint n = length == 126 ? 2 : length == 127 ? 8 : 0;

  if (n > 0)
    length = 0;
  for (guint i = 0; i < n; i++)
    length = length << 8 | data[2 + i];
  *header_bytes = 2 + n;
  return length;
}

/* Returns: the opcode, with its payload taken out of the input; 0 at the end of the connection. */
static guint8
next_frame (Ws *self, char **payload)
{
  gsize header_bytes, length;
  guint8 opcode;

  while (self->input->len < 10 && !(self->input->len >= 2 && (self->input->data[1] & 0x7f) < 126))
    if (!fill (self))
      return 0;
  g_assert_cmpint (self->input->data[0] & 0x70, ==, 0); /* nothing compressed */
  length = payload_length (self->input->data, &header_bytes);
  while (self->input->len < header_bytes + length)
    if (!fill (self))
      return 0;
  opcode = self->input->data[0] & 0x0f;
  *payload = g_malloc0 (length + 2);
  memcpy (*payload, self->input->data + header_bytes, length);
  g_byte_array_remove_range (self->input, 0, header_bytes + length);
  return opcode;
}

JsonObject *
ws_next (Ws *self)
{
  while (TRUE) {
    g_autofree char *payload = NULL;
    guint8 opcode = next_frame (self, &payload);

    if (opcode == 0)
      return NULL;
    if (opcode == OPCODE_CLOSE)
      self->close_code = (guint8) payload[0] << 8 | (guint8) payload[1];
    if (opcode == OPCODE_TEXT) {
      JsonObject *message = mcu_json_parse_object (payload, strlen (payload), NULL);

      g_assert_nonnull (message);
      return message;
    }
    if (opcode == OPCODE_CLOSE) { /* answered, as RFC 6455, 5.5.1 wants it */
      ws_send_frame (self, 0x80 | OPCODE_CLOSE, payload, 2);
      shutdown (self->fd, SHUT_WR);
    }
  }
}

JsonObject *
ws_wait (Ws *self, const char *type)
{
  while (TRUE) {
    JsonObject *message = ws_next (self);

    if (message == NULL)
      g_error ("the connection ended before a '%s' came", type);
    if (g_strcmp0 (mcu_json_string (message, "type"), type) == 0)
      return message;
    g_ptr_array_add (self->seen, message);
  }
}

char *
ws_wait_end (Ws *self)
{
  g_autofree char *code = g_strdup ("");
  JsonObject *message;

  while ((message = ws_next (self)) != NULL) {
    if (g_strcmp0 (mcu_json_string (message, "type"), "bye") == 0) {
      g_free (code);
      code = g_strdup (mcu_json_string (message, "code"));
    }
    json_object_unref (message);
  }
  return g_steal_pointer (&code);
}

JsonObject *
ws_join (Ws *self, const char *name)
{
  g_autofree char *join = g_strdup_printf ("{\"type\":\"join\",\"name\":\"%s\"}", name);

  ws_send (self, join);
  return ws_wait (self, "welcome");
}
