/* mcu/base/id.h - identifiers made by the server, and names given by users.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_id_new:
 * @prefix: (nullable): a few letters that say what it names, e.g. "p"
 *
 * 128 random bits from the kernel, as [A-Za-z0-9_-], at most 64 bytes: not to be guessed.
 *
 * Thread: any.  Returns: (transfer full): the identifier.
 */
char *mcu_id_new (const char *prefix);

/**
 * mcu_random_bytes:
 * @out: (array length=n): filled from the kernel's random source
 *
 * Thread: any.  Aborts when the kernel has no random source: nothing here is safe without one.
 */
void mcu_random_bytes (guint8 *out, gsize n);

/**
 * mcu_id_is_valid:
 * @id: (nullable): text from outside
 *
 * Thread: any.  Returns: TRUE for [A-Za-z0-9_-]{1,64}.
 */
gboolean mcu_id_is_valid (const char *id);

/**
 * mcu_room_name_is_valid:
 * @name: (nullable): text from outside
 *
 * Thread: any.  Returns: TRUE for [A-Za-z0-9._-]{1,64} that does not start with a dot.
 */
gboolean mcu_room_name_is_valid (const char *name);
