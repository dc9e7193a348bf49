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
 * Where the own camera may be laid over the picture: the own tile without its border. Null when the tile shows
 * a placeholder, or when another lies over it, which would be covered.
 *
 * @returns {{left, top, width, height, z, radius: string, fit: string}|null} shares of the canvas, 0..1; CSS
 */
export function ownTile(layout) {
  const tiles = tileShares(layout);
  const i = tiles.findIndex((one) => one.own && one.stream === 'camera');
  const { placeholder, border = 0, radius = 0, fit = 'cover' } = layout?.tiles?.[i] ?? {};

  if (i < 0 || placeholder || tiles.some((other) => isOver(other, tiles[i])))
    return null;
  const { left, top, width, height, z } = tiles[i];
  const [x, y] = [border / layout.canvas.width, border / layout.canvas.height];
  const [w, h] = [width - 2 * x, height - 2 * y];
  const round = Math.max(0, radius - border);
  return {
    left: left + x, top: top + y, width: w, height: h, z, fit: fit === 'contain' ? 'contain' : 'cover',
    radius: round > 0 ? `${percent(round / (w * layout.canvas.width))} / ${percent(round / (h * layout.canvas.height))}` : '0',
  };
}

/** A share as a CSS percentage, short enough to compare in a test. */
export function percent(share) {
  return `${Math.round(share * 1e5) / 1e3}%`;
}
