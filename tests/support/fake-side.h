/* tests/support/fake-side.h - a live output or input that is none: does what its URL says.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/**
 * fake_side_main:
 * @note: writes a line into the log that tests read
 *
 * A URL with "refuse" in it fails, with "forbid" for good, "die" and "hang" do that, "end" ends;
 * others are live. HLS is live with one piece that is none and four that are.
 */
int fake_side_main (void (*note) (const char *type, const char *detail));
