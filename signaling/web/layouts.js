// SPDX-License-Identifier: Apache-2.0
// The layouts of the server, and what each does with so many people, in small. Pure but for the fetching.
// The format is described in docs/layout-format.md; the server decides, this only draws.

const MOST_LAYOUTS = 64;
const MOST_TILES = 49;

async function get(url, token) {
  const answer = await fetch(url, token ? { headers: { Authorization: `Bearer ${token}` } } : {});

  return answer.ok ? answer.json() : null;
}

/**
 * @param {string} origin the server
 * @param {string} [token]
 * @returns {Promise<{name: string, title: string, document: object|null}[]>} none where the server has no layouts
 */
export async function fetchLayouts(origin, token) {
  const list = await get(`${origin}/v1/layouts`, token).catch(() => null);
  const named = Array.isArray(list?.layouts) ? list.layouts.filter((l) => typeof l?.name === 'string') : [];

  return Promise.all(named.slice(0, MOST_LAYOUTS).map(async ({ name, title }) => ({
    name,
    title: String(title || name),
    document: await get(`${origin}/v1/layouts/${encodeURIComponent(name)}`, token).catch(() => null),
  })));
}

/** A part of the canvas: a number, or a string such as `"1/3"`. */
export function fraction(value) {
  const [over, under = 1] = String(value).split('/').map(Number);
  const share = over / under;

  return Number.isFinite(share) ? share : 0;
}

/** Whether `"3"`, `"1-3"` or `"4+"` (or nothing) has this number in it. */
export function includes(range, number) {
  const [, from, mark, to] = /^(\d+)(?:(-|\+)(\d*))?$/.exec(String(range ?? '0+')) ?? [];

  return number >= Number(from) && (mark === '+' || number <= Number(mark ? to : from));
}

function chooseArrangement(document, people, screens, isPortrait) {
  const orientation = isPortrait ? 'portrait' : 'landscape';

  return document?.arrangements?.find((a) => includes(a.people, Math.max(1, people)) && includes(a.screens, screens)
    && (a.orientation ?? orientation) === orientation);
}

/** `n` rectangles of one shape, as large as they go, in rows; the last row is centred. */
export function gridRects(n, area, aspect, gap) {
  const rowsOf = (columns) => Math.ceil(n / columns);
  const widthOf = (columns) => Math.min((area.width - gap * (columns - 1)) / columns,
    ((area.height - gap * (rowsOf(columns) - 1)) / rowsOf(columns)) * aspect);
  const best = Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => (widthOf(b) > widthOf(a) ? b : a), 1);
  const width = widthOf(best);
  const height = width / aspect;
  const top = area.y + (area.height - rowsOf(best) * (height + gap) + gap) / 2;

  return Array.from({ length: n }, (_, i) => {
    const row = Math.floor(i / best);
    const inRow = Math.min(best, n - row * best);
    const left = area.x + (area.width - inRow * (width + gap) + gap) / 2;
    return { x: left + (i % best) * (width + gap), y: top + row * (height + gap), width, height };
  });
}

// Slots of these roles are filled in this order, whatever their order in the file; screens before, grids after.
const ROLES = ['pinned', 'moderator', 'speaker', 'any'];

const roleOf = (slot) => (slot.grid ? 'grid' : slot.participant ? 'any' : slot.role ?? 'any');

// How many people and screens each slot gets.
function seat(slots, people, screens) {
  const taken = slots.map(() => ({ people: 0, screens: 0 }));
  const left = { people, screens };
  const give = (i, kind, most) => {
    taken[i][kind] = Math.min(left[kind], most);
    left[kind] -= taken[i][kind];
  };
  const each = (role, fill) => slots.forEach((slot, i) => roleOf(slot) === role && fill(i, slot));
  const hasScreenSlot = slots.some((slot) => roleOf(slot) === 'screen');

  each('screen', (i) => give(i, 'screens', 1));
  for (const role of ROLES)
    each(role, (i) => give(i, 'people', 1));
  each('grid', (i, { max = MOST_TILES }) => {
    give(i, 'screens', hasScreenSlot ? 0 : max);
    give(i, 'people', max - taken[i].screens);
  });
  return taken;
}

/**
 * Where a layout would put so many people and screens.
 *
 * @param {object} document
 * @param {{people: number, screens?: number, width?: number, height?: number}} what of any unit
 * @returns {{x, y, width, height, z, role}[]} back to front, in that unit; `role` is `screen`, `speaker` or `person`
 */
export function thumbnail(document, { people, screens = 0, width = 160, height = 90 }) {
  const arrangement = chooseArrangement(document, people, screens, height > width);
  const shorter = Math.min(width, height);
  const margin = fraction(document?.margin ?? 0) * shorter;
  const gap = fraction(document?.gap ?? 0) * shorter;
  const inner = { x: margin, y: margin, width: width - 2 * margin, height: height - 2 * margin };
  const slots = arrangement?.grid ? [{ ...arrangement, x: 0, y: 0, width: 1, height: 1 }] : arrangement?.slots ?? [];
  const taken = seat(slots, Math.min(MOST_TILES, Math.max(1, people)), screens);

  return slots.flatMap((slot, i) => tilesOf(slot, taken[i], inner, gap)).sort((a, b) => a.z - b.z);
}

function tilesOf(slot, taken, inner, gap) {
  const rect = {
    x: inner.x + fraction(slot.x) * inner.width,
    y: inner.y + fraction(slot.y) * inner.height,
    width: fraction(slot.width) * inner.width,
    height: fraction(slot.height) * inner.height,
  };
  const z = Number(slot.z) || 0;
  const n = taken.people + taken.screens;

  if (!slot.grid)
    return n > 0 ? [{ ...rect, z, role: taken.screens ? 'screen' : slot.role === 'speaker' ? 'speaker' : 'person' }] : [];
  const isWhole = n === 1 && fraction(slot.width) === 1 && fraction(slot.height) === 1;
  const rects = isWhole ? [rect] : gridRects(n, rect, fraction(slot.aspect ?? '16/9') || 16 / 9, gap);
  return rects.map((one, i) => ({ ...one, z, role: i < taken.screens ? 'screen' : 'person' }));
}
