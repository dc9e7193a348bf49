// SPDX-License-Identifier: Apache-2.0
// The shared screen: asked for, its sound mixed with the microphone, and ended from either side.

import { screenOptions } from './bounds.js';
import { SoundMix } from './sound-mix.js';

/** The fault code for an exception of getDisplayMedia; null: somebody thought better of it. */
export function shareFault(error) {
  const isSystem = /system/i.test(error?.message ?? '');

  if (error?.name === 'NotAllowedError')
    return isSystem ? 'screen_denied' : null;
  return error?.name === 'AbortError' ? null : 'screen_failed';
}

export class Sharing {
  #media = globalThis.navigator?.mediaDevices;
  #on;
  #mix;
  #microphone = null;
  #stream = null;
  #isAsking = false;

  /**
   * @param {object} on
   * @param {(track: MediaStreamTrack|null) => void} on.screen what is shared changed
   * @param {(track: MediaStreamTrack|null) => void} on.microphone what is to be sent as the microphone changed
   * @param {(code: string) => void} on.fault
   */
  constructor(on, mix = new SoundMix()) {
    this.#on = on;
    this.#mix = mix;
  }

  /** Phones have no screens to share. */
  get isPossible() {
    return typeof this.#media?.getDisplayMedia === 'function';
  }

  get isOn() {
    return this.#stream !== null;
  }

  /** Whether the screen's sound is in what is sent as the microphone. */
  get hasSound() {
    return this.#mix.track !== null;
  }

  /** The screen's picture, or null. */
  get track() {
    return this.#stream?.getVideoTracks()[0] ?? null;
  }

  /** What is to be sent as the microphone: the mix while there is one. */
  get microphone() {
    return this.#mix.track ?? this.#microphone;
  }

  setMicrophone(track) {
    this.#microphone = track;
    this.#mix.set('microphone', track);
    this.#on.microphone(this.microphone);
  }

  /** Called within a tap. */
  async start() {
    if (this.#stream || this.#isAsking)
      return;
    this.#isAsking = true;
    try {
      await this.#take(await this.#media.getDisplayMedia(screenOptions(this.#media.getSupportedConstraints?.())));
    } catch (error) {
      const code = shareFault(error);
      if (code)
        this.#on.fault(code);
    } finally {
      this.#isAsking = false;
    }
  }

  stop() {
    const stream = this.#stream;

    if (!stream)
      return;
    this.#stream = null;
    for (const track of stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    this.#on.screen(null);
    this.#endSound();
  }

  async #take(stream) {
    const [video] = stream.getVideoTracks();
    const [sound] = stream.getAudioTracks();

    this.#stream = stream;
    video.contentHint = 'detail';         // text: sharp before smooth
    video.onended = () => this.stop();    // "Stop sharing" of the browser itself
    this.#on.screen(video);
    if (sound)
      await this.#addSound(stream, sound);
  }

  async #addSound(stream, sound) {
    const isMixing = await this.#mix.start();

    if (!isMixing || this.#stream !== stream) {
      this.#mix.stop();
      return;
    }
    sound.onended = () => this.#endSound();
    this.#mix.set('screen', sound);
    this.#mix.set('microphone', this.#microphone);
    this.#on.microphone(this.microphone);
  }

  #endSound() {
    if (!this.hasSound)
      return;
    this.#mix.stop();
    this.#on.microphone(this.microphone);
  }
}
