// SPDX-License-Identifier: Apache-2.0
// What the client saw, as a few numbers: the `stats` message. Pure.

const WHOLE = (n) => (Number.isFinite(n) ? Math.round(n) : 0);

function inbound(reports, kind) {
  return reports.find((r) => r.type === 'inbound-rtp' && r.kind === kind) ?? {};
}

function roundTrip(reports) {
  const pair = reports.find((r) => r.type === 'candidate-pair' && r.nominated && r.state === 'succeeded');

  return WHOLE((pair?.currentRoundTripTime ?? 0) * 1000);
}

// The mean wait of what left the jitter buffer since the last digest.
function bufferDelayMs(now, before) {
  const emitted = (now.jitterBufferEmittedCount ?? 0) - (before?.emitted ?? 0);
  const delay = (now.jitterBufferDelay ?? 0) - (before?.delay_s ?? 0);

  return emitted > 0 ? WHOLE(delay / emitted * 1000) : 0;
}

const bufferOf = (r) => ({ emitted: r.jitterBufferEmittedCount ?? 0, delay_s: r.jitterBufferDelay ?? 0 });

function videoDigest(video, before) {
  return {
    frames_decoded: WHOLE(video.framesDecoded),
    frames_dropped: WHOLE(video.framesDropped),
    freezes: WHOLE(video.freezeCount),
    freeze_ms: WHOLE((video.totalFreezesDuration ?? 0) * 1000),
    width: WHOLE(video.frameWidth),
    height: WHOLE(video.frameHeight),
    fps: WHOLE(video.framesPerSecond),
    packets_lost: WHOLE(video.packetsLost),
    jitter_buffer_ms: bufferDelayMs(video, before),
  };
}

function audioDigest(audio, before) {
  return {
    packets_lost: WHOLE(audio.packetsLost),
    concealed_samples: WHOLE(audio.concealedSamples),
    jitter_buffer_ms: bufferDelayMs(audio, before),
  };
}

/**
 * @param {object[]} reports the values of an RTCStatsReport
 * @param {object} [before] the `memory` of the digest before
 * @returns {{stats: object, memory: object}} `stats` has a fixed number of members: it is bounded
 */
export function digest(reports, before = {}) {
  const video = inbound(reports, 'video');
  const audio = inbound(reports, 'audio');

  return {
    stats: {
      rtt_ms: roundTrip(reports),
      video: videoDigest(video, before.video),
      audio: audioDigest(audio, before.audio),
    },
    memory: { video: bufferOf(video), audio: bufferOf(audio) },
  };
}
