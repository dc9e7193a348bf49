/* signaling/static-files.h - the page and its modules, compiled into the program.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <libsoup/soup.h>

#include "signaling/types.h"

/**
 * mcu_static_files_new:
 *
 * Serves from the program itself, or from $TESSERA_WEB_DIR (for those who work on the page).
 * Thread: main loop.  Returns: (transfer full).
 */
McuStaticFiles *mcu_static_files_new (void);
void mcu_static_files_free (McuStaticFiles *self);

/**
 * mcu_static_files_serve:
 * @name: from the path: letters, digits and ._-/ only; anything else is not there
 *
 * Answers with the file, with 304 when the client has it, gzipped when it takes that.
 *
 * Returns: FALSE, and answers nothing, when there is no such file.
 */
gboolean mcu_static_files_serve (const McuStaticFiles *self, SoupServerMessage *msg,
                                 const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuStaticFiles, mcu_static_files_free)
