// SPDX-License-Identifier: Apache-2.0
// A WebSocket and an RTCPeerConnection that the test plays the other side of.

globalThis.CustomEvent ??= class extends Event {
  constructor(type, { detail } = {}) {
    super(type);
    this.detail = detail;
  }
};

globalThis.MediaStream = class {
  tracks = [];
  addTrack(track) {
    this.tracks.push(track);
  }
};

/** Waits for a condition; the test runner's own limit ends a wait that never does. */
export async function until(condition, what, withinMs = 5000) {
  const end = Date.now() + withinMs;

  while (!condition()) {
    if (Date.now() > end)
      throw new Error(`never: ${what}`);
    await new Promise((done) => setImmediate(done));
  }
}

export class FakeSocket {
  static all = [];
  static isServerUp = true;
  readyState = 0;
  sent = [];

  constructor(url, protocol) {
    Object.assign(this, { url, protocol });
    FakeSocket.all.push(this);
    queueMicrotask(() => {
      this.readyState = FakeSocket.isServerUp ? 1 : 3;
      if (FakeSocket.isServerUp)
        this.onopen();
      else
        this.onclose({ code: 1006 });
    });
  }

  static get last() {
    return FakeSocket.all.at(-1);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  /** The server says something. */
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  /** The connection breaks. */
  drop(code = 1006) {
    this.readyState = 3;
    this.onclose({ code });
  }

  all(type) {
    return this.sent.filter((m) => m.type === type);
  }
}

export class FakeConnection {
  static all = [];
  connectionState = 'new';
  remoteDescription = null;
  localDescription = null;
  transceivers = [];
  isClosed = false;

  constructor(configuration) {
    this.configuration = configuration;
    FakeConnection.all.push(this);
  }

  static get last() {
    return FakeConnection.all.at(-1);
  }

  addTransceiver(trackOrKind, init) {
    const sender = {
      track: typeof trackOrKind === 'string' ? null : trackOrKind,
      parameters: { encodings: init.sendEncodings ?? [{}] },
      getParameters() {
        return structuredClone(this.parameters);
      },
      async setParameters(parameters) {
        this.parameters = parameters;
      },
      async replaceTrack(track) {
        this.track = track;
      },
    };
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    const transceiver = { sender, init, kind, mid: null, receiver: {} };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  async createOffer() {
    return { type: 'offer', sdp: 'v=0 offer' };
  }

  async setLocalDescription(description) {
    this.localDescription = description;
    this.transceivers.forEach((t, i) => (t.mid = String(i)));
    this.onicecandidate({ candidate: { candidate: 'candidate:early', sdpMid: '0', protocol: 'udp' } });
  }

  async setRemoteDescription(description) {
    if (description.sdp === 'nonsense')
      throw new Error('cannot parse');
    this.remoteDescription = description;
  }

  async getStats() {
    return new Map();
  }

  turn(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  close() {
    this.isClosed = true;
    this.connectionState = 'closed';
  }
}

globalThis.RTCPeerConnection = FakeConnection;

export function resetFakes() {
  FakeSocket.all = [];
  FakeSocket.isServerUp = true;
  FakeConnection.all = [];
}
