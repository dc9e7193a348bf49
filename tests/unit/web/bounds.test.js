// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { cameraConstraints, encodingFor, SEND_LIMITS } from '../../../signaling/web/bounds.js';

const VGA = { width: 640, height: 360, frameRate: 30 };

test('machines of four cores or fewer capture 640x360 at 15', () => {
  assert.deepEqual(cameraConstraints(4), { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 30 } });
  assert.equal(cameraConstraints(1).frameRate.ideal, 15);
  assert.equal(cameraConstraints(5).frameRate.ideal, 30);
  assert.equal(cameraConstraints(undefined).frameRate.ideal, 30);
});

test('without a word from the server our own limits hold', () => {
  assert.deepEqual(encodingFor('camera', VGA), {
    active: true, scaleResolutionDownBy: 1, maxFramerate: 30, maxBitrate: SEND_LIMITS.camera.bitrate_bps,
  });
});

test('the server bounds size, rate and bits', () => {
  const asked = { width: 320, height: 180, fps: 10, bitrate_bps: 150000 };

  assert.deepEqual(encodingFor('camera', VGA, asked), {
    active: true, scaleResolutionDownBy: 2, maxFramerate: 10, maxBitrate: 150000,
  });
});

test('the narrower side decides, and a picture is never scaled up', () => {
  assert.equal(encodingFor('camera', VGA, { width: 640, height: 90 }).scaleResolutionDownBy, 4);
  assert.equal(encodingFor('camera', VGA, { width: 1280, height: 720 }).scaleResolutionDownBy, 1);
});

test('the server cannot ask for more than our limits', () => {
  const encoding = encodingFor('screen', VGA, { fps: 1000, bitrate_bps: 1e9 });

  assert.equal(encoding.maxFramerate, SEND_LIMITS.screen.fps);
  assert.equal(encoding.maxBitrate, SEND_LIMITS.screen.bitrate_bps);
});

test('inactive sends nothing; nonsense is no bound', () => {
  assert.equal(encodingFor('camera', VGA, { active: false }).active, false);
  assert.deepEqual(encodingFor('camera', VGA, { width: -1, height: 'x', fps: NaN, bitrate_bps: 0 }), encodingFor('camera', VGA));
});
