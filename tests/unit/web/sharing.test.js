// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { screenOptions } from '../../../signaling/web/bounds.js';
import { shareFault, Sharing } from '../../../signaling/web/sharing.js';

class FakeTrack {
  isStopped = false;
  constructor(kind) {
    this.kind = kind;
  }
  stop() {
    this.isStopped = true;
  }
}

class FakeMix {
  track = null;
  inputs = {};
  isAllowed = true;
  async start() {
    this.track = this.isAllowed ? 'mixed' : null;
    return this.isAllowed;
  }
  set(name, track) {
    this.inputs[name] = track;
  }
  stop() {
    this.track = null;
    this.inputs = {};
  }
}

const share = (...kinds) => {
  const tracks = kinds.map((kind) => new FakeTrack(kind));
  const of = (kind) => tracks.filter((track) => track.kind === kind);

  return { getTracks: () => tracks, getVideoTracks: () => of('video'), getAudioTracks: () => of('audio') };
};

const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
let answer, asked, said, mix, sharing;

beforeEach(() => {
  asked = [];
  said = [];
  mix = new FakeMix();
  const mediaDevices = {
    getDisplayMedia: async (options) => {
      asked.push(options);
      return answer();
    },
  };
  Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices }, configurable: true });
  sharing = new Sharing({
    screen: (track) => said.push(['screen', track]),
    microphone: (track) => said.push(['microphone', track]),
    fault: (code) => said.push(['fault', code]),
  }, mix);
});

afterEach(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : delete globalThis.navigator));

test('a share without sound leaves the microphone alone, and ends once', async () => {
  const stream = share('video');
  answer = () => stream;
  await sharing.start();
  const [video] = stream.getVideoTracks();

  assert.equal(video.contentHint, 'detail');
  assert.ok(sharing.isOn && !sharing.hasSound);
  await sharing.start();
  assert.equal(asked.length, 1);
  video.onended();
  sharing.stop();
  assert.ok(video.isStopped && !sharing.isOn);
  assert.deepEqual(said, [['screen', video], ['screen', null]]);
});

test('its sound is mixed with the microphone, which comes back alone', async () => {
  const stream = share('video', 'audio');
  const [sound] = stream.getAudioTracks();
  answer = () => stream;
  sharing.setMicrophone('mic 1');
  await sharing.start();
  assert.deepEqual(mix.inputs, { screen: sound, microphone: 'mic 1' });
  sharing.setMicrophone('mic 2');
  assert.equal(mix.inputs.microphone, 'mic 2');
  sound.onended();
  assert.ok(sharing.isOn && !sharing.hasSound);
  assert.deepEqual(said.filter(([what]) => what === 'microphone').map(([, track]) => track), ['mic 1', 'mixed', 'mixed', 'mic 2']);
});

test('a context that does not run takes no microphone with it', async () => {
  answer = () => share('video', 'audio');
  mix.isAllowed = false;
  sharing.setMicrophone('mic');
  await sharing.start();
  assert.ok(sharing.isOn && !sharing.hasSound);
  assert.deepEqual(said.filter(([what]) => what === 'microphone'), [['microphone', 'mic']]);
});

test('a share that ends while its sound is prepared leaves no mix', async () => {
  const stream = share('video', 'audio');
  answer = () => stream;
  mix.start = async () => {
    sharing.stop();
    mix.track = 'mixed';
    return true;
  };
  await sharing.start();
  assert.ok(!sharing.isOn && !sharing.hasSound);
});

test('who thinks better of it hears nothing, real faults have a code', async () => {
  answer = () => {
    throw new DOMException('Permission denied', 'NotAllowedError');
  };
  await sharing.start();
  assert.deepEqual(said, []);
  assert.equal(shareFault(new DOMException('Permission denied by system', 'NotAllowedError')), 'screen_denied');
  assert.equal(shareFault(new DOMException('x', 'NotReadableError')), 'screen_failed');
});

test('the sound of the whole computer is offered only without our own in it', () => {
  assert.equal(screenOptions({}).systemAudio, 'exclude');
  assert.equal(screenOptions({ restrictOwnAudio: true }).systemAudio, 'include');
  assert.ok(screenOptions().video.width.max <= 1920 && screenOptions().video.height.max <= 1088, 'the server takes no more');
});
