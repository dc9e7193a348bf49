// SPDX-License-Identifier: Apache-2.0
// The panel "View": the layout for everybody, and what one wants of one's own picture.

import { make, makeSvg, nameOf } from './dom.js';
import { t, titleOf } from './i18n.js';
import { fetchLayouts, thumbnail } from './layouts.js';

const THUMB = { landscape: { width: 160, height: 90 }, portrait: { width: 90, height: 120 } };
const GAP = 3;
/** What a moderator switches: the button, and the room's member. */
const SETTINGS = { lock: 'locked', lobby: 'lobby' };
const $ = (id) => document.getElementById(id);

function drawThumbnail(layout, what) {
  const tiles = thumbnail(layout, what).map(({ x, y, width, height, role }) => makeSvg('rect', {
    class: role, x: x + GAP / 2, y: y + GAP / 2, rx: 3, width: Math.max(1, width - GAP), height: Math.max(1, height - GAP),
  }));

  return makeSvg('svg', { class: 'thumb', viewBox: `0 0 ${what.width} ${what.height}`, 'aria-hidden': 'true' }, ...tiles);
}

export class ViewPanel {
  #onLayout;
  #layouts = [];
  #current = null;
  #drawn = '';
  #run = 0;

  /** @param {(settings: object) => void} onRoom a moderator changes something for everybody */
  constructor(onRoom) {
    this.#onLayout = (layout) => onRoom({ layout });
    for (const [id, member] of Object.entries(SETTINGS))
      $(id).addEventListener('click', () => onRoom({ [member]: $(id).getAttribute('aria-pressed') !== 'true' }));
  }

  /** Asks which layouts there are now; a server without any has no such menu. */
  async load(origin, token) {
    const run = ++this.#run;
    const layouts = await fetchLayouts(origin, token);

    if (run === this.#run)
      this.#layouts = layouts;
  }

  reset() {
    this.#run++;
    this.#layouts = [];
    this.#current = null;
  }

  /** The newest word on what is shown, of `room` or of the main picture's `layout`. */
  setCurrent(name) {
    if (typeof name === 'string')
      this.#current = name;
  }

  /**
   * @param {import('./client.js').TesseraClient} client
   * @param {import('./view-wish.js').ViewWish} wish
   */
  show(client, wish) {
    const pinned = client.participants.find((p) => p.id === wish.pin);

    $('room-section').hidden = client.role !== 'moderator';
    for (const setting of ['lock', 'lobby'])
      $(setting).setAttribute('aria-pressed', String(client.room?.[SETTINGS[setting]] === true));
    $('layout-section').hidden = client.role !== 'moderator' || this.#layouts.length === 0;
    $('hide-self').setAttribute('aria-pressed', String(wish.isSelfHidden));
    $('unpin').hidden = !pinned;
    $('unpin').textContent = pinned ? t('view.unpin', { name: nameOf(pinned) }) : '';
    this.#showLayouts(client);
  }

  #showLayouts(client) {
    const canvas = client.room?.canvas ?? client.layout?.canvas;
    const people = client.participants.filter((p) => p.state !== 'waiting' && p.role !== 'viewer').length;
    const screens = client.participants.filter((p) => p.screen).length;
    const what = { people, screens, ...THUMB[canvas?.height > canvas?.width ? 'portrait' : 'landscape'] };
    const drawn = JSON.stringify([what, this.#layouts, document.documentElement.lang]);

    if (drawn !== this.#drawn)
      $('layout-list').replaceChildren(...this.#layouts.map((layout) => this.#button(layout, what)));
    this.#drawn = drawn;
    for (const button of $('layout-list').children)
      button.setAttribute('aria-pressed', String(button.dataset.layout === this.#current));
  }

  #button({ name, title, document: layout }, what) {
    const button = make('button', 'layout');

    button.dataset.layout = name;
    button.append(drawThumbnail(layout, what), make('span', '', titleOf('layout', name, title)));
    button.addEventListener('click', () => this.#onLayout(name));
    return button;
  }
}
