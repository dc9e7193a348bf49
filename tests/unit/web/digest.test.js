// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { digest } from '../../../signaling/web/digest.js';

const reports = (emitted, delay) => [
  { type: 'inbound-rtp', kind: 'video', framesDecoded: 300, framesDropped: 2, freezeCount: 1, totalFreezesDuration: 0.25,
    frameWidth: 1280, frameHeight: 720, framesPerSecond: 29.97, packetsLost: 7, jitterBufferEmittedCount: emitted, jitterBufferDelay: delay },
  { type: 'inbound-rtp', kind: 'audio', packetsLost: 3, concealedSamples: 960 },
  { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 9 },
  { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.0304 },
];

test('the numbers of a meeting', () => {
  const { stats } = digest(reports(100, 5));

  assert.equal(stats.rtt_ms, 30);
  assert.deepEqual(stats.video, { frames_decoded: 300, frames_dropped: 2, freezes: 1, freeze_ms: 250, width: 1280, height: 720,
    fps: 30, packets_lost: 7, jitter_buffer_ms: 50 });
  assert.equal(stats.audio.packets_lost, 3);
});

test('the buffer delay is that of the time since the last digest', () => {
  const { memory } = digest(reports(100, 5));

  assert.equal(digest(reports(200, 25), memory).stats.video.jitter_buffer_ms, 200);
  assert.equal(digest(reports(100, 5), memory).stats.video.jitter_buffer_ms, 0);
});

test('it is bounded, and whole with no reports at all', () => {
  const names = (stats) => JSON.stringify(stats).replace(/\d+/g, '0');
  const flood = [...reports(100, 5), ...Array.from({ length: 1000 }, (_, i) => ({ type: `x${i}` }))];

  assert.equal(names(digest([]).stats), names(digest(flood).stats));
  assert.ok(JSON.stringify(digest(flood).stats).length < 1024);
});
