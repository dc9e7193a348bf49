// SPDX-License-Identifier: Apache-2.0
// The page that people see: joining by mouse and by keyboard, in Korean, on a phone, and what it says when
// something is wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { english } from '../../signaling/web/strings-en.js';
import { korean } from '../../signaling/web/strings-ko.js';

import { expectMeeting } from './support/expect.mjs';
import { CAST } from './support/palette.mjs';
import { useStage } from './support/stage.mjs';
import { Visitor } from './support/visitor.mjs';
import { until } from './support/wait.mjs';

const MOST_PEOPLE = 2;
const stage = useStage ({ name: 'page', config: { rooms: { max_participants: MOST_PEOPLE } } });
const TWO = CAST.slice (0, 2);

const MOST_COMPRESSED_BYTES = 60 * 1024;
/** Smaller things are missed by thumbs. */
const THUMB_PX = 40;

const pressed = (visitor, id) => visitor.$ (`#${id}`).getAttribute ('aria-pressed');

test ('from the first page into a meeting by mouse; chat, mute, camera, own picture, leave', async () => {
  const room = stage.newRoom ();
  const ada = await Visitor.open (stage, CAST[0]);
  await ada.page.goto (stage.server.at ('/'));
  await ada.$ ('body[data-view=home] #room-name').waitFor ();
  await ada.$ ('#room-name').fill ('no/room?');
  await ada.$ ('#room-go').click ();
  assert.equal (await ada.text ('#room-error'), english['bye.bad_room_name']);
  await ada.$ ('#room-name').fill (room);
  await ada.$ ('#room-go').click ();
  await ada.waitPreview ();
  await ada.$ ('#name').fill (ada.name);
  assert.match (ada.page.url (), new RegExp (`/r/${room}$`));
  await until ('the level moves', async () => Number (await ada.$ ('#level').evaluate (({ value }) => value)) > 0);
  await ada.$ ('#join').click ();
  await ada.waitLive ();

  const wim = await Visitor.open (stage, CAST[1]);
  await wim.enter (room);
  await expectMeeting ('two visitors', [ada, wim], TWO);

  const tile = (await ada.look ()).layout.tiles.find (({ own }) => own);
  const canvas = (await ada.look ()).layout.canvas;
  await until ('the own picture covers the own tile', async () => {
    const [own, all] = [await ada.$ ('#self-view').boundingBox (), await ada.$ ('#meeting-video').boundingBox ()];
    const scale = all.width / canvas.width;
    assert.ok (Math.abs (own.x - all.x - tile.x * scale) < 3 && Math.abs (own.y - all.y - tile.y * scale) < 3
      && Math.abs (own.width - tile.width * scale) < 3, JSON.stringify ({ own, all, tile }));
    return true;
  });

  await ada.$ ('#toggle-chat').click ();
  await ada.$ ('#chat-text').fill ('hello <b>you</b>');
  await ada.$ ('#chat-send').click ();
  await until ('the message arrives, as text', async () =>
    (await wim.$ ('#chat-log').innerText ({ timeout: 1000 }).catch (() => '')).includes ('hello <b>you</b>')
    || (await wim.$ ('#chat-log').evaluate (({ textContent }) => textContent)).includes ('hello <b>you</b>'));
  await ada.$ ('[data-close=chat]').click ();

  await ada.$ ('#toggle-mic').click ();
  ada.isMuted = true;
  await expectMeeting ('Ada is muted', [ada, wim], TWO, { viewers: [wim], names: false });
  await ada.$ ('#toggle-mic').click ();
  ada.isMuted = false;
  await expectMeeting ('Ada speaks again', [ada, wim], TWO, { viewers: [wim], names: false });
  await ada.$ ('#toggle-camera').click ();
  ada.cameraOff = true;
  await expectMeeting ('Ada\'s camera is off', [ada, wim], TWO, { viewers: [wim], sound: false });
  assert.ok (await ada.$ ('#self-view').isHidden (), 'no own picture over the placeholder');
  await ada.$ ('#toggle-camera').click ();
  ada.cameraOff = false;
  await expectMeeting ('Ada\'s camera is on again', [ada, wim], TWO, { viewers: [wim], sound: false });

  await ada.$ ('#toggle-people').click ();
  await until ('both are listed', async () => (await ada.text ('#people-list')).includes (wim.name));
  await wim.leave ();
  await expectMeeting ('Wim has left', [ada], TWO, { sound: false });
  await ada.leave ();
});

test ('by keyboard alone', async () => {
  const room = stage.newRoom ();
  const ada = await Visitor.open (stage, CAST[0]);
  await ada.page.goto (stage.server.at ('/'));
  await until ('the room is asked for', () => ada.tab.evaluate (() => document.activeElement.id === 'room-name'));
  await ada.page.keyboard.type (room);
  await ada.page.keyboard.press ('Enter');
  await ada.waitPreview ();
  const focus = () => ada.tab.evaluate (() => document.activeElement.id);
  const tabTo = (id) => until (`Tab reaches ${id}`, async () => {
    if (await focus () === id)
      return true;
    await ada.page.keyboard.press ('Tab');
    return false;
  }, { everyMs: 10, timeoutMs: 8000 });
  await tabTo ('name');
  await ada.page.keyboard.type (ada.name);
  await ada.page.keyboard.press ('Enter');
  await ada.waitLive ();
  assert.equal (await focus (), 'toggle-mic', 'the focus is on the controls');

  assert.equal (await pressed (ada, 'toggle-mic'), 'true');
  await ada.page.keyboard.press ('m');
  await until ('m mutes', async () => await pressed (ada, 'toggle-mic') === 'false');
  await ada.page.keyboard.press ('m');
  await until ('m opens', async () => await pressed (ada, 'toggle-mic') === 'true');
  await ada.page.keyboard.press ('v');
  await until ('v stops the camera', async () => await pressed (ada, 'toggle-camera') === 'false');
  await ada.page.keyboard.press ('v');
  await until ('v starts the camera', async () => await pressed (ada, 'toggle-camera') === 'true');

  await tabTo ('toggle-chat');
  await ada.page.keyboard.press ('Enter');
  assert.equal (await focus (), 'chat-text');
  await ada.page.keyboard.type ('moving my mouth');
  assert.equal (await pressed (ada, 'toggle-mic'), 'true', 'an m in a message mutes nobody');
  await ada.page.keyboard.press ('Escape');
  assert.equal (await focus (), 'toggle-chat', 'Escape goes back');
  await tabTo ('leave');
  const outline = await ada.tab.evaluate (() => getComputedStyle (document.activeElement).outlineStyle);
  assert.notEqual (outline, 'none', 'the focus is seen');
  await ada.page.keyboard.press ('Enter');
  await until ('left', async () => (await ada.text ('#ended-reason')) === english['bye.left']);
  await ada.tab.close ();
});

test ('in Korean, and back to English', async () => {
  const ada = await Visitor.open (stage, CAST[2], { tab: { locale: 'ko-KR' } });
  await ada.visit (stage.newRoom ());
  assert.equal (await ada.tab.evaluate (() => document.documentElement.lang), 'ko');
  assert.equal (await ada.text ('#join'), korean['preview.join']);
  await ada.$ ('#language').click ();
  assert.equal (await ada.text ('#join'), english['preview.join']);
  await ada.$ ('#language').click ();
  await ada.$ ('#name').fill (ada.name);
  await ada.$ ('#join').click ();
  await ada.waitLive ();
  await expectMeeting ('alone, in Korean', [ada], CAST, { sound: false });
  await ada.leave ();
});

test ('on a phone of 360 pixels', async () => {
  const room = stage.newRoom ();
  const ada = await Visitor.open (stage, CAST[0], { tab: { viewport: { width: 360, height: 640 }, mobile: true } });
  const fits = (what) => ada.tab.evaluate (() => document.documentElement.scrollWidth).then ((width) =>
    assert.ok (width <= 360, `${what} is ${width} px wide`));
  await ada.page.goto (stage.server.at ('/'));
  await fits ('home');
  await ada.visit (room);
  await fits ('the preview');
  await ada.$ ('#name').fill (ada.name);
  await ada.$ ('#join').tap ();
  await ada.waitLive ();
  await fits ('the meeting');
  for (const id of ['toggle-mic', 'toggle-camera', 'toggle-people', 'toggle-chat', 'leave']) {
    const box = await ada.$ (`#${id}`).boundingBox ();
    assert.ok (box && box.x >= 0 && box.x + box.width <= 360 && box.y + box.height <= 640
      && box.width >= THUMB_PX && box.height >= THUMB_PX, `${id} at ${JSON.stringify (box)}`);
  }
  const { muted, inline } = await ada.$ ('#meeting-video').evaluate ((video) => ({ muted: video.muted, inline: video.playsInline }));
  assert.deepEqual ({ muted, inline }, { muted: false, inline: true }, 'it plays sound, and in the page');
  await ada.$ ('#toggle-chat').tap ();
  await fits ('the chat');
  await ada.tab.screenshot ('page-360');
  await ada.$ ('[data-close=chat]').tap ();
  await ada.leave ();
});

test ('no permission: a sentence, and joining works without', async () => {
  const ada = await Visitor.open (stage, CAST[0], { devices: false });
  await ada.page.addInitScript (() => {
    navigator.mediaDevices.getUserMedia = async () => { throw new DOMException ('denied', 'NotAllowedError'); };
  });
  await ada.visit (stage.newRoom ());
  const sentence = english['fault.permission_denied'].replace ('{device}', english['device.camera']);
  await until ('the sentence', async () => (await ada.text ('#preview-faults')).includes (sentence));
  await ada.$ ('#name').fill (ada.name);
  await ada.$ ('#join').click ();
  await ada.waitLive ();
  const { people } = await ada.look ();
  assert.deepEqual (people.map ((p) => [p.audio_muted, p.video_muted]), [[true, true]]);
  await ada.leave ();
});

test ('a full room says so, and takes the next one when somebody leaves', async () => {
  const room = stage.newRoom ();
  const people = [];
  for (const role of CAST.slice (0, MOST_PEOPLE))
    people.push (await (await Visitor.open (stage, role)).enter (room));
  const late = await Visitor.open (stage, CAST[2]);
  await late.visit (room);
  await late.$ ('#name').fill (late.name);
  await late.$ ('#join').click ();
  await until ('the refusal', async () => (await late.text ('#join-error')) === english['bye.room_full']);
  await people.pop ().leave ();
  await late.$ ('#join').click ();
  await late.waitLive ();
  await late.leave ();
  await people[0].leave ();
});

test ('what the page loads is small, and its policy allows no inline script', async () => {
  const ada = await Visitor.open (stage, CAST[0]);
  const answers = [];
  ada.page.on ('response', (answer) => answers.push (answer));
  const answer = await ada.page.goto (stage.server.at (`/r/${stage.newRoom ()}#token=secret`));
  await ada.waitPreview ();
  const policy = answer.headers ()['content-security-policy'] ?? '';
  const scripts = /script-src([^;]*)/.exec (policy)?.[1] ?? /default-src([^;]*)/.exec (policy)?.[1];
  assert.ok (scripts && !/unsafe|\*|data:|https?:\s/.test (scripts), `the policy is ${policy}`);
  assert.ok (!ada.page.url ().includes ('secret'), `the token left the address bar: ${ada.page.url ()}`);
  assert.ok (!answers.some ((one) => one.request ().url ().includes ('secret')));
  let bytes = 0;
  for (const one of answers)
    bytes += (await one.request ().sizes ()).responseBodySize;
  assert.ok (bytes > 1000 && bytes <= MOST_COMPRESSED_BYTES, `${bytes} bytes in ${answers.length} files`);
  assert.ok (answers.every ((one) => new URL (one.url ()).origin === stage.server.url.origin), 'all from the server itself');
  await ada.tab.close ();
});

/* Last: it takes the server away. */
test ('server gone: a sentence; server back: the meeting goes on by itself', async () => {
  const ada = await Visitor.open (stage, CAST[0]);
  await ada.enter (stage.newRoom ());
  await stage.server.kill ('SIGKILL');
  await until ('the sentence', async () => (await ada.text ('#banner-text')) === english['state.returning']);
  await stage.server.startAgain ();
  await until ('back', async () => (await ada.tab.evaluate (() => document.body.dataset.state)) === 'live', { timeoutMs: 40000 });
  await until ('the sentence is gone', async () => await ada.$ ('#banner').isHidden ());
  await until ('the picture is right', async () => {
    ada.id = (await ada.look ()).participant;
    await expectMeeting ('after the restart', [ada], TWO, { sound: false, names: false, timeoutMs: 2000 });
    return true;
  });
  await ada.leave ();
});
