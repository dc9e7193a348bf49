// SPDX-License-Identifier: Apache-2.0
// The peer connections of one participant: the one that shows the meeting, and the one that
// is to replace it. The old one goes when the new one is connected.

import { waitMs } from './backoff.js';
import { isOfferRetried } from './bye.js';
import { Connection } from './connection.js';

// A server takes about one offer a second from a client.
const OFFER_GAP_MS = 1000;
// As long as the server keeps an old connection beside a new one.
const CONNECT_WITHIN_MS = 10_000;
// ICE often recovers from "disconnected" by itself; the picture stands still meanwhile.
const RECOVER_WITHIN_MS = 3000;
// So many connections that never got through in a row are a firewall, not bad luck.
const FAILURES_BEFORE_BLAME = 2;

export class Sessions {
  iceServers = [];
  /** What the server last asked of each stream (`send`). */
  asked = new Map();

  #options;
  #tracks;
  #current = null;
  #next = null;
  #shown = null;
  #isStale = false;     // the other end of #current is gone, though ICE has not noticed yet
  #session = 0;
  #offeredAt = -Infinity;
  #failures = 0;
  #retries = 0;
  #timer = 0;
  #nextTimer = 0;
  #recoverTimer = 0;

  /**
   * @param {object} options
   * @param {(message: object) => boolean} options.send false when there is no socket now
   * @param {() => boolean} options.isOpen whether an offer would be taken now
   * @param {Map<string, MediaStreamTrack|null>} options.tracks by stream; read at each offer
   * @param {{viewer, videoCodecs, audioCodecs}} options.connection
   * @param {(stream: MediaStream) => void} options.onStream
   * @param {(state: string) => void} options.onState `connected`, `connecting` or `lost`
   * @param {(code: string, detail: string) => void} options.onError
   */
  constructor(options) {
    this.#options = options;
    this.#tracks = options.tracks;
  }

  /** The connection to ask for stats and timestamps, or null. */
  get current() {
    return this.#current;
  }

  get session() {
    return this.#session;
  }

  get isConnected() {
    return this.#current?.state === 'connected' && !this.#isStale;
  }

  /** After a `welcome`: keeps a living connection that the server still knows, else offers anew. */
  resume(serverSession) {
    const newest = this.#next ?? this.#current;
    const isKnown = newest?.session === serverSession && newest.isAnswered;

    this.#session = Math.max(this.#session, serverSession);
    if (isKnown && ['connected', 'connecting', 'new'].includes(newest.state))
      this.#report();
    else
      this.negotiate();
  }

  /** Offers a new connection: at once, or as soon as the server takes another offer. */
  negotiate(waitAtLeastMs = 0) {
    const gap = this.#offeredAt + OFFER_GAP_MS - performance.now();

    clearTimeout(this.#timer);
    clearTimeout(this.#recoverTimer);
    this.#timer = setTimeout(() => this.#offer(), Math.max(0, gap, waitAtLeastMs));
  }

  /** The server wants a new connection; one that is on its way already is enough. */
  renegotiate({ session, reason }) {
    if (Number.isInteger(session) && session < this.#session)
      return;
    this.#isStale ||= reason === 'room_restarted';
    this.#report();
    this.#session = Math.max(this.#session, session | 0);
    this.negotiate();
  }

  async answer({ session, sdp }) {
    if (this.#next?.session !== session || this.#next.isAnswered)
      return;
    const connection = this.#next;
    try {
      await connection.answer(sdp);
    } catch (error) {
      this.#giveUp(connection, 'bad_answer', error.message);
      return;
    }
    if (!this.#shown && this.#next === connection)
      this.#show(connection);
  }

  /** An `error` that answers an offer. Returns whether it was one. */
  refused({ session, code, detail, fatal }) {
    const connection = this.#next;

    if (!Number.isInteger(session) || connection?.session !== session || connection.isAnswered)
      return false;
    if (!fatal && isOfferRetried(code))
      this.#retryLater();
    else
      this.#giveUp(connection, code, detail ?? '');
    return true;
  }

  async setTrack(stream, track) {
    for (const connection of [this.#current, this.#next])
      await connection?.setTrack(stream, track);
  }

  /** The server's `send`: a bound for what goes out of one stream. */
  bound(message) {
    this.asked.set(message.stream, message);
    for (const connection of [this.#current, this.#next])
      connection?.applyBounds(message.stream);
  }

  close() {
    for (const timer of [this.#timer, this.#nextTimer, this.#recoverTimer])
      clearTimeout(timer);
    this.#next?.close();
    this.#current?.close();
    this.#next = this.#current = this.#shown = null;
  }

  async #offer() {
    if (!this.#options.isOpen())
      return;     // the next `welcome` comes here again
    this.#next?.close();
    const connection = new Connection({
      ...this.#options.connection,
      session: ++this.#session,
      iceServers: this.iceServers,
      tracks: this.#tracks,
      asked: this.asked,
      onState: (c) => this.#changed(c),
    });
    this.#next = connection;
    this.#offeredAt = performance.now();
    this.#watch(connection);
    this.#report();
    try {
      const { sdp, streams } = await connection.offer();
      this.#sendOffer(connection, sdp, streams);
    } catch (error) {
      this.#giveUp(connection, 'bad_offer', error.message);
    }
  }

  #sendOffer(connection, sdp, streams) {
    const { session } = connection;
    const mine = this.#options.connection.viewer ? {} : { streams };

    if (this.#next !== connection || !this.#options.send({ type: 'offer', session, sdp, ...mine }))
      return;
    connection.trickle((candidate, mid) =>
      this.#options.send({ type: 'candidate', session, candidate, sdp_mid: mid }));
  }

  #watch(connection) {
    clearTimeout(this.#nextTimer);
    this.#nextTimer = setTimeout(() => {
      if (this.#next === connection)
        this.#failed();
    }, CONNECT_WITHIN_MS);
  }

  #changed(connection) {
    if (connection === this.#next && connection.state === 'connected')
      this.#promote(connection);
    else if (connection === this.#next && connection.state === 'failed')
      this.#failed();
    else if (connection === this.#current)
      this.#currentChanged(connection.state);
  }

  #promote(connection) {
    this.#current?.close();
    clearTimeout(this.#nextTimer);
    clearTimeout(this.#recoverTimer);
    this.#current = connection;
    this.#next = null;
    this.#isStale = false;
    this.#failures = this.#retries = 0;
    this.#show(connection);
    this.#report();
  }

  // The first connection is shown as soon as it has tracks, a later one when it is connected.
  #show(connection) {
    if (this.#shown === connection)
      return;
    this.#shown = connection;
    this.#options.onStream(connection.stream);
  }

  #currentChanged(state) {
    clearTimeout(this.#recoverTimer);
    this.#report();
    if (this.#next)
      return;
    if (state === 'disconnected')
      this.#recoverTimer = setTimeout(() => this.negotiate(), RECOVER_WITHIN_MS);
    else if (state === 'failed')
      this.negotiate();
  }

  // The new connection did not get through. An old one that still shows the meeting stays.
  #failed() {
    if (this.#options.isOpen() && ++this.#failures === FAILURES_BEFORE_BLAME)
      this.#options.onError('ice_failed', 'no media connection could be made');
    this.#retryLater();
  }

  #retryLater() {
    clearTimeout(this.#nextTimer);
    this.#next?.close();
    this.#next = null;
    this.#report();
    this.negotiate(waitMs(this.#retries++));
  }

  #giveUp(connection, code, detail) {
    if (this.#next !== connection)
      return;
    clearTimeout(this.#nextTimer);
    connection.close();
    this.#next = null;
    this.#report();
    this.#options.onError(code, detail);
  }

  #report() {
    if (this.isConnected)
      this.#options.onState('connected');
    else
      this.#options.onState(this.#current ? 'lost' : 'connecting');
  }
}
