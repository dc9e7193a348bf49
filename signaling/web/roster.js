// SPDX-License-Identifier: Apache-2.0
// Who is in the room, kept from the server's messages. Pure.

// More than any room holds; a bound on what a broken server can make us keep.
const MOST_PEOPLE = 1000;

export class Roster {
  #people = new Map();

  /** In order of joining. */
  get list() {
    return [...this.#people.values()];
  }

  get(id) {
    return this.#people.get(id) ?? null;
  }

  reset(participants = []) {
    this.#people.clear();
    for (const participant of participants)
      this.put(participant);
  }

  /** Adds or changes one; members not named stay. Returns the participant as it is now. */
  put(participant) {
    if (typeof participant?.id !== 'string')
      return null;
    if (!this.#people.has(participant.id) && this.#people.size >= MOST_PEOPLE)
      return null;
    const merged = { ...this.#people.get(participant.id), ...participant };
    this.#people.set(participant.id, merged);
    return merged;
  }

  remove(id) {
    const gone = this.get(id);

    this.#people.delete(id);
    return gone;
  }
}
