// SPDX-License-Identifier: Apache-2.0
// Thirty joins and leaves in a running room leave memory, threads and descriptors where they were.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expectMeeting } from './support/expect.mjs';
import { CAST } from './support/palette.mjs';
import { usageOf } from './support/proc.mjs';
import { useStage } from './support/stage.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'churn' });

const GUESTS = 3;
const ROUNDS = Number (process.env.TESSERA_CHURN ?? 30) / GUESTS;
/** What the allocator's free lists move by; a leaked pipeline of one peer is about 1.5 MB, thirty are 45. */
const MEMORY_TOLERANCE_KB = 12288;

async function comeAndGo (guest, round) {
  guest.options = { videoCodecs: [round % 2 ? 'VP8' : 'H264'] };
  await guest.join (stage.guestRoom);
  await guest.waitLive ();
  await until (`${guest.name} gets a picture`, () => guest.picture ([], null));
  await guest.tab.evaluate (() => {
    window.me.client.leave ();
    window.me.source.stop ();
    window.me.receiver.video.remove ();
    window.me.receiver.ear?.close ();
  });
}

async function roundsOf (guests, count, host) {
  for (let round = 0; round < count; round++)
    await Promise.all (guests.map ((guest, i) => comeAndGo (guest, round + i)));
  await until ('all guests have left', async () => (await host.look ()).people.length === 1);
}

test (`${ROUNDS * GUESTS} joins and leaves`, async (t) => {
  const host = await stage.person (CAST[0]);
  stage.guestRoom = stage.newRoom ('churn');
  await host.join (stage.guestRoom);
  await expectMeeting ('alone', [host], CAST.slice (0, 1));
  const pids = { room: await host.roomPid (), control: stage.server.pid };
  assert.ok (pids.room > 0, 'the room process is known');
  const guests = [];
  for (const role of CAST.slice (1, 1 + GUESTS))
    guests.push (await stage.person (role));

  /* As many before: both codecs, all fonts, and the heap cut up as it will be (it is level after some thirty). */
  await roundsOf (guests, ROUNDS, host);
  const settled = {};
  for (const [what, pid] of Object.entries (pids)) {
    let last = null;
    settled[what] = await until (`${what} is settled`, () => {
      const now = usageOf (pid), same = last && now.threads === last.threads && now.fds === last.fds;
      last = now;
      return same && now;
    }, { everyMs: 2000 });
  }

  await roundsOf (guests, ROUNDS, host);
  for (const [what, pid] of Object.entries (pids)) {
    const before = settled[what];
    await until (`${what} is where it was`, () => {
      const now = usageOf (pid);
      const text = `${what}: ${JSON.stringify (before)} -> ${JSON.stringify (now)}`;
      assert.ok (now.threads <= before.threads, text);
      assert.ok (now.fds <= before.fds, text);
      assert.ok (now.rssKb <= before.rssKb + MEMORY_TOLERANCE_KB, text);
      return true;
    }, { everyMs: 500 });
    t.diagnostic (`${what}: ${JSON.stringify (before)} -> ${JSON.stringify (usageOf (pid))}`);
  }
  assert.equal (await host.roomPid (), pids.room, 'it is the same process');
  await expectMeeting ('alone again', [host], CAST.slice (0, 1));
});
