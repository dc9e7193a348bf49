/* tests/bench/layout-changes.h - how soon another layout is in a received picture.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "tests/bench/client.h"

typedef struct _McuLayoutChanges McuLayoutChanges;

/**
 * mcu_layout_changes_new:
 * @server: as in McuDoorWay; copied, as are @room and @token (nullable)
 */
McuLayoutChanges *mcu_layout_changes_new (SoupSession *session, const char *server,
                                          const char *room, const char *token);
void mcu_layout_changes_free (McuLayoutChanges *self);

/** mcu_layout_changes_step: now and then: asks for another layout, looks whether the last is seen
 * by
 * @watcher. */
void mcu_layout_changes_step (McuLayoutChanges *self, McuClient *watcher, gint64 now_ns);
/** mcu_layout_changes_told: @layout: the message of that name, as the watcher got it. */
void mcu_layout_changes_told (McuLayoutChanges *self, JsonObject *layout);

/** mcu_layout_changes_get_ms: (transfer none) (element-type double): from sending the request to
 * the arrival of the last packet of the first picture that shows it, each without a transition. */
GArray *mcu_layout_changes_get_ms (McuLayoutChanges *self);
