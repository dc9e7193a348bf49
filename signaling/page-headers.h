/* signaling/page-headers.h - what every answer tells the browser about safety.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <libsoup/soup.h>

#include "mcu/types.h"

/**
 * mcu_add_page_headers:
 * @host: (nullable): the request's Host
 *
 * Content-Security-Policy without inline script, nosniff, no referrer, who may frame us.
 */
void mcu_add_page_headers (SoupMessageHeaders *headers, McuConfig *config, const char *host);
