/* tests/unit/pipelines/mix/video/tsan-glib.c - tells ThreadSanitizer of GLib's locks and counts.
 *
 * GMutex is a futex inside GLib, which is not instrumented, so what it guards would look like a
 * race; so would what is freed after the last of several references. These take the place of GLib's
 * functions for our own code; empty in other builds. SPDX-License-Identifier: Apache-2.0 */
#if defined(__SANITIZE_THREAD__)

#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

typedef void (*LockFunc) (GMutex *);

void
g_mutex_lock (GMutex *mutex)
{
  static LockFunc real;

  if (__atomic_load_n (&real, __ATOMIC_ACQUIRE) == NULL)
    __atomic_store_n (&real, (LockFunc) dlsym (RTLD_NEXT, "g_mutex_lock"), __ATOMIC_RELEASE);
  __atomic_load_n (&real, __ATOMIC_RELAXED) (mutex);
  __tsan_acquire (mutex);
}

void
g_mutex_unlock (GMutex *mutex)
{
  static LockFunc real;

  if (__atomic_load_n (&real, __ATOMIC_ACQUIRE) == NULL)
    __atomic_store_n (&real, (LockFunc) dlsym (RTLD_NEXT, "g_mutex_unlock"), __ATOMIC_RELEASE);
  __tsan_release (mutex);
  __atomic_load_n (&real, __ATOMIC_RELAXED) (mutex);
}

/* Source: GLib's reference, g_atomic_ref_count_dec(): atomic, so all that was done with a reference
 * comes before what is done after the last. */
gboolean
g_atomic_ref_count_dec (gatomicrefcount *count)
{
  static gboolean (*real) (gatomicrefcount *);
  gboolean was_last;

  if (__atomic_load_n (&real, __ATOMIC_ACQUIRE) == NULL)
    __atomic_store_n (
        &real, (gboolean (*) (gatomicrefcount *)) dlsym (RTLD_NEXT, "g_atomic_ref_count_dec"),
        __ATOMIC_RELEASE);
  __tsan_release (count);
  was_last = __atomic_load_n (&real, __ATOMIC_RELAXED) (count);
  if (was_last)
    __tsan_acquire (count);
  return was_last;
}

#else

typedef int McuNothingHere; /* ISO C wants a file to have something in it */

#endif
