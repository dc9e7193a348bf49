// SPDX-License-Identifier: Apache-2.0
// What must hold of a meeting, said once: layout message, picture, names and sound of each person.

import assert from 'node:assert/strict';

import { colorName } from './palette.mjs';
import { until } from './wait.mjs';

/** Equal within this: Opus at 32 kbit/s moves single tones by about 1 dB. */
const EQUAL_DB = 4;
const AWAY_DB = 30;
/** A tone that nobody sends, in a mix where nobody else speaks. */
const SILENCE_DB = -70;

const overlaps = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The layout message names just these people, each once, on even rectangles inside the canvas that don't overlap. */
export function checkLayout (layout, viewer, people) {
  assert.ok (layout, 'no layout message yet');
  const { tiles, canvas } = layout;
  assert.deepEqual (tiles.map (({ participant }) => participant).sort (), people.map (({ id }) => id).sort (),
    'who is in the layout');
  for (const tile of tiles) {
    for (const side of ['x', 'y', 'width', 'height'])
      assert.equal (tile[side] % 2, 0, `${side} of ${JSON.stringify (tile)} is even`);
    assert.ok (tile.x >= 0 && tile.y >= 0 && tile.width > 0 && tile.height > 0
      && tile.x + tile.width <= canvas.width && tile.y + tile.height <= canvas.height,
    `${JSON.stringify (tile)} is on the canvas`);
    assert.equal (tile.own === true, tile.participant === viewer.id, `own of ${JSON.stringify (tile)}`);
  }
  tiles.forEach ((tile, i) => tiles.slice (i + 1).forEach ((other) =>
    assert.ok (!overlaps (tile, other), `${JSON.stringify (tile)} and ${JSON.stringify (other)} overlap`)));
}

/** The tile of each of `people` in this order. */
export function tilesOf (layout, people) {
  return people.map (({ id }) => layout.tiles.find (({ participant }) => participant === id));
}

async function checkPicture (viewer, layout, people) {
  const tiles = tilesOf (layout, people);
  const picture = await viewer.picture (tiles, layout.canvas);
  assert.ok (picture, 'no picture yet');
  assert.deepEqual (picture.colors.map (colorName), people.map ((person) =>
    person.cameraOff ? colorName (picture.colors[people.indexOf (person)]) : person.role.color), 'colours of the tiles');
  for (const [i, person] of people.entries ()) {
    if (person.cameraOff)
      assert.notEqual (colorName (picture.colors[i]), person.role.color, `${person.name}'s camera is off`);
  }
}

async function checkNames (viewer, layout, people, names) {
  for (const [i, tile] of tilesOf (layout, people).entries ()) {
    if (people[i].cameraOff)
      continue;
    const read = await viewer.readLabel (tile, layout.canvas, names);
    assert.equal (read[0]?.name, people[i].name, `the name on ${people[i].role.color}: ${JSON.stringify (read)}`);
  }
}

async function checkSound (viewer, people, cast) {
  const levels = await viewer.tones (cast.map (({ tone }) => tone));
  assert.ok (levels, 'no sound yet');
  const speaks = (role) => people.some ((person) =>
    person.role === role && person !== viewer && !person.isMuted);
  const text = cast.map (({ name, tone }, i) => `${name} ${tone} Hz ${levels[i].toFixed (1)} dB`).join (', ');
  const heard = levels.filter ((_, i) => speaks (cast[i]));
  const others = levels.filter ((_, i) => !speaks (cast[i]));
  const floor = heard.length ? Math.min (...heard) - AWAY_DB : SILENCE_DB;
  if (heard.length) {
    assert.ok (Math.min (...heard) > SILENCE_DB + AWAY_DB, `too soft: ${text}`);
    assert.ok (Math.max (...heard) - Math.min (...heard) <= EQUAL_DB, `not equally loud: ${text}`);
  }
  for (const level of others)
    assert.ok (level <= floor, `somebody is heard who should not: ${text}`);
}

/** Everything one person must see and hear when just `people` are in the room. */
export async function checkMeeting (viewer, people, cast, { names = true, sound = true } = {}) {
  const { layout, errors, people: roster } = await viewer.look ();
  assert.deepEqual (errors, [], `errors told to ${viewer.name}`);
  assert.deepEqual (roster.map (({ id }) => id).sort (), people.map (({ id }) => id).sort (), 'the roster');
  checkLayout (layout, viewer, people);
  await checkPicture (viewer, layout, people);
  if (names)
    await checkNames (viewer, layout, people, cast.map (({ name }) => name));
  if (sound)
    await checkSound (viewer, people, cast);
}

/** Waits until checkMeeting holds for each of `viewers` (all people by default); saves the pictures if it does not. */
export async function expectMeeting (what, people, cast, { viewers = people, timeoutMs = 20000, ...checks } = {}) {
  for (const viewer of viewers) {
    try {
      await until (`${what}: the meeting of ${viewer.name}`, async () => {
        await checkMeeting (viewer, people, cast, checks);
        return true;
      }, { timeoutMs, everyMs: 250 });
    } catch (error) {
      const saved = await viewer.savePicture (what.replace (/\W+/g, '-'));
      error.message += `\n(picture: ${saved}; console: ${viewer.tab.console.slice (-5).join (' | ')})`;
      throw error;
    }
  }
}

/** How many frames are missing in a row of decoded frames that should be one per `1 / fps`. */
export function missedFrames (frames, fps) {
  const step = 90000 / fps;
  let missed = 0;
  for (let i = 1; i < frames.length; i++)
    missed += Math.max (0, Math.round (((frames[i].rtp - frames[i - 1].rtp) | 0) / step) - 1);
  return missed;
}
