// SPDX-License-Identifier: Apache-2.0
// Mutated offers at every door: each gets an answer or an error in 5 s, and nothing dies of them.
// TESSERA_OFFERS=2000 is the full run; TESSERA_SEED=N takes other mutations, the same for the same N.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import WebSocket from 'ws';

import { expectMeeting } from './support/expect.mjs';
import { mutate, randomFrom } from './support/mutate.mjs';
import { CAST, EXTRAS } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'offers', config: { rooms: { max_participants: 1000 } } });

const OFFERS = Number (process.env.TESSERA_OFFERS ?? 300);
const SEED = Number (process.env.TESSERA_SEED ?? 1);
const AT_ONCE = 8;
const ANSWER_MS = 5000;
/** Whose socket the server closes stays for half a minute: they could resume. */
const AWAY_MS = 40000;
/** The doors limit how many come from one; so few may be told so that the rest still says something. */
const MOST_RATE_LIMITED = 0.05;

const problemOf = (text) => {
  try {
    return JSON.parse (text).code ?? 'no code';
  } catch {
    return `no problem document: ${text.slice (0, 200)}`;
  }
};

/** One request on a connection of its own: {status, headers, text}. */
function request (method, url, body) {
  return new Promise ((done, fail) => {
    const asked = http.request (url, {
      method, agent: false, signal: AbortSignal.timeout (ANSWER_MS), headers: { 'Content-Type': 'application/sdp' },
    }, (answer) => {
      let text = '';
      answer.on ('data', (chunk) => { text += chunk; });
      answer.on ('end', () => done ({ status: answer.statusCode, headers: answer.headers, text }));
      answer.on ('error', fail);
    });
    asked.on ('error', fail);
    asked.end (body);
  });
}

async function byPost (door, room, offer) {
  const { status, headers, text } = await request ('POST', stage.server.at (`/${door}/${room}`), offer);
  if (status !== 201)
    return problemOf (text);
  const gone = await request ('DELETE', new URL (headers.location, stage.server.url));
  return gone.status === 200 ? 'answer' : `DELETE gave ${gone.status}`;
}

const post = (door) => (room, offer) => byPost (door, room, offer);

/** Joins, sends one offer, leaves: 'answer', or the code of the error or bye that it got. */
function bySocket (room, offer) {
  return new Promise ((done, fail) => {
    const socket = new WebSocket (stage.server.at (`/v1/rooms/${room}/signal`).replace (/^http/, 'ws'), 'tessera.v1',
      { origin: stage.server.url.origin });
    let asked = false;
    const timer = setTimeout (() => end (fail, new Error (`no answer to ${asked ? 'an offer' : 'join'} over WebSocket`)), ANSWER_MS);
    const end = (how, what) => {
      clearTimeout (timer);
      how (what);
      if (socket.readyState === WebSocket.OPEN)
        socket.send (JSON.stringify ({ type: 'leave' }));    // else it would be kept as away
      socket.close ();
    };
    socket.on ('open', () => socket.send (JSON.stringify ({ type: 'join', name: 'fuzz' })));
    socket.on ('error', (error) => end (fail, error));
    socket.on ('close', (code) => end (done, `close ${code}`));
    socket.on ('message', (data) => {
      const message = JSON.parse (data);
      if (message.type === 'welcome') {
        asked = true;
        socket.send (JSON.stringify ({ type: 'offer', session: 1, sdp: offer }));
      } else if (message.type === 'answer') {
        end (done, 'answer');
      } else if (message.type === 'error' || message.type === 'bye') {
        end (done, message.code);
      }
    });
  });
}

const DOORS = [['WHIP', post ('whip')], ['WHEP', post ('whep')], ['WebSocket', bySocket]];

async function seedOffers (person) {
  const seeds = [];
  for (const [direction, codec] of [['sendrecv', 'VP8'], ['sendonly', 'H264'], ['recvonly', undefined], ['sendrecv', undefined]]) {
    seeds.push (await person.tab.evaluate (async (what) => {
      const sdp = await window.probe.offer (what);
      window.me.connection.close ();
      window.me.source?.stop ();
      return sdp;
    }, { who: EXTRAS[1], direction, codec }));
  }
  return seeds;
}

test (`${OFFERS} mutated offers (seed ${SEED})`, { timeout: 60000 + OFFERS * 200 }, async (t) => {
  const maker = await stage.person (EXTRAS[1]);
  const seeds = await seedOffers (maker);
  await maker.tab.close ();
  const witness = await stage.person (CAST[0]);
  await witness.join (stage.newRoom ('offers'));
  await expectMeeting ('before', [witness], CAST.slice (0, 1));
  const room = witness.room;
  const control = stage.server.pid;
  const pid = await witness.roomPid ();
  assert.ok (pid > 0, 'the room process is known');

  for (const [name, send] of DOORS)
    assert.equal (await send (room, seeds[name === 'WHEP' ? 2 : 1]), 'answer', `an unchanged offer over ${name}`);

  const random = randomFrom (SEED);
  const counts = {};
  let next = 0, slowest = 0;
  const worker = async () => {
    while (next < OFFERS) {
      const index = next++;
      const offer = mutate (seeds[index % seeds.length], random);
      const [name, send] = DOORS[index % DOORS.length];
      const start = Date.now ();
      const code = await send (room, offer).catch ((error) => {
        throw new Error (`offer ${index} of seed ${SEED} over ${name}: ${error.message} ${error.cause ?? ""}\n${offer.slice (0, 1500)}`, { cause: error });
      });
      slowest = Math.max (slowest, Date.now () - start);
      counts[`${name} ${code}`] = (counts[`${name} ${code}`] ?? 0) + 1;
    }
  };
  await Promise.all (Array.from ({ length: AT_ONCE }, worker));
  t.diagnostic (`slowest ${slowest} ms; ${JSON.stringify (counts)}`);

  assert.equal (stage.server.pid, control);
  assert.ok (stage.server.isRunning (), 'tessera lives');
  assert.ok (stage.server.roomPids ().includes (pid), 'the room process lives');
  const sum = (pattern) => Object.entries (counts).filter (([key]) => pattern.test (key)).reduce ((n, [, count]) => n + count, 0);
  /* 1009: too long for a message once it is JSON. */
  assert.equal (sum (/ (internal|media_fault|timeout|close (?!1009)\d+|no |DELETE)/), 0, JSON.stringify (counts));
  assert.ok (sum (/rate_limited/) <= OFFERS * MOST_RATE_LIMITED, JSON.stringify (counts));
  assert.ok (sum (/ answer$/) > 0 && sum (/ bad_sdp$/) > 0, `some are taken, some refused: ${JSON.stringify (counts)}`);
  await until ('only the witness is left', async () => {
    const { people } = await witness.look ();
    assert.equal (people.length, 1, `${people.length}, the last ${JSON.stringify (people.at (-1))}`);
    return true;
  }, { timeoutMs: AWAY_MS });
  await expectMeeting ('after', [witness], CAST.slice (0, 1));
  await witness.leave ();
});
