/* mcu/node.h - what all rooms of this machine share; lent to them by the server.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout-store.h"
#include "mcu/config.h"
#include "mcu/external-address.h"
#include "mcu/metrics.h"
#include "mcu/recordings.h"
#include "mcu/resume.h"
#include "mcu/spare.h"

/** McuNode: main loop only. The server owns it and outlives every room. */
typedef struct
{
  McuConfig *config;
  McuResumeKey *resume_key;
  McuSpare *spare;
  McuMetrics *metrics;
  McuLayoutStore *layouts;
  McuRecordings *recordings;
  McuExternalAddress *external_address;
  gint64 started_us;    /* monotonic */
  GHashTable *departed; /* set of participant ids that left in our life: not to be remade */
  gboolean draining;
  gboolean overloaded; /* nobody more is taken; who comes back is */
} McuNode;
