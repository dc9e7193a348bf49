// SPDX-License-Identifier: Apache-2.0
// Live outputs to a real RTMP server, a real SRT listener and Chromium's own HLS player; inputs from a real
// RTSP server, files and HTTP.

import assert from 'node:assert/strict';
import { chmodSync, createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import {
  ffmpeg, freeTcpPort, freeUdpPort, lookInto, makeCertificate, startCamera, startRtmpServer, startSrtListener, startTls,
} from './support/live.mjs';
import { CAST, colorName } from './support/palette.mjs';
import { childrenOf } from './support/proc.mjs';
import { Server } from './support/server.mjs';
import { useStage } from './support/stage.mjs';
import { until } from './support/wait.mjs';

const directory = mkdtempSync (join (tmpdir (), 'tessera-live-'));
const inputs = join (directory, 'inputs');
mkdirSync (inputs);
chmodSync (directory, 0o755);    // the processes of outputs are nobody's
const trusted = makeCertificate (directory);
const programs = new Set ();
const keep = (program) => { programs.add (program); return program; };
const stage = useStage ({ name: 'live', config: {
  streams: { allow_private: true, ca_file: trusted.certificate }, inputs: { allow_private: true, directory: inputs },
} });
after (async () => {
  await Promise.all ([...programs].map ((program) => program.stop ()));
  rmSync (directory, { recursive: true, force: true });
});

const [ada] = CAST;
const FPS = 10;

async function ask (server, method, path, body) {
  const answer = await fetch (server.at (path), { method, headers: body && { 'Content-Type': 'application/json' }, body: body && JSON.stringify (body) });
  return { status: answer.status, headers: answer.headers, body: answer.status === 204 ? null : await answer.json () };
}

async function add (room, what, body, server = stage.server) {
  const { status, headers, body: made } = await ask (server, 'POST', `/v1/rooms/${room}/${what}`, body);
  assert.equal (status, 201, JSON.stringify (made));
  assert.equal (headers.get ('location'), `/v1/rooms/${room}/${what}/${made.id}`);
  return made;
}

async function find (room, what, id, server = stage.server) {
  const { body } = await ask (server, 'GET', `/v1/rooms/${room}/${what}`);
  return body[what].find ((one) => one.id === id);
}

function untilState (room, what, id, state, server = stage.server, timeoutMs = 20000) {
  return until (`${what} ${id} is ${state}`, async () => {
    const one = await find (room, what, id, server);
    assert.equal (one.state, state, JSON.stringify (one.error ?? ''));
    return one;
  }, { timeoutMs });
}

/* Processes beside a room: `--stream` or `--input`. */
function sides (role, server = stage.server) {
  return childrenOf (server.pid).filter ((pid) => readFileSync (`/proc/${pid}/cmdline`, 'utf8').includes (`\0--${role}`));
}

async function checkFile (what, file) {
  const seen = await lookInto (file, [ada.tone, 620]);
  assert.equal (colorName (seen.color), ada.color, `${what}: Ada's colour`);
  assert.ok (seen.tones[0] > 0.02 && seen.tones[0] > 5 * seen.tones[1], `${what}: Ada's tone, ${seen.tones}`);
  assert.ok (seen.frames >= 0.9 * FPS * seen.seconds, `${what}: ${seen.frames} frames in ${seen.seconds} s`);
  assert.ok (seen.videoGap < 0.35 && seen.soundGap < 0.1, `${what}: gaps ${seen.videoGap}, ${seen.soundGap}`);
  assert.ok (seen.apart < 0.5, `${what}: picture and sound end ${seen.apart} s apart`);
  return seen;
}

async function readRtmp (url, seconds) {
  const file = join (directory, `rtmp-${Date.now ()}.mkv`);
  await ffmpeg ('-i', url, '-t', String (seconds), '-c', 'copy', file);
  return file;
}

/* In a page of nobody: the video element plays the playlist itself. */
async function playHls (url) {
  const browser = await stage.browser ('chromium');
  const tab = await browser.newTab ();
  await tab.goto (stage.server.at ('/healthz'));
  await tab.evaluate ((address) => {
    const video = document.createElement ('video');
    Object.assign (video, { src: address, muted: true, autoplay: true });
    document.body.append (video);
    window.video = video;
    return video.play ().catch (() => {});
  }, url);
  return tab;
}

function lookAtVideo (tab) {
  return tab.evaluate (() => {
    const { video } = window;
    const canvas = document.createElement ('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext ('2d');
    if (video.videoWidth)
      context.drawImage (video, video.videoWidth / 2 - 8, video.videoHeight / 2 - 8, 16, 16, 0, 0, 1, 1);
    return { time: video.currentTime, error: video.error?.message, color: [...context.getImageData (0, 0, 1, 1).data].slice (0, 3) };
  });
}

test ('a meeting goes out by RTMP, SRT and HLS', async (t) => {
  const start = Date.now ();
  const step = (what) => t.diagnostic (`${Date.now () - start} ms: ${what}`);
  const room = stage.newRoom ('out');
  const rtmpPort = await freeTcpPort ();
  const srtPort = await freeUdpPort ();
  const srtFile = join (directory, 'srt.ts');
  let nginx = keep (await startRtmpServer (directory, rtmpPort));
  const listener = keep (startSrtListener (srtPort, srtFile));
  const person = await (await stage.person (ada)).join (room);
  await person.waitLive ();

  const rtmpUrl = `rtmp://127.0.0.1:${rtmpPort}/live/secret-key`;
  const rtmp = await add (room, 'streams', { url: rtmpUrl });
  const srt = await add (room, 'streams', { url: `srt://127.0.0.1:${srtPort}?passphrase=0123456789&streamid=secret-id` });
  const hls = await add (room, 'streams', { hls: true });
  assert.equal (rtmp.url, `rtmp://127.0.0.1:${rtmpPort}/live`, 'the key is not shown');
  for (const { id } of [rtmp, srt, hls])
    await untilState (room, 'streams', id, 'live');
  const all = JSON.stringify ([(await ask (stage.server, 'GET', `/v1/rooms/${room}/streams`)).body, (await ask (stage.server, 'GET', '/v1/stats')).body]);
  assert.ok (!/secret|0123456789/.test (all), 'no secret in what REST says');
  step ('all live');

  const player = await playHls (stage.server.at (hls.playlist_url));
  await checkFile ('RTMP', await readRtmp (rtmpUrl, 4));
  step ('RTMP read back');

  await until ('Chromium plays the HLS', async () => {
    const seen = await lookAtVideo (player);
    assert.equal (seen.error, undefined);
    assert.equal (colorName (seen.color), ada.color);
    assert.ok (seen.time > 3, `it is at ${seen.time}`);
    return true;
  });
  await player.close ();
  const playlist = await fetch (stage.server.at (hls.playlist_url), { headers: { Origin: 'https://elsewhere.example' } });
  assert.equal (playlist.headers.get ('access-control-allow-origin'), '*');
  assert.match (playlist.headers.get ('content-type'), /^application\/vnd\.apple\.mpegurl/);
  const [name] = (await playlist.text ()).match (/^\d+\.ts$/m);
  const segment = await fetch (stage.server.at (`/hls/${hls.id}/${name}`));
  assert.equal (segment.headers.get ('content-type'), 'video/mp2t');
  assert.match (segment.headers.get ('cache-control'), /immutable/);
  assert.equal ((await fetch (stage.server.at (`/hls/${hls.id}/99999.ts`))).status, 404);
  assert.equal ((await fetch (stage.server.at (`/hls/${hls.id.slice (0, -1)}x/index.m3u8`))).status, 404);
  step ('HLS played');

  await person.count ();
  const before = (await person.decoded ()).length;
  await nginx.stop ();
  programs.delete (nginx);
  await untilState (room, 'streams', rtmp.id, 'retrying');
  nginx = keep (await startRtmpServer (directory, rtmpPort));
  await untilState (room, 'streams', rtmp.id, 'live', stage.server, 30000);
  await checkFile ('RTMP after the server came back', await readRtmp (rtmpUrl, 2));
  assert.ok ((await person.decoded ()).length - before > FPS, 'the meeting went on meanwhile');
  step ('RTMP is back');

  const { restarts } = await find (room, 'streams', rtmp.id);
  process.kill (await person.roomPid (), 'SIGKILL');
  await until ('the room is back', async () => (await person.look ()).state === 'live');
  const [last] = (await (await fetch (stage.server.at (hls.playlist_url))).text ()).match (/\d+(?=\.ts\n*$)/);
  await until ('HLS goes on', async () =>
    Number ((await (await fetch (stage.server.at (hls.playlist_url))).text ()).match (/\d+(?=\.ts\n*$)/)[0]) > Number (last) + 1);
  assert.equal ((await find (room, 'streams', rtmp.id)).restarts, restarts, 'the connection outlived the room process');
  assert.equal ((await find (room, 'streams', rtmp.id)).state, 'live');
  step ('the room process was replaced');

  assert.equal (sides ('stream').length, 3);
  for (const { id } of [rtmp, srt, hls])
    assert.equal ((await ask (stage.server, 'DELETE', `/v1/rooms/${room}/streams/${id}`)).status, 204);
  assert.equal ((await ask (stage.server, 'DELETE', `/v1/rooms/${room}/streams/${rtmp.id}`)).status, 404);
  await until ('their processes are gone', () => sides ('stream').length === 0);
  await listener.stop ('SIGTERM');
  programs.delete (listener);
  assert.ok (statSync (srtFile).size > 10000, `SRT: ${listener.log}`);
  const cut = join (directory, 'srt-begin.ts');
  await ffmpeg ('-i', srtFile, '-t', '4', '-c', 'copy', cut);
  await checkFile ('SRT', cut);
  await person.leave ();
});

/* Answers each path with a file, or sends to another. */
async function serveFiles (files, redirects = {}) {
  const server = http.createServer ((request, answer) => {
    if (redirects[request.url])
      answer.writeHead (302, { Location: redirects[request.url] }).end ();
    else if (files[request.url])
      createReadStream (files[request.url]).pipe (answer.writeHead (200, { 'Content-Type': 'application/octet-stream' }));
    else
      answer.writeHead (404).end ();
  });
  await new Promise ((done) => server.listen (0, '127.0.0.1', done));
  return { at: (path) => `http://127.0.0.1:${server.address ().port}${path}`, stop: () => new Promise ((done) => { server.close (done); server.closeAllConnections (); }) };
}

const picture = (color, seconds) => ['-f', 'lavfi', '-i', `color=c=${color}:s=320x180:r=25:d=${seconds}`];
const tone = (hertz, seconds) => ['-f', 'lavfi', '-i', `sine=${hertz}:d=${seconds}`];

test ('RTMPS goes to a server whose certificate is trusted, and to no other', async () => {
  const rtmpPort = await freeTcpPort ();
  keep (await startRtmpServer (directory, rtmpPort));
  const url = `rtmps://127.0.0.1:${await startTls (trusted, rtmpPort)}/live/by-tls`;
  const room = stage.newRoom ('tls');
  const person = await (await stage.person (ada)).join (room);
  await person.waitLive ();
  const stream = await add (room, 'streams', { url });
  await untilState (room, 'streams', stream.id, 'live');
  await checkFile ('RTMPS', await readRtmp (`rtmp://127.0.0.1:${rtmpPort}/live/by-tls`, 2));
  await person.leave ();

  const server = await Server.start ({ name: 'wary', config: { streams: { allow_private: true } } });
  try {
    await add (room, 'inputs', { url: 'file:x.mp4' }, server);    // opens the room
    const refused = await add (room, 'streams', { url }, server);
    const { error } = await untilState (room, 'streams', refused.id, 'retrying', server);
    assert.ok (error, 'it says why');
  } finally {
    await server.stop ();
  }
});

test ('a camera, a file and an HTTP stream are people of the room', async (t) => {
  const room = stage.newRoom ('in');
  const blue = join (inputs, 'blue.webm');
  const green = join (directory, 'green.mp4');
  await ffmpeg (...picture ('0x1e32dc', 2), ...tone (1130, 2), '-c:v', 'libvpx', '-c:a', 'libopus', blue);
  await ffmpeg (...picture ('0x14b428', 30), ...tone (710, 30), '-c:v', 'libx264', '-bf', '2', '-pix_fmt', 'yuv420p', '-c:a', 'libmp3lame', '-movflags', '+faststart', green);
  const web = keep (await serveFiles ({ '/green.mp4': green }, { '/moved.mp4': '/green.mp4' }));
  let camera = keep (await startCamera ());
  const viewer = await (await stage.person (CAST[3])).join (room);
  await viewer.waitLive ();

  const cam = await add (room, 'inputs', { url: `rtsp://admin:secret@127.0.0.1:${camera.port}/cam`, name: 'Door' });
  const file = await add (room, 'inputs', { url: 'file:blue.webm', name: 'File', loop: true });
  const moved = await add (room, 'inputs', { url: web.at ('/moved.mp4'), name: 'Web' });
  assert.equal (cam.url, `rtsp://127.0.0.1:${camera.port}/cam`, 'no credentials');
  for (const { id } of [cam, file, moved])
    await untilState (room, 'inputs', id, 'live');

  const seeAndHear = async (wanted, tones) => {
    const { layout } = await viewer.look ();
    const tiles = wanted.map (([input]) => layout.tiles.find (({ participant }) => participant === input.participant));
    assert.ok (tiles.every (Boolean), 'each has a tile');
    const { colors } = await viewer.picture (tiles, layout.canvas);
    assert.deepEqual (colors.map (colorName), wanted.map (([, color]) => color));
    const heard = await viewer.tones (tones);
    assert.ok (heard.every ((strength) => strength > -60), `tones ${heard}`);
    return true;
  };
  const everybody = [[cam, 'red'], [file, 'blue'], [moved, 'green']];
  await until ('all are seen and heard', () => seeAndHear (everybody, [440, 1130, 710]));
  const { body } = await ask (stage.server, 'GET', `/v1/rooms/${room}/participants`);
  assert.deepEqual (body.participants.filter ((one) => one.kind === 'input').map ((one) => [one.name, one.state]).sort (),
    [['Door', 'live'], ['File', 'live'], ['Web', 'live']]);

  const port = camera.port;
  await camera.stop ();
  programs.delete (camera);
  await untilState (room, 'inputs', cam.id, 'retrying');
  await until ('the others go on', () => seeAndHear (everybody.slice (1), [1130, 710]));
  camera = keep (await startCamera (port));
  await untilState (room, 'inputs', cam.id, 'live', stage.server, 30000);
  await until ('the camera is seen again', () => seeAndHear (everybody, [440, 1130, 710]));

  process.kill (await viewer.roomPid (), 'SIGKILL');
  await until ('all are back after the room process was replaced', () => seeAndHear (everybody, [440, 1130, 710]));

  await ask (stage.server, 'DELETE', `/v1/rooms/${room}/participants/${file.participant}`);
  await until ('whoever is sent out takes its input along', async () => !(await find (room, 'inputs', file.id)));
  assert.equal ((await ask (stage.server, 'DELETE', `/v1/rooms/${room}/inputs/${cam.id}`)).status, 204);
  await until ('two processes are gone', () => sides ('input').length === 1);
  await viewer.leave ();
});

test ('a file ends, and nothing outside its directory is one', async () => {
  const room = stage.newRoom ('files');
  await ffmpeg (...picture ('blue', 1), '-c:v', 'libvpx', join (inputs, 'short.webm'));
  await ffmpeg (...picture ('blue', 1), '-c:v', 'libvpx', join (directory, 'outside.webm'));
  symlinkSync (join (directory, 'outside.webm'), join (inputs, 'link.webm'));
  symlinkSync (directory, join (inputs, 'up'));
  const short = await add (room, 'inputs', { url: 'file:short.webm', name: 'Short' });
  for (const url of ['file:link.webm', 'file:up/outside.webm', 'file:nothing.webm', `file://${directory}/outside.webm`]) {
    const input = await add (room, 'inputs', { url });
    const { error } = await untilState (room, 'inputs', input.id, 'failed');
    assert.equal (error.code, 'not_found', url);
  }
  await untilState (room, 'inputs', short.id, 'ended');
});

test ('nothing of our own network is reached unless it is allowed', async () => {
  const web = keep (await serveFiles ({}));
  const server = await Server.start ({ name: 'closed' });
  try {
    const room = 'closed';
    const input = await add (room, 'inputs', { url: web.at ('/x.mp4') }, server);
    const stream = await add (room, 'streams', { url: 'rtmp://127.0.0.1:1/live/key' }, server);
    const named = await add (room, 'streams', { url: 'srt://localhost:1' }, server);
    assert.equal ((await untilState (room, 'streams', stream.id, 'failed', server)).error.code, 'forbidden');
    assert.equal ((await untilState (room, 'streams', named.id, 'failed', server)).error.code, 'forbidden');
    assert.equal ((await untilState (room, 'inputs', input.id, 'failed', server)).error.code, 'forbidden');
    const fileInput = await add (room, 'inputs', { url: 'file:x.mp4' }, server);
    assert.equal ((await untilState (room, 'inputs', fileInput.id, 'failed', server)).error.code, 'forbidden');
    for (const body of [{}, { url: 'http://example.com/' }, { url: 'rtmp://h/k', hls: true }, { url: 5 }]) {
      const { status, body: problem } = await ask (server, 'POST', `/v1/rooms/${room}/streams`, body);
      assert.equal (status, 400, JSON.stringify (body));
      assert.equal (problem.code, 'bad_request');
    }
    assert.equal ((await ask (server, 'POST', '/v1/rooms/nobody/streams', { hls: true })).status, 404);
    for (let i = 0; i < 4; i++)
      await add (room, 'streams', { hls: true }, server);
    assert.equal ((await ask (server, 'POST', `/v1/rooms/${room}/streams`, { hls: true })).body.code, 'too_many_streams');
  } finally {
    await server.stop ();
  }
});
