/* tests/bench/connection.h - one UDP socket with ICE, DTLS and SRTP on it.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/sdp.h"

typedef struct _McuConnection McuConnection;

/** McuConnectionEvents: called from _readable and _tick. Media come still encrypted. */
typedef struct
{
  void (*connected) (gpointer user_data);
  void (*rtp) (guint8 *data, gsize size, gint64 arrival_ns, gpointer user_data);
  void (*rtcp) (guint8 *data, gsize size, gint64 arrival_ns, gpointer user_data);
} McuConnectionEvents;

/** mcu_connection_new: (transfer full) (nullable): free with mcu_connection_free().
 * @controlling: TRUE for who offers. All functions: one thread for all connections. */
McuConnection *mcu_connection_new (gboolean controlling, const McuConnectionEvents *events,
                                   gpointer user_data, GError **error);
void mcu_connection_free (McuConnection *self);

int mcu_connection_fd (McuConnection *self);
guint mcu_connection_port (McuConnection *self);
const McuLoadIce *mcu_connection_ice (McuConnection *self);
gboolean mcu_connection_is_connected (McuConnection *self);
gboolean mcu_connection_has_failed (McuConnection *self);

/** mcu_connection_open: what the other side said; checks begin with the next tick. */
void mcu_connection_open (McuConnection *self, const McuLoadSdp *remote);
/** mcu_connection_drop: throws away that share of what is sent from now on, as a bad link does. */
void mcu_connection_drop (McuConnection *self, double share);

/** mcu_connection_readable: reads all there is, in batches. */
void mcu_connection_readable (McuConnection *self, gint64 now_ns);
void mcu_connection_tick (McuConnection *self, gint64 now_ns);

/* Queue one packet; sent with mcu_connection_flush(), or when the batch is full. */
void mcu_connection_send_rtp (McuConnection *self, const guint8 *data, gsize size);
void mcu_connection_send_rtcp (McuConnection *self, const guint8 *data, gsize size);
void mcu_connection_flush (McuConnection *self);

/* In place; FALSE: not for us. */
gboolean mcu_connection_decrypt_rtp (McuConnection *self, guint8 *data, gsize *size);
gboolean mcu_connection_decrypt_rtcp (McuConnection *self, guint8 *data, gsize *size);
