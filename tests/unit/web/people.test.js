// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { english } from '../../../signaling/web/strings-en.js';
import { actionsFor } from '../../../signaling/web/people.js';

const of = (participant) => Object.fromEntries(actionsFor(participant).map((a) => [a.action, a.moderate]));

test('a moderator mutes, allows again, gives and takes the role, and sends out', () => {
  assert.deepEqual(of({ role: 'participant', kind: 'browser', audio_muted: true }), {
    mute: { audio_muted: true }, cameraOff: { video_muted: true }, makeModerator: { role: 'moderator' }, remove: { kick: true }, ban: { ban: true },
  });
  assert.deepEqual(of({ role: 'moderator', audio_muted_by_moderator: true, video_muted_by_moderator: true }), {
    allowAudio: { audio_muted: false }, allowVideo: { video_muted: false }, unmakeModerator: { role: 'participant' }, remove: { kick: true }, ban: { ban: true },
  });
});

test('viewers have nothing to mute, and neither they nor cameras become moderators', () => {
  assert.deepEqual(Object.keys(of({ role: 'viewer' })), ['remove', 'ban']);
  assert.deepEqual(Object.keys(of({ role: 'participant', kind: 'whip' })), ['mute', 'cameraOff', 'remove', 'ban']);
});

test('who waits in the lobby is let in or sent away, whatever they are', () => {
  assert.deepEqual(of({ role: 'participant', kind: 'browser', state: 'waiting' }), { admit: { admit: true }, remove: { kick: true }, ban: { ban: true } });
  assert.deepEqual(Object.keys(of({ role: 'viewer', state: 'waiting' })), ['admit', 'remove', 'ban']);
});

test('what cannot be taken back is asked again, and everything has its sentence', () => {
  for (const participant of [{ role: 'participant' }, { role: 'participant', state: 'waiting' }, { role: 'moderator', audio_muted_by_moderator: true, video_muted_by_moderator: true }]) {
    for (const { action, moderate, ask } of actionsFor(participant)) {
      assert.ok(`moderate.${action}` in english, action);
      assert.equal(ask === true, 'kick' in moderate || 'ban' in moderate, action);
      assert.equal(`moderate.${action}Question` in english, ask === true, action);
    }
  }
});
