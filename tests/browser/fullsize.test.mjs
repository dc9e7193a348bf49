// SPDX-License-Identifier: Apache-2.0
// Once at the size that people get: 1280x720 at 30.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expectMeeting } from './support/expect.mjs';
import { CAST } from './support/palette.mjs';
import { FULL } from './support/server.mjs';
import { useStage } from './support/stage.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'fullsize', canvas: FULL });
const TWO = CAST.slice (0, 2);
/** The browsers encode and decode on the same two cores; the bench judges the rate. */
const LEAST_FPS = 20;

test ('two people at 1280x720 and 30', async (t) => {
  const room = stage.newRoom ();
  const source = { width: 640, height: 360, fps: 30 };
  const people = [];
  for (const role of TWO)
    people.push (await (await stage.person (role, { source })).join (room));
  await expectMeeting ('two at full size', people, TWO, { timeoutMs: 30000 });
  const [ada] = people;
  const { width, height } = await ada.picture ([], null);
  assert.deepEqual ({ width, height }, { width: FULL.width, height: FULL.height });
  assert.ok (await ada.count (), 'Chromium counts decoded frames');
  const frames = await until ('three seconds of frames', async () => {
    const seen = await ada.decoded ();
    return seen.length > 1 && seen.at (-1).at - seen[0].at > 3000 && seen;
  });
  const rate = (frames.length - 1) / ((frames.at (-1).at - frames[0].at) / 1000);
  t.diagnostic (`${rate.toFixed (1)} frames a second`);
  assert.ok (rate >= LEAST_FPS, `${rate} frames a second`);
  await Promise.all (people.map ((person) => person.leave ()));
});
