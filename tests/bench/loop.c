/* tests/bench/loop.c - see loop.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/loop.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tests/bench/clock.h"

#define TICK_NS (4 * MCU_LOAD_MS)
#define MAX_EVENTS 64

struct _McuLoop
{
  int epoll_fd, timer_fd; /* owned */
  guint timer_source;
  guint epoll_source; /* 0: nobody is connecting */
  GPtrArray *clients; /* (element-type McuClient) unowned */
};

static void
read_sockets (McuLoop *self, gint64 now_ns)
{
  struct epoll_event events[MAX_EVENTS];
  int n;

  do {
    n = epoll_wait (self->epoll_fd, events, MAX_EVENTS, 0);
    for (int i = 0; i < n; i++)
      mcu_client_readable (events[i].data.ptr, now_ns);
  } while (n == MAX_EVENTS);
}

static gboolean
on_socket (int fd, GIOCondition condition, gpointer user_data)
{
  read_sockets (user_data, mcu_load_now_ns ());
  return G_SOURCE_CONTINUE;
}

static gboolean
is_anybody_connecting (McuLoop *self)
{
  for (guint i = 0; i < self->clients->len; i++) {
    McuClient *client = self->clients->pdata[i];

    if (!mcu_client_is_live (client) && !mcu_connection_has_failed (mcu_client_connection (client)))
      return TRUE;
  }
  return FALSE;
}

static void
choose_mode (McuLoop *self)
{
  gboolean at_once = is_anybody_connecting (self);

  if (at_once && self->epoll_source == 0)
    self->epoll_source = g_unix_fd_add (self->epoll_fd, G_IO_IN, on_socket, self);
  else if (!at_once && self->epoll_source != 0)
    g_clear_handle_id (&self->epoll_source, g_source_remove);
}

static gboolean
on_timer (int fd, GIOCondition condition, gpointer user_data)
{
  McuLoop *self = user_data;
  guint64 n_expired;
  gint64 now_ns = mcu_load_now_ns ();

  if (read (fd, &n_expired, sizeof n_expired) < 0)
    return G_SOURCE_CONTINUE;
  read_sockets (self, now_ns);
  for (guint i = 0; i < self->clients->len; i++)
    mcu_client_tick (self->clients->pdata[i], mcu_load_now_ns ());
  choose_mode (self);
  return G_SOURCE_CONTINUE;
}

McuLoop *
mcu_loop_new (GError **error)
{
  McuLoop *self = g_new0 (McuLoop, 1);
  struct itimerspec every = {{0, TICK_NS}, {0, TICK_NS}};

  self->clients = g_ptr_array_new ();
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (self->epoll_fd < 0 || self->timer_fd < 0 ||
      timerfd_settime (self->timer_fd, 0, &every, NULL) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "timer: %s", g_strerror (errno));
    mcu_loop_free (self);
    return NULL;
  }
  self->timer_source = g_unix_fd_add (self->timer_fd, G_IO_IN, on_timer, self);
  return self;
}

void
mcu_loop_free (McuLoop *self)
{
  g_clear_handle_id (&self->timer_source, g_source_remove);
  g_clear_handle_id (&self->epoll_source, g_source_remove);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  if (self->timer_fd >= 0)
    close (self->timer_fd);
  g_ptr_array_unref (self->clients);
  g_free (self);
}

void
mcu_loop_add (McuLoop *self, McuClient *client)
{
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};

  epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, mcu_connection_fd (mcu_client_connection (client)),
             &event);
  g_ptr_array_add (self->clients, client);
  choose_mode (self);
}
