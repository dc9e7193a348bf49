/* pipelines/live/egress.c - where a process that connects to what somebody named may connect to.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/egress.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/public-address.h"

#define RESOLVE_TIMEOUT_S 5

static gint is_restricted; /* atomic: any library thread connects */
static gint n_refused;     /* atomic */
static GInetAddress *exception;

static gboolean
is_exception (GInetAddress *address)
{
  return exception != NULL && g_inet_address_equal (exception, address);
}

static gboolean
may_connect (const struct sockaddr *address, socklen_t length)
{
  const struct sockaddr_in *v4 = (const struct sockaddr_in *) address;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) address;
  const guint8 *bytes;

  if (address == NULL || length < sizeof address->sa_family)
    return TRUE; /* the kernel says why not */
  if (address->sa_family == AF_INET && length >= sizeof *v4)
    bytes = (const guint8 *) &v4->sin_addr;
  else if (address->sa_family == AF_INET6 && length >= sizeof *v6)
    bytes = (const guint8 *) &v6->sin6_addr;
  else
    return address->sa_family != AF_INET && address->sa_family != AF_INET6;
  if (exception != NULL) {
    g_autoptr (GInetAddress) inet = g_inet_address_new_from_bytes (
        bytes, address->sa_family == AF_INET ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

    if (is_exception (inet))
      return TRUE;
  }
  return mcu_address_is_public (address->sa_family, bytes);
}

/* Instead of libc's, for every library of the program: the dynamic linker looks here first. */
__attribute__ ((visibility ("default"))) int
connect (int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
  if (g_atomic_int_get (&is_restricted) && !may_connect (address.__sockaddr__, length)) {
    g_atomic_int_inc (&n_refused);
    errno = EACCES;
    return -1;
  }
  return syscall (SYS_connect, fd, address.__sockaddr__, length);
}

void
mcu_egress_restrict (void)
{
  g_atomic_int_set (&is_restricted, 1);
}

void
mcu_egress_except_for_tests (GInetAddress *address)
{
  g_set_object (&exception, address);
}

guint
mcu_egress_n_refused (void)
{
  return g_atomic_int_get (&n_refused);
}

typedef struct
{
  McuEgressResolvedFunc func;
  gpointer user_data;
  GCancellable *cancellable; /* owned */
  guint timeout;             /* source id */
} Question;

static gboolean
on_too_late (gpointer user_data)
{
  Question *question = user_data;

  question->timeout = 0;
  g_cancellable_cancel (question->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
are_allowed (GList *addresses)
{
  for (GList *item = addresses; item != NULL; item = item->next)
    if (g_atomic_int_get (&is_restricted) && !mcu_inet_address_is_public (item->data) &&
        !is_exception (item->data))
      return FALSE;
  return TRUE;
}

static void
on_resolved (GObject *resolver, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) why = NULL;
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &why);

  if (addresses == NULL)
    error = g_error_new (MCU_ERROR, MCU_ERROR_NOT_FOUND, "its host: %s", why->message);
  else if (!are_allowed (addresses))
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_FORBIDDEN,
                                 "its host is none of the public internet");
  question->func (error == NULL ? addresses->data : NULL, error, question->user_data);
  g_resolver_free_addresses (addresses);
  g_clear_handle_id (&question->timeout, g_source_remove);
  g_object_unref (question->cancellable);
  g_free (question);
}

void
mcu_egress_resolve (const char *host, McuEgressResolvedFunc func, gpointer user_data)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  Question *question = g_new0 (Question, 1);

  question->func = func;
  question->user_data = user_data;
  question->cancellable = g_cancellable_new ();
  question->timeout = g_timeout_add_seconds (RESOLVE_TIMEOUT_S, on_too_late, question);
  g_resolver_lookup_by_name_async (resolver, host, question->cancellable, on_resolved, question);
}
