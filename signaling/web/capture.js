// SPDX-License-Identifier: Apache-2.0
// The camera and the microphone: got, chosen, switched off, and got back after an interruption.

import { cameraConstraints, MICROPHONE_CONSTRAINTS } from './bounds.js';
import { LONGEST_WAIT_MS, waitMs } from './backoff.js';

// A phone call or another app can mute a track for a moment; longer than this we ask for a new one.
const MUTED_FOR_MS = 2000;
const MOST_TRIES = 8;

const KINDS = {
  audio: { device: 'microphone', input: 'audioinput' },
  video: { device: 'camera', input: 'videoinput' },
};

/** The fault code for an exception of getUserMedia. */
export function faultOf(error) {
  switch (error?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'permission_denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no_device';
    case 'NotReadableError':
    case 'AbortError':
      return 'device_busy';
    default:
      return 'capture_failed';
  }
}

/**
 * Events: `track` {kind, track}, `fault` {kind, device, code} (code null: it works again), `devices` {list}.
 */
export class Capture extends EventTarget {
  #tracks = { audio: null, video: null };
  #wanted = { audio: true, video: true };
  #chosen = { audio: null, video: null };
  #tries = { audio: 0, video: 0 };
  #timers = { audio: 0, video: 0 };
  #runs = { audio: 0, video: 0 };
  #muted = false;
  #media = globalThis.navigator?.mediaDevices;

  faults = { audio: null, video: null };

  constructor() {
    super();
    this.#media?.addEventListener?.('devicechange', () => this.#devicesChanged());
    document.addEventListener('visibilitychange', () => this.#checkAll());
  }

  get tracks() {
    return this.#tracks;
  }

  get isMuted() {
    return this.#muted;
  }

  get isCameraOn() {
    return this.#wanted.video && this.#tracks.video !== null;
  }

  get hasMicrophone() {
    return this.#tracks.audio !== null;
  }

  /** Asks for both at once (one question to the user), then for each alone if that fails. */
  async start() {
    if (!this.#media?.getUserMedia) {
      this.#fault('audio', 'insecure');
      this.#fault('video', 'insecure');
      return;
    }
    try {
      const stream = await this.#media.getUserMedia({ audio: this.#constraints('audio'), video: this.#constraints('video') });
      for (const track of stream.getTracks())
        this.#take(track.kind, track);
    } catch {
      await this.#open('audio');
      await this.#open('video');
    }
    this.#tellDevices();
  }

  /** Uses this device from now on. */
  async choose(kind, deviceId) {
    this.#chosen[kind] = deviceId || null;
    this.#tries[kind] = 0;
    if (this.#wanted[kind])
      await this.#open(kind);
  }

  /** Asks again after a fault. */
  async retry(kind) {
    this.#tries[kind] = 0;
    this.#wanted[kind] = true;
    await this.#open(kind);
    this.#tellDevices();
  }

  setMuted(muted) {
    this.#muted = muted;
    if (this.#tracks.audio)
      this.#tracks.audio.enabled = !muted;
  }

  /** Off stops the camera itself, so that its light goes out. */
  async setCamera(on) {
    this.#wanted.video = on;
    if (on)
      await this.#open('video');
    else
      this.#take('video', null);
  }

  stop() {
    for (const kind of Object.keys(KINDS)) {
      this.#wanted[kind] = false;
      this.#take(kind, null);
    }
  }

  /** A stopped capture wants both again. */
  reset() {
    this.#wanted = { audio: true, video: true };
  }

  #constraints(kind) {
    const base = kind === 'audio' ? MICROPHONE_CONSTRAINTS : cameraConstraints(navigator.hardwareConcurrency);
    const facing = kind === 'video' && !this.#chosen.video ? { facingMode: 'user' } : {};

    return { ...base, ...facing, ...(this.#chosen[kind] ? { deviceId: { exact: this.#chosen[kind] } } : {}) };
  }

  // The newest call wins: a slower one that was overtaken stops what it got.
  async #open(kind) {
    if (!this.#media?.getUserMedia)
      return this.#fault(kind, 'insecure');
    const run = ++this.#runs[kind];
    clearTimeout(this.#timers[kind]);
    try {
      const stream = await this.#media.getUserMedia({ [kind]: this.#constraints(kind) });
      const track = stream.getTracks()[0];
      if (run !== this.#runs[kind] || !this.#wanted[kind])
        track.stop();
      else
        this.#take(kind, track);
    } catch (error) {
      if (run === this.#runs[kind])
        this.#failed(kind, error);
    }
  }

  #failed(kind, error) {
    if (error.name === 'OverconstrainedError' && this.#chosen[kind]) {
      this.#chosen[kind] = null;      // that device is gone: any other
      this.#open(kind);
      return;
    }
    if (!this.#tracks[kind] || this.#tracks[kind].readyState === 'ended')
      this.#take(kind, null);
    this.#fault(kind, faultOf(error));
  }

  #take(kind, track) {
    const old = this.#tracks[kind];

    if (old && old !== track) {
      old.onended = old.onmute = old.onunmute = null;
      old.stop();
    }
    this.#tracks[kind] = track;
    if (track) {
      track.onended = () => this.#interrupted(kind);
      track.onmute = () => this.#checkSoon(kind);
      track.onunmute = () => clearTimeout(this.#timers[kind]);
      if (kind === 'audio')
        track.enabled = !this.#muted;
      this.#tries[kind] = 0;
      this.#fault(kind, null);
    }
    this.#emit('track', { kind, track });
  }

  #interrupted(kind) {
    this.#take(kind, null);
    this.#fault(kind, 'ended');
    this.#again(kind);
  }

  #again(kind) {
    if (!this.#wanted[kind] || this.#tries[kind] >= MOST_TRIES)
      return;
    clearTimeout(this.#timers[kind]);
    this.#timers[kind] = setTimeout(async () => {
      await this.#open(kind);
      if (!this.#tracks[kind])
        this.#again(kind);
    }, Math.min(LONGEST_WAIT_MS, waitMs(++this.#tries[kind])));
  }

  #checkSoon(kind) {
    clearTimeout(this.#timers[kind]);
    this.#timers[kind] = setTimeout(() => this.#check(kind), MUTED_FOR_MS);
  }

  #check(kind) {
    const track = this.#tracks[kind];

    if (!this.#wanted[kind] || document.visibilityState !== 'visible')
      return;     // a hidden page gets no camera on phones; asked again when it is seen
    if (track ? track.readyState === 'ended' || track.muted : this.faults[kind] === 'ended')
      this.#open(kind);
  }

  #checkAll() {
    if (document.visibilityState !== 'visible')
      return;
    for (const kind of Object.keys(KINDS))
      this.#checkSoon(kind);
  }

  async #devicesChanged() {
    await this.#tellDevices();
    for (const kind of Object.keys(KINDS)) {
      const isLost = !this.#tracks[kind] && ['ended', 'no_device', 'device_busy'].includes(this.faults[kind]);
      if (isLost && this.#wanted[kind])
        this.#open(kind);
    }
  }

  async #tellDevices() {
    const all = await this.#media?.enumerateDevices?.().catch(() => []) ?? [];
    const listOf = (kind) => all.filter((d) => d.kind === KINDS[kind].input && d.deviceId !== '');

    this.#emit('devices', { audio: listOf('audio'), video: listOf('video') });
  }

  #fault(kind, code) {
    this.faults[kind] = code;
    this.#emit('fault', { kind, device: KINDS[kind].device, code });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
