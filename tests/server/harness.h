/* tests/server/harness.h - starts the real program on a port of its own and talks to it over plain
 * sockets, so that a test can also say what no decent client says.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

/* Every wait ends after this, and fails the test. */
#define HARNESS_WAIT_MS 8000

typedef struct
{
  GSubprocess *process;
  char *state_directory;
  char *url;
  guint16 port;
} Server;

/**
 * server_start:
 * @settings: (nullable) (array zero-terminated=1): "NAME=value" of the environment
 * @option: (nullable): of the command line
 *
 * Returns: when it said that it is ready.
 */
Server *server_start (const char *const *settings, const char *option);

/** server_signal: e.g. SIGTERM. */
void server_signal (Server *self, int signal_number);

/** server_wait: until it ended.  Returns: its exit status; fails the test when it does not end. */
int server_wait (Server *self);

/** server_stop: SIGTERM, wants exit status 0, frees. */
void server_stop (Server *self);
void server_free (Server *self);

/** raw_connect: a TCP connection. */
int raw_connect (Server *server);
/** raw_write: all of it, or as much as is taken before the other side hangs up. */
void raw_write (int fd, const char *data, gsize length);
/**
 * raw_read_to_end:
 *
 * Returns: what came until the other side ended the connection; NULL when it did not within
 * @wait_ms. Closes @fd.
 */
char *raw_read_to_end (int fd, guint wait_ms);

/**
 * raw_read_response:
 * @rest: (inout): bytes read before and not used; what comes after this response is left in it
 *
 * Returns: (transfer full) (nullable): one response, by its Content-Length; NULL at the end of the
 * connection. @fd stays open.
 */
char *raw_read_response (int fd, GByteArray *rest);

/**
 * http:
 * @head: (nullable): further header lines, each with its CRLF
 * @status: (out)
 *
 * Returns: (transfer full): the whole response.
 */
char *http (Server *server, const char *method, const char *path, const char *head,
            const char *body, guint *status);

/** http_header: (transfer full) (nullable): of a response. */
char *http_header (const char *response, const char *name);
/** http_body: (transfer none). */
const char *http_body (const char *response);

/** token_sign: (transfer full): a JWT that says @claims: JSON, with ' for ". */
char *token_sign (const char *secret, const char *claims);

/* A WebSocket client. */
typedef struct
{
  int fd;
  GByteArray *input;
  guint16 close_code; /* 0: none came */
  char *handshake;    /* the response */
  GPtrArray *seen;    /* (element-type JsonObject): what ws_wait() passed over */
} Ws;

Ws *ws_open (Server *server, const char *room, const char *head);
void ws_free (Ws *self);
void ws_send (Ws *self, const char *text);
/** ws_send_frame: @first: the first byte, FIN and opcode. */
void ws_send_frame (Ws *self, guint8 first, const char *payload, gsize length);
/** ws_next: (transfer full) (nullable): the next message; NULL when the connection has ended. */
JsonObject *ws_next (Ws *self);
/** ws_wait: (transfer full): the next message of @type; what comes before goes to `seen`. */
JsonObject *ws_wait (Ws *self, const char *type);
/** ws_wait_end: reads until the connection has ended.  Returns: the last `bye`'s code, or "". */
char *ws_wait_end (Ws *self);
/** ws_join: sends `join` and returns the `welcome`. */
JsonObject *ws_join (Ws *self, const char *name);
