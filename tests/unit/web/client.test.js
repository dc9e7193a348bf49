// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { FakeConnection, FakeSocket, resetFakes, until } from './support/fakes.js';
import { TesseraClient } from '../../../signaling/web/client.js';

let client;
let events;

const named = (type) => events.filter((e) => e.type === type).map((e) => e.detail);

function makeClient(options = {}) {
  client = new TesseraClient({ room: 'team', url: 'http://host:8080', name: 'Ada', storage: null, WebSocket: FakeSocket, ...options });
  events = [];
  for (const type of ['state', 'stream', 'roster', 'layout', 'speaker', 'chat', 'error', 'bye', 'send'])
    client.addEventListener(type, (event) => events.push({ type, detail: event.detail }));
  return client;
}

const welcome = (more = {}) => ({
  type: 'welcome', participant: 'me', role: 'participant', resume: 'r1', resumed: false, session: 0, room: { name: 'team' },
  participants: [{ id: 'me', name: 'Ada' }], ice_servers: [{ urls: 'turn:x' }], ...more,
});

async function join(options) {
  const joined = makeClient(options).join();

  await until(() => FakeSocket.last?.all('join').length === 1, 'join');
  FakeSocket.last.say(welcome());
  await joined;
  await until(() => FakeSocket.last.all('offer').length === 1, 'offer');
}

async function goLive(options) {
  await join(options);
  FakeSocket.last.say({ type: 'answer', session: 1, sdp: 'v=0 answer' });
  await until(() => FakeConnection.last.remoteDescription, 'answer taken');
  FakeConnection.last.turn('connected');
  await until(() => client.state === 'live', 'live');
}

beforeEach(resetFakes);
afterEach(() => client?.leave());

test('joining: one join, one offer of three sections, candidates after it', async () => {
  await join({ token: 'jwt' });
  const [first, ...rest] = FakeSocket.last.sent;

  assert.equal(FakeSocket.last.url, 'ws://host:8080/v1/rooms/team/signal');
  assert.equal(FakeSocket.last.protocol, 'tessera.v1');
  assert.deepEqual(first, { type: 'join', name: 'Ada', token: 'jwt' });
  assert.deepEqual(rest.map((m) => m.type), ['offer', 'candidate']);
  assert.equal(rest[0].session, 1);
  assert.deepEqual(rest[0].streams, { 0: 'microphone', 1: 'camera', 2: 'screen' });
  assert.deepEqual(rest[1], { type: 'candidate', session: 1, candidate: 'candidate:early', sdp_mid: '0' });
  assert.deepEqual(FakeConnection.last.transceivers.map((t) => [t.kind, t.init.direction]),
    [['audio', 'sendrecv'], ['video', 'sendrecv'], ['video', 'sendonly']]);
  assert.deepEqual(FakeConnection.last.configuration.iceServers, [{ urls: 'turn:x' }]);
});

test('a viewer sends nothing', async () => {
  await join({ viewer: true });

  assert.deepEqual(FakeConnection.last.transceivers.map((t) => [t.kind, t.init.direction]), [['audio', 'recvonly'], ['video', 'recvonly']]);
  assert.equal(FakeSocket.last.all('offer')[0].streams, undefined);
  assert.equal(FakeSocket.last.all('join')[0].viewer, true);
});

test('at most twenty candidates, and no TCP ones', async () => {
  await join();
  for (let i = 0; i < 40; i++)
    FakeConnection.last.onicecandidate({ candidate: { candidate: `candidate:${i}`, sdpMid: '0', protocol: i % 2 ? 'tcp' : 'udp' } });
  for (let i = 0; i < 40; i++)
    FakeConnection.last.onicecandidate({ candidate: { candidate: `candidate:u${i}`, sdpMid: '0', protocol: 'udp' } });

  assert.equal(FakeSocket.last.all('candidate').length, 20);
});

test('the stream is told once per connection', async () => {
  await goLive();

  assert.equal(named('stream').length, 1);
  assert.equal(client.stream, named('stream')[0].stream);
});

test('renegotiate: the new connection is beside the old one, which goes when the new one is connected', async () => {
  await goLive();
  const old = FakeConnection.last;
  FakeSocket.last.say({ type: 'renegotiate', session: 1, reason: 'restart' });
  await until(() => FakeSocket.last.all('offer').length === 2, 'second offer');

  assert.equal(FakeSocket.last.all('offer')[1].session, 2);
  assert.equal(old.isClosed, false);
  FakeSocket.last.say({ type: 'answer', session: 1, sdp: 'of the older session' });
  assert.equal(FakeConnection.last.remoteDescription, null);
  FakeSocket.last.say({ type: 'answer', session: 2, sdp: 'v=0' });
  await until(() => FakeConnection.last.remoteDescription, 'answer');
  assert.equal(named('stream').length, 1, 'the old picture stays');
  FakeConnection.last.turn('connected');
  assert.equal(old.isClosed, true);
  assert.equal(named('stream').length, 2);
});

test('renegotiate for an older session is ignored', async () => {
  await goLive();
  FakeSocket.last.say({ type: 'renegotiate', session: 0, reason: 'late' });
  FakeSocket.last.say({ type: 'renegotiate', session: 5, reason: 'restart' });
  await until(() => FakeSocket.last.all('offer').length === 2, 'second offer');

  assert.equal(FakeSocket.last.all('offer')[1].session, 6);
});

test('a lost socket: back with the resume token, and a living connection stays', async () => {
  await goLive();
  const before = FakeSocket.last;
  before.drop();
  assert.equal(client.state, 'returning');
  await until(() => FakeSocket.last !== before && FakeSocket.last.all('join').length === 1, 'second join');
  assert.equal(FakeSocket.last.all('join')[0].resume, 'r1');
  FakeSocket.last.say(welcome({ resumed: true, session: 1, resume: 'r2' }));

  assert.equal(client.state, 'live');
  assert.equal(FakeConnection.all.length, 1);
  assert.equal(FakeConnection.last.isClosed, false);
});

test('a restarted server does not know the session: a new connection with a higher number', async () => {
  await goLive();
  const before = FakeSocket.last;
  before.drop();
  await until(() => FakeSocket.last !== before && FakeSocket.last.all('join').length === 1, 'second join');
  FakeSocket.last.say(welcome({ resumed: false, session: 0 }));
  await until(() => FakeSocket.last.all('offer').length === 1, 'offer');

  assert.equal(FakeSocket.last.all('offer')[0].session, 2);
});

test('own state is said again after a return', async () => {
  await goLive();
  client.setState({ audio_muted: true });
  client.setState({ hand_raised: true });
  client.setState({ hand_raised: true });
  assert.equal(FakeSocket.last.all('state').length, 2, 'nothing is said twice');
  const before = FakeSocket.last;
  before.drop();
  await until(() => FakeSocket.last !== before && FakeSocket.last.all('join').length === 1, 'second join');
  FakeSocket.last.say(welcome({ resumed: true, session: 1 }));

  assert.deepEqual(FakeSocket.last.all('state'), [{ type: 'state', audio_muted: true, hand_raised: true }]);
});

test('a server that is not there is tried again, and said so once', async () => {
  FakeSocket.isServerUp = false;
  makeClient().join();
  await until(() => FakeSocket.all.length >= 3, 'three tries');
  FakeSocket.isServerUp = true;
  await until(() => FakeSocket.last.all('join').length === 1, 'join');

  assert.deepEqual(named('error'), [{ code: 'unreachable', detail: '', fatal: false }]);
});

test('a refusal is final: the promise, the event and the state say it, and nobody comes back', async () => {
  const joined = makeClient().join();
  await until(() => FakeSocket.last?.all('join').length === 1, 'join');
  FakeSocket.last.say({ type: 'bye', code: 'room_full', reason: 'full' });

  await assert.rejects(joined, { code: 'room_full', name: 'TesseraError' });
  assert.equal(client.state, 'closed');
  assert.equal(named('bye')[0].will_return, false);
  assert.equal(FakeSocket.all.length, 1);
});

test('draining: back by itself', async () => {
  await goLive();
  const before = FakeSocket.last;
  before.say({ type: 'bye', code: 'draining', reason: '' });

  assert.equal(named('bye')[0].will_return, true);
  assert.equal(client.state, 'returning');
  await until(() => FakeSocket.last !== before && FakeSocket.last.all('join').length === 1, 'second join');
});

test('retry_after_ms is waited for', async () => {
  await goLive();
  const before = FakeSocket.last;
  before.say({ type: 'bye', code: 'overloaded', reason: '', retry_after_ms: 700 });
  const state = named('state').at(-1);

  assert.ok(state.retry_in_ms >= 700, String(state.retry_in_ms));
});

test('leaving says so and forgets everything', async () => {
  await goLive();
  const socket = FakeSocket.last;
  client.leave();

  assert.equal(socket.all('leave').length, 1);
  assert.equal(FakeConnection.last.isClosed, true);
  assert.equal(client.state, 'closed');
  assert.equal(named('bye')[0].code, 'left');
});

test('a media connection that failed is replaced', async () => {
  await goLive();
  FakeConnection.last.turn('failed');
  assert.equal(client.state, 'returning');
  await until(() => FakeSocket.last.all('offer').length === 2, 'second offer');
});

test('connections that never get through are said to be a firewall', async () => {
  await join();
  FakeConnection.last.turn('failed');
  await until(() => FakeConnection.all.length === 2 && FakeSocket.last.all('offer').length === 2, 'second offer');
  FakeConnection.last.turn('failed');

  assert.deepEqual(named('error').map((e) => e.code), ['ice_failed']);
});

test('an offer refused for good is not repeated; one refused for now is', async () => {
  await join();
  FakeSocket.last.say({ type: 'error', code: 'rate_limited', detail: '', session: 1 });
  await until(() => FakeSocket.last.all('offer').length === 2, 'second offer');
  assert.deepEqual(named('error'), []);
  FakeSocket.last.say({ type: 'error', code: 'no_common_codec', detail: 'none', session: 2 });

  assert.deepEqual(named('error').map((e) => e.code), ['no_common_codec']);
  assert.equal(FakeConnection.last.isClosed, true);
});

test('an answer that the browser refuses is an error, not a crash', async () => {
  await join();
  FakeSocket.last.say({ type: 'answer', session: 1, sdp: 'nonsense' });
  await until(() => named('error').length === 1, 'error');

  assert.equal(named('error')[0].code, 'bad_answer');
});

test('send bounds the stream now and in later connections', async () => {
  const camera = { kind: 'video', getSettings: () => ({ width: 640, height: 360, frameRate: 30 }) };
  await goLive({ stream: { getAudioTracks: () => [], getVideoTracks: () => [camera] } });
  const encodingOf = () => FakeConnection.last.transceivers[1].sender.parameters.encodings[0];
  FakeSocket.last.say({ type: 'send', stream: 'camera', width: 320, height: 180, fps: 15, bitrate_bps: 200000, active: true });
  await until(() => encodingOf().scaleResolutionDownBy === 2, 'bound');
  assert.equal(encodingOf().maxBitrate, 200000);

  FakeSocket.last.say({ type: 'send', stream: 'camera', active: false });
  await until(() => encodingOf().active === false, 'stopped');
  FakeSocket.last.say({ type: 'renegotiate', session: 1, reason: '' });
  await until(() => FakeSocket.last.all('offer').length === 2, 'second offer');
  FakeSocket.last.say({ type: 'answer', session: 2, sdp: 'v=0' });
  await until(() => encodingOf().active === false, 'still stopped');
});

test('tracks are swapped without an offer', async () => {
  await goLive();
  const track = { kind: 'video' };
  await client.setTrack('screen', track);

  assert.equal(FakeConnection.last.transceivers[2].sender.track, track);
  assert.equal(FakeSocket.last.all('offer').length, 1);
  assert.deepEqual(FakeSocket.last.all('state'), [{ type: 'state', screen: true }]);
});

test('the roster follows the messages', async () => {
  await goLive();
  const socket = FakeSocket.last;
  socket.say({ type: 'participant_joined', participant: { id: 'b', name: 'Bo' } });
  socket.say({ type: 'participant_updated', participant: { id: 'b', audio_muted: true } });
  assert.deepEqual(client.participants.map((p) => [p.name, p.audio_muted]), [['Ada', undefined], ['Bo', true]]);
  socket.say({ type: 'participant_updated', participant: { id: 'me', role: 'moderator' } });
  assert.equal(client.role, 'moderator');
  socket.say({ type: 'participant_left', participant: 'b', reason: 'left' });

  assert.deepEqual(client.participants.map((p) => p.id), ['me']);
  assert.equal(named('roster').at(-1).participant.name, 'Bo');
});

test('nonsense from the server changes nothing', async () => {
  await goLive();
  const count = events.length;
  for (const data of ['', '{', 'null', '[]', '7', '{"type":7}', '{"type":"constructor"}', '{"type":"__proto__"}', '{"type":"unknown"}'])
    FakeSocket.last.onmessage({ data });

  assert.equal(client.state, 'live');
  assert.equal(events.length, count);
});

test('chat that is empty or too long is not sent', async () => {
  await goLive();

  assert.equal(client.sendChat('  '), false);
  assert.equal(client.sendChat('가'.repeat(1366)), false);
  assert.equal(client.sendChat(' hello '), true);
  assert.deepEqual(FakeSocket.last.all('chat'), [{ type: 'chat', text: 'hello' }]);
});

test('a room name that the server would refuse is refused at once', () => {
  assert.throws(() => new TesseraClient({ room: 'a b' }), { code: 'bad_room_name' });
  assert.throws(() => new TesseraClient({}), { code: 'bad_room_name' });
  client = null;
});

test('a media connection that breaks asks at once whether the socket lives', async () => {
  await goLive();
  FakeConnection.last.turn('disconnected');

  assert.equal(client.state, 'returning');
  assert.equal(FakeSocket.last.all('ping').length, 1);
  FakeConnection.last.turn('connected');
  assert.equal(client.state, 'live');
  assert.equal(FakeConnection.all.length, 1);
});

test('after a room process died the page is told that media are away until the new connection is up', async () => {
  await goLive();
  FakeSocket.last.say({ type: 'renegotiate', session: 1, reason: 'room_restarted' });
  assert.equal(client.state, 'returning');
  await until(() => FakeSocket.last.all('offer').length === 2, 'second offer');
  assert.equal(client.state, 'returning');
  FakeSocket.last.say({ type: 'answer', session: 2, sdp: 'v=0' });
  await until(() => FakeConnection.last.remoteDescription, 'answer');
  FakeConnection.last.turn('connected');

  assert.equal(client.state, 'live');
});
