// SPDX-License-Identifier: Apache-2.0
// What to capture and what to send. Pure.

// A machine with so few cores is busy enough with one picture to decode.
const FEW_CORES = 4;

/** What is sent of each stream when the server says nothing. */
export const SEND_LIMITS = {
  camera: { fps: 30, bitrate_bps: 900_000 },
  screen: { fps: 15, bitrate_bps: 1_500_000 },
};

/**
 * The camera picture to ask for. 640x360 everywhere: in a meeting of two or more no tile of the
 * 720p canvas is larger, so more would only be scaled down by the server. 15 frames/s on small machines.
 */
export function cameraConstraints(cores = 8) {
  return {
    width: { ideal: 640 },
    height: { ideal: 360 },
    frameRate: { ideal: cores <= FEW_CORES ? 15 : 30, max: 30 },
  };
}

export const MICROPHONE_CONSTRAINTS = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

// The server takes no larger picture. The browser keeps the shape.
const LARGEST_SCREEN_PX = { width: 1920, height: 1080 };

/**
 * What to ask getDisplayMedia for. The sound of a whole computer has the meeting itself in it, which would come back
 * to everybody as an echo: offered only where the browser can leave this page's own sound out.
 *
 * @param {object} supported getSupportedConstraints()
 */
export function screenOptions(supported = {}) {
  return {
    video: {
      width: { max: LARGEST_SCREEN_PX.width },
      height: { max: LARGEST_SCREEN_PX.height },
      frameRate: { ideal: SEND_LIMITS.screen.fps, max: SEND_LIMITS.screen.fps },
    },
    // Music and films, not a voice: nothing is to be taken out of it.
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true },
    systemAudio: supported.restrictOwnAudio ? 'include' : 'exclude',
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
  };
}

function least(...values) {
  return Math.min(...values.filter((v) => Number.isFinite(v) && v > 0));
}

/**
 * The encoding parameters for one stream.
 *
 * @param {string} stream camera or screen
 * @param {{width?: number, height?: number, frameRate?: number}} source what the track delivers
 * @param {object|null} asked the server's last `send` for this stream; a bound, never a wish for more
 * @returns {{active, scaleResolutionDownBy, maxFramerate, maxBitrate}}
 */
export function encodingFor(stream, source = {}, asked = null) {
  const limits = SEND_LIMITS[stream];
  const overWidth = asked?.width > 0 && source.width > 0 ? source.width / asked.width : 1;
  const overHeight = asked?.height > 0 && source.height > 0 ? source.height / asked.height : 1;

  return {
    active: asked?.active !== false,
    scaleResolutionDownBy: Math.max(1, overWidth, overHeight),
    maxFramerate: least(limits.fps, source.frameRate, asked?.fps),
    maxBitrate: least(limits.bitrate_bps, asked?.bitrate_bps),
  };
}
