// SPDX-License-Identifier: Apache-2.0
// Before joining: the own picture, the microphone's level, the devices and the name.

import { sentenceFor, t } from './i18n.js';
import { audioContext, watchLevel } from './meter.js';

const REMEMBERED = 'tessera.name';
const $ = (id) => document.getElementById(id);

function remember(name) {
  try {
    localStorage.setItem(REMEMBERED, name);
  } catch {
    // Asked again next time.
  }
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) ?? '';
  } catch {
    return '';
  }
}

function setIcon(button, name) {
  button.querySelector('use').setAttribute('href', `#i-${name}`);
}

export class Preview {
  #capture;
  #onJoin;
  #stopLevel = () => {};
  #isActive = false;
  #isStarting = false;
  #room = '';
  #refusal = null;

  /**
   * @param {import('./capture.js').Capture} capture
   * @param {(name: string) => void} onJoin called within the tap
   */
  constructor(capture, onJoin) {
    this.#capture = capture;
    this.#onJoin = onJoin;
    $('name').value = remembered();
    $('join-form').addEventListener('submit', (event) => this.#submit(event));
    $('preview-mic').addEventListener('click', () => this.#toggleMicrophone());
    $('preview-camera').addEventListener('click', () => this.#toggleCamera());
    $('preview-retry').addEventListener('click', () => this.#retry());
    $('microphone-select').addEventListener('change', (e) => capture.choose('audio', e.target.value));
    $('camera-select').addEventListener('change', (e) => capture.choose('video', e.target.value));
    capture.addEventListener('track', (e) => this.#trackChanged(e.detail));
    capture.addEventListener('fault', () => this.#show());
    capture.addEventListener('devices', (e) => this.#listDevices(e.detail));
  }

  async start(room) {
    this.#room = room;
    this.#isActive = true;
    this.#refusal = null;
    this.translate();
    const { audio, video } = this.#capture.tracks;
    if (audio || video) {
      this.#trackChanged({ kind: 'audio', track: audio });
      this.#trackChanged({ kind: 'video', track: video });
    } else {
      this.#isStarting = true;
      this.#capture.reset();
      this.#show();
      await this.#capture.start();
      this.#isStarting = false;
    }
    this.#show();
  }

  stop() {
    this.#isActive = false;
    this.#stopLevel();
    $('preview-video').srcObject = null;
  }

  setBusy(isBusy) {
    $('join').disabled = isBusy;
    $('join').textContent = t(isBusy ? 'preview.joining' : 'preview.join');
  }

  showRefusal(code) {
    this.#refusal = code;
    this.#show();
  }

  translate() {
    $('preview-room').textContent = t('preview.room', { room: this.#room });
    this.#show();
  }

  #submit(event) {
    event.preventDefault();
    const name = $('name').value.trim();
    remember(name);
    audioContext()?.resume?.();
    this.#onJoin(name);
  }

  #toggleMicrophone() {
    audioContext()?.resume?.();
    this.#capture.setMuted(!this.#capture.isMuted);
    this.#show();
  }

  async #toggleCamera() {
    await this.#capture.setCamera(!this.#capture.isCameraOn);
    this.#show();
  }

  async #retry() {
    for (const [kind, code] of Object.entries(this.#capture.faults)) {
      if (code)
        await this.#capture.retry(kind);
    }
  }

  #trackChanged({ kind, track }) {
    if (!this.#isActive)
      return;
    if (kind === 'video') {
      $('preview-video').srcObject = track ? new MediaStream([track]) : null;
    } else {
      this.#stopLevel();
      $('level').value = 0;
      this.#stopLevel = track ? watchLevel(track, (level) => ($('level').value = level)) : () => {};
    }
    this.#show();
  }

  #listDevices(lists) {
    for (const [kind, id] of [['audio', 'microphone-select'], ['video', 'camera-select']]) {
      const current = this.#capture.tracks[kind]?.getSettings?.().deviceId;
      const options = lists[kind].map((device, i) =>
        new Option(device.label || t('device.unnamed', { n: i + 1 }), device.deviceId, false, device.deviceId === current));
      $(id).replaceChildren(...options);
      $(id).disabled = options.length === 0;
    }
  }

  #show() {
    const { faults, isMuted, isCameraOn, hasMicrophone } = this.#capture;

    $('preview-mic').setAttribute('aria-pressed', String(hasMicrophone && !isMuted));
    setIcon($('preview-mic'), hasMicrophone && !isMuted ? 'mic' : 'mic-off');
    $('preview-camera').setAttribute('aria-pressed', String(isCameraOn));
    setIcon($('preview-camera'), isCameraOn ? 'camera' : 'camera-off');
    $('preview-note').hidden = isCameraOn;
    $('preview-note').textContent = this.#note(faults);
    $('preview-retry').hidden = !Object.values(faults).some((code) => code && code !== 'insecure');
    $('preview-faults').replaceChildren(...this.#faultLines(faults));
    $('join-error').hidden = this.#refusal === null;
    $('join-error').textContent = this.#refusal ? sentenceFor('bye', this.#refusal) : '';
    $('join-error').dataset.code = this.#refusal ?? '';
  }

  #note(faults) {
    if (this.#isStarting)
      return t('preview.starting');
    return t(faults.video ? 'preview.noCamera' : 'preview.cameraOff');
  }

  // One sentence when both have the same fault that names no device.
  #faultLines({ audio, video }) {
    const sentences = new Set();

    if (video)
      sentences.add(t(`fault.${video}`, { device: t('device.camera') }));
    if (audio)
      sentences.add(t(`fault.${audio}`, { device: t('device.microphone') }));
    return [...sentences].map((text) => Object.assign(document.createElement('p'), { textContent: text }));
  }
}
