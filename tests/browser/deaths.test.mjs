// SPDX-License-Identifier: Apache-2.0
// What dies and how soon all is well again: a room process killed, one that hangs, one that a peer kills
// on purpose, and tessera itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expectMeeting, missedFrames, tilesOf } from './support/expect.mjs';
import { CAST, EXTRAS, colorName } from './support/palette.mjs';
import { isAlive } from './support/proc.mjs';
import { SMALL, hasDebugFaults } from './support/server.mjs';
import { useStage } from './support/stage.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'deaths' });

const KILLED_BACK_MS = 2000;
const STOPPED_BACK_MS = 8000;
const SUSPECT_MS = 5000;

async function roomOf (roles, name) {
  const room = stage.newRoom (name);
  const people = [];
  for (const role of roles)
    people.push (await (await stage.person (role)).join (room));
  await expectMeeting (`room ${name}`, people, roles, { sound: false });
  return people;
}

/** Ids change when people come back as new ones. */
async function refreshIds (people) {
  for (const person of people)
    person.id = (await person.look ()).participant;
}

/** ms from `since` to each person's first frame, of a new connection, that shows everybody's colours again. */
async function backAfter (people, since, timeoutMs) {
  const times = [];
  for (const person of people) {
    times.push (await until (`${person.name} is back`, async () => {
      await refreshIds (people);
      const { layout, state, streamAt } = await person.look ();
      assert.ok (streamAt > since, `${person.name} has no new connection yet, state ${state}`);
      const frames = await person.recorded ({ rects: tilesOf (layout, people), canvas: layout.canvas, since: streamAt });
      const right = frames.find (({ colors }) =>
        colors.every ((color, i) => colorName (color) === people[i].role.color));
      assert.ok (right, `state ${state}, ${frames.length} frames, last ${JSON.stringify (frames.at (-1)?.colors.map (colorName))}`);
      return right.at - since;
    }, { timeoutMs }));
  }
  return times;
}

/** Does `hurt` to the room process of the first of `people`; returns how long each was away. */
async function hurtRoom (people, signal, timeoutMs) {
  const pid = await people[0].roomPid ();
  assert.ok (pid > 0, `no room process holds the port of ${people[0].name}: ${stage.server.roomPids ()}`);
  for (const person of people)
    await person.record ();
  const since = Date.now ();
  process.kill (pid, signal);
  const times = await backAfter (people, since, timeoutMs);
  assert.notEqual (await people[0].roomPid (), pid, 'the process is another one');
  await until ('the old process is gone', () => !isAlive (pid));
  return times;
}

/** Who came within five seconds of a death is a suspect of it, too. */
async function settled (people) {
  await people[0].record ();
  await until ('all have been there for a while', async () => {
    const frames = await people[0].recorded ();
    return frames.length > 1 && frames.at (-1).at - frames[0].at > SUSPECT_MS + 1000;
  });
}

async function bystanders () {
  const people = await roomOf (CAST.slice (2, 4), 'bystander');
  await Promise.all (people.map ((person) => person.count ()));
  return people;
}

async function checkNothingMissed (people) {
  for (const person of people) {
    const frames = await person.decoded ();
    assert.ok (frames.length >= SMALL.fps, `${frames.length} frames counted`);
    assert.equal (missedFrames (frames, SMALL.fps), 0, `${person.name} missed frames: ${
      frames.map (({ rtp }, i) => i ? (rtp - frames[i - 1].rtp) | 0 : 0).filter ((step) => step > 9001)}`);
    const longest = Math.max (...frames.slice (1).map (({ at }, i) => at - frames[i].at));
    assert.ok (longest < 1000, `${person.name} waited ${longest} ms for a frame`);
  }
}

test ('a killed room process: everybody is back in 2 s, another room misses no frame', async (t) => {
  const people = await roomOf (CAST.slice (0, 2), 'killed');
  const others = await bystanders ();
  const times = await hurtRoom (people, 'SIGKILL', 10000);
  t.diagnostic (`back after ${times.map (Math.round)} ms`);
  await expectMeeting ('after the kill', people, CAST.slice (0, 2));
  await checkNothingMissed (others);
  assert.ok (Math.max (...times) <= KILLED_BACK_MS, `back after ${times} ms`);
  await Promise.all ([...people, ...others].map ((person) => person.leave ()));
});

test ('a room process that hangs: everybody is back in 8 s, another room misses no frame', async (t) => {
  const people = await roomOf (CAST.slice (0, 2), 'hung');
  const others = await bystanders ();
  const times = await hurtRoom (people, 'SIGSTOP', 20000);
  t.diagnostic (`back after ${times.map (Math.round)} ms`);
  await expectMeeting ('after the hang', people, CAST.slice (0, 2));
  await checkNothingMissed (others);
  assert.ok (Math.max (...times) <= STOPPED_BACK_MS, `back after ${times} ms`);
  await Promise.all ([...people, ...others].map ((person) => person.leave ()));
});

test ('a peer that kills its room is gone after the second time, the others stay',
  { skip: !hasDebugFaults () && 'needs a build with -Ddebug_faults=true' },
  async (t) => {
    const people = await roomOf (CAST.slice (0, 2), 'fault');
    const room = people[0].room;
    const before = await people[0].roomPid ();
    await settled (people);
    const mallory = await stage.person (EXTRAS[1]);
    await mallory.tab.evaluate ((what) => window.probe.rawJoin (what), {
      room, who: EXTRAS[1], mangle: [['^t=0 0$', 't=0 0\r\na=x-tessera-fault:abort']],
    });
    const messages = () => mallory.tab.evaluate (() => window.me.messages);
    const bye = await until ('the peer is thrown out', async () =>
      (await messages ()).find (({ type }) => type === 'bye'), { timeoutMs: 30000 });
    assert.equal (bye.code, 'media_fault', JSON.stringify (bye));
    const asked = (await messages ()).filter (({ type }) => type === 'renegotiate').length;
    t.diagnostic (`asked to try again ${asked} times`);
    assert.equal (asked, 1, 'one more try, and no third');
    assert.notEqual (await people[0].roomPid (), before);
    await refreshIds (people);
    await expectMeeting ('without the one who kills', people, CAST.slice (0, 2), { timeoutMs: 30000 });
    await Promise.all ([mallory.tab.close (), ...people.map ((person) => person.leave ())]);
  });

test ('tessera killed: rooms exit; started again, the pages come back by themselves', async (t) => {
  const people = await roomOf (CAST.slice (0, 2), 'control');
  const rooms = await stage.server.kill ('SIGKILL');
  assert.ok (rooms.length >= 1, 'there were room processes');
  const killed = Date.now ();
  await until ('the room processes exit', () => !rooms.some (isAlive), { timeoutMs: 5000 });
  t.diagnostic (`rooms gone after ${Date.now () - killed} ms`);
  await until ('the pages know', async () =>
    (await Promise.all (people.map ((person) => person.look ()))).every (({ state }) => state === 'returning'));
  for (const person of people)
    await person.record ();
  await stage.server.startAgain ();
  const started = Date.now ();
  const times = await backAfter (people, started, 40000);
  t.diagnostic (`back ${times.map (Math.round)} ms after the start`);
  await refreshIds (people);
  for (const person of people)
    await person.tab.evaluate (() => { window.me.errors.length = 0; });
  await expectMeeting ('after the restart', people, CAST.slice (0, 2), { timeoutMs: 30000 });
  await Promise.all (people.map ((person) => person.leave ()));
});
