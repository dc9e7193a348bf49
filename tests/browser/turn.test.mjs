// SPDX-License-Identifier: Apache-2.0
// People behind a firewall that lets nothing out but TURN: a real coturn, with the credentials that tessera makes.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { after, test } from 'node:test';

import { expectMeeting } from './support/expect.mjs';
import { CAST } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { until } from './support/wait.mjs';

const TURNSERVER = '/usr/bin/turnserver';
const secret = randomBytes (16).toString ('hex');

async function freePort () {
  const socket = dgram.createSocket ('udp4');
  await new Promise ((done) => socket.bind (0, '127.0.0.1', done));
  const { port } = socket.address ();
  await new Promise ((done) => socket.close (done));
  return port;
}

/* coturn listens on TCP as well, and that can be seen. */
function isOpen (tcpPort) {
  return new Promise ((done) => {
    const socket = net.connect (tcpPort, '127.0.0.1', () => { socket.destroy (); done (true); });
    socket.once ('error', () => done (false));
  });
}

function startTurnServer (port) {
  assert.ok (existsSync (TURNSERVER), 'coturn is installed');
  const server = spawn (TURNSERVER, ['-n', '--no-cli', '--no-tls', '--no-dtls', '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1',
    `--listening-port=${port}`, '--realm=tessera.test', '--use-auth-secret', `--static-auth-secret=${secret}`,
    '--allow-loopback-peers', '--no-multicast-peers', '--log-file=stdout', '--simple-log', '--pidfile=/dev/null'], { stdio: ['ignore', 'pipe', 'pipe'] });
  server.log = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on ('data', (chunk) => { server.log = (server.log + chunk).slice (-200_000); });
  return server;
}

const port = await freePort ();
const turnServer = startTurnServer (port);
const stage = useStage ({ name: 'turn', config: { turn: { urls: `turn:127.0.0.1:${port}?transport=udp`, secret } } });
after (() => turnServer.kill ());

/* What a strict firewall does: no candidate but the relay's. */
function relayOnly () {
  const Real = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Real {
    constructor (options) {
      super ({ ...options, iceTransportPolicy: 'relay' });
      window.connections.push (this);
    }
  };
}

async function pairInUse () {
  for (const connection of window.connections) {
    const stats = await connection.getStats ();
    for (const transport of stats.values ()) {
      const pair = transport.type === 'transport' && stats.get (transport.selectedCandidatePairId);
      if (pair)
        return { type: stats.get (pair.localCandidateId).candidateType, state: pair.state };
    }
  }
  return null;
}

test ('two people meet through a TURN server', async () => {
  await until (`coturn listens; it said ${turnServer.log.slice (-500)}`, () => isOpen (port));
  const room = stage.newRoom ();
  const people = [];
  for (const role of CAST.slice (0, 2)) {
    const person = await stage.person (role);
    await person.tab.evaluate (relayOnly);
    people.push (await person.join (room));
  }
  await expectMeeting ('both through the relay', people, CAST.slice (0, 2), { timeoutMs: 30000 });
  for (const person of people)
    assert.equal ((await person.tab.evaluate (pairInUse))?.type, 'relay', `${person.name} uses the relay`);
  await Promise.all (people.map ((person) => person.leave ()));
});
