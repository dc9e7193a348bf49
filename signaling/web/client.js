// SPDX-License-Identifier: Apache-2.0
// A participant of a Tessera meeting, for any page. Described in docs/client-js.md.

import { isRoomName, signalUrl } from './address.js';
import { waitMs } from './backoff.js';
import { isPassing } from './bye.js';
import { digest } from './digest.js';
import { Roster } from './roster.js';
import { Sessions } from './sessions.js';
import { SignalSocket } from './socket.js';
import { ResumeStore } from './resume-store.js';

const STATS_EVERY_MS = 10_000;
const PROBE_WITHIN_MS = 2500;
const LONGEST_CHAT_BYTES = 4096;

/** Why a join or a meeting ended: `code` is one of the contract's `bye` codes. */
export class TesseraError extends Error {
  constructor(code, detail = '', retryAfterMs = 0) {
    super(detail || code);
    this.name = 'TesseraError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export class TesseraClient extends EventTarget {
  #options;
  #state = 'new';
  #socket = null;
  #sessions;
  #tracks = new Map([['microphone', null], ['camera', null], ['screen', null]]);
  #roster = new Roster();
  #resume;
  #own = {};
  #attempt = 0;
  #retryAfterMs = 0;
  #retryTimer = 0;
  #statsTimer = 0;
  #statsMemory = {};
  #joining = null;
  #wasIn = false;

  /** The server's latest word on these; null before. */
  participant = null;
  role = null;
  room = null;
  layout = null;
  speaker = null;
  /** The mixed sound and picture: for the `srcObject` of one video element. */
  stream = null;

  /**
   * @param {object} options
   * @param {string} options.room
   * @param {string} [options.url] the server; this page's origin if not given
   * @param {string} [options.name] what the others read on the tile
   * @param {string} [options.token]
   * @param {string} [options.resume] of an earlier visit; by default the one this tab remembers
   * @param {boolean} [options.viewer] receive only
   * @param {MediaStream} [options.stream] its first audio track is the microphone, its first video track the camera
   * @param {string[]} [options.videoCodecs] offer only these, such as `['H264']`
   * @param {string[]} [options.audioCodecs]
   * @param {Storage|null} [options.storage] where the resume token survives a reload; sessionStorage by default
   */
  constructor(options) {
    super();
    if (!isRoomName(options?.room ?? ''))
      throw new TesseraError('bad_room_name');
    this.#options = { url: globalThis.location?.origin, ...options };
    this.#resume = new ResumeStore(options.room, options.storage, options.resume);
    this.#sessions = new Sessions({
      send: (message) => this.#send(message),
      isOpen: () => this.#socket?.isOpen === true && this.participant !== null,
      tracks: this.#tracks,
      connection: { viewer: options.viewer, videoCodecs: options.videoCodecs, audioCodecs: options.audioCodecs },
      onStream: (stream) => this.#showStream(stream),
      onState: (state) => this.#mediaChanged(state),
      onError: (code, detail) => this.#emit('error', { code, detail, fatal: false }),
    });
    if (options.stream)
      this.setStream(options.stream);
  }

  /** `new`, `connecting`, `waiting`, `joined`, `live`, `returning` or `closed`. */
  get state() {
    return this.#state;
  }

  /** Everybody in the room, in order of joining. */
  get participants() {
    return this.#roster.list;
  }

  get self() {
    return this.#roster.get(this.participant);
  }

  /** Counted up with each peer connection. */
  get session() {
    return this.#sessions.session;
  }

  /** The RTP timestamp of the picture shown now, or null where the browser does not tell. */
  get videoTimestamp() {
    return this.#sessions.current?.videoTimestamp ?? null;
  }

  /** Joins. Resolves when the server says welcome (after a lobby, too); rejects with a TesseraError. */
  join() {
    if (this.#joining)
      return this.#joining.promise;
    this.#joining = Promise.withResolvers?.() ?? withResolvers();
    this.#joining.promise.catch(() => {});
    this.#listen(true);
    this.#setState('connecting');
    this.#connect();
    return this.#joining.promise;
  }

  /** Leaves for good. The client cannot be used again. */
  leave() {
    if (this.#state === 'closed')
      return;
    this.#send({ type: 'leave' });
    this.#end({ code: 'left', reason: '' });
  }

  /** Sends the first audio and video track of a stream as microphone and camera. */
  setStream(stream) {
    this.setTrack('microphone', stream?.getAudioTracks()[0] ?? null);
    return this.setTrack('camera', stream?.getVideoTracks()[0] ?? null);
  }

  /**
   * Swaps what is sent, without a new connection. The tracks stay the caller's: to stop, too.
   *
   * @param {'microphone'|'camera'|'screen'} stream
   * @param {MediaStreamTrack|null} track
   */
  setTrack(stream, track) {
    this.#tracks.set(stream, track);
    if (stream === 'screen')
      this.setState({ screen: track !== null });
    return this.#sessions.setTrack(stream, track);
  }

  /** Says what the others should see: `audio_muted`, `video_muted`, `screen`, `hand_raised`, `recorded`. */
  setState(state) {
    const before = JSON.stringify(this.#own);

    Object.assign(this.#own, state);
    if (this.participant && before !== JSON.stringify(this.#own))
      this.#send({ type: 'state', ...state });
  }

  /** @returns {boolean} whether it was sent; the server echoes it to the sender, too */
  sendChat(text, to) {
    const body = text.trim();
    const isFit = body !== '' && new TextEncoder().encode(body).length <= LONGEST_CHAT_BYTES;

    return isFit && this.#send({ type: 'chat', text: body, ...(to ? { to } : {}) });
  }

  /** For moderators: `{audio_muted, video_muted, role, kick, ban, admit}`. */
  moderate(participant, changes) {
    return this.#send({ type: 'moderate', participant, ...changes });
  }

  /** For moderators: `{layout, locked, lobby, recording}`. */
  changeRoom(settings) {
    return this.#send({ type: 'room', ...settings });
  }

  /** This receiver's own picture: `{pin, hide_self, max_height, portrait}`. */
  setView(view) {
    return this.#send({ type: 'view', ...view });
  }

  /** Makes a new peer connection now, beside the old one. */
  renegotiate() {
    this.#sessions.negotiate();
  }

  // --- the socket ---

  #connect() {
    clearTimeout(this.#retryTimer);
    this.participant = null;
    this.#socket?.close();
    this.#socket = new SignalSocket(signalUrl(this.#options.url, this.#options.room), {
      onOpen: () => this.#sayJoin(),
      onMessage: (message) => this.#received(message),
      onLost: () => this.#lost(),
    }, this.#options.WebSocket);
  }

  #sayJoin() {
    const { name, token, viewer } = this.#options;
    const resume = this.#resume.token;

    this.#socket.send({
      type: 'join',
      ...(name ? { name } : {}),
      ...(token ? { token } : {}),
      ...(resume ? { resume } : {}),
      ...(viewer ? { viewer } : {}),
    });
  }

  #send(message) {
    return this.#socket?.send(message) ?? false;
  }

  #lost() {
    this.participant = null;
    if (this.#state === 'closed')
      return;
    if (this.#attempt === 0 && !this.#wasIn)
      this.#emit('error', { code: 'unreachable', detail: '', fatal: false });
    const wait = waitMs(this.#attempt++, this.#retryAfterMs);
    this.#retryAfterMs = 0;
    this.#setState(this.#wasIn ? 'returning' : 'connecting', { attempt: this.#attempt, retry_in_ms: Math.round(wait) });
    this.#retryTimer = setTimeout(() => this.#connect(), wait);
  }

  // The network or the page came back: find out now instead of at the next ping.
  #wake = () => {
    if (this.#socket?.isOpen) {
      this.#socket.probe(PROBE_WITHIN_MS);
    } else if (this.#state === 'returning' || this.#state === 'connecting') {
      this.#attempt = 0;
      this.#connect();
    }
  };

  #offline = () => this.#socket?.probe(PROBE_WITHIN_MS);

  #visible = () => {
    if (document.visibilityState === 'visible') {
      this.#resume.take();
      this.#wake();
    } else {
      this.#resume.keep();
    }
  };

  #keepResume = () => this.#resume.keep();

  #listen(on) {
    const change = on ? 'addEventListener' : 'removeEventListener';

    globalThis[change]?.('online', this.#wake);
    globalThis[change]?.('offline', this.#offline);
    globalThis[change]?.('pagehide', this.#keepResume);
    globalThis.document?.[change]('visibilitychange', this.#visible);
    clearInterval(this.#statsTimer);
    if (on)
      this.#statsTimer = setInterval(() => this.#reportStats(), STATS_EVERY_MS);
  }

  // --- what the server says ---

  #handlers = {
    welcome: (m) => this.#welcome(m),
    waiting: (m) => this.#setState('waiting', { reason: m.reason }),
    answer: (m) => this.#sessions.answer(m),
    renegotiate: (m) => this.#sessions.renegotiate(m),
    participant_joined: (m) => this.#rosterPut(m, 'joined'),
    participant_updated: (m) => this.#rosterPut(m, 'updated'),
    participant_left: (m) => this.#rosterRemove(m),
    layout: (m) => {
      this.layout = m;
      this.#emit('layout', m);
    },
    speaker: (m) => {
      this.speaker = m.participant;
      this.#emit('speaker', m);
    },
    send: (m) => {
      this.#sessions.bound(m);
      this.#emit('send', m);
    },
    ice_servers: (m) => {
      this.#sessions.iceServers = m.ice_servers ?? [];
    },
    room: (m) => {
      this.room = { ...this.room, ...(m.room ?? m) };
      this.#emit('room', this.room);
    },
    chat: (m) => this.#emit('chat', m),
    recording: (m) => {
      this.room = { ...this.room, recording: m.recording };
      this.#emit('recording', m);
    },
    quality: (m) => this.#emit('quality', m),
    error: (m) => this.#error(m),
    bye: (m) => this.#bye(m),
  };

  #received(message) {
    if (Object.hasOwn(this.#handlers, message.type))
      this.#handlers[message.type](message);
  }

  #welcome(message) {
    this.participant = message.participant?.id ?? message.participant;
    this.role = message.role;
    this.room = message.room ?? null;
    this.#resume.set(message.resume);
    this.#sessions.iceServers = message.ice_servers ?? [];
    this.#roster.reset(message.participants);
    this.#attempt = 0;
    this.#wasIn = true;
    if (!message.resumed)
      this.#sessions.asked.clear();
    if (Object.keys(this.#own).length > 0)
      this.#send({ type: 'state', ...this.#own });
    this.#setState('joined');
    this.#emit('welcome', message);
    this.#emit('roster', { participants: this.participants, change: 'reset' });
    this.#sessions.resume(message.session | 0);
    this.#joining.resolve(message);
  }

  #rosterPut(message, change) {
    const named = typeof message.participant === 'object' ? message.participant : message;
    const participant = this.#roster.put(named);

    if (!participant)
      return;
    if (participant.id === this.participant)
      this.role = participant.role ?? this.role;
    this.#emit('roster', { participants: this.participants, change, participant });
  }

  #rosterRemove(message) {
    const participant = this.#roster.remove(message.participant?.id ?? message.participant ?? message.id);

    if (participant)
      this.#emit('roster', { participants: this.participants, change: 'left', participant, reason: message.reason });
  }

  #error(message) {
    if (!this.#sessions.refused(message))
      this.#emit('error', { code: message.code, detail: message.detail ?? '', fatal: message.fatal === true, message: message.message });
  }

  #bye(message) {
    if (isPassing(message.code)) {
      this.#retryAfterMs = Math.min(60_000, Math.max(0, message.retry_after_ms | 0));
      this.#emit('bye', { ...message, will_return: true });
      this.#socket.close();
      this.#lost();
    } else {
      this.#end(message);
    }
  }

  #end(bye) {
    clearTimeout(this.#retryTimer);
    this.#listen(false);
    this.#resume.clear();
    this.#socket?.close();
    this.#sessions.close();
    this.participant = null;
    this.#setState('closed', { code: bye.code });
    this.#emit('bye', { ...bye, will_return: false });
    this.#joining?.reject(new TesseraError(bye.code, bye.reason, bye.retry_after_ms));
  }

  // --- media ---

  #showStream(stream) {
    this.stream = stream;
    this.#emit('stream', { stream });
  }

  #mediaChanged(state) {
    if (this.participant === null || this.#state === 'closed')
      return;
    if (state === 'connected') {
      this.#setState('live');
    } else if (state === 'lost' && this.#state !== 'returning') {
      this.#setState('returning', { reason: 'media' });
      this.#socket.probe(PROBE_WITHIN_MS);      // a changed network takes both, and says it of neither
    }
  }

  async #reportStats() {
    const connection = this.#sessions.current;

    if (!connection || this.participant === null)
      return;
    const { stats, memory } = digest(await connection.stats(), this.#statsMemory);
    this.#statsMemory = memory;
    this.#send({ type: 'stats', session: connection.session, ...stats });
    this.#emit('stats', stats);
  }

  // --- telling the page ---

  #setState(state, detail = {}) {
    const previous = this.#state;

    this.#state = state;
    if (state !== previous || detail.attempt)
      this.#emit('state', { state, previous, ...detail });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function withResolvers() {
  const deferred = {};

  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
}
