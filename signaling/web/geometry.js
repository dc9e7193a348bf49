// SPDX-License-Identifier: Apache-2.0
// Where tiles are in the picture. Pure.

const isOver = (a, b) => a.z > b.z && a.left < b.left + b.width && b.left < a.left + a.width
  && a.top < b.top + b.height && b.top < a.top + a.height;

/**
 * The tiles of a layout.
 *
 * @returns {{participant, stream, own, left, top, width, height, z}[]} shares of the canvas, 0..1
 */
export function tileShares(layout) {
  const { width, height } = layout?.canvas ?? {};

  if (!(width > 0) || !(height > 0) || !Array.isArray(layout.tiles))
    return [];
  return layout.tiles.map((tile) => ({
    participant: tile.participant,
    stream: tile.stream ?? 'camera',
    own: tile.own === true,
    left: tile.x / width,
    top: tile.y / height,
    width: tile.width / width,
    height: tile.height / height,
    z: tile.z ?? 0,
  }));
}

/**
 * The tile of a layout that shows this person's camera; null, too, when another tile lies over it: what is laid
 * over the picture would cover that one.
 *
 * @returns {{left, top, width, height, z}|null} shares of the canvas, 0..1
 */
export function ownTile(layout) {
  const tiles = tileShares(layout);
  const tile = tiles.find((one) => one.own && one.stream === 'camera');

  if (!tile || tiles.some((other) => isOver(other, tile)))
    return null;
  const { left, top, width, height, z } = tile;
  return { left, top, width, height, z };
}

/** A share as a CSS percentage, short enough to compare in a test. */
export function percent(share) {
  return `${Math.round(share * 1e5) / 1e3}%`;
}
