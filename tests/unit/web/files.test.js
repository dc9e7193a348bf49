// SPDX-License-Identifier: Apache-2.0
// What the files of the page promise as a whole.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

const WEB = new URL('../../../signaling/web/', import.meta.url);
const MOST_BYTES = 60_000;
const PAGES = ['index.html', 'recordings/index.html'];
const names = readdirSync(WEB, { recursive: true }).filter((name) => /\.\w+$/.test(name));
const read = (name) => readFileSync(new URL(name, WEB), 'utf8');
const html = read('index.html');
const PACK = new URL('../../../signaling/pack-web.awk', import.meta.url).pathname;

/* As it is served, but for the transport. */
const packed = (name) => (/\.(js|css)$/.test(name) ? execFileSync('awk', ['-f', PACK, new URL(name, WEB).pathname]) : readFileSync(new URL(name, WEB)));

/* What a page names, and what that imports. A language is loaded by those who read it. */
function loadedBy(page, language) {
  const loaded = new Set([page]);
  const add = (name) => {
    if (loaded.has(name))
      return;
    loaded.add(name);
    for (const [, path] of read(name).matchAll(/(?:from |import\()'(\.[^']+)'/g)) {
      const file = new URL(path, new URL(name, WEB)).pathname.slice(WEB.pathname.length);
      if (!/^strings-(?!en)/.test(file) || file === `strings-${language}.js`)
        add(file);
    }
  };

  for (const [, name] of read(page).matchAll(/(?:src|href)="\/web\/([^"]+)"/g))
    add(name);
  return [...loaded];
}

test('all that a visitor loads is at most 60 kB compressed', () => {
  for (const page of PAGES)
    for (const language of ['en', 'ko']) {
      const files = loadedBy(page, language);
      const total = files.reduce((sum, name) => sum + gzipSync(packed(name), { level: 9 }).length, 0);
      assert.ok(files.length > 5 && files.includes(`strings-${language}.js`), files.join(' '));
      assert.ok(total > 1000 && total <= MOST_BYTES, `${page}, ${language}: ${total} bytes`);
    }
});

test('what is served is the script without the comments on lines of their own', () => {
  for (const name of names.filter((n) => /\.(js|css)$/.test(n))) {
    const before = read(name).split('\n');
    const after = packed(name).toString().split('\n');
    assert.equal(after.length, before.length, name);
    assert.equal(after[0], before[0], name);
    after.forEach((line, i) => assert.ok(line === before[i] || (line === '' && /^\s*(\/\/|\/\*|\*)|\*\/\s*$|^\s+[^;{}]*$/.test(before[i])), `${name}:${i + 1}`));
    if (name.endsWith('.js'))
      execFileSync(process.execPath, ['--input-type=module', '--check'], { input: after.join('\n') });
  }
});

test('every file belongs to a page', () => {
  const loaded = new Set(PAGES.flatMap((page) => loadedBy(page, 'ko')));

  for (const name of names.filter((n) => n !== 'package.json'))
    assert.ok(loaded.has(name), name);
});

test('the pages need no inline script or style', () => {
  for (const page of PAGES) {
    assert.doesNotMatch(read(page), /<style|\sstyle=|\son\w+=|javascript:/i);
    for (const [tag] of read(page).matchAll(/<script[^>]*>/g))
      assert.match(tag, /src="\/web\/[\w./-]+\.js"/);
  }
  for (const name of names.filter((n) => n.endsWith('.js')))
    assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.cssText|setAttribute\('style'/, name);
});

test('what is linked and imported is there, and nothing comes from elsewhere', () => {
  for (const page of PAGES) {
    assert.ok(loadedBy(page, 'ko').length > 8);
    for (const name of loadedBy(page, 'ko'))
      assert.ok(existsSync(new URL(name, WEB)), name);
    assert.doesNotMatch(read(page), /(?:src|href)="(?:https?:)?\/\//);
  }
  for (const name of names.filter((n) => n.endsWith('.js')))
    for (const [, path] of read(name).matchAll(/from '([^']+)'/g))
      assert.match(path, /^\.\.?\/[\w-]+\.js$/);
});

test('every id that the scripts look up is in their page, once', () => {
  for (const page of PAGES) {
    const ids = [...read(page).matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
    const scripts = loadedBy(page, 'ko').filter((n) => n.endsWith('.js') && n.includes('/') === page.includes('/'));
    const wanted = scripts.flatMap((n) => [...read(n).matchAll(/\$\('([\w-]+)'\)/g)].map((m) => m[1]));

    assert.equal(new Set(ids).size, ids.length);
    assert.ok(wanted.length > 10);
    for (const id of wanted)
      assert.ok(ids.includes(id), id);
  }
});

test('videos play inside the page on phones, and buttons never submit by accident', () => {
  for (const [tag] of html.matchAll(/<video[^>]*>/g))
    assert.match(tag, /playsinline autoplay/);
  for (const page of PAGES)
    for (const [tag] of read(page).matchAll(/<button[^>]*>/g))
      assert.match(tag, /type="(button|submit)"/);
});

test('every script names its licence', () => {
  for (const name of names.filter((n) => /\.(js|css|html|svg)$/.test(n)))
    assert.match(read(name), /SPDX-License-Identifier: Apache-2\.0/, name);
});

test('every module is asked for at once, not one after the other', () => {
  const preloaded = [...html.matchAll(/rel="modulepreload" href="\/web\/([^"]+)"/g)].map((m) => m[1]);

  assert.deepEqual(preloaded.sort(), loadedBy('index.html', 'en').filter((n) => n.endsWith('.js') && n !== 'main.js').sort());
});
