// SPDX-License-Identifier: Apache-2.0
// The picture of the meeting, and the own camera laid over the own tile from the frame on that shows it.

import { ownTile, percent } from './geometry.js';
import { hasReached } from './rtp-time.js';

// A hidden tab draws no frames, and a browser may tell no timestamps: then the newest layout counts.
const APPLY_WITHIN_MS = 1000;
const MOST_PENDING = 32;

const $ = (id) => document.getElementById(id);

export class Stage {
  #video = $('meeting-video');
  #canvas = $('canvas');
  #self = $('self-view');
  #selfVideo = $('self-video');
  #pending = [];
  #shown = null;
  #layout = null;
  #camera = null;
  #timer = 0;
  #fallbackTimestamp;
  #onPicture;
  #onLayout;

  /**
   * @param {() => number|null} fallbackTimestamp the RTP timestamp shown, where frames do not carry it
   * @param {() => void} onPicture the first frame of a stream is there
   * @param {() => void} onLayout the picture shows another layout
   */
  constructor(fallbackTimestamp, onPicture, onLayout) {
    this.#fallbackTimestamp = fallbackTimestamp;
    this.#onPicture = onPicture;
    this.#onLayout = onLayout;
    this.#video.addEventListener('loadeddata', () => this.#onPicture());
    this.#watchFrames();
  }

  /** The layout that the picture shows now, or null. */
  get layout() {
    return this.#layout;
  }

  /** Called in the tap that joins: the browser lets this element play sound from then on. */
  unlock() {
    this.#video.play().catch(() => {});
  }

  /** @returns {Promise<boolean>} false when the browser wants another tap before it plays sound */
  async show(stream) {
    this.#shown = null;
    this.#video.srcObject = stream;
    if (!stream)
      return true;
    try {
      await this.#video.play();
      return true;
    } catch (error) {
      return error.name !== 'NotAllowedError';
    }
  }

  play() {
    return this.#video.play();
  }

  /** @param {MediaStreamTrack|null} track the own camera; null when it is off */
  setCamera(track) {
    if (track !== this.#camera)
      this.#selfVideo.srcObject = track ? new MediaStream([track]) : null;
    this.#camera = track;
    this.#place();
  }

  setLabel(name, isMuted) {
    $('self-name').textContent = name;
    $('self-muted').hidden = !isMuted;
  }

  /** The server's `layout` message: holds from the frame with its `rtp_timestamp` on. */
  announce(layout) {
    this.#pending.push(layout);
    if (this.#pending.length > MOST_PENDING)
      this.#pending.shift();
    if (!Number.isFinite(layout.rtp_timestamp) || !this.#canTellTime())
      this.#applyUpTo(this.#pending.length);
    else
      this.#applyReached();
    clearTimeout(this.#timer);
    if (this.#pending.length > 0)
      this.#timer = setTimeout(() => this.#applyUpTo(this.#pending.length), APPLY_WITHIN_MS);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#pending = [];
    this.#layout = null;
    this.show(null);
    this.setCamera(null);
  }

  #canTellTime() {
    return this.#video.requestVideoFrameCallback !== undefined || this.#fallbackTimestamp() !== null;
  }

  #watchFrames() {
    this.#video.requestVideoFrameCallback?.((now, frame) => {
      this.#shown = frame.rtpTimestamp ?? this.#fallbackTimestamp();
      if (this.#shown === null)
        this.#applyUpTo(this.#pending.length);
      else
        this.#applyReached();
      this.#watchFrames();
    });
  }

  #applyReached() {
    if (this.#shown === null)
      return;
    const reached = this.#pending.findLastIndex((l) => hasReached(this.#shown, l.rtp_timestamp));
    this.#applyUpTo(reached + 1);
  }

  #applyUpTo(count) {
    if (count === 0)
      return;
    this.#layout = this.#pending[count - 1];
    this.#pending.splice(0, count);
    if (this.#pending.length === 0)
      clearTimeout(this.#timer);
    this.#place();
    this.#onLayout();
  }

  #place() {
    const canvas = this.#layout?.canvas;
    const tile = this.#camera ? ownTile(this.#layout) : null;

    if (canvas?.width > 0 && canvas?.height > 0)
      this.#canvas.style.setProperty('--ratio', String(canvas.width / canvas.height));
    this.#self.hidden = tile === null;
    if (!tile)
      return;
    this.#self.style.zIndex = String(tile.z);
    this.#self.style.borderRadius = tile.radius;
    this.#selfVideo.style.objectFit = tile.fit;
    for (const side of ['left', 'top', 'width', 'height'])
      this.#self.style[side] = percent(tile[side]);
    this.#self.style.transitionDuration = `${Math.min(2000, this.#layout.transition_ms | 0)}ms`;
  }
}
