// SPDX-License-Identifier: Apache-2.0
// A meeting of four: who comes, goes, hides, mutes; and who joins by WHIP, watches by WHEP or has one codec only.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { checkLayout, expectMeeting, tilesOf } from './support/expect.mjs';
import { CAST, colorName } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { until } from './support/wait.mjs';

/* The grid, but cut: what is checked here is the step from one picture to the next. */
function cutLayouts () {
  const directory = mkdtempSync (join (tmpdir (), 'tessera-layouts-'));
  const grid = JSON.parse (readFileSync (new URL ('../../layouts/files/grid.json', import.meta.url)));
  writeFileSync (join (directory, 'grid.json'), JSON.stringify ({ ...grid, transition_ms: 0 }));
  return directory;
}

const directory = cutLayouts ();
const stage = useStage ({ name: 'meeting', config: { layouts: { directory } } });
after (() => rmSync (directory, { recursive: true, force: true }));

async function codecOf (person) {
  return (await person.stats ()).codecs.video?.toLowerCase () ?? null;
}

test ('four people come one after another and go in another order', async (t) => {
  const start = Date.now ();
  const step = (what) => t.diagnostic (`${Date.now () - start} ms: ${what}`);
  const room = stage.newRoom ();
  const kinds = ['chromium', 'chromium', 'firefox', 'chromium'];
  const people = [];
  for (const [i, role] of CAST.entries ()) {
    const person = await stage.person (role, { kind: kinds[i] });
    await person.join (room);
    people.push (person);
    await person.waitLive ();
    await expectMeeting (`after ${people.length} joined`, people, CAST);
    step (`${people.length} see and hear each other`);
  }

  const [ada, wim] = people;
  await ada.tab.evaluate (() => window.me.client.setState ({ video_muted: true }));
  ada.cameraOff = true;
  await expectMeeting ('a camera is off', people, CAST);
  await ada.tab.evaluate (() => window.me.client.setState ({ video_muted: false }));
  ada.cameraOff = false;
  await expectMeeting ('the camera is on again', people, CAST);

  await wim.tab.evaluate (() => window.me.client.setState ({ audio_muted: true }));
  wim.isMuted = true;
  await expectMeeting ('a microphone is off', people, CAST);
  await wim.tab.evaluate (() => window.me.client.setState ({ audio_muted: false }));
  wim.isMuted = false;
  await expectMeeting ('the microphone is on again', people, CAST);

  step ('camera and microphone went off and on');
  for (const index of [1, 0, 1]) {
    const [gone] = people.splice (index, 1);
    await gone.leave ();
    await expectMeeting (`after ${gone.role.color} left`, people, CAST);
    step (`${people.length} are left`);
  }
  await people[0].leave ();
});

test ('a picture is of one layout or the next, and the layout message names the first frame of the next', async () => {
  const room = stage.newRoom ();
  const ada = await stage.person (CAST[0]);
  await ada.join (room);
  await expectMeeting ('alone', [ada], CAST.slice (0, 2), { sound: false });
  const before = (await ada.look ()).layout;
  await ada.record ();
  const wim = await stage.person (CAST[1]);
  await wim.join (room);
  await expectMeeting ('two', [ada, wim], CAST.slice (0, 2), { sound: false, names: false });
  const { layout } = await ada.look ();
  assert.ok (Number.isInteger (layout.rtp_timestamp), `rtp_timestamp of ${JSON.stringify (layout)}`);

  const [old] = tilesOf (before, [ada]);
  const rects = [...tilesOf (layout, [ada, wim]), old];
  const frames = await ada.recorded ({ rects, canvas: layout.canvas });
  const first = frames.findIndex (({ rtp }) => ((rtp - layout.rtp_timestamp) | 0) >= 0);
  assert.ok (first > 0, `no frame before and after ${layout.rtp_timestamp}: ${frames.map (({ rtp }) => rtp)}`);
  for (const [i, { colors, rtp }] of frames.entries ()) {
    const [left, right, whole] = colors.map (colorName);
    if (i < first)
      assert.equal (whole, 'red', `frame ${rtp} of the old layout`);
    else
      assert.ok (left === 'red' && right !== 'red', `frame ${rtp} of the new layout: ${left}, ${right}`);
  }
  await wim.leave ();
  await ada.leave ();
});

test ('a WHIP sender and a WHEP viewer are in the meeting', async () => {
  const room = stage.newRoom ();
  const [ada, encoder] = [await stage.person (CAST[0]), await stage.person (CAST[1])];
  await ada.join (room);

  const whip = await encoder.tab.evaluate ((what) => window.probe.post (what),
    { door: 'whip', room, who: CAST[1], name: CAST[1].name });
  assert.equal (whip.status, 201, whip.answer);
  assert.match (whip.answer, /^a=end-of-candidates/m);
  assert.ok (whip.headers.location && whip.headers.etag, JSON.stringify (whip.headers));
  encoder.id = await until ('the encoder is in the roster', async () =>
    (await ada.look ()).people.find (({ name }) => name === CAST[1].name)?.id);
  await expectMeeting ('with an encoder', [ada, encoder], CAST, { viewers: [ada] });

  const viewer = await stage.person (CAST[2]);
  const whep = await viewer.tab.evaluate ((what) => window.probe.post (what), { door: 'whep', room });
  assert.equal (whep.status, 201, whep.answer);
  const { layout } = await ada.look ();
  await until ('the viewer sees both', async () => {
    const picture = await viewer.picture (tilesOf (layout, [ada, encoder]), layout.canvas);
    assert.deepEqual (picture?.colors.map (colorName), ['red', 'green']);
    return true;
  });
  await until ('the viewer hears both', async () => {
    const levels = await viewer.tones (CAST.map (({ tone }) => tone));
    assert.ok (levels && Math.abs (levels[0] - levels[1]) < 4 && levels[0] > -60, `levels ${levels}`);
    assert.ok (Math.max (...levels.slice (2)) < levels[0] - 30, `levels ${levels}`);
    return true;
  });
  checkLayout ((await ada.look ()).layout, ada, [ada, encoder]);

  assert.equal (await viewer.tab.evaluate (() => window.probe.hangUp ()), 200);
  assert.equal (await encoder.tab.evaluate (() => window.probe.hangUp ()), 200);
  await expectMeeting ('the encoder is gone', [ada], CAST);
  await Promise.all ([viewer.tab.close (), encoder.tab.close (), ada.leave ()]);
});

test ('a Chromium that has only H.264 and a Firefox with VP8 see each other', async () => {
  const room = stage.newRoom ();
  const ada = await stage.person (CAST[0], { options: { videoCodecs: ['H264'] } });
  const wim = await stage.person (CAST[1], { kind: 'firefox', options: { videoCodecs: ['VP8'] } });
  await ada.join (room);
  await wim.join (room);
  await expectMeeting ('H.264 and VP8', [ada, wim], CAST);
  assert.equal (await codecOf (ada), 'video/h264');
  assert.equal (await codecOf (wim), 'video/vp8');
  await wim.leave ();
  await expectMeeting ('VP8 is gone', [ada], CAST);
  await ada.leave ();
});
