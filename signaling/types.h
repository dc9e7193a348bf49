/* signaling/types.h - the names of this folder's types.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

typedef struct _McuHttpServer McuHttpServer;
typedef struct _McuStaticFiles McuStaticFiles;
typedef struct _McuRequest McuRequest;
