// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { difference, hasReached, RELATED_TICKS } from '../../../signaling/web/rtp-time.js';

test('differences wrap at 32 bits', () => {
  assert.equal(difference(5, 3), 2);
  assert.equal(difference(3, 5), -2);
  assert.equal(difference(2, 0xffffffff), 3);
  assert.equal(difference(0xffffffff, 2), -3);
});

test('a layout holds from its own frame on, across the wrap too', () => {
  for (const at of [0, 90000, 0x7fffffff, 0x80000000, 0xffffffff]) {
    assert.equal(hasReached(at, at), true);
    assert.equal(hasReached((at + 3000) >>> 0, at), true);
    assert.equal(hasReached((at - 3000) >>> 0, at), false);
  }
});

test('timestamps of another connection do not hold a layout back', () => {
  assert.equal(hasReached(0, RELATED_TICKS + 1), true);
  assert.equal(hasReached(0, RELATED_TICKS - 1), false);
});
