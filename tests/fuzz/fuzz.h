/* tests/fuzz/fuzz.h - the one function of each fuzz target.
 * SPDX-License-Identifier: Apache-2.0
 *
 * libFuzzer calls it (build option fuzzers), and so does driver.c in ordinary tests. A target
 * finds by itself only what breaks a g_assert; ASan and UBSan find the rest. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
