// SPDX-License-Identifier: Apache-2.0
// What this person wants of their own picture, and what the server has given. Pure.

const NOTHING = Object.freeze({ pin: null, hide_self: false });

const isPrivate = (view) => view.pin !== null || view.hide_self;

/**
 * The server refuses a `view` by an error and says nothing when it takes one: then its next `layout` is of
 * the wanted kind. Until one of them comes, the wish is shown.
 */
export class ViewWish {
  #wanted = NOTHING;
  #given = NOTHING;

  get pin() {
    return this.#wanted.pin;
  }

  get isSelfHidden() {
    return this.#wanted.hide_self;
  }

  /** @returns {object|null} the members of the `view` to send; null when nothing would change */
  want(changes) {
    const fresh = Object.fromEntries(Object.entries(changes).filter(([name, value]) => this.#wanted[name] !== value));

    this.#wanted = { ...this.#wanted, ...fresh };
    return Object.keys(fresh).length > 0 ? fresh : null;
  }

  /** A `layout` came. One of the other kind is older than the wish. */
  shown(layout) {
    if (typeof layout.view === 'string' && (layout.view !== 'main') === isPrivate(this.#wanted))
      this.#given = this.#wanted;
  }

  /** All is as it was before the wish. */
  refused() {
    this.#wanted = this.#given;
  }

  /** Somebody left. @returns {object|null} as of `want` */
  left(id) {
    if (this.#given.pin === id)
      this.#given = { ...this.#given, pin: null };
    return this.#wanted.pin === id ? this.want({ pin: null }) : null;
  }

  /**
   * A server that does not know us any more has to be asked again.
   *
   * @param {(id: string) => boolean} isHere
   * @returns {object|null} the `view` to send
   */
  renew(isHere) {
    const { pin, hide_self: hideSelf } = this.#wanted;

    this.#given = this.#wanted = NOTHING;
    return this.want({ pin: pin !== null && isHere(pin) ? pin : null, hide_self: hideSelf });
  }
}
