// SPDX-License-Identifier: Apache-2.0
// The measuring parts against themselves: two peer connections in one page and a picture that we drew,
// without any server. A harness that cannot see a wrong colour proves nothing about a right one.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { hasFirefox, launchChromium, launchFirefox } from './support/browsers.mjs';
import { CAST, COLORS, colorName, css } from './support/palette.mjs';
import { until } from './support/wait.mjs';

const CANVAS = { width: 640, height: 360 };
const RECTS = [0, 1, 2, 3].map ((i) =>
  ({ x: (i % 2) * 320, y: Math.floor (i / 2) * 180, width: 320, height: 180 }));
const NAMES = CAST.map (({ name }) => name);
const TONES = CAST.map (({ tone }) => tone);

let page;
before (async () => {
  page = http.createServer ((request, answer) => {
    answer.setHeader ('Content-Type', 'text/html');
    answer.end ('<!doctype html><meta charset=utf-8><title>blank</title>');
  });
  await new Promise ((done) => page.listen (0, '127.0.0.1', done));
});
after (() => page.close ());

/** In the page: draws four named tiles, plays tones 2 to 4, and sends both over a loop of two connections. */
async function loop ({ colors, names, tones, rects }) {
  const { Source, Receiver } = window.probe;
  const voices = tones.map ((tone) => new Source ({ tone, video: false }));
  const canvas = document.createElement ('canvas');
  Object.assign (canvas, { width: 640, height: 360 });
  const brush = canvas.getContext ('2d', { alpha: false });
  let frame = 0;
  const draw = () => {
    rects.forEach ((rect, i) => {
      brush.fillStyle = colors[i];
      brush.fillRect (rect.x, rect.y, rect.width, rect.height);
      brush.fillStyle = 'rgba(0,0,0,0.6)';
      brush.font = '14px "Noto Sans", sans-serif';
      brush.fillRect (rect.x + 6, rect.y + rect.height - 26, brush.measureText (names[i]).width + 12, 20);
      brush.fillStyle = 'white';
      brush.fillText (names[i], rect.x + 12, rect.y + rect.height - 11);
    });
    brush.fillStyle = ++frame % 2 ? 'gray' : 'black';
    brush.fillRect (0, 0, 8, 8);
  };
  draw ();
  setInterval (draw, 100);
  const audio = new AudioContext ({ sampleRate: 48000 });
  const sum = new MediaStreamAudioDestinationNode (audio, { channelCount: 1 });
  for (const { stream } of voices)
    audio.createMediaStreamSource (stream).connect (sum);
  const stream = canvas.captureStream (10);
  stream.addTrack (sum.stream.getAudioTracks ()[0]);

  const a = new RTCPeerConnection (), b = new RTCPeerConnection ();
  a.onicecandidate = ({ candidate }) => b.addIceCandidate (candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate (candidate);
  const receiver = window.receiver = new Receiver ();
  b.ontrack = ({ streams }) => receiver.attach (streams[0]);
  for (const track of stream.getTracks ())
    a.addTrack (track, stream);
  await a.setLocalDescription ();
  await b.setRemoteDescription (a.localDescription);
  await b.setLocalDescription ();
  await a.setRemoteDescription (b.localDescription);
  window.keep = { a, b, canvas, voices, audio };
}

async function checkLoop (browser) {
  const tab = await browser.newTab ();
  await tab.gotoWithProbe (`http://127.0.0.1:${page.address ().port}/`);
  const colors = CAST.map (({ color }) => css (color));
  await tab.evaluate (loop, { colors, names: NAMES, tones: TONES.slice (1), rects: RECTS });

  const want = CAST.map (({ color }) => color);
  await until ('the four colours', async () => {
    const seen = await tab.evaluate (({ rects, canvas }) => window.receiver.picture ({ rects, canvas }),
      { rects: RECTS, canvas: CANVAS });
    assert.deepEqual (seen?.colors.map (colorName), want);
    return true;
  });
  await until ('tones 2 to 4 at one level and tone 1 away', async () => {
    const levels = await tab.evaluate ((tones) => window.receiver.ear?.tones (tones), TONES);
    assert.ok (levels, 'no sound yet');
    const heard = levels.slice (1);
    assert.ok (Math.max (...heard) - Math.min (...heard) < 3, `levels ${levels}`);
    assert.ok (Math.min (...heard) - levels[0] > 30, `levels ${levels}`);
    return true;
  });
  for (const [i, rect] of RECTS.entries ()) {
    await until (`the name ${NAMES[i]}`, async () => {
      const read = await tab.evaluate ((query) => window.probe.readLabel (window.receiver, query),
        { rect, canvas: CANVAS, names: NAMES });
      assert.equal (read[0]?.name, NAMES[i], JSON.stringify (read));
      return true;
    }, { timeoutMs: 5000 });
  }
  await tab.evaluate (() => window.receiver.record ());
  const frames = await until ('fifteen recorded frames', async () => {
    const seen = await tab.evaluate ((query) => window.receiver.recorded (query), { rects: RECTS, canvas: CANVAS });
    return seen.length >= 15 && seen;
  });
  assert.ok (frames.every (({ rtp }) => Number.isInteger (rtp)), 'frames carry their RTP timestamp');
  for (const { colors: at } of frames)
    assert.deepEqual (at.map (colorName), want);
  if (await tab.evaluate (() => window.receiver.count ())) {
    const decoded = await until ('fifteen decoded frames', async () => {
      const seen = await tab.evaluate (() => window.receiver.decoded);
      return seen.length >= 15 && seen;
    });
    assert.ok (decoded.every (({ rtp }) => Number.isInteger (rtp)), JSON.stringify (decoded[0]));
  }
  await tab.close ();
}

test ('colours are told apart', () => {
  for (const [name, rgb] of Object.entries (COLORS))
    assert.equal (colorName (rgb), name);
  assert.match (colorName ([0, 0, 0]), /^none/);
  assert.match (colorName ([128, 128, 128]), /^none/);
});

test ('Chromium: colour, name, tone and frames over a loop', async () => {
  const browser = await launchChromium ();
  try {
    await checkLoop (browser);
  } finally {
    await browser.close ();
  }
});

test ('Firefox: colour, name, tone and frames over a loop', { skip: !hasFirefox () }, async () => {
  const browser = await launchFirefox ();
  try {
    await checkLoop (browser);
  } finally {
    await browser.close ();
  }
});
