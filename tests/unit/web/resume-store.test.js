// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { ResumeStore } from '../../../signaling/web/resume-store.js';

function memory() {
  const map = new Map();

  return { map, getItem: (k) => map.get(k) ?? null, setItem: (k, v) => map.set(k, v), removeItem: (k) => map.delete(k) };
}

test('a token outlives a reload, once', () => {
  const storage = memory();
  const before = new ResumeStore('room', storage);

  before.set('secret');
  assert.equal(storage.map.size, 0, 'nothing lies there for a duplicated tab');
  before.keep();
  const after = new ResumeStore('room', storage);
  assert.equal(after.token, 'secret');
  assert.equal(new ResumeStore('room', storage).token, null);
});

test('rooms do not share tokens; leaving forgets', () => {
  const storage = memory();
  const store = new ResumeStore('a', storage);

  store.set('secret');
  store.keep();
  assert.equal(new ResumeStore('b', storage).token, null);
  store.clear();
  assert.equal(store.token, null);
  assert.equal(storage.map.size, 0);
});

test('storage that throws, or is none, only costs the reload', () => {
  const broken = { getItem: () => { throw new Error('no'); }, setItem: () => { throw new Error('full'); }, removeItem: () => { throw new Error('no'); } };

  for (const storage of [broken, null]) {
    const store = new ResumeStore('room', storage);
    store.set('secret');
    store.keep();
    assert.equal(store.token, 'secret');
  }
});
