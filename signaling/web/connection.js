// SPDX-License-Identifier: Apache-2.0
// One RTCPeerConnection of one session: made, offered, answered, replaced; never renegotiated.

import { encodingFor } from './bounds.js';

const MOST_CANDIDATES = 20;

// The sections of every offer, in this order. Their directions never change: a track that is not
// there is a sender without a track.
const SECTIONS = [
  { stream: 'microphone', kind: 'audio', direction: 'sendrecv', viewer: 'recvonly' },
  { stream: 'camera', kind: 'video', direction: 'sendrecv', viewer: 'recvonly' },
  { stream: 'screen', kind: 'video', direction: 'sendonly', viewer: null },
];

function preferCodecs(transceiver, kind, names) {
  const codecs = globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];
  const wanted = names.map((n) => `${kind}/${n}`.toLowerCase());
  const repair = /\/(rtx|red|ulpfec)$/i;
  const chosen = wanted.flatMap((w) => codecs.filter((c) => c.mimeType.toLowerCase() === w));

  if (chosen.length > 0)
    transceiver.setCodecPreferences?.([...chosen, ...codecs.filter((c) => repair.test(c.mimeType))]);
}

function offeredEncoding(stream) {
  const { maxBitrate, maxFramerate } = encodingFor(stream);

  return [{ maxBitrate, maxFramerate }];
}

export class Connection {
  /** The mixed sound and picture that this connection receives. */
  stream = new MediaStream();
  session;
  everConnected = false;

  #pc;
  #transceivers = new Map();
  #asked;
  #candidates = [];
  #candidateCount = 0;
  #onCandidate = null;
  #applying = new Map();

  /**
   * @param {object} options
   * @param {number} options.session
   * @param {RTCIceServer[]} options.iceServers
   * @param {Map<string, MediaStreamTrack|null>} options.tracks by stream
   * @param {Map<string, object>} options.asked the server's `send` messages by stream; read whenever applied
   * @param {boolean} [options.viewer] receive only
   * @param {string[]} [options.videoCodecs] only these, such as `['H264']`
   * @param {string[]} [options.audioCodecs]
   * @param {(connection: Connection) => void} options.onState
   */
  constructor(options) {
    this.session = options.session;
    this.#asked = options.asked;
    this.#pc = new RTCPeerConnection({ iceServers: options.iceServers, bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    this.#pc.onicecandidate = (event) => this.#gathered(event.candidate);
    this.#pc.ontrack = (event) => this.stream.addTrack(event.track);
    this.#pc.onconnectionstatechange = () => {
      this.everConnected ||= this.state === 'connected';
      options.onState(this);
    };
    for (const section of SECTIONS)
      this.#addSection(section, options);
  }

  get state() {
    return this.#pc.connectionState;
  }

  get isAnswered() {
    return this.#pc.remoteDescription !== null;
  }

  /** Makes the offer. Candidates are kept until `trickle` is called. */
  async offer() {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    const streams = {};
    for (const [stream, transceiver] of this.#transceivers)
      streams[transceiver.mid] = stream;
    return { sdp: this.#pc.localDescription.sdp, streams };
  }

  /** @param {(candidate: string, mid: string) => void} callback at most 20 times */
  trickle(callback) {
    this.#onCandidate = callback;
    for (const candidate of this.#candidates.splice(0))
      this.#emit(candidate);
  }

  async answer(sdp) {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
    await this.applyBounds('camera');
    await this.applyBounds('screen');
  }

  /** Swaps what a stream sends, without a new offer. */
  async setTrack(stream, track) {
    await this.#transceivers.get(stream)?.sender.replaceTrack(track);
    await this.applyBounds(stream);
  }

  /** Brings the sender of a stream within what the server last asked for. One at a time per sender. */
  applyBounds(stream) {
    const before = this.#applying.get(stream) ?? Promise.resolve();
    const now = before.then(() => this.#applyBounds(stream)).catch(() => {});

    this.#applying.set(stream, now);
    return now;
  }

  async stats() {
    return [...(await this.#pc.getStats()).values()];
  }

  /** The RTP timestamp of the picture that is shown, where the browser tells; else null. */
  get videoTimestamp() {
    const receiver = this.#transceivers.get('camera')?.receiver;

    return receiver?.getSynchronizationSources?.()[0]?.rtpTimestamp ?? null;
  }

  close() {
    this.#pc.onconnectionstatechange = null;
    this.#pc.onicecandidate = null;
    this.#onCandidate = null;
    this.#pc.close();
  }

  #addSection({ stream, kind, direction, viewer }, options) {
    if (options.viewer && !viewer)
      return;
    const track = options.viewer ? null : options.tracks.get(stream);
    const transceiver = this.#pc.addTransceiver(track ?? kind, {
      direction: options.viewer ? viewer : direction,
      ...(kind === 'video' && !options.viewer ? { sendEncodings: offeredEncoding(stream) } : {}),
    });
    const codecs = kind === 'video' ? options.videoCodecs : options.audioCodecs;
    if (codecs?.length)
      preferCodecs(transceiver, kind, codecs);
    this.#transceivers.set(stream, transceiver);
  }

  async #applyBounds(stream) {
    const sender = this.#transceivers.get(stream)?.sender;
    const parameters = stream === 'microphone' ? null : sender?.getParameters();

    if (!parameters?.encodings?.length)
      return;
    Object.assign(parameters.encodings[0], encodingFor(stream, sender.track?.getSettings?.(), this.#asked.get(stream)));
    // Text on a shared screen must stay sharp; a face must keep moving.
    parameters.degradationPreference = stream === 'screen' ? 'maintain-resolution' : 'maintain-framerate';
    await sender.setParameters(parameters);
  }

  // The server takes UDP only; a TCP candidate would use up one of the twenty.
  #gathered(candidate) {
    if (!candidate?.candidate || candidate.protocol === 'tcp' || ++this.#candidateCount > MOST_CANDIDATES)
      return;
    if (this.#onCandidate)
      this.#emit(candidate);
    else
      this.#candidates.push(candidate);
  }

  #emit(candidate) {
    this.#onCandidate(candidate.candidate, candidate.sdpMid ?? '0');
  }
}
