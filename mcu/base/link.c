/* mcu/base/link.c - framed JSON messages between control and a room process.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/link.h"
