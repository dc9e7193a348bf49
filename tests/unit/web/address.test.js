// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { isRoomName, roomOfInput, roomOfPath, signalUrl, tokenOfFragment } from '../../../signaling/web/address.js';

test('room names are those of the contract', () => {
  for (const name of ['a', 'Team-1', 'a.b_c', 'x'.repeat(64), '-'])
    assert.equal(isRoomName(name), true, name);
  for (const name of ['', '.hidden', 'x'.repeat(65), 'a b', 'a/b', '한글', 'a\n', '<b>', '%41'])
    assert.equal(isRoomName(name), false, name);
});

test('the room of an address', () => {
  assert.equal(roomOfPath('/r/team-1'), 'team-1');
  assert.equal(roomOfPath('/r/team-1/'), 'team-1');
  for (const path of ['/', '/r/', '/r/.x', '/r/a/b', '/r/%', '/r/%2e', '/r/a%2fb', '/x/team'])
    assert.equal(roomOfPath(path), null, path);
});

test('people may type spaces or paste a link', () => {
  assert.equal(roomOfInput('  My room '), 'My-room');
  assert.equal(roomOfInput('https://meet.example/r/team-1#token=x'), 'team-1');
  assert.equal(roomOfInput('https://meet.example/'), null);
  assert.equal(roomOfInput('회의'), null);
});

test('the token comes out of the fragment only', () => {
  assert.equal(tokenOfFragment('#token=a.b-c_d'), 'a.b-c_d');
  assert.equal(tokenOfFragment('#x=1&token=abc'), 'abc');
  for (const hash of ['', '#', '#token=', '#tok=abc', `#token=${'x'.repeat(8193)}`])
    assert.equal(tokenOfFragment(hash), null);
});

test('the signaling address keeps host, port and security', () => {
  assert.equal(signalUrl('http://127.0.0.1:8080/r/a#b', 'a'), 'ws://127.0.0.1:8080/v1/rooms/a/signal');
  assert.equal(signalUrl('https://meet.example', 'a.b'), 'wss://meet.example/v1/rooms/a.b/signal');
});
