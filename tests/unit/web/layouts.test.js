// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';

import { fetchLayouts, fraction, gridRects, includes, thumbnail } from '../../../signaling/web/layouts.js';

const FILES = new URL('../../../layouts/files/', import.meta.url);
const documents = readdirSync(FILES).filter((n) => n.endsWith('.json')).map((n) => JSON.parse(readFileSync(new URL(n, FILES), 'utf8')));
const named = (name) => documents.find((d) => d.name === name);
const NEAR = 0.01;
const realFetch = globalThis.fetch;

afterEach(() => (globalThis.fetch = realFetch));

const overlap = (a, b) => a.x < b.x + b.width - NEAR && b.x < a.x + a.width - NEAR && a.y < b.y + b.height - NEAR && b.y < a.y + a.height - NEAR;

test('numbers and ranges as in the files', () => {
  assert.equal(fraction('1/4'), 0.25);
  assert.equal(fraction(0.7), 0.7);
  assert.equal(fraction('x'), 0);
  assert.deepEqual([1, 2, 3, 4].map((n) => includes('2-3', n)), [false, true, true, false]);
  assert.deepEqual([1, 2].map((n) => includes('2', n)), [false, true]);
  assert.deepEqual([1, 2, 30].map((n) => includes('2+', n)), [false, true, true]);
  assert.ok(includes(undefined, 0));
});

test('every built-in layout has a thumbnail for everybody, inside the canvas, back to front', () => {
  assert.ok(documents.length >= 8);
  for (const document of documents) {
    for (const [width, height] of [[160, 90], [90, 160]]) {
      for (let people = 1; people <= 49; people++) {
        for (const screens of [0, 1, 2]) {
          const what = `${document.name} ${width}x${height}, ${people} people, ${screens} screens`;
          const tiles = thumbnail(document, { people, screens, width, height });

          assert.ok(tiles.length > 0 && tiles.length <= people + screens, what);
          for (const tile of tiles)
            assert.ok(tile.x >= -NEAR && tile.y >= -NEAR && tile.x + tile.width <= width + NEAR && tile.y + tile.height <= height + NEAR && tile.width > 0 && tile.height > 0, `${what}: ${JSON.stringify(tile)}`);
          tiles.forEach((tile, i) => tiles.slice(i + 1).forEach((over) => assert.ok(over.z > tile.z || !overlap(tile, over), what)));
        }
      }
    }
  }
});

test('the speaker is large, the screen larger than anybody, a corner in front', () => {
  const [speaker, ...others] = thumbnail(named('speaker'), { people: 4 });
  const shown = thumbnail(named('presentation'), { people: 4, screens: 1 });

  assert.deepEqual(speaker, { x: 0, y: 11.25, width: 120, height: 67.5, z: 0, role: 'speaker' });
  assert.equal(others.length, 3);
  assert.equal(shown.filter((t) => t.role === 'screen').length, 1);
  assert.equal(shown.toSorted((a, b) => b.width - a.width)[0].role, 'screen');
  assert.deepEqual(thumbnail(named('picture-in-picture'), { people: 5 }).map((t) => t.z), [0, 1]);
});

test('a grid has rows of equal tiles, the last one centred', () => {
  const rects = gridRects(3, { x: 0, y: 0, width: 160, height: 90 }, 16 / 9, 0);

  assert.deepEqual(rects.map(({ x, y }) => [x, y]), [[0, 0], [80, 0], [40, 45]]);
  assert.deepEqual(thumbnail({ arrangements: [{ people: '1+', grid: true, aspect: '1/1' }] }, { people: 1 }), [{ x: 0, y: 0, width: 160, height: 90, z: 0, role: 'person' }]);
});

test('a document that is none draws nothing', () => {
  assert.deepEqual(thumbnail(null, { people: 3 }), []);
  assert.deepEqual(thumbnail({ arrangements: [] }, { people: 3 }), []);
});

test('layouts are fetched with the token; a server without any has none', async () => {
  const asked = [];
  globalThis.fetch = async (url, { headers } = {}) => {
    asked.push([url, headers?.Authorization]);
    return { ok: true, json: async () => (url.endsWith('/layouts') ? { layouts: [{ name: 'a', title: 'A' }, { name: 'b' }, 7] } : { name: url.at(-1) }) };
  };
  assert.deepEqual(await fetchLayouts('http://h', 'jwt'), [
    { name: 'a', title: 'A', document: { name: 'a' } }, { name: 'b', title: 'b', document: { name: 'b' } }]);
  assert.deepEqual(asked, [['http://h/v1/layouts', 'Bearer jwt'], ['http://h/v1/layouts/a', 'Bearer jwt'], ['http://h/v1/layouts/b', 'Bearer jwt']]);
  globalThis.fetch = async () => ({ ok: false });
  assert.deepEqual(await fetchLayouts('http://h'), []);
  globalThis.fetch = async () => {
    throw new TypeError('network');
  };
  assert.deepEqual(await fetchLayouts('http://h'), []);
});
