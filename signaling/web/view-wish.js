// SPDX-License-Identifier: Apache-2.0
// What this person wants of their own picture, and what the server has given. Pure.

const NOTHING = Object.freeze({ pin: null, hide_self: false, portrait: false });

/** The views that take no place of the room's budget. */
const SHARED = ['main', 'portrait'];

const isPrivate = (view) => view.pin !== null || view.hide_self;
const isSame = (a, b) => Object.keys(NOTHING).every((name) => a[name] === b[name]);

/** What `welcome` says that the server holds for us, of whatever version it is. */
const readHeld = (held) => ({
  pin: typeof held?.pin === 'string' ? held.pin : null, hide_self: held?.hide_self === true, portrait: held?.portrait === true,
});

/**
 * The server refuses a `view` by an error and says nothing when it takes one: then its next `layout` is of
 * the wanted kind. Until one of them comes, the wish is shown.
 */
export class ViewWish {
  #wanted = NOTHING;
  #given = NOTHING;
  #isNew = true;

  get pin() {
    return this.#wanted.pin;
  }

  get isSelfHidden() {
    return this.#wanted.hide_self;
  }

  /** @returns {object|null} the members of the `view` to send; null when nothing would change */
  want(changes) {
    const fresh = Object.fromEntries(Object.entries(changes).filter(([name, value]) => this.#wanted[name] !== value));

    this.#isNew = false;
    this.#wanted = { ...this.#wanted, ...fresh };
    return Object.keys(fresh).length > 0 ? fresh : null;
  }

  /** A `layout` came. One of the other kind is older than the wish. */
  shown(layout) {
    if (typeof layout.view === 'string' && !SHARED.includes(layout.view) === isPrivate(this.#wanted))
      this.#given = this.#wanted;
  }

  /** All is as it was before the wish; without one the server has ended what it gave. */
  refused() {
    if (isSame(this.#wanted, this.#given))
      this.#given = { ...NOTHING, portrait: this.#given.portrait };
    this.#wanted = this.#given;
  }

  /** Somebody left. @returns {object|null} as of `want` */
  left(id) {
    if (this.#given.pin === id)
      this.#given = { ...this.#given, pin: null };
    return this.#wanted.pin === id ? this.want({ pin: null }) : null;
  }

  /**
   * We are welcome, again or for the first time: what the server does not know is asked for, and who has no
   * wish yet, as after a reload, has what the server holds.
   *
   * @param {(id: string) => boolean} isHere
   * @param {object} [held] `view` of `welcome`
   * @returns {object|null} the `view` to send
   */
  renew(isHere, held) {
    const known = readHeld(held);
    const { pin, hide_self: hideSelf, portrait } = this.#isNew ? known : this.#wanted;

    this.#given = this.#wanted = known;
    return this.want({ pin: pin !== null && isHere(pin) ? pin : null, hide_self: hideSelf, portrait });
  }
}
