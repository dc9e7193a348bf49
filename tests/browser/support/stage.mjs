// SPDX-License-Identifier: Apache-2.0
// A server and the browsers of one test file, opened when first needed, closed together.

import { after, before } from 'node:test';

import { hasFirefox, launchChromium, launchFirefox } from './browsers.mjs';
import { Person } from './person.mjs';
import { Server } from './server.mjs';

let counter = 0;

/** Call once at the top of a test file. `options` are Server.start's, plus {chromium: launch options}. */
export function useStage (options = {}) {
  const stage = {
    server: null,
    browsers: new Map (),

    /** A room name that no other test of this run uses. */
    newRoom (what = 'room') {
      return `${what}-${process.pid}-${++counter}`;
    },

    async browser (kind = 'chromium', name = kind, launchOptions = options[kind] ?? {}) {
      if (!stage.browsers.has (name)) {
        if (kind === 'firefox' && !hasFirefox ())
          throw new Error ('Firefox ESR is not installed');
        stage.browsers.set (name, await (kind === 'firefox' ? launchFirefox : launchChromium) (launchOptions));
      }
      return stage.browsers.get (name);
    },

    /** A person in a new tab, not joined yet. `how`: {kind, instance, options, source}. */
    async person (role, { kind = 'chromium', instance = kind, tab = {}, ...how } = {}) {
      const browser = await stage.browser (kind, instance);
      return new Person (await browser.newTab (tab), stage.server, role, how).open ();
    },
  };

  before (async () => {
    stage.server = await Server.start (options);
  });
  after (async () => {
    for (const browser of stage.browsers.values ())
      await browser.close ();
    await stage.server?.stop ();
  });
  return stage;
}
