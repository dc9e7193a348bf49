// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { chaptersOf, clock, hasMedia, isOver, size, when, withPart } from '../../../signaling/web/recordings/facts.js';

test('durations are written as players write them', () => {
  assert.equal(clock(0), '0:00');
  assert.equal(clock(-5), '0:00');
  assert.equal(clock(61_999), '1:01');
  assert.equal(clock(3_723_000), '1:02:03');
});

test('sizes are in units of a thousand', () => {
  assert.match(size(0, 'en'), /^0 byte/);
  assert.match(size(1_500, 'en'), /^2 kB/);
  assert.match(size(1_540_000, 'en'), /^1\.5 MB/);
  assert.match(size(2e15, 'en'), /TB/);
});

test('a time that is none is not shown', () => {
  assert.equal(when('yesterday', 'en'), '');
  assert.match(when('2026-01-02T03:04:05Z', 'en'), /2026/);
});

test('only what is over can be deleted', () => {
  for (const state of ['starting', 'recording', 'paused', 'finishing'])
    assert.equal(isOver({ state }), false);
  assert.ok(isOver({ state: 'finished' }) && isOver({ state: 'failed' }));
  assert.ok(!hasMedia({ duration_ms: 0, bytes: 0 }) && hasMedia({ duration_ms: 0, bytes: 9 }));
});

test('a part is asked for by its number', () => {
  assert.equal(withPart('/v1/recordings/x/media', 0), '/v1/recordings/x/media');
  assert.equal(withPart('/v1/recordings/x/media', 2), '/v1/recordings/x/media?part=2');
  assert.equal(withPart('/v1/recordings/x/media?signature=s', 1), '/v1/recordings/x/media?signature=s&part=1');
});

test('chapters are read from WebVTT, and nonsense is passed over', () => {
  const vtt = 'WEBVTT\r\n\r\n1\r\n00:00:00.000 --> 00:01:00.000\r\nGrid\r\n\r\nNOTE nothing\r\n\r\n01:00.500 --> 02:00.000\r\nA &lt;b&gt; &amp;amp;\r\n\r\nx --> y\r\nbad';

  assert.deepEqual(chaptersOf(vtt), [{ start_ms: 0, title: 'Grid' }, { start_ms: 60_500, title: 'A <b> &amp;' }]);
  assert.deepEqual(chaptersOf(''), []);
  assert.equal(chaptersOf(`WEBVTT${'\n\n00:00.000 --> 00:01.000\nx'.repeat(1000)}`).length, 500);
});
