// SPDX-License-Identifier: Apache-2.0
// What the end of a connection means for the client. Pure.

// Said by the server for a while only: the same join can succeed later without anybody's doing.
const PASSING = new Set(['draining', 'overloaded', 'slow', 'internal']);

/** Whether the client should come back by itself after a `bye` with this code. */
export function isPassing(code) {
  return PASSING.has(code);
}

/** Whether an `error` about an offer can be mended by offering again. */
export function isOfferRetried(code) {
  return ['rate_limited', 'internal', 'timeout', 'overloaded', 'not_found'].includes(code);
}
