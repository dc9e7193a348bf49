// SPDX-License-Identifier: Apache-2.0
// RTP timestamps of video: 90 kHz, 32 bits, wrapping every 13 hours. Pure.

export const CLOCK_RATE = 90000;

// A layout is announced at most moments before its frame. Further apart than this, the two
// timestamps belong to different connections and say nothing about each other.
export const RELATED_TICKS = 5 * CLOCK_RATE;

/** a - b on the 32-bit circle (RFC 3550, 5.1), -2^31..2^31-1. */
export function difference(a, b) {
  return (a - b) | 0;
}

/** Whether a picture with timestamp `shown` already has what `wanted` announced. */
export function hasReached(shown, wanted) {
  const ticks = difference(shown, wanted);

  return ticks >= 0 || ticks < -RELATED_TICKS;
}
