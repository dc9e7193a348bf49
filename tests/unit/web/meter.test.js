// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { levelOf } from '../../../signaling/web/meter.js';

test('silence is 0, full scale is 1, and louder is more', () => {
  const level = (amplitude) => levelOf(new Float32Array(1024).fill(amplitude));

  assert.equal(level(0), 0);
  assert.equal(level(1), 1);
  assert.equal(levelOf(new Float32Array(0)), 0);
  assert.ok(level(0.1) > level(0.01) && level(0.01) > 0);
});
