// SPDX-License-Identifier: Apache-2.0
// Somebody who uses the real page with mouse or keyboard. Chromium only. The camera and the microphone
// are a probe.Source, given by getUserMedia itself, so that the page knows no difference.

import { readFileSync } from 'node:fs';

import { Person } from './person.mjs';

const PROBE = readFileSync (new URL ('./probe.js', import.meta.url), 'utf8');
const PEER = readFileSync (new URL ('./peer.js', import.meta.url), 'utf8');

const PORTRAIT = readFileSync (new URL ('./portrait.js', import.meta.url), 'utf8');

/** In the page, before its own scripts: getUserMedia gives the source of `what`, a window.Portrait if `what.portrait`. */
function replaceDevices (what) {
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    if (!window.source || window.source.stream.getTracks ().some (({ readyState }) => readyState === 'ended'))
      window.source = what.portrait ? new window.Portrait (what) : new window.probe.Source (what);
    const tracks = [...(audio ? window.source.stream.getAudioTracks () : []), ...(video ? window.source.stream.getVideoTracks () : [])];
    return new MediaStream (tracks);
  };
}

export class Visitor extends Person {
  static async open (stage, role, { tab = {}, devices = true, instance = 'chromium', source = {} } = {}) {
    const browser = await stage.browser ('chromium', instance);
    const self = new Visitor (await browser.newTab (tab), stage.server, role, { source });
    await self.tab.page.addInitScript (PROBE);
    await self.tab.page.addInitScript (PEER);
    if (source.portrait)
      await self.tab.page.addInitScript (PORTRAIT);
    if (devices)
      await self.tab.page.addInitScript (replaceDevices, { ...role, ...source });
    return self;
  }

  get page () {
    return this.tab.page;
  }

  $ (selector) {
    return this.page.locator (selector);
  }

  /** Opens the room's page and waits for the preview. */
  async visit (room) {
    this.room = room;
    await this.page.goto (this.server.at (`/r/${room}`));
    return this.waitPreview ();
  }

  /** The page's scripts have run; before, its fields are there but nobody listens to them. */
  async waitPreview () {
    await this.$ ('body[data-view=preview] #join').waitFor ();
    return this;
  }

  /** Types the name, presses the button, waits until the meeting's picture is there. */
  async enter (room) {
    await this.visit (room);
    await this.$ ('#name').fill (this.name);
    await this.$ ('#join').click ();
    return this.waitLive ();
  }

  async waitLive () {
    await this.page.waitForFunction (() => document.body.dataset.state === 'live'
      && document.getElementById ('meeting-video').videoWidth > 0, null, { timeout: 20000 });
    this.id = await this.tab.evaluate (async () => {
      const { app } = await import (`${location.origin}/web/main.js`);
      window.app = app;
      const video = document.getElementById ('meeting-video');
      window.me = { receiver: new window.probe.Receiver (video), layouts: [], errors: [], log: [] };
      window.me.receiver.attachSound (video);
      return app.client.participant;
    });
    return this;
  }

  look () {
    return this.tab.evaluate (() => {
      const { client } = window.app;
      return {
        state: client?.state ?? 'closed', participant: client?.participant, role: client?.role, layout: client?.layout,
        people: client?.participants ?? [], speaker: client?.speaker, session: client?.session, errors: [], log: [],
      };
    });
  }

  text (selector) {
    return this.$ (selector).innerText ();
  }

  async leave () {
    await this.$ ('#leave').click ();
    await this.$ ('#ended-reason').waitFor ();
    await this.tab.close ();
  }
}
