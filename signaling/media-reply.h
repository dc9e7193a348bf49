/* signaling/media-reply.h - a file of any size as an answer: in pieces, read on other threads, as
 * fast as the client takes them.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <libsoup/soup.h>

#include "mcu/recordings.h"

/**
 * mcu_media_reply:
 * @msg: paused; goes on by itself from here
 * @media: (transfer full)
 *
 * 200, 206 or 416, for GET and HEAD. One piece of the file is in memory at a time. A client has a
 * minute for each (signaling/guard.h). Thread: main loop.
 */
void mcu_media_reply (SoupServerMessage *msg, McuRecordingMedia *media);
