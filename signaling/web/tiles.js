// SPDX-License-Identifier: Apache-2.0
// The people in the picture as buttons: invisible, over their tiles, named for those who do not see them.

import { icon, make, nameOf } from './dom.js';
import { percent, tileShares } from './geometry.js';
import { t } from './i18n.js';

const $ = (id) => document.getElementById(id);

export class Tiles {
  #onPick;
  #buttons = new Map();

  /** @param {(participant: string) => void} onPick clicked, or Enter pressed */
  constructor(onPick) {
    this.#onPick = onPick;
  }

  /**
   * A button that is there already stays, so that it keeps the focus.
   *
   * @param {object|null} layout what the picture shows
   * @param {object[]} participants
   * @param {string|null} pinned
   */
  show(layout, participants, pinned) {
    const people = new Map(participants.map((p) => [p.id, p]));
    const tiles = tileShares(layout).filter((tile) => !tile.own && tile.stream === 'camera' && people.has(tile.participant));
    const shown = new Set(tiles.map((tile) => tile.participant));

    for (const [id, button] of this.#buttons) {
      if (!shown.has(id)) {
        button.remove();
        this.#buttons.delete(id);
      }
    }
    for (const tile of tiles)
      this.#place(tile, nameOf(people.get(tile.participant)), tile.participant === pinned);
  }

  #place(tile, name, isPinned) {
    const button = this.#buttons.get(tile.participant) ?? this.#add(tile.participant);

    for (const side of ['left', 'top', 'width', 'height'])
      button.style[side] = percent(tile[side]);
    button.style.zIndex = String(tile.z);
    button.setAttribute('aria-pressed', String(isPinned));
    button.setAttribute('aria-label', t('tile.pin', { name }));
    button.title = t(isPinned ? 'tile.unpinTip' : 'tile.pinTip', { name });
  }

  #add(id) {
    const button = make('button', 'tile');
    const mark = make('span', 'tile-mark');

    mark.append(icon('pin'));
    button.append(mark);
    button.dataset.participant = id;
    button.addEventListener('click', () => this.#onPick(id));
    this.#buttons.set(id, button);
    $('tiles').append(button);
    return button;
  }
}
