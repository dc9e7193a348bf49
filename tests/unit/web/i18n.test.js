// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { choose, sentenceFor, speak, t, titleOf } from '../../../signaling/web/i18n.js';
import { english } from '../../../signaling/web/strings-en.js';
import { korean } from '../../../signaling/web/strings-ko.js';

import * as shelf from '../../../signaling/web/recordings/strings.js';

const WEB = new URL('../../../signaling/web/', import.meta.url);
const BYE = ('left kicked banned room_ended room_full room_locked replaced token_missing token_invalid token_expired overloaded '
  + 'draining slow idle media_fault protocol internal no_webrtc bad_room_name').split(' ');
const FAULTS = 'insecure permission_denied no_device device_busy capture_failed ended'.split(' ');

const holes = (sentence) => [...sentence.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();

test('both languages say the same things about the same values', () => {
  for (const [en, ko] of [[english, korean], [shelf.english, shelf.korean]]) {
    assert.deepEqual(Object.keys(ko).sort(), Object.keys(en).sort());
    for (const key of Object.keys(en)) {
      assert.notEqual(ko[key].trim(), '', key);
      assert.deepEqual(holes(ko[key]), holes(en[key]), key);
    }
  }
});

test('every end and every device fault has its own sentence', () => {
  for (const code of BYE)
    assert.ok(`bye.${code}` in english, code);
  for (const code of FAULTS)
    assert.ok(`fault.${code}` in english, code);
  assert.match(sentenceFor('bye', 'never_heard'), /never_heard/);
  assert.match(sentenceFor('error', 'toString'), /toString/);
});

test('every sentence that the page names exists', () => {
  const page = readdirSync(WEB, { recursive: true }).filter((f) => /\.(html|js)$/.test(f)).map((f) => readFileSync(new URL(f, WEB), 'utf8')).join('\n');
  const named = [...page.matchAll(/data-t(?:-label|-placeholder)?="([^"]+)"|\bt\('([\w.]+)'/g)].map((m) => m[1] ?? m[2]);

  assert.ok(named.length > 50);
  for (const key of named)
    assert.ok(key in english || key in shelf.english, key);
});

test('languages are chosen by what the browser prefers', () => {
  assert.equal(choose(['ko-KR', 'en']), 'ko');
  assert.equal(choose(['fr', 'ko']), 'ko');
  assert.equal(choose(['fr']), 'en');
  assert.equal(choose([]), 'en');
});

test('values are put in once', async () => {
  await speak('en');
  assert.equal(t('people.joined', { name: '{name} $& <b>' }), '{name} $& <b> joined');
  await speak('ko');
  assert.match(t('people.joined', { name: 'Ada' }), /Ada 님이/);
  await speak('xx');
  assert.equal(t('control.leave'), 'Leave');
});

test('our own titles are translated, those of an operator are not', async () => {
  await speak('ko');
  assert.equal(titleOf('layout', 'grid', 'Grid'), korean['layout.grid']);
  assert.equal(titleOf('layout', 'grid', 'Our grid'), 'Our grid');
  assert.equal(titleOf('layout', 'stage', 'Stage'), 'Stage');
  await speak('en');
});

test('the built-in layouts are named as in their files', () => {
  const files = new URL('../../../layouts/files/', import.meta.url);

  for (const file of readdirSync(files).filter((f) => f.endsWith('.json'))) {
    const { name, title } = JSON.parse(readFileSync(new URL(file, files), 'utf8'));
    assert.equal(english[`layout.${name}`], title);
  }
});
