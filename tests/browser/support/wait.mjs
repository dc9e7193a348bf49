// SPDX-License-Identifier: Apache-2.0
// Waiting for a condition, with a watchdog that says what was seen last.

export const POLL_MS = 100;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls `look` until it returns a truthy value; returns that value.
 * `look` may throw: the last error is what the watchdog reports, so a check made of
 * assertions can be waited for as it is.
 */
export async function until (what, look, { timeoutMs = 20000, everyMs = POLL_MS } = {}) {
  const start = Date.now ();
  let last = 'nothing yet';
  for (;;) {
    try {
      const seen = await look ();
      if (seen)
        return seen;
      last = `it gave ${JSON.stringify (seen)}`;
    } catch (error) {
      last = error;
    }
    if (Date.now () - start > timeoutMs) {
      const text = last instanceof Error ? last.message : last;
      throw new Error (`not within ${timeoutMs} ms: ${what}; last: ${text}`, { cause: last });
    }
    await pause (everyMs);
  }
}

/** A promise that fails after `timeoutMs`, for steps that have no condition of their own. */
export function within (what, timeoutMs, promise) {
  let timer;
  const late = new Promise ((_, reject) => {
    timer = setTimeout (() => reject (new Error (`not within ${timeoutMs} ms: ${what}`)), timeoutMs);
  });
  return Promise.race ([promise, late]).finally (() => clearTimeout (timer));
}
