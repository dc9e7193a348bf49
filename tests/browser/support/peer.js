// SPDX-License-Identifier: Apache-2.0
// The second script of a test page: people who join with the project's own client module, WHIP senders and
// WHEP viewers, and a bare peer that can send what no client would. Needs probe.js.

(() => {
  const { probe } = window;
  if (probe.join)
    return;

  const now = () => performance.timeOrigin + performance.now ();

  /* Joins with /web/client.js as window.me = {client, source, receiver, log}. */
  probe.join = async ({ room, who, source = {}, options = {} }) => {
    const { TesseraClient } = await import (`${location.origin}/web/client.js`);
    const me = window.me = { log: [], layouts: [], errors: [], streamAt: 0 };
    me.receiver = new probe.Receiver ();
    me.source = options.viewer ? null : new probe.Source ({ ...who, ...source });
    me.client = new TesseraClient ({ room, name: who.name, storage: null, stream: me.source?.stream, ...options });
    for (const type of ['state', 'bye', 'error', 'roster', 'speaker', 'chat', 'welcome', 'send']) {
      me.client.addEventListener (type, ({ detail }) => {
        me.log.push ({ at: now (), type, detail: JSON.parse (JSON.stringify (detail ?? null)) });
        if (type === 'error')
          me.errors.push (detail.code);
      });
    }
    me.client.addEventListener ('layout', ({ detail }) => me.layouts.push ({ at: now (), ...detail }));
    me.client.addEventListener ('stream', ({ detail }) => {
      me.streamAt = now ();
      me.receiver.attach (detail.stream);
    });
    await me.client.join ();
    return me.client.participant;
  };

  /* What a test needs of `me` at one moment. */
  probe.look = () => {
    const { client } = window.me;
    return {
      state: client.state, participant: client.participant, role: client.role, layout: window.me.layouts.at (-1) ?? null,
      people: client.participants, speaker: client.speaker, session: client.session,
      streamAt: window.me.streamAt, errors: window.me.errors, log: window.me.log.slice (-40),
    };
  };

  const gathered = (connection) => new Promise ((done) => {
    const check = () => connection.iceGatheringState === 'complete' && done ();
    connection.addEventListener ('icegatheringstatechange', check);
    check ();
  });

  function preferCodec (transceiver, name) {
    const codecs = RTCRtpReceiver.getCapabilities (transceiver.receiver.track.kind).codecs;
    transceiver.setCodecPreferences (codecs.filter (({ mimeType }) =>
      mimeType.toLowerCase ().endsWith (`/${name.toLowerCase ()}`)));
  }

  /* A connection with complete candidates: {connection, source, receiver, sdp}. */
  async function offering ({ direction, who, codec }) {
    const connection = new RTCPeerConnection ({ bundlePolicy: 'max-bundle' });
    const receiver = new probe.Receiver ();
    const stream = new MediaStream ();
    connection.ontrack = ({ track }) => {
      stream.addTrack (track);
      receiver.attach (stream);
    };
    const source = direction === 'recvonly' ? null : new probe.Source (who);
    for (const kind of ['audio', 'video']) {
      const track = source?.stream.getTracks ().find ((candidate) => candidate.kind === kind);
      const transceiver = connection.addTransceiver (track ?? kind, { direction });
      if (kind === 'video' && codec)
        preferCodec (transceiver, codec);
    }
    await connection.setLocalDescription ();
    await gathered (connection);
    return { connection, source, receiver, sdp: connection.localDescription.sdp };
  }

  /* Posts an offer to /whip/ROOM or /whep/ROOM; the peer becomes window.me. */
  probe.post = async ({ door, room, who, codec, name }) => {
    const peer = await offering ({ direction: door === 'whip' ? 'sendonly' : 'recvonly', who, codec });
    const query = name ? `?name=${encodeURIComponent (name)}` : '';
    const answer = await fetch (`/${door}/${room}${query}`, {
      method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: peer.sdp,
    });
    const text = await answer.text ();
    const headers = Object.fromEntries (answer.headers.entries ());
    if (answer.status === 201)
      await peer.connection.setRemoteDescription ({ type: 'answer', sdp: text });
    window.me = { ...peer, location: headers.location, layouts: [], errors: [], log: [] };
    return { status: answer.status, headers, answer: text };
  };

  probe.hangUp = async () => {
    const answer = await fetch (window.me.location, { method: 'DELETE' });
    window.me.connection.close ();
    return answer.status;
  };

  /* An offer as a browser makes it, for tests that send it themselves. */
  probe.offer = async ({ who, direction = 'sendrecv', codec }) => {
    const peer = await offering ({ direction, who, codec });
    window.me = { ...peer, layouts: [], errors: [], log: [] };
    return peer.sdp;
  };

  /* A signaling socket without the client: sends an offer changed by `mangle` ([[pattern, replacement], …]), notes
   * what comes back, and goes on as if nothing were wrong: asked for a new connection it sends the same again. */
  probe.rawJoin = async ({ room, who, mangle = [], codec }) => {
    const peer = await offering ({ direction: 'sendrecv', who, codec });
    const raw = window.me = { ...peer, messages: [], layouts: [], errors: [], log: [], closed: null };
    const socket = raw.socket = new WebSocket (`${location.origin.replace (/^http/, 'ws')}/v1/rooms/${room}/signal`, 'tessera.v1');
    const sdp = mangle.reduce ((text, [pattern, replacement]) => text.replace (new RegExp (pattern, 'gm'), replacement), peer.sdp);
    raw.sent = sdp;
    socket.onopen = () => socket.send (JSON.stringify ({ type: 'join', name: who.name }));
    socket.onclose = ({ code, reason }) => { raw.closed = { code, reason }; };
    socket.onmessage = async ({ data }) => {
      const message = JSON.parse (data);
      raw.messages.push ({ at: now (), ...message });
      if (message.type === 'welcome') {
        raw.participant = message.participant?.id ?? message.participant;
        raw.session = (message.session | 0) + 1;
        socket.send (JSON.stringify ({ type: 'offer', session: raw.session, sdp }));
      } else if (message.type === 'renegotiate') {
        raw.session = Math.max (raw.session, message.session | 0) + 1;
        socket.send (JSON.stringify ({ type: 'offer', session: raw.session, sdp }));
      } else if (message.type === 'answer' && peer.connection.signalingState === 'have-local-offer') {
        await peer.connection.setRemoteDescription ({ type: 'answer', sdp: message.sdp }).catch ((error) => {
          raw.errors.push (error.message);
        });
      }
    };
  };
}) ();
