// SPDX-License-Identifier: Apache-2.0
// The resume token of this tab. It lies in sessionStorage only while the page is hidden or being
// left: a duplicated tab copies sessionStorage, and two tabs with one token would throw each other out.

export class ResumeStore {
  #key;
  #storage;
  #token;

  /**
   * @param {string} room
   * @param {Storage|null} [storage] null remembers nothing
   * @param {string} [token] instead of the remembered one
   */
  constructor(room, storage = defaultStorage(), token = null) {
    this.#key = `tessera.resume.${room}`;
    this.#storage = storage;
    this.#token = token ?? this.#read();
    this.take();
  }

  get token() {
    return this.#token;
  }

  set(token) {
    this.#token = token ?? null;
    if (globalThis.document?.visibilityState === 'hidden')
      this.keep();
  }

  keep() {
    if (this.#token)
      this.#try(() => this.#storage?.setItem(this.#key, this.#token));
  }

  take() {
    this.#try(() => this.#storage?.removeItem(this.#key));
  }

  clear() {
    this.#token = null;
    this.take();
  }

  #read() {
    return this.#try(() => this.#storage?.getItem(this.#key)) ?? null;
  }

  // Storage can be forbidden or full; resuming is then only not possible after a reload.
  #try(action) {
    try {
      return action();
    } catch {
      return undefined;
    }
  }
}

function defaultStorage() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
