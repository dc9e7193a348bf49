// SPDX-License-Identifier: Apache-2.0
// What one sees: the layout for everybody, and one's own pin and "hide me".

import { Tiles } from './tiles.js';
import { ViewPanel } from './view-panel.js';
import { ViewWish } from './view-wish.js';

const $ = (id) => document.getElementById(id);

/** Where the page itself is laid out upright (style.css). */
const UPRIGHT = '(max-width: 820px) and (orientation: portrait)';

export class View {
  #shownLayout;
  #client = null;
  #token;
  #wish = new ViewWish();
  #tiles = new Tiles((id) => this.#ask({ pin: id === this.#wish.pin ? null : id }));
  #panel = new ViewPanel((settings) => this.#client?.changeRoom(settings));
  #upright = matchMedia(UPRIGHT);

  /** @param {() => object|null} shownLayout the layout that the picture shows now */
  constructor(shownLayout) {
    this.#shownLayout = shownLayout;
    $('hide-self').addEventListener('click', () => this.#ask({ hide_self: !this.#wish.isSelfHidden }));
    $('unpin').addEventListener('click', () => this.#unpin());
    this.#upright.addEventListener('change', () => this.#turned());
  }

  use(client, token) {
    this.#client = client;
    this.#token = token;
    this.#wish = new ViewWish();
    this.#panel.reset();
  }

  clear() {
    this.#tiles.show(null, [], null);
    this.#client = null;
  }

  /** The panel was opened. */
  async open() {
    const client = this.#client;

    this.show();
    if (client?.role === 'moderator') {
      await this.#panel.load(location.origin, this.#token);
      this.show();
    }
  }

  welcomed({ room, view }) {
    this.#panel.setCurrent(room?.layout);
    this.#send(this.#wish.renew((id) => this.#client.participants.some((p) => p.id === id), view));
    this.#turned();
    this.show();
  }

  announced(layout) {
    this.#wish.shown(layout);
    if ((layout.view ?? 'main') === 'main' || layout.view === 'portrait')
      this.#panel.setCurrent(layout.name);
    this.show();
  }

  roomChanged(room) {
    this.#panel.setCurrent(room.layout);
    this.show();
  }

  refused() {
    this.#wish.refused();
    this.show();
  }

  left(id) {
    this.#send(this.#wish.left(id));
  }

  show() {
    if (!this.#client)
      return;
    this.#tiles.show(this.#shownLayout(), this.#client.participants, this.#wish.pin);
    if (!$('view-panel').hidden)
      this.#panel.show(this.#client, this.#wish);
  }

  #turned() {
    if (this.#client?.participant)
      this.#send(this.#wish.want({ portrait: this.#upright.matches }));
  }

  #ask(changes) {
    this.#send(this.#wish.want(changes));
    this.show();
  }

  #unpin() {
    this.#ask({ pin: null });
    $('hide-self').focus({ focusVisible: false });      // the button that was pressed is gone
  }

  #send(changes) {
    if (changes)
      this.#client?.setView(changes);
  }
}
