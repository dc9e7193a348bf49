// SPDX-License-Identifier: Apache-2.0
// Where the own tile is in the picture. Pure.

/**
 * The tile of a layout that shows this person's camera.
 *
 * @returns {{left, top, width, height, z}|null} shares of the canvas, 0..1
 */
export function ownTile(layout) {
  const canvas = layout?.canvas;
  const tile = layout?.tiles?.find((t) => t.own && (t.stream ?? 'camera') === 'camera');

  if (!tile || !(canvas?.width > 0) || !(canvas?.height > 0))
    return null;
  return {
    left: tile.x / canvas.width,
    top: tile.y / canvas.height,
    width: tile.width / canvas.width,
    height: tile.height / canvas.height,
    z: tile.z ?? 0,
  };
}

/** A share as a CSS percentage, short enough to compare in a test. */
export function percent(share) {
  return `${Math.round(share * 1e5) / 1e3}%`;
}
