// SPDX-License-Identifier: Apache-2.0
// That the meeting is recorded: the mark, a moderator's switch, and one's wish to be left out.

import { showNote } from './chat.js';
import { announce } from './dom.js';
import { t } from './i18n.js';

const $ = (id) => document.getElementById(id);

export class RecordingSign {
  #client = null;
  #wasOn = false;
  #isLeftOut = false;

  constructor() {
    $('record').addEventListener('click', () => this.#client?.changeRoom({ recording: !this.#wasOn }));
    $('leave-out').addEventListener('click', () => {
      this.#isLeftOut = !this.#isLeftOut;
      this.#client?.setState({ recorded: !this.#isLeftOut });
      this.show();
    });
  }

  /** @param {import('./client.js').TesseraClient|null} client */
  use(client) {
    this.#client = client;
    this.#wasOn = false;
    if (client && this.#isLeftOut)
      client.setState({ recorded: false });
    this.show();
  }

  /** One recording of the room changed its state. */
  changed({ state }) {
    if (state === 'failed')
      this.#tell('recording.failed');
    this.show();
  }

  show() {
    const isOn = this.#client?.room?.recording === true;

    $('recording-mark').hidden = !isOn;
    $('record').setAttribute('aria-pressed', String(isOn));
    $('leave-out').setAttribute('aria-pressed', String(this.#isLeftOut));
    if (isOn !== this.#wasOn) {
      this.#wasOn = isOn;
      if (this.#client)
        this.#tell(isOn ? 'recording.on' : 'recording.off');
    }
  }

  #tell(key) {
    announce(t(key));
    showNote(t(key));
  }
}
