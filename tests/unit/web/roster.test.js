// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import test from 'node:test';

import { Roster } from '../../../signaling/web/roster.js';

test('joining, changing and leaving', () => {
  const roster = new Roster();

  roster.reset([{ id: 'a', name: 'Ada' }, { id: 'b', name: 'Bo' }]);
  roster.put({ id: 'c', name: 'Cy' });
  roster.put({ id: 'a', audio_muted: true });
  assert.deepEqual(roster.get('a'), { id: 'a', name: 'Ada', audio_muted: true });
  assert.equal(roster.remove('b').name, 'Bo');
  assert.equal(roster.remove('b'), null);
  assert.deepEqual(roster.list.map((p) => p.id), ['a', 'c']);
  roster.reset([]);
  assert.deepEqual(roster.list, []);
});

test('a participant without an id is nobody, and the list has an end', () => {
  const roster = new Roster();

  assert.equal(roster.put({ name: 'x' }), null);
  assert.equal(roster.put(null), null);
  for (let i = 0; i < 5000; i++)
    roster.put({ id: `p${i}` });
  assert.ok(roster.list.length <= 1000);
});
