// SPDX-License-Identifier: Apache-2.0
// Offers made wrong in ways that are the same for the same seed.

/** What a door takes at most; longer ones are answered by the limit and not by the gateway. */
const LONGEST = 60000;

/** mulberry32: a small generator, so that a failure can be had again from its seed. */
export function randomFrom (seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul (t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul (t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NUMBERS = ['0', '-1', '1', '255', '65535', '65536', '4294967295', '4294967296', '18446744073709551616', '1e9', '0x10', ''];
const LINES = [
  'a=mid:0', 'a=mid:', 'a=group:BUNDLE 0 0 0', 'a=group:BUNDLE', 'a=rtcp-mux-only', 'a=setup:holdconn', 'a=ice-lite',
  'a=ssrc-group:FID 1 1', 'a=ssrc:4294967296 cname:x', 'a=rtpmap:96 VP8/0', 'a=rtpmap:999 opus/48000/2', 'a=fmtp:96 apt=96',
  'a=candidate:1 1 udp 1 ::1 0 typ host', 'a=candidate:1 1 udp 99999999999 256.1.1.1 70000 typ host', 'a=extmap:0 x', 'a=extmap:15 urn:x',
  'a=fingerprint:sha-256 00', 'a=fingerprint:md5 00:00', 'a=simulcast:send 1;2', 'a=rid:1 send', 'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'm=audio 0 RTP/AVP 0', 'c=IN IP6 ::', 'b=AS:-1', 'a=inactive', 'a=msid:- -', 'v=0', '=', 'a', 'a=',
];

const pick = (random, list) => list[Math.floor (random () * list.length)];
const change = (lines, index, count, ...insert) => lines.splice (index, count, ...insert);

/* Each takes the lines of an offer, changes them in place, and may return a whole text instead. */
const MUTATIONS = [
  (lines, random) => { change (lines, Math.floor (random () * lines.length), 1); },
  (lines, random) => { change (lines, Math.floor (random () * lines.length), 1 + Math.floor (random () * 20)); },
  (lines, random) => {
    const index = Math.floor (random () * lines.length);
    change (lines, index, 0, ...new Array (1 + Math.floor (random () * 200)).fill (lines[index]));
  },
  (lines, random) => { change (lines, Math.floor (random () * lines.length), 0, pick (random, LINES)); },
  (lines, random) => {
    const a = Math.floor (random () * lines.length), b = Math.floor (random () * lines.length);
    [lines[a], lines[b]] = [lines[b], lines[a]];
  },
  (lines, random) => {
    const index = Math.floor (random () * lines.length);
    lines[index] = lines[index].replace (/\d+/g, (old) => random () < 0.5 ? pick (random, NUMBERS) : old);
  },
  (lines, random) => {
    const index = Math.floor (random () * lines.length);
    lines[index] = lines[index].replace (/[:= ].*/, (rest) => rest[0] + pick (random, ['A', '%n%s', '한', '\u0001', '../']).repeat (1 + Math.floor (random () * 3000)));
  },
  (lines, random) => {
    const index = Math.floor (random () * lines.length), at = Math.floor (random () * lines[index].length);
    lines[index] = lines[index].slice (0, at) + String.fromCharCode (1 + Math.floor (random () * 255)) + lines[index].slice (at + 1);
  },
  (lines, random) => lines.join ('\r\n').slice (0, Math.floor (random () * lines.join ('\r\n').length)),
  (lines) => lines.join ('\n'),
  (lines, random) => {
    const first = lines.findIndex ((line) => line.startsWith ('m='));
    const section = lines.slice (first);
    for (let copies = Math.floor (random () * 40); copies > 0 && lines.length < LONGEST; copies--)
      for (const line of section)
        lines.push (line);
  },
  (lines) => { lines.sort (); },
  (lines, random) => lines.join (pick (random, ['\r', ' ', '\r\n\r\n', '\0'])),
  (lines, random) => pick (random, ['', '\r\n', 'v=0', 'v=0\r\n', '{}', 'x'.repeat (60000), 'm=\r\n'.repeat (5000)]),
];

export function mutate (offer, random) {
  let lines = offer.split (/\r?\n/).filter (Boolean);
  for (let rounds = 1 + Math.floor (random () * 4); rounds > 0 && lines.length > 0; rounds--) {
    const whole = pick (random, MUTATIONS) (lines, random);
    if (typeof whole === 'string')
      return whole.slice (0, LONGEST);
  }
  return `${lines.join ('\r\n')}\r\n`.slice (0, LONGEST);
}
