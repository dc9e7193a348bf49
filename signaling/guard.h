/* signaling/guard.h - what one connection may do: phases, deadlines, byte budgets.
 * Pure: no sockets and no clock of its own.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A body of JSON or SDP, and a WebSocket message. Source: the outside contract. */
#define MCU_GUARD_MAX_BODY_BYTES (64 * 1024)
/* The one body that is larger: somebody's picture. */
#define MCU_GUARD_MAX_AVATAR_BYTES (256 * 1024)
/* Of the header alone; browsers stay below 8 KiB, a token is below 4 KiB. */
#define MCU_GUARD_MAX_HEADER_BYTES (32 * 1024)
/* Chunk sizes, frame headers and masks come on top of a body. */
#define MCU_GUARD_FRAMING_BYTES (32 * 1024)
/* What a refused client may still send while it reads the refusal. */
#define MCU_GUARD_MAX_DISCARD_BYTES (1024 * 1024)

#define MCU_GUARD_HANDSHAKE_MS 10000
#define MCU_GUARD_HEADER_MS 10000
#define MCU_GUARD_BODY_MS 10000
#define MCU_GUARD_RESPONSE_MS 60000
#define MCU_GUARD_IDLE_MS 15000
#define MCU_GUARD_REFUSED_MS 2000
/* Every WebSocket is pinged each 15 s, so twice that without a byte means gone. */
#define MCU_GUARD_PING_S 15
#define MCU_GUARD_SILENCE_MS 30000
/* A socket that takes nothing for so long, though there is something for it. */
#define MCU_GUARD_STUCK_MS 20000

/**
 * McuGuardPhase:
 * @MCU_GUARD_HANDSHAKE: TLS is being agreed on
 * @MCU_GUARD_HEADER: the head of a request is arriving (or the first request is awaited)
 * @MCU_GUARD_BODY: its body is arriving
 * @MCU_GUARD_RESPONSE: the request is complete and its answer is being made or written
 * @MCU_GUARD_IDLE: kept alive between two requests; the first byte leads to HEADER
 * @MCU_GUARD_WEBSOCKET: upgraded; the budget is per message
 * @MCU_GUARD_REFUSED: an early refusal was written; what still comes is thrown away
 */
typedef enum
{
  MCU_GUARD_HANDSHAKE,
  MCU_GUARD_HEADER,
  MCU_GUARD_BODY,
  MCU_GUARD_RESPONSE,
  MCU_GUARD_IDLE,
  MCU_GUARD_WEBSOCKET,
  MCU_GUARD_REFUSED,
} McuGuardPhase;

typedef enum
{
  MCU_GUARD_FINE,
  MCU_GUARD_TOO_SLOW,   /* the phase's deadline passed */
  MCU_GUARD_TOO_MUCH,   /* the phase's bytes are used up */
  MCU_GUARD_SILENT,     /* an upgraded connection without a sign of life */
  MCU_GUARD_NOT_READING /* what we write is not taken */
} McuGuardVerdict;

/**
 * McuGuard: by value inside its stream; main loop only. Read-only for others.
 */
typedef struct
{
  McuGuardPhase phase;
  gint64 entered_us;
  gint64 last_read_us;
  gint64 write_blocked_us; /* since when; 0 while the socket takes what we write */
  gsize bytes;             /* read since the last request or message */
  gsize max_body_bytes;    /* of this request */
  guint64 read_total_bytes;
  guint64 written_total_bytes;
} McuGuard;

/** mcu_guard_init: a connection accepted at @now_us (any monotonic clock, the same always). */
void mcu_guard_init (McuGuard *self, McuGuardPhase phase, gint64 now_us);

/**
 * mcu_guard_enter:
 *
 * Begins @phase and its deadline. IDLE, WEBSOCKET and REFUSED begin a new byte budget too; HEADER,
 * BODY and RESPONSE share one, because a read may bring the end of one and the start of the next.
 */
void mcu_guard_enter (McuGuard *self, McuGuardPhase phase, gint64 now_us);

/** mcu_guard_allow_body: this request's body, whose head has come, may have @n_bytes. */
void mcu_guard_allow_body (McuGuard *self, gsize n_bytes);

/** mcu_guard_allowance: how many bytes may still be read in this phase; 0: cut the connection. */
gsize mcu_guard_allowance (const McuGuard *self);

void mcu_guard_read (McuGuard *self, gsize n_bytes, gint64 now_us);
void mcu_guard_wrote (McuGuard *self, gsize n_bytes);
/** mcu_guard_write_blocked: the socket took nothing at @now_us. */
void mcu_guard_write_blocked (McuGuard *self, gint64 now_us);

/** mcu_guard_message: a whole WebSocket message came; its budget begins anew. */
void mcu_guard_message (McuGuard *self);

/**
 * mcu_guard_forgive:
 *
 * Takes @n_bytes off the budget: the answer to a ping of ours is not part of a message. Call at
 * most once per ping, or pongs become a way around the budget.
 */
void mcu_guard_forgive (McuGuard *self, gsize n_bytes);

/** mcu_guard_check: is anything overdue at @now_us? Asked once a second. */
McuGuardVerdict mcu_guard_check (const McuGuard *self, gint64 now_us);

/** mcu_guard_verdict_to_string: for the log.  Returns: (transfer none). */
const char *mcu_guard_verdict_to_string (McuGuardVerdict verdict);
