// SPDX-License-Identifier: Apache-2.0
// The people of the tests, each with a colour and a tone of their own.

export const COLORS = {
  red: [220, 30, 30], green: [20, 180, 40], blue: [30, 50, 220], orange: [240, 150, 0],
  violet: [150, 30, 190], cyan: [0, 180, 200],
};

/** Farther than limited-range rounding and a low bit rate move a colour, nearer than the next colour. */
const SAME_COLOR = 70;

export const css = (color) => `rgb(${COLORS[color].join (',')})`;

const distance = (a, b) => Math.hypot (a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** The name of the palette colour that [r, g, b] is, or 'none (r,g,b)'. */
export function colorName (rgb) {
  const near = Object.entries (COLORS).map (([name, value]) => [name, distance (rgb, value)])
    .sort ((a, b) => a[1] - b[1])[0];
  return near[1] <= SAME_COLOR ? near[0] : `none (${rgb.join (',')})`;
}

/* What the page paints with; the name alone would be CSS's own red. */
function withPaint (people) {
  return people.map ((person) => ({ ...person, paint: css (person.color) }));
}

/**
 * Tones no one of which is a harmonic of another, or within 150 Hz of one below 6 kHz. Names of clearly
 * different length, in two scripts, so that a label of few pixels tells them apart.
 */
export const CAST = withPaint ([
  { name: 'Ada', color: 'red', tone: 440 },
  { name: 'Wim Wallström', color: 'green', tone: 710 },
  { name: '김민준입니다', color: 'blue', tone: 1130 },
  { name: 'Jill-Frances O’Neill', color: 'orange', tone: 1830 },
]);

/** For those who come beside them. */
export const EXTRAS = withPaint ([
  { name: 'Guest', color: 'violet', tone: 2970 },
  { name: 'Other', color: 'cyan', tone: 3510 },
]);
