// SPDX-License-Identifier: Apache-2.0
// The chat. All text of other people goes in as text, never as HTML.

import { make } from './dom.js';
import { currentLanguage } from './i18n.js';

const MOST_MESSAGES = 500;

const $ = (id) => document.getElementById(id);

function append(item) {
  const log = $('chat-log');
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;

  log.append(item);
  while (log.children.length > MOST_MESSAGES)
    log.firstChild.remove();
  if (isAtEnd)
    log.scrollTop = log.scrollHeight;
}

/** @param {{name: string, text: string, isOwn: boolean, at?: string}} message */
export function showChat({ name, text, isOwn, at }) {
  const item = make('li', isOwn ? 'own' : '');
  const time = new Date(at ?? Date.now());
  const clock = Number.isNaN(time.valueOf()) ? '' : time.toLocaleTimeString(currentLanguage(), { hour: '2-digit', minute: '2-digit' });

  item.append(make('span', 'meta', `${name} · ${clock}`), document.createTextNode(text));
  append(item);
}

/** A line of the room itself, such as who came. */
export function showNote(text) {
  append(make('li', 'note', text));
}

export function clearChat() {
  $('chat-log').replaceChildren();
}
