/* signaling/rest-recordings.h - handlers of the REST requests about recordings.
 * SPDX-License-Identifier: Apache-2.0
 *
 * All answer later: the index and the files are on another thread. */
#pragma once

#include "signaling/request.h"

void mcu_rest_room_recordings (McuRequest *request);
void mcu_rest_record (McuRequest *request);
void mcu_rest_recordings (McuRequest *request);
void mcu_rest_recording (McuRequest *request);
/** mcu_rest_recording_patch: {layout}, while it runs. */
void mcu_rest_recording_patch (McuRequest *request);
void mcu_rest_recording_delete (McuRequest *request);
/** mcu_rest_recording_order: POST …/stop, /pause, /resume. */
void mcu_rest_recording_order (McuRequest *request);
void mcu_rest_recording_link (McuRequest *request);
void mcu_rest_recording_media (McuRequest *request);
void mcu_rest_recording_chapters (McuRequest *request);

/** mcu_rest_recordings_forget_all: the server goes; nothing that is awaited is answered. */
void mcu_rest_recordings_forget_all (void);
