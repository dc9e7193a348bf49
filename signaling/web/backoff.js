// SPDX-License-Identifier: Apache-2.0
// How long to wait before trying again. Pure.

export const FIRST_WAIT_MS = 200;
export const LONGEST_WAIT_MS = 5000;

/**
 * The wait before a try: doubles from 0.2 s to 5 s, and half of it is chance, so that the
 * pages of a restarted server do not come back in one wave.
 *
 * @param {number} attempt 0 for the first try after a loss
 * @param {number} [retryAfterMs] what the server asked for; never undercut
 * @param {() => number} [random] 0..1
 * @returns {number} ms
 */
export function waitMs(attempt, retryAfterMs = 0, random = Math.random) {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
  const wait = Math.max(FIRST_WAIT_MS, full / 2 + random() * full / 2);

  return retryAfterMs > 0 ? retryAfterMs + random() * full / 2 : wait;
}
