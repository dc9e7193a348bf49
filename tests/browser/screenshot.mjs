// SPDX-License-Identifier: Apache-2.0
// Makes docs/images/meeting.png: a real meeting of four in the real page, with drawn people.
//   node tests/browser/screenshot.mjs [FILE]

import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { launchChromium } from './support/browsers.mjs';
import { FULL, Server } from './support/server.mjs';
import { Visitor } from './support/visitor.mjs';
import { pause, until } from './support/wait.mjs';

const file = resolve (process.argv[2] ?? new URL ('../../docs/images/meeting.png', import.meta.url).pathname);

const PEOPLE = [
  { name: 'Ada', tone: 210, wall: ['#f3d9b1', '#c98d5b'], decor: 'shelf', skin: '#f0c9a4', hair: '#5b3420', style: 'long', shirt: '#31708f' },
  { name: '김민준', tone: 230, wall: ['#cfe3ee', '#7fa6bf'], decor: 'window', skin: '#f2cfa9', hair: '#1c1a1a', style: 'short', shirt: '#3b4a6b', glasses: true },
  { name: 'Nkechi', tone: 250, wall: ['#d9ead3', '#86b38a'], decor: 'plant', skin: '#7a4a2e', hair: '#17100c', style: 'curly', shirt: '#e0a030', isTalking: true },
  { name: 'Omar', tone: 270, wall: ['#e6d8ee', '#9b83b8'], decor: 'lamp', skin: '#c98f63', hair: '#231712', style: 'short', shirt: '#46604a', beard: true },
];

const server = await Server.start ({ name: 'screenshot', canvas: { ...FULL, fps: 15 } });
const browser = await launchChromium ();
const stage = { server, browser: async () => browser };
try {
  const visitors = [];
  for (const { name, tone, isTalking, ...portrait } of PEOPLE) {
    const visitor = await Visitor.open (stage, { name, tone, isTalking },
      { tab: { viewport: { width: 1280, height: 800 } }, source: { portrait } });
    visitors.push (await visitor.enter ('team-morning'));
  }
  const [ada, minjun, nkechi] = visitors;
  await ada.$ ('#toggle-chat').click ();
  const say = async (visitor, text) => {
    if (visitor !== ada)
      await visitor.$ ('#toggle-chat').click ();
    await visitor.$ ('#chat-text').fill (text);
    await visitor.$ ('#chat-send').click ();
    await until (`"${text}" arrives`, () => ada.$ ('#chat-log').evaluate ((log, wanted) => log.textContent.includes (wanted), text));
  };
  await say (minjun, '좋은 아침입니다! 화면 잘 보여요.');
  await say (nkechi, 'Good morning. Shall we start with the release notes?');
  await say (ada, 'Yes, please. I have the list here.');
  await until ('everybody is in the picture', async () => (await ada.look ()).layout.tiles.length === PEOPLE.length);
  await pause (4000);           // the encoder gets sharp; nothing tells when
  mkdirSync (dirname (file), { recursive: true });
  await ada.page.mouse.move (640, 300);
  await ada.page.screenshot ({ path: file });
  console.log (file);
} finally {
  await browser.close ();
  await server.stop ();
}
