// SPDX-License-Identifier: Apache-2.0
// The microphone and the sound of a shared screen as one track: the server takes one sound from each person.

import { audioContext } from './meter.js';

export class SoundMix {
  #context = null;
  #out = null;
  #inputs = new Map();

  /** The mixed track, or null while nothing is mixed. */
  get track() {
    return this.#out?.stream.getAudioTracks()[0] ?? null;
  }

  /**
   * Begins a mix. Called within a tap, so that the browser lets the context run.
   *
   * @returns {Promise<boolean>} false where it does not: what stands still would take the microphone with it
   */
  async start() {
    const context = audioContext();

    await context?.resume?.().catch(() => {});
    if (context?.state !== 'running')
      return false;
    this.#context = context;
    this.#out = context.createMediaStreamDestination();
    // Voice is sent as one channel, and so is this: two would be cut to the left one by some browsers.
    this.#out.channelCount = 1;
    this.#out.channelCountMode = 'explicit';
    // A phone call or a changed sound card may stop the context.
    context.onstatechange = () => this.#out && context.resume().catch(() => {});
    return true;
  }

  /**
   * @param {'microphone'|'screen'} name
   * @param {MediaStreamTrack|null} track replaces the one before; its `enabled` counts as usual
   */
  set(name, track) {
    this.#inputs.get(name)?.disconnect();
    this.#inputs.delete(name);
    if (!this.#out || !track)
      return;
    const source = this.#context.createMediaStreamSource(new MediaStream([track]));
    source.connect(this.#out);
    this.#inputs.set(name, source);
  }

  stop() {
    if (!this.#out)
      return;
    for (const source of this.#inputs.values())
      source.disconnect();
    this.#inputs.clear();
    this.track.stop();
    this.#out = null;
    this.#context.onstatechange = null;
    this.#context.suspend();      // an idle context still wakes the processor a hundred times a second
  }
}
