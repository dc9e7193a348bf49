// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { ownTile, percent, tileShares } from '../../../signaling/web/geometry.js';

const layout = (tiles, canvas = { width: 1280, height: 720 }) => ({ canvas, tiles });

test('the own tile as shares of the canvas', () => {
  const tiles = [
    { participant: 'a', stream: 'camera', x: 0, y: 0, width: 640, height: 360 },
    { participant: 'b', stream: 'camera', x: 640, y: 360, width: 640, height: 360, z: 2, own: true },
  ];

  assert.deepEqual(ownTile(layout(tiles)), { left: 0.5, top: 0.5, width: 0.5, height: 0.5, z: 2, fit: 'cover', radius: '0' });
});

test('no overlay without an own camera tile', () => {
  const screen = { participant: 'a', stream: 'screen', x: 0, y: 0, width: 640, height: 360, own: true };

  assert.equal(ownTile(layout([])), null);
  assert.equal(ownTile(layout([screen])), null);
  assert.equal(ownTile(null), null);
  assert.equal(ownTile({}), null);
});

test('a canvas without a size places nothing', () => {
  const tile = { own: true, stream: 'camera', x: 0, y: 0, width: 2, height: 2 };

  assert.equal(ownTile(layout([tile], { width: 0, height: 720 })), null);
  assert.equal(ownTile(layout([tile], { width: 'x', height: 720 })), null);
});

test('the own picture leaves the border free, and is as round as the tile', () => {
  const tile = { x: 0, y: 0, width: 640, height: 360, own: true, border: 20, radius: 50, fit: 'contain' };

  assert.deepEqual(ownTile(layout([tile])), { left: 20 / 1280, top: 20 / 720, width: 600 / 1280, height: 320 / 720, z: 0, fit: 'contain', radius: '5% / 9.375%' });
  assert.equal(ownTile(layout([{ ...tile, placeholder: true }])), null);
});

test('nothing is laid over a tile that another tile covers', () => {
  const own = { participant: 'a', x: 0, y: 0, width: 1280, height: 720, own: true };
  const corner = { participant: 'b', x: 900, y: 500, width: 320, height: 180, z: 1 };

  assert.equal(ownTile(layout([own, corner])), null);
  assert.ok(ownTile(layout([{ ...own, own: false }, { ...corner, own: true }])));
  assert.ok(ownTile(layout([{ ...own, width: 900 }, corner])), 'touching covers nothing');
});

test('all tiles as shares, camera by default', () => {
  assert.deepEqual(tileShares(layout([{ participant: 'a', x: 320, y: 0, width: 640, height: 180 }])),
    [{ participant: 'a', stream: 'camera', own: false, left: 0.25, top: 0, width: 0.5, height: 0.25, z: 0 }]);
  assert.deepEqual(tileShares({ canvas: { width: 2, height: 2 } }), []);
});

test('percentages are short', () => {
  assert.equal(percent(1 / 3), '33.333%');
  assert.equal(percent(0.5), '50%');
});
