// SPDX-License-Identifier: Apache-2.0
// One WebSocket to the server: JSON in and out, pings, and knowing soon that nobody is there.

const PROTOCOL = 'tessera.v1';
const PING_EVERY_MS = 15_000;
const ANSWER_WITHIN_MS = 10_000;
const OPEN_WITHIN_MS = 10_000;
const LONGEST_MESSAGE = 64 * 1024;

function parse(text) {
  try {
    const message = typeof text === 'string' ? JSON.parse(text) : null;
    return typeof message?.type === 'string' ? message : null;
  } catch {
    return null;
  }
}

/** Used once: a lost socket is replaced by a new one. */
export class SignalSocket {
  #socket;
  #handlers;
  #pingTimer = 0;
  #deadline = 0;
  #done = false;

  /**
   * @param {string} url
   * @param {{onOpen, onMessage, onLost: (code: number, wasOpen: boolean) => void}} handlers
   * @param {typeof WebSocket} [Socket]
   */
  constructor(url, handlers, Socket = globalThis.WebSocket) {
    this.#handlers = handlers;
    this.#socket = new Socket(url, PROTOCOL);
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = (event) => this.#received(event.data);
    this.#socket.onclose = (event) => this.#lost(event.code);
    this.#expect(OPEN_WITHIN_MS);
  }

  get isOpen() {
    return !this.#done && this.#socket.readyState === 1;
  }

  /** @returns {boolean} whether it went out; too long messages do not */
  send(message) {
    const text = JSON.stringify(message);

    if (!this.isOpen || text.length > LONGEST_MESSAGE)
      return false;
    this.#socket.send(text);
    return true;
  }

  /** Asks whether somebody is still there; without any answer the socket counts as lost. */
  probe(withinMs = ANSWER_WITHIN_MS) {
    if (this.send({ type: 'ping' }))
      this.#expect(withinMs);
  }

  close() {
    this.#finish();
    this.#socket.close(1000);
  }

  #opened() {
    clearTimeout(this.#deadline);
    this.#pingTimer = setInterval(() => this.probe(), PING_EVERY_MS);
    this.#handlers.onOpen();
  }

  #received(data) {
    const message = parse(data);

    clearTimeout(this.#deadline);
    if (!this.#done && message)
      this.#handlers.onMessage(message);
  }

  // A dead path never closes a socket by itself, so the deadline does.
  #expect(withinMs) {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.#lost(0);
      this.#socket.close();
    }, withinMs);
  }

  #lost(code) {
    if (this.#done)
      return;
    const wasOpen = this.#pingTimer !== 0;
    this.#finish();
    this.#handlers.onLost(code, wasOpen);
  }

  #finish() {
    this.#done = true;
    clearTimeout(this.#deadline);
    clearInterval(this.#pingTimer);
  }
}
