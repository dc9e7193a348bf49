// SPDX-License-Identifier: Apache-2.0
// What the page does beyond talking: sharing a screen, picking somebody in the picture, moderating.
// The screen is a probe.Source, given by getDisplayMedia itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { english } from '../../signaling/web/strings-en.js';

import { expectMeeting } from './support/expect.mjs';
import { CAST, EXTRAS, colorName } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { Visitor } from './support/visitor.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'screen' });
const SCREEN = EXTRAS[1];

/** Louder than this somebody is heard; what nobody sends is far below. */
const HEARD_DB = -50;

/** In the page: getDisplayMedia gives window.display, a source of `what`. */
function replaceDisplay (what) {
  navigator.mediaDevices.getDisplayMedia = async (options) => {
    window.displayOptions = options;
    window.display = new window.probe.Source (what);
    return window.display.stream;
  };
}

async function open (role, { sound = true, ...how } = {}) {
  const visitor = await Visitor.open (stage, role, how);
  await visitor.page.addInitScript (replaceDisplay, { ...SCREEN, width: 480, height: 270, audio: sound });
  return visitor;
}

const screenTile = (layout) => layout?.tiles.find ((tile) => tile.stream === 'screen');

async function waitScreen (viewer, sharer) {
  await until (`${viewer.name} sees the screen in its tile`, async () => {
    const { layout, people } = await viewer.look ();
    const tile = screenTile (layout);
    assert.equal (tile?.participant, sharer.id, 'whose screen');
    assert.equal (people.find (({ id }) => id === sharer.id).screen, true);
    const { colors } = await viewer.picture ([tile], layout.canvas);
    assert.equal (colorName (colors[0]), SCREEN.color);
    return true;
  });
}

async function waitNoScreen (viewer) {
  await until (`${viewer.name} sees no screen any more`, async () => {
    const { layout, people } = await viewer.look ();
    assert.equal (screenTile (layout), undefined);
    assert.ok (people.every (({ screen }) => !screen));
    const { colors } = await viewer.picture (layout.tiles, layout.canvas);
    assert.ok (!colors.map (colorName).includes (SCREEN.color), 'its colour is gone');
    return true;
  });
}

const hears = (viewer, tone, wanted) => until (`${viewer.name} ${wanted ? 'hears' : 'does not hear'} ${tone} Hz`, async () => {
  const level = (await viewer.tones ([tone]))?.[0];
  assert.ok (wanted ? level > HEARD_DB : level < HEARD_DB, `${level} dB`);
  return true;
});

/** The sender of the screen: the second video of the newest connection. */
const sender = (visitor) => visitor.tab.evaluate (() => {
  const { sender: one } = window.probe.connection ().getTransceivers ()[2];
  const { encodings, degradationPreference } = one.getParameters ();
  return { ...encodings[0], degradationPreference, hint: one.track?.contentHint ?? null };
});

test ('a screen with sound is shared: seen and heard by others, carried over a new connection, gone afterwards', async () => {
  const room = stage.newRoom ();
  const ada = await open (CAST[0]);
  await ada.enter (room);
  const wim = await open (CAST[1]);
  await wim.enter (room);
  const { session } = await ada.look ();

  await ada.$ ('#toggle-share').click ();
  await waitScreen (wim, ada);
  await waitScreen (ada, ada);
  assert.equal ((await ada.look ()).session, session, 'no new connection was made');
  assert.equal (await ada.$ ('#toggle-share').getAttribute ('aria-pressed'), 'true');
  const parameters = await sender (ada);
  assert.equal (parameters.hint, 'detail');
  assert.ok (parameters.maxFramerate <= 15 && parameters.active, JSON.stringify (parameters));
  assert.ok ((parameters.scaleResolutionDownBy ?? 1) === 1, 'smaller than the canvas: not scaled down');
  assert.ok ([undefined, 'maintain-resolution'].includes (parameters.degradationPreference), JSON.stringify (parameters));

  await hears (wim, SCREEN.tone, true);
  await hears (wim, CAST[0].tone, true);
  await ada.$ ('#toggle-mic').click ();
  await hears (wim, CAST[0].tone, false);
  await hears (wim, SCREEN.tone, true);
  await ada.$ ('#toggle-mic').click ();

  await ada.tab.evaluate (() => window.app.client.renegotiate ());
  await until ('a new connection', async () => (await ada.look ()).session > session && (await ada.look ()).state === 'live');
  await until ('it carries the screen', async () => (await sender (ada)).hint === 'detail');
  await waitScreen (wim, ada);

  // What "Stop sharing" of the browser itself does to the page.
  await ada.tab.evaluate (() => {
    const [track] = window.display.stream.getVideoTracks ();
    track.stop ();
    track.dispatchEvent (new Event ('ended'));
  });
  await waitNoScreen (wim);
  await hears (wim, SCREEN.tone, false);
  await hears (wim, CAST[0].tone, true);
  assert.equal (await ada.$ ('#toggle-share').getAttribute ('aria-pressed'), 'false');

  await ada.$ ('#toggle-share').press ('Enter');
  await waitScreen (wim, ada);
  await ada.$ ('#toggle-share').press ('Enter');
  await waitNoScreen (wim);
  await ada.leave ();
  await wim.leave ();
});

test ('a browser that cannot share has no button for it', async () => {
  const ada = await Visitor.open (stage, CAST[0]);
  await ada.page.addInitScript (() => {
    delete MediaDevices.prototype.getDisplayMedia;
  });
  await ada.enter (stage.newRoom ());
  assert.ok (await ada.$ ('#toggle-share').isHidden ());
  await ada.leave ();
});

test ('people in the picture are buttons; a moderator mutes, promotes, asks again before removing', async () => {
  const room = stage.newRoom ();
  const ada = await open (CAST[0]);
  await ada.enter (room);
  const wim = await open (CAST[1]);
  await wim.enter (room);
  await ada.tab.evaluate (() => {
    window.views = [];
    const { client } = window.app;
    const real = client.setView.bind (client);
    client.setView = (view) => window.views.push (view) && real (view);
  });

  const tile = ada.$ (`.tile[data-participant="${wim.id}"]`);
  await tile.waitFor ();
  assert.equal (await ada.$ ('.tile').count (), 1, 'none for oneself');
  assert.equal (await tile.getAttribute ('aria-label'), english['tile.pin'].replace ('{name}', wim.name));
  const { layout } = await ada.look ();
  const place = layout.tiles.find (({ participant }) => participant === wim.id);
  const [box, all] = [await tile.boundingBox (), await ada.$ ('#meeting-video').boundingBox ()];
  const scale = all.width / layout.canvas.width;
  assert.ok (Math.abs (box.x - all.x - place.x * scale) < 2 && Math.abs (box.width - place.width * scale) < 2, JSON.stringify ({ box, place }));
  await tile.focus ();
  await ada.page.keyboard.press ('Enter');
  assert.deepEqual (await ada.tab.evaluate (() => window.views), [{ pin: wim.id }]);

  await ada.$ ('#toggle-people').click ();
  const row = ada.$ (`#people-list [data-participant="${wim.id}"]`);
  const act = async (action) => {
    if (!await row.locator ('.actions').isVisible ())
      await row.locator ('.more').click ();
    await row.locator (`[data-action=${action}]`).click ();
  };
  await act ('mute');
  await until ('Wim is muted, and knows', async () => await wim.$ ('#toggle-mic').getAttribute ('aria-pressed') === 'false'
    && (await wim.text ('#fault-text')) === english['state.mutedByModerator']);
  await act ('cameraOff');
  await until ('Wim\'s camera is off', async () => await wim.$ ('#toggle-camera').getAttribute ('aria-pressed') === 'false');
  await act ('makeModerator');
  await until ('Wim is a moderator', async () => (await wim.look ()).role === 'moderator');
  await wim.$ ('#toggle-people').click ();
  await until ('with actions of his own', async () => await wim.$ ('#people-list .more').count () === 1);

  await act ('remove');
  assert.match (await row.innerText (), new RegExp (english['moderate.removeQuestion'].replace ('{name}', wim.name).replace ('?', '\\?')));
  assert.equal (await ada.tab.evaluate (() => document.activeElement.dataset.action), 'cancel', 'Enter by mistake removes nobody');
  await ada.page.keyboard.press ('Escape');
  assert.ok (await row.locator ('.more').evaluate ((more) => more === document.activeElement), 'Escape goes back');
  assert.ok (await ada.$ ('#people-panel').isVisible ());
  await act ('remove');
  await row.locator ('[data-action=yes]').click ();
  await until ('Wim is told', async () => (await wim.text ('#ended-reason')) === english['bye.kicked']);
  await until ('and gone', async () => await row.count () === 0);
  await wim.tab.close ();
  await ada.leave ();
});

test ('a moderator chooses the layout for everybody; the others and older servers have no such menu', async () => {
  const room = stage.newRoom ();
  const ada = await open (CAST[0]);
  await ada.enter (room);
  const wim = await open (CAST[1]);
  await wim.enter (room);
  const people = [ada, wim];
  await wim.$ ('#toggle-view').click ();
  assert.ok (await wim.$ ('#layout-section').isHidden ());
  await ada.$ ('#toggle-view').click ();
  await ada.$ ('.layout[data-layout=grid] svg rect').first ().waitFor ();
  assert.equal (await ada.$ ('.layout[data-layout=side-by-side] svg rect').count (), 2, 'one for each person');

  for (const name of ['side-by-side', 'speaker']) {
    await ada.$ (`.layout[data-layout=${name}]`).click ();
    await until (`everybody sees ${name}`, async () =>
      (await Promise.all (people.map ((person) => person.look ()))).every (({ layout }) => layout.name === name));
    await expectMeeting (name, people, CAST.slice (0, 2), { names: false, sound: false });
    await until ('it is marked, alone', async () => await ada.$ ('.layout[aria-pressed=true]').count () === 1
      && await ada.$ (`.layout[data-layout=${name}]`).getAttribute ('aria-pressed') === 'true');
  }

  await ada.page.route ('**/v1/layouts', (route) => route.fulfill ({ status: 404, body: '{}' }));
  await ada.$ ('#toggle-view').click ();
  await ada.$ ('#toggle-view').click ();
  await until ('no menu', () => ada.$ ('#layout-section').isHidden ());
  assert.ok (await ada.$ ('#hide-self').isVisible ());
  await ada.leave ();
  await wim.leave ();
});

test ('on a phone of 360 pixels the share button is in the menu, and everything fits', async () => {
  const ada = await open (CAST[0], { sound: false, tab: { viewport: { width: 360, height: 740 }, mobile: true } });
  await ada.enter (stage.newRoom ());
  assert.ok (await ada.$ ('#toggle-share').isHidden ());
  await ada.$ ('#toggle-view').tap ();
  await ada.$ ('#menu-share').tap ();
  await waitScreen (ada, ada);
  assert.ok (await ada.tab.evaluate (() => document.documentElement.scrollWidth) <= 360);
  for (const id of ['menu-share', 'hide-self', 'toggle-view', 'leave']) {
    const box = await ada.$ (`#${id}`).boundingBox ();
    assert.ok (box && box.x >= 0 && box.x + box.width <= 360 && box.height >= 40, `${id} at ${JSON.stringify (box)}`);
  }
  await ada.$ ('#menu-share').tap ();
  await waitNoScreen (ada);
  await ada.leave ();
});
