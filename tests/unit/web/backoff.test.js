// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { FIRST_WAIT_MS, LONGEST_WAIT_MS, waitMs } from '../../../signaling/web/backoff.js';

test('the wait is within 0.2 s and 5 s for every attempt and every chance', () => {
  for (const attempt of [0, 1, 2, 3, 5, 10, 1000, 1e9]) {
    for (const chance of [0, 0.5, 0.999]) {
      const wait = waitMs(attempt, 0, () => chance);
      assert.ok(wait >= FIRST_WAIT_MS && wait <= LONGEST_WAIT_MS, `${attempt}/${chance}: ${wait}`);
    }
  }
});

test('it grows, and reaches the end', () => {
  const waits = [0, 1, 2, 3, 4, 5].map((n) => waitMs(n, 0, () => 1));

  assert.deepEqual(waits, [200, 400, 800, 1600, 3200, 5000]);
});

test('chance spreads pages that lost the server together', () => {
  assert.notEqual(waitMs(4, 0, () => 0), waitMs(4, 0, () => 1));
});

test('what the server asked for is never undercut', () => {
  assert.equal(waitMs(0, 7000, () => 0), 7000);
  assert.ok(waitMs(3, 7000, () => 1) > 7000);
});
