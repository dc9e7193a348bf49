// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { ViewWish } from '../../../signaling/web/view-wish.js';

const MAIN = { view: 'main' };
const OWN = { view: 'own-1' };

test('only what changes is asked for', () => {
  const wish = new ViewWish();

  assert.deepEqual(wish.want({ pin: 'p1' }), { pin: 'p1' });
  assert.equal(wish.want({ pin: 'p1' }), null);
  assert.deepEqual(wish.want({ hide_self: true }), { hide_self: true });
  assert.equal(wish.pin, 'p1');
});

test('a refusal changes nothing, not even after a layout of the old kind', () => {
  const wish = new ViewWish();

  wish.want({ pin: 'p1' });
  wish.shown(MAIN);
  wish.refused();
  assert.equal(wish.pin, null);
});

test('what was given before stays when more is refused', () => {
  const wish = new ViewWish();

  wish.want({ pin: 'p1' });
  wish.shown(OWN);
  wish.want({ hide_self: true });
  wish.refused();
  assert.deepEqual([wish.pin, wish.isSelfHidden], ['p1', false]);
  wish.want({ pin: null });
  wish.shown(MAIN);
  wish.refused();
  assert.equal(wish.pin, null);
});

test('who left is not pinned any more', () => {
  const wish = new ViewWish();

  wish.want({ pin: 'p1' });
  wish.shown(OWN);
  assert.equal(wish.left('p2'), null);
  assert.deepEqual(wish.left('p1'), { pin: null });
  wish.refused();
  assert.equal(wish.pin, null);
});

test('a picture that the server ended is not wanted any more', () => {
  const wish = new ViewWish();

  wish.want({ portrait: true });
  wish.shown({ view: 'portrait' });
  wish.want({ pin: 'p1' });
  wish.shown({ view: 'portrait' });     // older than the wish
  wish.shown(OWN);
  wish.refused();
  assert.equal(wish.pin, null);
  assert.equal(wish.want({ portrait: true }), null);
});

test('a page that was loaded again has what the server kept; a page with a wish asks for what is missing', () => {
  const loaded = new ViewWish();

  assert.equal(loaded.renew(() => true, { pin: 'p1', hide_self: true }), null);
  assert.deepEqual([loaded.pin, loaded.isSelfHidden], ['p1', true]);
  const kept = new ViewWish();

  kept.want({ pin: 'p1' });
  assert.equal(kept.renew(() => true, { pin: 'p1', hide_self: false, portrait: false }), null);
  assert.deepEqual(kept.renew(() => true, { pin: 'p2', hide_self: true }), { pin: 'p1', hide_self: false });
  assert.deepEqual(kept.renew(() => false, { pin: 'p1' }), { pin: null });
});

test('a server that forgot us is asked again, for those who are still here', () => {
  const wish = new ViewWish();

  assert.equal(wish.renew(() => true), null);
  wish.want({ pin: 'p1', hide_self: true });
  assert.deepEqual(wish.renew((id) => id === 'p1'), { pin: 'p1', hide_self: true });
  assert.deepEqual(wish.renew(() => false), { hide_self: true });
});
