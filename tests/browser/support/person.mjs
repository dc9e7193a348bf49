// SPDX-License-Identifier: Apache-2.0
// A person in a meeting: a tab that has joined, and what that tab sees and hears.

import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { OUT } from './server.mjs';
import { until } from './wait.mjs';

/** A page of the server's origin without a script of its own. */
export const BLANK = '/healthz';

export class Person {
  /** @param role one of the CAST. `options` are TesseraClient's; `source` adds to probe.Source's. */
  constructor (tab, server, role, { options = {}, source = {} } = {}) {
    Object.assign (this, { tab, server, role, options, source });
  }

  get name () {
    return this.role.name;
  }

  async open () {
    await this.tab.gotoWithProbe (this.server.at (BLANK));
    return this;
  }

  async join (room) {
    this.room = room;
    this.id = await this.tab.evaluate ((what) => window.probe.join (what),
      { room, who: this.role, source: this.source, options: this.options });
    return this;
  }

  async leave () {
    await this.tab.evaluate (() => {
      window.me.client.leave ();
      window.me.source?.stop ();
    });
    await this.tab.close ();
  }

  look () {
    return this.tab.evaluate (() => window.probe.look ());
  }

  stats () {
    return this.tab.evaluate (() => window.probe.stats ());
  }

  picture (rects, canvas) {
    return this.tab.evaluate ((query) => window.me.receiver.picture (query), { rects, canvas });
  }

  tones (frequencies) {
    return this.tab.evaluate ((list) => window.me.receiver.ear?.tones (list) ?? null, frequencies);
  }

  readLabel (rect, canvas, names) {
    return this.tab.evaluate ((query) => window.probe.readLabel (window.me.receiver, query), { rect, canvas, names });
  }

  record () {
    return this.tab.evaluate (() => window.me.receiver.record ());
  }

  recorded (query = {}) {
    return this.tab.evaluate ((q) => window.me.receiver.recorded (q), query);
  }

  /** Starts to count decoded frames; see `decoded`. */
  count (query = {}) {
    return this.tab.evaluate ((q) => window.me.receiver.count (q), query);
  }

  decoded () {
    return this.tab.evaluate (() => window.me.receiver.decoded);
  }

  async waitLive (timeoutMs = 20000) {
    await until (`${this.name} is live`, async () => {
      const { state, errors } = await this.look ();
      if (state !== 'live')
        throw new Error (`state ${state}, errors ${errors}`);
      return true;
    }, { timeoutMs });
    return this;
  }

  /** The room process that this person's media go to. */
  async roomPid () {
    const { remotePort } = await this.stats ();
    return this.server.roomPidByPort (remotePort);
  }

  /** Saves the received picture; returns where, or why not. */
  async savePicture (label) {
    try {
      const url = await this.tab.evaluate (() => window.me?.receiver?.dataUrl () ?? null);
      if (!url)
        return `${this.name} has no picture`;
      mkdirSync (OUT, { recursive: true });
      const path = join (OUT, `${label}-${this.role.color}.png`);
      writeFileSync (path, Buffer.from (url.split (',')[1], 'base64'));
      return path;
    } catch (error) {
      return `no picture of ${this.name}: ${error.message}`;
    }
  }
}
