// SPDX-License-Identifier: Apache-2.0
// What the files of the page promise as a whole.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

const WEB = new URL('../../../signaling/web/', import.meta.url);
const MOST_BYTES = 60_000;
const names = readdirSync(WEB);
const read = (name) => readFileSync(new URL(name, WEB), 'utf8');
const html = read('index.html');

test('all files together are at most 60 kB compressed', () => {
  const total = names.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, WEB))).length, 0);

  assert.ok(total > 1000 && total <= MOST_BYTES, `${total} bytes`);
});

test('the page needs no inline script or style', () => {
  assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|javascript:/i);
  for (const [tag] of html.matchAll(/<script[^>]*>/g))
    assert.match(tag, /src="\/web\/[\w.-]+\.js"/);
  for (const name of names.filter((n) => n.endsWith('.js')))
    assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.cssText|setAttribute\('style'/, name);
});

test('what is linked and imported is there, and nothing comes from elsewhere', () => {
  const linked = [...html.matchAll(/(?:src|href)="\/web\/([^"]+)"/g)].map((m) => m[1]);
  const imported = names.filter((n) => n.endsWith('.js')).flatMap((n) => [...read(n).matchAll(/from '([^']+)'/g)].map((m) => m[1]));

  assert.ok(linked.length >= 3 && imported.length > 10);
  for (const name of imported)
    assert.match(name, /^\.\/[\w-]+\.js$/);
  for (const name of [...linked, ...imported])
    assert.ok(existsSync(new URL(name, WEB)), name);
  assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//);
});

test('every id that the scripts look up is in the page, once', () => {
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
  const wanted = names.filter((n) => n.endsWith('.js')).flatMap((n) => [...read(n).matchAll(/\$\('([\w-]+)'\)/g)].map((m) => m[1]));

  assert.equal(new Set(ids).size, ids.length);
  assert.ok(wanted.length > 30);
  for (const id of wanted)
    assert.ok(ids.includes(id), id);
});

test('videos play inside the page on phones, and buttons never submit by accident', () => {
  for (const [tag] of html.matchAll(/<video[^>]*>/g))
    assert.match(tag, /playsinline autoplay/);
  for (const [tag] of html.matchAll(/<button[^>]*>/g))
    assert.match(tag, /type="(button|submit)"/);
});

test('every script names its licence', () => {
  for (const name of names.filter((n) => /\.(js|css|html|svg)$/.test(n)))
    assert.match(read(name), /SPDX-License-Identifier: Apache-2\.0/, name);
});

test('every module is asked for at once, not one after the other', () => {
  const preloaded = [...html.matchAll(/rel="modulepreload" href="\/web\/([^"]+)"/g)].map((m) => m[1]);

  assert.deepEqual(preloaded.sort(), names.filter((n) => n.endsWith('.js') && n !== 'main.js').sort());
});
