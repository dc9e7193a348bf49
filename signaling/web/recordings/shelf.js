// SPDX-License-Identifier: Apache-2.0
// The recordings as the server lists them, and what one asks of it.

import { sentenceFor } from '../i18n.js';
import { withPart } from './facts.js';

const PAGE = 50;

const path = (recording) => `/v1/recordings/${encodeURIComponent(recording.id)}`;

/** A refusal of the server, by its code. */
class Refusal extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** The sentence for what went wrong. */
export function fault(error) {
  return sentenceFor('recordings.fault', error instanceof Refusal ? error.code : 'gone');
}

export class Shelf {
  /**
   * @param {string|null} room only of this one
   * @param {string|null} token
   */
  constructor(room, token) {
    this.room = room;
    this.token = token;
    this.recordings = [];
    this.next = null;
    this.pages = 1;
  }

  async #ask(path, options = {}) {
    const headers = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    const answer = await fetch(path, { ...options, headers });

    if (!answer.ok)
      throw new Refusal(await answer.json().then((problem) => problem.code ?? 'internal', () => 'internal'));
    return answer;
  }

  async #page(after) {
    const query = new URLSearchParams({ limit: PAGE, ...(this.room && { room: this.room }), ...(after && { after }) });

    return (await this.#ask(`/v1/recordings?${query}`)).json();
  }

  /** All pages that are shown, anew. */
  async refresh() {
    const recordings = [];
    let next = null;

    for (let n = 0; n < this.pages && (n === 0 || next); n++) {
      const page = await this.#page(next);
      recordings.push(...page.recordings);
      next = page.next;
    }
    Object.assign(this, { recordings, next });
  }

  async more() {
    this.pages++;
    await this.refresh();
  }

  /**
   * Where a player or a download finds it: they cannot send a token, so the address is signed by
   * the server, for an hour from now.
   */
  async address(recording, part) {
    const answer = await this.#ask(`${path(recording)}/link`, { method: 'POST' });

    return withPart((await answer.json()).media_url, part);
  }

  /** The chapters as WebVTT; '' when there are none. */
  async chapters(recording, part) {
    return this.#ask(withPart(`${path(recording)}/chapters.vtt`, part)).then((answer) => answer.text(), () => '');
  }

  async remove(recording) {
    await this.#ask(path(recording), { method: 'DELETE' });
    this.recordings = this.recordings.filter((one) => one.id !== recording.id);
  }
}
