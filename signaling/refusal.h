/* signaling/refusal.h - an answer before the request was read.  SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <libsoup/soup.h>

/**
 * mcu_refuse_now:
 * @msg: a request whose body is still to come (or still coming); its response headers are kept
 * @error: of MCU_ERROR
 *
 * libsoup would read a whole body before it answers. This takes the connection from it, writes the
 * answer and ends the connection; @msg is of no use afterwards.
 *
 * Thread: main loop.
 */
void mcu_refuse_now (SoupServerMessage *msg, const GError *error);
