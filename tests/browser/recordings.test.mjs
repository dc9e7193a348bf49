// SPDX-License-Identifier: Apache-2.0
// A meeting is recorded from the page, everybody is told, somebody is left out, and the recordings'
// page plays, gives and deletes what came of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { english } from '../../signaling/web/recordings/strings.js';
import { english as sentences } from '../../signaling/web/strings-en.js';

import { CAST } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { Visitor } from './support/visitor.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'recordings' });
const WAIT = { timeoutMs: 30000 };
/** Long enough for a picture of each person, and to seek in. */
const RECORDED_MS = 3000;

const api = async (path) => (await fetch (stage.server.at (path))).json ();
const pressed = (visitor, id) => visitor.$ (`#${id}`).getAttribute ('aria-pressed');

test ('recorded from the page: everybody is told, somebody is left out; played, downloaded and deleted', async () => {
  const room = stage.newRoom ('recorded');
  const ada = await Visitor.open (stage, CAST[0]);
  const wim = await Visitor.open (stage, CAST[1]);
  await ada.enter (room);
  await wim.enter (room);
  assert.ok (await wim.$ ('#recording-mark').isHidden ());

  await wim.$ ('#toggle-view').click ();
  assert.ok (await wim.$ ('#record').isHidden (), 'only a moderator has the switches');
  await ada.$ ('#toggle-view').click ();
  await ada.$ ('#record').click ();
  for (const one of [ada, wim]) {
    await one.$ ('#recording-mark').waitFor ();
    await until ('it is said', async () => (await one.$ ('#chat-log').textContent ()).includes (sentences['recording.on']), WAIT);
  }
  assert.equal (await pressed (ada, 'record'), 'true');

  const listed = async () => (await api (`/v1/recordings?room=${room}`)).recordings;
  await until ('it is being written', async () => (await listed ())[0]?.state === 'recording' && (await listed ())[0].duration_ms > RECORDED_MS, WAIT);
  assert.ok ((await wim.look ()).people.every (({ recorded }) => recorded), 'both are in it');
  await wim.$ ('#leave-out').click ();
  await until ('one is left out', async () => {
    const { people } = await ada.look ();
    return people.find (({ id }) => id === wim.id).recorded === false && people.find (({ id }) => id === ada.id).recorded;
  }, WAIT);

  await ada.$ ('#record').click ();
  for (const one of [ada, wim])
    await one.$ ('#recording-mark').waitFor ({ state: 'hidden' });
  await until ('it is finished', async () => (await listed ())[0].state === 'finished', WAIT);
  await wim.leave ();

  const { page } = ada;
  await page.goto (stage.server.at (`/recordings?room=${room}`));
  const row = page.locator ('.recording[data-state=finished]');
  await row.waitFor ();
  assert.match (await row.innerText (), new RegExp (english['recordings.state.finished']));
  await row.locator ('button').first ().click ();
  const video = page.locator ('#video');
  await until ('it plays', () => video.evaluate ((v) => v.currentTime > 0.3 && v.videoWidth > 0 && !v.error), WAIT);
  const [{ duration_ms: milliseconds }] = await listed ();
  const seconds = await video.evaluate ((v) => v.duration);
  assert.ok (Math.abs (seconds * 1000 - milliseconds) < 500 && milliseconds > RECORDED_MS, `${seconds} s, said to be ${milliseconds} ms`);
  await video.evaluate ((v) => { v.currentTime = v.duration / 2; });
  await until ('it seeks', () => video.evaluate ((v) => !v.seeking && v.currentTime >= v.duration / 2 - 0.1 && v.readyState >= 2), WAIT);
  assert.ok (await page.locator ('#chapters button').count () > 0, 'there are chapters');

  const [download] = await Promise.all ([page.waitForEvent ('download'), row.locator ('button', { hasText: english['recordings.download'] }).first ().click ()]);
  const file = readFileSync (await download.path ());
  assert.equal (file.subarray (4, 8).toString (), 'ftyp', download.suggestedFilename ());
  assert.equal (file.length, (await listed ())[0].parts.length > 1 ? file.length : (await listed ())[0].bytes);

  await row.locator ('button', { hasText: english['recordings.delete'] }).click ();
  await page.locator ('#sure button[value=no]').click ();
  assert.equal ((await listed ()).length, 1, 'asked, and kept');
  await row.locator ('button', { hasText: english['recordings.delete'] }).click ();
  await page.locator ('#sure button[value=yes]').click ();
  await page.locator ('#empty').waitFor ();
  assert.equal ((await listed ()).length, 0);
  await ada.tab.close ();
});
