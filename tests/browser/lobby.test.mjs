// SPDX-License-Identifier: Apache-2.0
// A room with a lobby, as the page shows it: who waits reads why, who moderates lets in.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { english } from '../../signaling/web/strings-en.js';

import { expectMeeting } from './support/expect.mjs';
import { CAST } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { Visitor } from './support/visitor.mjs';
import { until } from './support/wait.mjs';

const stage = useStage ({ name: 'lobby', config: { rooms: { lobby: true } } });
const TWO = CAST.slice (0, 2);

test ('who knocks waits, sees and hears nothing, and is let in from the list of people', async () => {
  const room = stage.newRoom ();
  const ada = await Visitor.open (stage, CAST[0]);
  await ada.enter (room); // the first: a moderator
  const wim = await Visitor.open (stage, CAST[1]);
  await wim.visit (room);
  await wim.$ ('#name').fill (wim.name);
  await wim.$ ('#join').click ();
  await until ('Wim reads why he waits', async () => (await wim.text ('#banner-text')) === english['state.waiting']);
  assert.equal ((await ada.look ()).layout.tiles.length, 1, 'Ada is alone in the picture');
  assert.equal (await wim.$ ('#meeting-video').evaluate (({ srcObject }) => srcObject === null), true, 'no picture');

  await ada.$ ('#toggle-people').click ();
  const row = ada.$ ('#people-list li').filter ({ hasText: wim.name });
  assert.match (await row.innerText (), new RegExp (english['people.waiting']));
  await row.locator ('.more').click ();
  assert.equal (await row.locator ('[data-action=mute]').count (), 0, 'nothing of theirs is here to be muted');
  await row.locator ('[data-action=admit]').click ();
  await wim.waitLive ();
  await ada.$ ('#toggle-people').click ();
  await expectMeeting ('both are in the picture', [ada, wim], TWO);
  await wim.leave ();
  await ada.leave ();
});

test ('a moderator opens the lobby and locks the room', async () => {
  const room = stage.newRoom ();
  const ada = await Visitor.open (stage, CAST[0]);
  const wim = await Visitor.open (stage, CAST[1]);
  await ada.enter (room);
  await ada.$ ('#toggle-view').click ();
  const isSet = async (id) => (await ada.$ (`#${id}`).getAttribute ('aria-pressed')) === 'true';
  await until ('the room has a lobby', () => isSet ('lobby'));
  await ada.$ ('#lobby').click ();
  await until ('the room has none any more', async () => !(await isSet ('lobby')));
  await wim.enter (room);
  await wim.leave ();

  await ada.$ ('#lock').click ();
  await until ('the room is locked', () => isSet ('lock'));
  const late = await Visitor.open (stage, CAST[2]);
  await late.visit (room);
  await late.$ ('#name').fill (late.name);
  await late.$ ('#join').click ();
  await until ('who is late reads why', async () => (await late.text ('#join-error')) === english['bye.room_locked']);
  await late.tab.close ();
  await ada.leave ();
});
