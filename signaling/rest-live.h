/* signaling/rest-live.h - handlers of live outputs, inputs and HLS (docs/live.md).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

void mcu_rest_add_stream (McuRequest *request);
void mcu_rest_streams (McuRequest *request);
void mcu_rest_remove_stream (McuRequest *request);
void mcu_rest_add_input (McuRequest *request);
void mcu_rest_inputs (McuRequest *request);
void mcu_rest_remove_input (McuRequest *request);

/** mcu_rest_hls: GET /hls/{stream}/{file}: whoever knows the stream's id; any origin. */
void mcu_rest_hls (McuRequest *request);
void mcu_rest_hls_options (McuRequest *request);
