/* tests/bench/connection.c - see connection.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/connection.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/clock.h"
#include "tests/bench/rtp.h"
#include "tests/bench/srtp.h"
#include "tests/bench/stun.h"

#define BATCH 32
#define MAX_DATAGRAM 2048
/* A stall of 100 ms of this machine must not look like a loss on the link. */
#define SOCKET_BUFFER_BYTES (4 * 1024 * 1024)

struct _McuConnection
{
  int fd; /* owned */
  guint port;
  McuLoadIce ice;
  McuLoadDtls *dtls; /* owned (nullable) */
  McuLoadSrtp *srtp; /* owned (nullable): connected */
  char fingerprint[128];
  gboolean is_dtls_server;
  gboolean has_started, is_bound, has_failed;
  struct sockaddr_in last_from;
  guint drop_of_65536;
  McuConnectionEvents events;
  gpointer user_data;
};

/* Shared by all connections of the one thread: they are never filled at the same time. */
static struct
{
  McuConnection *owner;
  guint n;
  guint8 data[BATCH][MCU_RTP_MAX_PACKET + MCU_LOAD_SRTP_OVERHEAD];
  struct iovec vectors[BATCH];
  struct mmsghdr messages[BATCH];
} sending;

static struct
{
  guint8 data[BATCH][MAX_DATAGRAM];
  guint8 control[BATCH][CMSG_SPACE (sizeof (struct timespec))];
  struct sockaddr_in from[BATCH];
  struct iovec vectors[BATCH];
  struct mmsghdr messages[BATCH];
} receiving;

static void
send_now (const guint8 *data, gsize size, const struct sockaddr_in *to, gpointer user_data)
{
  McuConnection *self = user_data;

  if (to == NULL)
    to = self->ice.is_selected ? &self->ice.selected : &self->last_from;
  if (sendto (self->fd, data, size, 0, self->is_bound ? NULL : (const struct sockaddr *) to,
              self->is_bound ? 0 : sizeof *to) < 0)
    return; /* as lost as on any link: ICE and DTLS repeat */
}

static gboolean
open_socket (McuConnection *self, GError **error)
{
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  int on = 1, bytes = SOCKET_BUFFER_BYTES;

  self->fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || bind (self->fd, (struct sockaddr *) &at, sizeof at) < 0 ||
      getsockname (self->fd, (struct sockaddr *) &at, &size) < 0 ||
      setsockopt (self->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "UDP socket: %s",
                 g_strerror (errno));
    return FALSE;
  }
  if (setsockopt (self->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
    setsockopt (self->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  self->port = ntohs (at.sin_port);
  return TRUE;
}

McuConnection *
mcu_connection_new (gboolean controlling, const McuConnectionEvents *events, gpointer user_data,
                    GError **error)
{
  McuConnection *self = g_new0 (McuConnection, 1);

  self->events = *events;
  self->user_data = user_data;
  mcu_load_ice_init (&self->ice, controlling, send_now, self);
  if (open_socket (self, error))
    return self;
  mcu_connection_free (self);
  return NULL;
}

void
mcu_connection_free (McuConnection *self)
{
  if (sending.owner == self)
    sending.owner = NULL;
  g_clear_pointer (&self->dtls, mcu_load_dtls_free);
  g_clear_pointer (&self->srtp, mcu_load_srtp_free);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

int
mcu_connection_fd (McuConnection *self)
{
  return self->fd;
}

guint
mcu_connection_port (McuConnection *self)
{
  return self->port;
}

const McuLoadIce *
mcu_connection_ice (McuConnection *self)
{
  return &self->ice;
}

gboolean
mcu_connection_is_connected (McuConnection *self)
{
  return self->srtp != NULL;
}

gboolean
mcu_connection_has_failed (McuConnection *self)
{
  return self->has_failed;
}

void
mcu_connection_open (McuConnection *self, const McuLoadSdp *remote)
{
  g_strlcpy (self->ice.remote_ufrag, remote->ufrag, sizeof self->ice.remote_ufrag);
  g_strlcpy (self->ice.remote_password, remote->password, sizeof self->ice.remote_password);
  g_strlcpy (self->fingerprint, remote->fingerprint, sizeof self->fingerprint);
  memcpy (self->ice.remotes, remote->candidates, sizeof self->ice.remotes);
  self->ice.n_remotes = remote->n_candidates;
  self->is_dtls_server = remote->is_active;
  self->dtls = mcu_load_dtls_new (remote->is_active, send_now, self);
}

void
mcu_connection_drop (McuConnection *self, double share)
{
  self->drop_of_65536 = (guint) (share * 65536);
}

static void
finish_dtls (McuConnection *self)
{
  guint8 local[MCU_LOAD_SRTP_KEY_SIZE], remote[MCU_LOAD_SRTP_KEY_SIZE];

  if (!mcu_load_dtls_finish (self->dtls, self->fingerprint, local, remote)) {
    self->has_failed = TRUE;
    return;
  }
  self->srtp = mcu_load_srtp_new (local, remote);
  if (self->srtp != NULL)
    self->events.connected (self->user_data);
}

static void
advance_dtls (McuConnection *self)
{
  if (self->dtls == NULL || self->srtp != NULL || self->has_failed)
    return;
  if (!self->has_started && self->ice.is_selected) {
    self->has_started = TRUE;
    if (!self->is_dtls_server)
      mcu_load_dtls_start (self->dtls);
  }
  self->has_failed |= mcu_load_dtls_has_failed (self->dtls);
  if (!self->has_failed && mcu_load_dtls_is_done (self->dtls))
    finish_dtls (self);
}

/* A connected socket spares the kernel a route per packet. */
static void
bind_to_pair (McuConnection *self)
{
  if (!self->is_bound && self->ice.is_selected && self->srtp != NULL)
    self->is_bound = connect (self->fd, (struct sockaddr *) &self->ice.selected,
                              sizeof self->ice.selected) == 0;
}

/* RFC 7983: the first byte tells who it is for. */
static void
dispatch (McuConnection *self, guint8 *data, gsize size, const struct sockaddr_in *from,
          gint64 arrival_ns)
{
  if (mcu_stun_is_stun (data, size)) {
    mcu_load_ice_handle (&self->ice, data, size, from, arrival_ns);
  } else if (data[0] >= 20 && data[0] <= 63 && self->dtls != NULL) {
    self->last_from = *from;
    mcu_load_dtls_feed (self->dtls, data, size);
  } else if (data[0] >= 128 && data[0] <= 191 && self->srtp != NULL) {
    if (mcu_rtp_is_rtcp (data, size))
      self->events.rtcp (data, size, arrival_ns, self->user_data);
    else
      self->events.rtp (data, size, arrival_ns, self->user_data);
    return;
  }
  advance_dtls (self);
}

static gint64
arrival_of (struct msghdr *message, gint64 now_ns)
{
  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c != NULL; c = CMSG_NXTHDR (message, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec at;

      memcpy (&at, CMSG_DATA (c), sizeof at);
      return (gint64) at.tv_sec * MCU_LOAD_S + at.tv_nsec;
    }
  return now_ns;
}

static int
receive_batch (int fd)
{
  for (guint i = 0; i < BATCH; i++) {
    receiving.vectors[i] = (struct iovec){receiving.data[i], MAX_DATAGRAM};
    receiving.messages[i].msg_hdr = (struct msghdr){.msg_name = &receiving.from[i],
                                                    .msg_namelen = sizeof receiving.from[i],
                                                    .msg_iov = &receiving.vectors[i],
                                                    .msg_iovlen = 1,
                                                    .msg_control = receiving.control[i],
                                                    .msg_controllen = sizeof receiving.control[i]};
  }
  return recvmmsg (fd, receiving.messages, BATCH, MSG_DONTWAIT, NULL);
}

void
mcu_connection_readable (McuConnection *self, gint64 now_ns)
{
  int n;

  do {
    n = receive_batch (self->fd);
    for (int i = 0; i < n; i++)
      if (receiving.messages[i].msg_len > 0)
        dispatch (self, receiving.data[i], receiving.messages[i].msg_len, &receiving.from[i],
                  arrival_of (&receiving.messages[i].msg_hdr, now_ns));
  } while (n == BATCH);
  mcu_connection_flush (self);
}

void
mcu_connection_tick (McuConnection *self, gint64 now_ns)
{
  mcu_load_ice_tick (&self->ice, now_ns);
  if (self->srtp == NULL && self->dtls != NULL) {
    mcu_load_dtls_tick (self->dtls);
    advance_dtls (self);
  }
  bind_to_pair (self);
}

void
mcu_connection_flush (McuConnection *self)
{
  McuConnection *owner = sending.owner;

  for (guint done = 0; owner != NULL && done < sending.n;) {
    int n = sendmmsg (owner->fd, sending.messages + done, sending.n - done, 0);

    if (n <= 0)
      break; /* a full buffer loses packets, as on any link */
    done += (guint) n;
  }
  sending.owner = NULL;
  sending.n = 0;
}

typedef gboolean (*Protect) (McuLoadSrtp *srtp, guint8 *data, gsize *size);

static void
queue (McuConnection *self, const guint8 *data, gsize size, Protect protect)
{
  if (self->srtp == NULL || size > MCU_RTP_MAX_PACKET)
    return;
  if (sending.owner != self || sending.n == BATCH)
    mcu_connection_flush (self);
  guint i = sending.n;

  memcpy (sending.data[i], data, size);
  if (!protect (self->srtp, sending.data[i], &size))
    return;
  if (self->drop_of_65536 != 0 && g_random_int () % 65536 < self->drop_of_65536)
    return;
  sending.owner = self;
  sending.vectors[i] = (struct iovec){sending.data[i], size};
  sending.messages[i].msg_hdr = (struct msghdr){
      .msg_name = self->is_bound ? NULL : &self->ice.selected,
      .msg_namelen = self->is_bound ? 0 : sizeof self->ice.selected,
      .msg_iov = &sending.vectors[i],
      .msg_iovlen = 1,
  };
  sending.n++;
}

void
mcu_connection_send_rtp (McuConnection *self, const guint8 *data, gsize size)
{
  queue (self, data, size, mcu_load_srtp_protect);
}

void
mcu_connection_send_rtcp (McuConnection *self, const guint8 *data, gsize size)
{
  queue (self, data, size, mcu_load_srtp_protect_rtcp);
}

gboolean
mcu_connection_decrypt_rtp (McuConnection *self, guint8 *data, gsize *size)
{
  return mcu_load_srtp_unprotect (self->srtp, data, size);
}

gboolean
mcu_connection_decrypt_rtcp (McuConnection *self, guint8 *data, gsize *size)
{
  return mcu_load_srtp_unprotect_rtcp (self->srtp, data, size);
}
