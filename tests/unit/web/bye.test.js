// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { isOfferRetried, isPassing } from '../../../signaling/web/bye.js';

test('the client comes back only after what passes by itself', () => {
  for (const code of ['draining', 'overloaded', 'slow', 'internal'])
    assert.equal(isPassing(code), true, code);
  for (const code of ['left', 'kicked', 'banned', 'room_ended', 'room_full', 'room_locked', 'replaced', 'token_missing', 'token_invalid',
    'token_expired', 'idle', 'media_fault', 'protocol', undefined, 'constructor'])
    assert.equal(isPassing(code), false, code);
});

test('an offer that can never do is not repeated', () => {
  assert.equal(isOfferRetried('rate_limited'), true);
  assert.equal(isOfferRetried('no_common_codec'), false);
  assert.equal(isOfferRetried('bad_sdp'), false);
});
