// SPDX-License-Identifier: Apache-2.0
// Small elements. All text of other people goes in as text, never as HTML.

import { t } from './i18n.js';

const SVG = 'http://www.w3.org/2000/svg';

export function make(tag, className, text) {
  const element = document.createElement(tag);

  if (tag === 'button')
    element.type = 'button';
  element.className = className;
  if (text !== undefined)
    element.textContent = text;
  return element;
}

export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);

  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** One of the page's symbols; without a label it is decoration. */
export function icon(name, className = '', label = '') {
  const says = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };

  return makeSvg('svg', { class: className, ...says }, makeSvg('use', { href: `#i-${name}` }));
}

/** Says it to those who listen to the page. */
export function announce(text) {
  document.getElementById('announcer').textContent = text;
}

export const nameOf = (participant) => participant?.name || t('people.nameless');
