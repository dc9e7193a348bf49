// SPDX-License-Identifier: Apache-2.0
// How loud the microphone is, and the one AudioContext that the join tap unlocks.

const FLOOR_DB = -60;

let context = null;

/** The page's AudioContext, or null where there is none. */
export function audioContext() {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;

  context ??= Context ? new Context() : null;
  return context;
}

/** 0..1 for a block of samples; silence and anything below -60 dB is 0. */
export function levelOf(samples) {
  let sum = 0;

  for (const sample of samples)
    sum += sample * sample;
  const db = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/**
 * Calls back with the level of a track until stopped.
 *
 * @param {MediaStreamTrack} track
 * @param {(level: number) => void} onLevel 0..1, at most ten times a second
 * @returns {() => void} stops
 */
export function watchLevel(track, onLevel) {
  const ctx = audioContext();

  if (!ctx)
    return () => {};
  ctx.resume();
  const source = ctx.createMediaStreamSource(new MediaStream([track]));
  const analyser = ctx.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(levelOf(samples));
  }, 100);
  return () => {
    clearInterval(timer);
    source.disconnect();
    ctx.suspend();        // an idle context still wakes the processor a hundred times a second
  };
}
