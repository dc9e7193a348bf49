// SPDX-License-Identifier: Apache-2.0
// Pictures of one's own: pin, hide me, portrait, their budget, and who keeps them through what.
// What is seen is read back as colours from the received picture.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { english } from '../../signaling/web/strings-en.js';

import { tilesOf } from './support/expect.mjs';
import { CAST, colorName } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { Visitor } from './support/visitor.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'views', config: { rooms: { private_views: 2 } } });
const SHARED = ['main', 'portrait'];

async function enter (room, roles, how = {}) {
  const people = [];
  for (const role of roles)
    people.push (await (await Visitor.open (stage, role, how)).enter (room));
  return people;
}

async function join (room, roles) {
  const people = [];
  for (const role of roles)
    people.push (await (await (await stage.person (role)).join (room)).waitLive ());
  return people;
}

/** Everybody's colour is in their tile of what `viewer` sees; nobody else is in it. Returns the layout. */
function sees (viewer, what, people, check = () => true) {
  return until (`${viewer.name} sees ${what}`, async () => {
    const { layout } = await viewer.look ();
    assert.deepEqual (layout.tiles.map (({ participant }) => participant).sort (), people.map (({ id }) => id).sort ());
    assert.notEqual (check (layout), false, JSON.stringify (layout));
    const shot = await viewer.picture (tilesOf (layout, people), layout.canvas);
    assert.deepEqual (shot.colors.map (colorName), people.map (({ role }) => role.color));
    assert.ok (Math.abs (shot.width / shot.height - layout.canvas.width / layout.canvas.height) < 0.02, `${shot.width}x${shot.height}`);
    return layout;
  });
}

const isOwn = ({ view }) => !SHARED.includes (view);
const isLarge = (whom) => (layout) => {
  const [tile] = tilesOf (layout, [whom]);
  return isOwn (layout) && tile.width >= layout.canvas.width * 0.7 && tile.height >= layout.canvas.height * 0.7;
};
const isMain = ({ view }) => view === 'main';
const wish = (person, view) => person.tab.evaluate ((what) => window.me.client.setView (what), view);

/** The view of each encoder in the room, as of the last report. */
const viewsEncoded = async (room) => {
  const { rooms } = await stage.server.json ('/v1/stats');
  return (rooms.find (({ name }) => name === room)?.report?.encoders ?? []).map (({ view }) => view).sort ();
};

test ('a click makes somebody large, for oneself alone; the same click takes it back', async () => {
  const room = stage.newRoom ();
  const people = await enter (room, CAST.slice (0, 3));
  const [ada, wim, kim] = people;
  const before = (await sees (ada, 'all', people, isMain)).tiles;

  await ada.$ (`.tile[data-participant="${wim.id}"]`).click ();
  await sees (ada, 'Wim large', people, isLarge (wim));
  await sees (wim, 'all as before', people, isMain);
  const button = ada.$ (`.tile[data-participant="${wim.id}"]`);
  await until ('the tile is marked and has grown', async () => await button.getAttribute ('aria-pressed') === 'true'
    && (await button.boundingBox ()).width > 0.7 * (await ada.$ ('#meeting-video').boundingBox ()).width);
  await until ('one more is encoded', async () => (await viewsEncoded (room)).length === 2);

  await ada.$ (`.tile[data-participant="${kim.id}"]`).click ();
  await sees (ada, 'the third large', people, isLarge (kim));
  await ada.$ (`.tile[data-participant="${kim.id}"]`).click ();
  assert.deepEqual ((await sees (ada, 'all again', people, isMain)).tiles, before);

  await ada.$ (`.tile[data-participant="${kim.id}"]`).click ();
  await sees (ada, 'the third large', people, isLarge (kim));
  await ada.$ ('#toggle-view').click ();
  assert.equal (await ada.$ ('#unpin').innerText (), english['view.unpin'].replace ('{name}', kim.name));
  await ada.$ ('#unpin').click ();
  await sees (ada, 'all again', people, isMain);
  await until ('nothing is encoded for nobody', async () => (await viewsEncoded (room)).join () === 'main');

  await ada.$ ('#toggle-view').click ();
  await ada.$ (`.tile[data-participant="${kim.id}"]`).click ();
  await sees (ada, 'the third large', people, isLarge (kim));
  await kim.leave ();
  await sees (ada, 'two, when who was pinned has gone', [ada, wim], isMain);
  assert.equal (await ada.$ ('.tile[aria-pressed=true]').count (), 0);
  await wim.leave ();
  await ada.leave ();
});

test ('hide me: a picture without oneself, which the others do not lose; it outlives a reload', async () => {
  const room = stage.newRoom ();
  const people = await enter (room, CAST.slice (0, 2));
  const [ada, wim] = people;

  await ada.$ ('#toggle-view').click ();
  await ada.$ ('#hide-self').click ();
  await sees (ada, 'Wim only', [wim], isOwn);
  await until ('no camera lies over the picture', () => ada.$ ('#self-view').isHidden ());
  await sees (wim, 'both', people, isMain);

  await ada.page.reload ();
  await ada.waitPreview ();
  await ada.$ ('#join').click ();
  await ada.waitLive ();
  await sees (ada, 'Wim only, still', [wim], isOwn);
  await ada.$ ('#toggle-view').click ();
  assert.equal (await ada.$ ('#hide-self').getAttribute ('aria-pressed'), 'true');
  await ada.$ ('#hide-self').click ();
  await sees (ada, 'both', people, isMain);
  await ada.leave ();
  await wim.leave ();
});

test ('upright receivers share one upright picture; one that pins, too, has an upright one of their own', async () => {
  const room = stage.newRoom ();
  const [ada, wim] = await join (room, CAST.slice (0, 2));
  const [phone] = await enter (room, CAST.slice (2, 3), { tab: { viewport: { width: 360, height: 740 }, mobile: true } });
  const people = [ada, wim, phone];
  const isUpright = ({ view, canvas }) => view === 'portrait' && canvas.width === 360 && canvas.height === 640;

  await sees (phone, 'all, upright by itself', people, isUpright);
  await wish (wim, { portrait: true });
  await sees (wim, 'all, upright', people, isUpright);
  await sees (ada, 'all, as it was', people, isMain);
  await until ('two pictures are encoded', async () => (await viewsEncoded (room)).join () === 'main,portrait');
  await wish (wim, { pin: ada.id });
  await sees (wim, 'Ada large, upright', people, (layout) => isOwn (layout) && layout.canvas.height === 640
    && tilesOf (layout, [ada])[0].width === 360);
  await wish (wim, { pin: null, portrait: false });
  await sees (wim, 'all, as it was', people, isMain);

  await phone.page.setViewportSize ({ width: 740, height: 360 });
  await sees (phone, 'all, turned with the phone', people, isMain);
  await until ('the upright one is gone', async () => (await viewsEncoded (room)).join () === 'main');
  await phone.leave ();
  await Promise.all ([ada, wim].map ((person) => person.leave ()));
});

test ('beyond the budget a wish is refused and all stays; the same wish takes no place', async () => {
  const room = stage.newRoom ();
  const [ada, wim] = await join (room, CAST.slice (0, 2));
  const [kim] = await enter (room, CAST.slice (2, 3));
  const people = [ada, wim, kim];

  await wish (ada, { pin: wim.id });
  await sees (ada, 'Wim large', people, isLarge (wim));
  await wish (wim, { pin: ada.id });
  await sees (wim, 'Ada large', people, isLarge (ada));
  await kim.$ ('#toggle-view').click ();
  await kim.$ ('#hide-self').click ();
  await until ('the page says so', async () => (await kim.text ('#fault-text')) === english['error.view_budget']);
  assert.equal (await kim.$ ('#hide-self').getAttribute ('aria-pressed'), 'false');
  await sees (kim, 'all, as it was', people, isMain);

  await kim.$ ('#toggle-view').click ();
  await kim.$ (`.tile[data-participant="${wim.id}"]`).click ();
  const shared = await sees (kim, 'Wim large, as Ada does', people, isLarge (wim));
  assert.equal (shared.view, (await ada.look ()).layout.view);
  assert.deepEqual ((await kim.look ()).layout.tiles.filter (({ own }) => own).map (({ participant }) => participant), [kim.id]);
  await kim.leave ();
  await Promise.all ([ada, wim].map ((person) => person.leave ()));
});

test ('a picture of one\'s own comes back after the room process died', async () => {
  const room = stage.newRoom ();
  const people = await join (room, CAST.slice (0, 2));
  const [ada, wim] = people;

  await wish (ada, { pin: wim.id });
  await sees (ada, 'Wim large', people, isLarge (wim));
  const { session } = await ada.look ();
  process.kill (await ada.roomPid (), 'SIGKILL');
  await until ('a new connection', async () => (await ada.look ()).session > session && (await ada.look ()).state === 'live');
  await sees (ada, 'Wim large again', people, isLarge (wim));
  await sees (wim, 'both', people, isMain);
  await Promise.all (people.map ((person) => person.leave ()));
});
