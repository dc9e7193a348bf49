/* tests/bench/ice.h - the smallest full ICE agent: one host candidate, one pair.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <netinet/in.h>

#define MCU_LOAD_ICE_MAX_REMOTES 8

/** McuLoadSendFunc: sends one datagram now; @to is (nullable): the connected peer. */
typedef void (*McuLoadSendFunc) (const guint8 *data, gsize size, const struct sockaddr_in *to,
                                 gpointer user_data);

/** McuLoadIce: one thread only. All times in ns of mcu_load_now_ns(). */
typedef struct
{
  char local_ufrag[16];
  char local_password[32];
  char remote_ufrag[256];
  char remote_password[256];
  gboolean controlling;
  struct sockaddr_in remotes[MCU_LOAD_ICE_MAX_REMOTES];
  guint n_remotes;
  gboolean is_selected;
  struct sockaddr_in selected;
  gint64 last_response_ns;

  guint64 tie_breaker;
  guint8 request_id[12];
  gint64 next_check_ns;
  McuLoadSendFunc send;
  gpointer user_data;
} McuLoadIce;

void mcu_load_ice_init (McuLoadIce *self, gboolean controlling, McuLoadSendFunc send,
                        gpointer user_data);
/** mcu_load_ice_handle: a datagram that mcu_stun_is_stun(). */
void mcu_load_ice_handle (McuLoadIce *self, const guint8 *data, gsize size,
                          const struct sockaddr_in *from, gint64 now_ns);
/** mcu_load_ice_tick: sends the checks that are due; every 5 s (consent) once a pair is selected.
 */
void mcu_load_ice_tick (McuLoadIce *self, gint64 now_ns);
