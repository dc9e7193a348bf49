// SPDX-License-Identifier: Apache-2.0
// One receiver that stalls, and one whose certificate is not the one it offered.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expectMeeting, missedFrames } from './support/expect.mjs';
import { CAST } from './support/palette.mjs';
import { SMALL } from './support/server.mjs';
import { useStage } from './support/stage.mjs';
import { pause, until } from './support/wait.mjs';

const stage = useStage ({ name: 'stall' });
const STALL_MS = 500;

/** Mean difference of two thumbnails, in steps of 0 to 255: the same picture twice stays under 1, one and the next over 3. */
const SAME_PICTURE = 2;

function difference (a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++)
    sum += Math.abs (a[i] - b[i]);
  return sum / a.length;
}

/** How far each frame is from the nearest of the reference's: a picture that nobody else saw is wrong. */
function distances (frames, reference) {
  return frames.map ((frame) => Math.min (...reference.map ((other) => difference (frame.thumb, other.thumb))));
}

const strangest = (frames, reference) => Math.max (...distances (frames, reference));

/** A busy page does not present every frame that it decodes; then the nearest is a step away, and rubbish is farther. */
const MAY_GO_UNPRESENTED = 3;

test ('one receiver stalls for half a second: its next frame is right, nobody else misses one', async (t) => {
  const room = stage.newRoom ();
  const source = { restless: true };
  const ada = await stage.person (CAST[0], { source });
  const wim = await stage.person (CAST[1], { source });
  const slow = await stage.person (CAST[2], { instance: 'slow', source });
  const people = [ada, wim, slow];
  for (const person of people)
    await person.join (room);
  await expectMeeting ('before', people, CAST.slice (0, 3), { sound: false, names: false });

  for (const person of people)
    await person.record ();
  await ada.count ();
  await wim.count ();
  const frames = async (person, since) => person.recorded ({ since, thumbs: true });
  await until ('a second of frames', async () => (await frames (slow, 0)).length >= SMALL.fps);
  const control = strangest (await frames (slow, 0), await frames (ada, 0));
  t.diagnostic (`without a stall a frame differs by at most ${control.toFixed (2)}`);
  assert.ok (control < SAME_PICTURE, `the same frames look different: ${control}`);
  const seen = await frames (ada, 0);
  const changes = seen.slice (1).map ((frame, i) => difference (frame.thumb, seen[i].thumb)).sort ((a, b) => a - b);
  const usual = changes[changes.length >> 1];
  t.diagnostic (`one frame and the next usually differ by ${usual.toFixed (2)}`);
  assert.ok (usual > SAME_PICTURE, 'frames that look alike would prove nothing');

  const stopped = Date.now ();
  slow.tab.browser.signal ('SIGSTOP');
  await pause (STALL_MS);       // the stall is what is tested: nothing to wait for
  slow.tab.browser.signal ('SIGCONT');
  const after = await until ('two seconds of frames after the stall', async () => {
    const seen = await frames (slow, stopped + STALL_MS);
    return seen.length >= 2 * SMALL.fps && seen;
  });
  const others = [...await frames (ada, stopped - 1000), ...await frames (wim, stopped - 1000)];
  const strange = distances (after, others).filter ((distance) => distance >= SAME_PICTURE);
  t.diagnostic (`first frame ${Math.round (after[0].at - stopped - STALL_MS)} ms after the stall; of others' frames it did not find ${strange.length}`);
  assert.ok (strange.length <= MAY_GO_UNPRESENTED && strange.every ((distance) => distance <= usual),
    `frames that nobody else saw: ${strange.map ((distance) => distance.toFixed (2))}, a step is ${usual.toFixed (2)}`);
  for (const person of [ada, wim])
    assert.equal (missedFrames (await person.decoded (), SMALL.fps), 0, `${person.name} missed frames`);
  await Promise.all (people.map ((person) => person.leave ()));
});

test ('a fingerprint of another certificate: refused, no frame decoded, none sent', async () => {
  const room = stage.newRoom ();
  const ada = await stage.person (CAST[0]);
  await ada.join (room);
  await expectMeeting ('before', [ada], CAST.slice (0, 1), { sound: false });
  await ada.record ();

  const liar = await stage.person (CAST[1]);
  const other = Array.from ({ length: 32 }, (_, i) => (i * 7 + 3).toString (16).toUpperCase ().padStart (2, '0')).join (':');
  await liar.tab.evaluate ((what) => window.probe.rawJoin (what), {
    room, who: CAST[1], mangle: [['^a=fingerprint:sha-256 .*$', `a=fingerprint:sha-256 ${other}`]],
  });
  assert.match (await liar.tab.evaluate (() => window.me.sent), new RegExp (other));
  const ended = await until ('the liar is refused', () => liar.tab.evaluate (() => {
    const { messages, closed, connection } = window.me;
    const said = messages.find (({ type }) => ['error', 'bye', 'renegotiate'].includes (type));
    return said || closed ? { said, closed, state: connection.connectionState } : null;
  }), { timeoutMs: 35000 });
  assert.ok (ended, JSON.stringify (ended));
  const { inbound } = await liar.stats ();
  for (const { kind, packetsReceived, framesDecoded } of inbound)
    assert.equal (packetsReceived + (framesDecoded ?? 0), 0, `${kind} was sent to the liar`);
  const { layout } = await ada.look ();
  const frames = await ada.recorded ({ rects: [{ x: 0, y: 0, ...layout.canvas }], canvas: layout.canvas, thumbs: true });
  const isGreen = (thumb) => {
    let count = 0;
    for (let i = 0; i < thumb.length; i += 3)
      count += thumb[i] < 80 && thumb[i + 1] > 140 && thumb[i + 2] < 90;
    return count > 20;
  };
  assert.ok (frames.length > 0, 'frames were recorded');
  assert.ok (!frames.some (({ thumb }) => isGreen (thumb)), 'the liar\'s picture was decoded');
  const stats = await stage.server.json ('/v1/stats').catch (() => null);
  assert.ok (await ada.tab.evaluate (() => window.me.client.state === 'live'), `the room goes on; ${JSON.stringify (stats)}`);
  await Promise.all ([liar.tab.close (), ada.leave ()]);
});
