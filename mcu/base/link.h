/* mcu/base/link.h - framed JSON messages between control and a room process (docs/media-link.md).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define MCU_LINK_VERSION 1
#define MCU_LINK_MAX_FRAME_BYTES (1024 * 1024)
#define MCU_LINK_MAX_QUEUE_BYTES (8 * 1024 * 1024)
#define MCU_LINK_STALL_MS 5000
/* Descriptors that came and were not taken; one more closes the link. */
#define MCU_LINK_MAX_FDS 16
/* The room's end of the socket pair in its own process. */
#define MCU_LINK_FD 3

/**
 * McuLink: one end. Main loop only; neither end ever blocks.
 */
typedef struct _McuLink McuLink;

/**
 * McuLinkMessageFunc:
 * @message: (transfer none): an object with a `type`; replies do not come here
 */
typedef void (*McuLinkMessageFunc) (McuLink *link, JsonObject *message, gpointer user_data);

/**
 * McuLinkReplyFunc:
 * @reply: (transfer none) (nullable): the reply's object when it said `ok`
 * @error: (nullable): what it said instead, or MCU_ERROR_INTERNAL when the link closed first,
 *         or MCU_ERROR_TIMEOUT
 */
typedef void (*McuLinkReplyFunc) (JsonObject *reply, const GError *error, gpointer user_data);

/**
 * McuLinkClosedFunc:
 * @reason: why, for the log: closed by the other end, bad frame, queue full, stalled
 *
 * Called once, from the main loop, never from inside mcu_link_send(). The link may be freed in it.
 */
typedef void (*McuLinkClosedFunc) (McuLink *link, const char *reason, gpointer user_data);

/**
 * mcu_link_pair:
 * @other_fd: (out): the end for the other process; close-on-exec is set
 *
 * Returns: the file descriptor for mcu_link_new(), or -1 with @error set.
 */
int mcu_link_pair (int *other_fd, GError **error);

/**
 * mcu_link_new:
 * @fd: (transfer full): a connected stream socket
 *
 * Returns: (transfer full): reads as soon as the main loop runs.
 */
McuLink *mcu_link_new (int fd, McuLinkMessageFunc on_message, McuLinkClosedFunc on_closed,
                       gpointer user_data);

/** mcu_link_free: closes; outstanding requests are answered with MCU_ERROR_INTERNAL first. */
void mcu_link_free (McuLink *self);

/**
 * mcu_link_send:
 * @message: (transfer full): gets `v`; must have `type`
 *
 * A message that finds no room in the queue closes the link (from the main loop, later).
 */
void mcu_link_send (McuLink *self, JsonObject *message);

/**
 * mcu_link_send_with_fd:
 * @fd: (transfer full): a memfd or a socket for the other process, which is closed here once it is
 *      sent; -1: none
 *
 * The message gets `fd`, the descriptor's number on this link.
 */
void mcu_link_send_with_fd (McuLink *self, JsonObject *message, int fd);

/**
 * mcu_link_take_fd:
 * @message: a message or a reply that came, now or earlier
 *
 * What is never taken is closed with the link. A memfd of a process that is not trusted is to be
 * sealed or copied before it is read.
 *
 * Returns: (transfer full): the descriptor that came with it, close-on-exec; -1: none, or taken.
 */
int mcu_link_take_fd (McuLink *self, JsonObject *message);

/**
 * mcu_link_request:
 * @message: (transfer full): gets `v` and `id`
 * @timeout_ms: until @func is called with MCU_ERROR_TIMEOUT
 * @func: called exactly once, from the main loop
 */
void mcu_link_request (McuLink *self, JsonObject *message, guint timeout_ms, McuLinkReplyFunc func,
                       gpointer user_data);

/**
 * mcu_link_reply:
 * @request_id: `id` of what is answered
 * @members: (transfer full) (nullable): further members
 */
void mcu_link_reply (McuLink *self, gint64 request_id, JsonObject *members);

/** mcu_link_reply_with_fd: @fd: (transfer full): see mcu_link_send_with_fd(). */
void mcu_link_reply_with_fd (McuLink *self, gint64 request_id, JsonObject *members, int fd);

/** mcu_link_reply_error: the reply that says no; the error's code and text travel. */
void mcu_link_reply_error (McuLink *self, gint64 request_id, const GError *error);

/** mcu_link_queued_bytes: what the other end has not taken yet. */
gsize mcu_link_queued_bytes (McuLink *self);

/**
 * mcu_link_message_new:
 * @type: static text
 *
 * Returns: (transfer full): an object with `type` in it.
 */
JsonObject *mcu_link_message_new (const char *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuLink, mcu_link_free)
