// SPDX-License-Identifier: Apache-2.0
// Random layouts, one after another, while people send and one more comes: every decoded frame is counted, and is
// of one layout as a whole; none of them costs a keyframe. How many, how fast and from which seed:
//   TESSERA_LAYOUT_CHANGES=1000 TESSERA_LAYOUT_FPS=30 TESSERA_SEED=1 node --test layout-changes.test.mjs

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { missedFrames } from './support/expect.mjs';
import { randomFrom } from './support/mutate.mjs';
import { CAST, colorName } from './support/palette.mjs';
import { SMALL } from './support/server.mjs';
import { useStage } from './support/stage.mjs';
import { pause, until } from './support/wait.mjs';

const CHANGES = Number (process.env.TESSERA_LAYOUT_CHANGES ?? 60);
const SEED = Number (process.env.TESSERA_SEED ?? 1);
const CANVAS = { ...SMALL, fps: Number (process.env.TESSERA_LAYOUT_FPS ?? SMALL.fps) };
/** Between two changes: sometimes less than a frame, so that one is never seen. */
const LONGEST_PAUSE_MS = 350;
/** Who was not in the picture shows a placeholder, of whatever colours, until their camera has sent again. */
const BACK_RTP = 90000 * 3;

/** Tiles and background are looked at in these cells of the canvas. */
const COLUMNS = 4, ROWS = 4;
const CELLS = Array.from ({ length: COLUMNS * ROWS }, (_, i) => ({
  x: (i % COLUMNS) * CANVAS.width / COLUMNS, y: Math.floor (i / COLUMNS) * CANVAS.height / ROWS,
  width: CANVAS.width / COLUMNS, height: CANVAS.height / ROWS,
}));

/* The built-in layouts, but cut: a picture on its way is of no layout. */
const BUILT_IN = new URL ('../../layouts/files/', import.meta.url);
const NAMES = readdirSync (BUILT_IN).filter ((file) => file.endsWith ('.json')).map ((file) => file.slice (0, -5)).sort ();
const directory = mkdtempSync (join (tmpdir (), 'tessera-layouts-'));
for (const name of NAMES) {
  const layout = JSON.parse (readFileSync (new URL (`${name}.json`, BUILT_IN)));
  writeFileSync (join (directory, `${name}.json`), JSON.stringify ({ ...layout, transition_ms: 0 }));
}

const stage = useStage ({ name: 'layout-changes', canvas: CANVAS, config: { layouts: { directory } } });
after (() => rmSync (directory, { recursive: true, force: true }));

const now = () => performance.timeOrigin + performance.now ();

/** Up to four slots on whole cells that do not overlap. */
function randomDocument (random, name) {
  const taken = new Set ();
  const slots = [];
  for (let tries = 0; tries < 60 && slots.length < 4; tries++) {
    const width = 1 + Math.floor (random () * 3), height = 1 + Math.floor (random () * 3);
    const x = Math.floor (random () * (COLUMNS - width + 1)), y = Math.floor (random () * (ROWS - height + 1));
    const cells = Array.from ({ length: width * height }, (_, i) => (y + Math.floor (i / width)) * COLUMNS + x + i % width);
    if (cells.some ((cell) => taken.has (cell)))
      continue;
    cells.forEach ((cell) => taken.add (cell));
    slots.push ({ x: x / COLUMNS, y: y / ROWS, width: width / COLUMNS, height: height / ROWS });
  }
  return { name, transition_ms: 0, arrangements: [{ people: '1+', slots }] };
}

async function put (room, body) {
  const answer = await fetch (stage.server.at (`/v1/rooms/${room}/layout`), {
    method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify (body),
  });
  assert.ok (answer.ok, `${answer.status} ${await answer.text ()}`);
}

/* Where probe.js looks for the colour of a rectangle, with some pixels of a small tile's edges to spare. */
const spot = ({ x, y, width, height }) =>
  ({ left: x + width * 0.1, right: x + width * 0.42, top: y + height * 0.15, bottom: y + height * 0.68 });
const holds = (tile, { left, right, top, bottom }) =>
  tile.x <= left && tile.y <= top && tile.x + tile.width >= right && tile.y + tile.height >= bottom;
const touches = (tile, { left, right, top, bottom }) =>
  tile.x < right && tile.y < bottom && tile.x + tile.width > left && tile.y + tile.height > top;

/** What a layout shows in each cell: a tile, null for the background, undefined where that is not sure. */
function expectedCells ({ tiles }) {
  const inFront = tiles.map ((tile, i) => ({ ...tile, i })).sort ((a, b) => b.z - a.z || b.i - a.i);
  return CELLS.map ((cell) => {
    const first = inFront.find ((tile) => touches (tile, spot (cell)));
    if (!first)
      return null;
    return holds (first, spot (cell)) ? first : undefined;
  });
}

/** The layouts that were told, each with the RTP timestamp from which on it is shown. */
async function toldTo (person) {
  const layouts = await person.tab.evaluate (() => window.me.layouts);
  return layouts.filter (({ rtp_timestamp: rtp }) => Number.isInteger (rtp));
}

/** Goes through the frames; returns how many cells were compared. */
function judge (frames, layouts, people) {
  const lastSeen = new Map ();
  let shown = -1, expected = [], compared = 0;
  for (const { rtp, colors } of frames) {
    while (shown + 1 < layouts.length && ((rtp - layouts[shown + 1].rtp_timestamp) | 0) >= 0) {
      shown++;
      expected = expectedCells (layouts[shown]);
      const here = new Set (layouts[shown].tiles.map (({ participant }) => participant));
      for (const person of people)
        if (!here.has (person.id))
          lastSeen.set (person.id, rtp);
    }
    if (shown < 0)
      continue;
    const seen = colors.map (colorName);
    for (const [i, tile] of expected.entries ()) {
      const person = people.find (({ id }) => id === tile?.participant);
      const isBack = lastSeen.has (tile?.participant) && ((rtp - lastSeen.get (tile.participant)) | 0) < BACK_RTP;
      if (tile === undefined || (tile && !person) || tile?.placeholder || isBack)
        continue;
      assert.ok (tile ? seen[i] === person.role.color : seen[i].startsWith ('none'), `frame ${rtp} of ${layouts[shown].name}, from ${layouts[shown].rtp_timestamp} on: ${seen[i]} in cell ${i}, not ${
        person?.role.color ?? 'background'}: ${JSON.stringify ({ seen, tiles: layouts[shown].tiles })}`);
      compared++;
    }
  }
  return compared;
}

/** Keyframes by reason, those that receivers asked for, and frames, as the room counts them. */
async function report (room) {
  const { rooms } = await stage.server.json ('/v1/stats');
  const { encoders = [], peers = [], late_frames: late = 0 } = rooms.find (({ name }) => name === room).report ?? {};
  const sum = (values) => values.reduce ((a, b) => a + b, 0);
  return {
    frames: sum (encoders.map (({ frames }) => frames)), encoders: encoders.length, late,
    ...Object.fromEntries (['join', 'request', 'steady', 'other'].map ((reason) => [reason, sum (encoders.map (({ keyframes }) => keyframes[reason]))])),
    asked: sum (peers.map (({ sent }) => sent.keyframe_requests)),
  };
}

/** A report made from now on: the one under way may be older. */
async function freshReport (room) {
  for (let i = 0; i < 2; i++) {
    const { frames } = await report (room);
    await until ('another report', async () => (await report (room)).frames > frames);
  }
  return report (room);
}

const videoOf = async (person) => (await person.stats ()).inbound.find (({ kind }) => kind === 'video');

/** Where frames are missing, by when the next one came. */
function holes (frames, since) {
  const step = 90000 / CANVAS.fps;
  const gap = (i) => (frames[i].rtp - frames[i - 1].rtp) | 0;
  return frames.map (({ at }, i) => i && gap (i) > 1.5 * step ? `${Math.round (gap (i) / step) - 1} at ${Math.round (at - since)} ms` : null)
    .filter (Boolean).join (', ');
}

/** ms from asking for a layout to its first decoded frame, of those that were seen. */
function delays (asked, frames, layouts) {
  return asked.flatMap (({ name, at }) => {
    const told = layouts.find ((layout) => layout.name === name);
    const first = told && frames.find (({ rtp }) => ((rtp - told.rtp_timestamp) | 0) >= 0);
    return first ? [first.at - at] : [];
  }).sort ((a, b) => a - b);
}

test (`${CHANGES} random layouts: no frame is missing or half-changed, and none is a keyframe because of them`, async (t) => {
  t.diagnostic (`seed ${SEED}`);
  const random = randomFrom (SEED);
  const room = stage.newRoom ();
  const people = [];
  for (const role of CAST.slice (0, 3))
    people.push (await (await stage.person (role, { source: { audio: false } })).join (room));
  const [ada] = people;
  const fourth = await stage.person (CAST[3], { source: { audio: false } });
  await until ('all are in the picture', async () => {
    const { layout } = await ada.look ();
    const { colors } = await ada.picture (people.map (({ id }) => layout.tiles.find (({ participant }) => participant === id)), layout.canvas);
    assert.deepEqual (colors.map (colorName), people.map (({ role }) => role.color));
    return true;
  });

  const before = await freshReport (room);
  const keyframesBefore = (await videoOf (ada)).keyFramesDecoded;
  await ada.count ({ rects: CELLS, canvas: CANVAS });
  const asked = [];
  let coming = null, came = 0;
  for (let i = 0; i < CHANGES; i++) {
    if (random () < 0.7) {
      asked.push ({ name: `n${i}`, at: now () });
      await put (room, randomDocument (random, `n${i}`));
    } else if (random () < 0.5) {
      await put (room, { name: NAMES[Math.floor (random () * NAMES.length)] });
    } else {
      await ada.tab.evaluate ((layout) => window.me.client.changeRoom ({ layout }), NAMES[Math.floor (random () * NAMES.length)]);
    }
    if (i === CHANGES >> 1) {
      came = now ();
      coming = fourth.join (room);
    }
    await pause (random () * LONGEST_PAUSE_MS);
  }
  await coming;
  await put (room, { name: 'grid' });
  await until ('the last layout is shown', async () => (await ada.look ()).layout.name === 'grid' && (await ada.look ()).layout.tiles.length === 4);
  const { frames: until_ } = await report (room);
  await until ('some more frames', async () => (await report (room)).frames > until_);

  const frames = await ada.decoded ();
  const layouts = await toldTo (ada);
  const after_ = await freshReport (room);
  const keyframes = (await videoOf (ada)).keyFramesDecoded - keyframesBefore;
  const made = Object.fromEntries (Object.keys (before).map ((name) => [name, after_[name] - before[name]]));
  t.diagnostic (`${frames.length} frames, ${layouts.length} layouts told, ${JSON.stringify (made)}, ${keyframes} keyframes received`);

  const took = delays (asked, frames, layouts);
  const at = (share) => Math.round (took[Math.min (took.length - 1, Math.floor (took.length * share))]);
  t.diagnostic (`from asking to the first frame that shows it, at ${CANVAS.fps} frames/s: p50 ${at (0.5)} ms, p95 ${at (0.95)} ms of ${took.length}`);

  const compared = judge (frames, layouts, people);
  assert.ok (compared > frames.length * 4, `${compared} cells of ${frames.length} frames compared`);
  assert.ok (layouts.length > CHANGES / 2, `${layouts.length} layouts were seen`);
  assert.ok (took.length > asked.length / 3, `${took.length} of ${asked.length} were seen`);
  assert.equal (missedFrames (frames, CANVAS.fps), 0, `frames are missing: ${holes (frames, frames[0].at)}; somebody came at ${
    Math.round (came - frames[0].at)} ms, ${made.late} pictures were made late`);

  assert.equal (made.encoders, 0, 'the same encoder all the time');
  assert.equal (made.other, 0, 'keyframes that nobody asked for');
  assert.ok (made.join <= 1, `${made.join} keyframes for one who joined`);
  assert.ok (made.request <= made.asked, `${made.request} keyframes for ${made.asked} requests`);
  assert.equal (keyframes, made.join + made.request + made.steady, 'keyframes received and made');

  await Promise.all ([...people, fourth].map ((person) => person.leave ()));
});
