// SPDX-License-Identifier: Apache-2.0
// Who is here, and the chat. All text of other people goes in as text, never as HTML.

import { currentLanguage, t } from './i18n.js';

const MOST_MESSAGES = 500;

const $ = (id) => document.getElementById(id);

function make(tag, className, text) {
  const element = document.createElement(tag);

  element.className = className;
  if (text !== undefined)
    element.textContent = text;
  return element;
}

function icon(name, className, label) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');

  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  svg.setAttribute('class', className);
  svg.append(use);
  return svg;
}

export const nameOf = (participant) => participant?.name || t('people.nameless');

function initials(name) {
  const words = name.trim().split(/\s+/);
  const first = (word) => [...word][0] ?? '';

  return (first(words[0]) + (words.length > 1 ? first(words.at(-1)) : '')).toUpperCase();
}

const isMuted = (p) => p.audio_muted || p.audio_muted_by_moderator;
const isPictureless = (p) => p.video_muted || p.video_muted_by_moderator;

function marksOf(participant) {
  const marks = make('span', 'marks');

  if (participant.hand_raised_at)
    marks.append(icon('hand', 'hand', t('people.hand')));
  if (isPictureless(participant))
    marks.append(icon('camera-off', '', t('people.cameraOff')));
  if (isMuted(participant))
    marks.append(icon('mic-off', '', t('people.muted')));
  return marks;
}

function roleOf(participant) {
  if (participant.state === 'away')
    return t('people.away');
  return participant.role === 'moderator' || participant.role === 'viewer' ? t(`people.${participant.role}`) : '';
}

function personRow(participant, self, speaker) {
  const row = make('li', '');
  const who = make('div', 'who');
  const name = nameOf(participant);

  row.dataset.participant = participant.id;
  const isSpeaking = participant.speaking ?? participant.id === speaker;
  row.classList.toggle('speaking', isSpeaking);
  row.classList.toggle('is-away', participant.state === 'away');
  who.append(make('div', 'name', participant.id === self ? t('people.you', { name }) : name));
  if (roleOf(participant))
    who.append(make('div', 'role', roleOf(participant)));
  if (isSpeaking)
    who.append(make('span', 'sr-only', t('people.speaking')));
  row.append(make('span', 'avatar', initials(name)), who, marksOf(participant));
  return row;
}

/** Shows everybody: raised hands first, in the order they went up, then in order of joining. */
export function showPeople(participants, self, speaker) {
  const shown = participants.filter((p) => p.state !== 'waiting');
  const hand = (p) => p.hand_raised_at ?? '~';
  const ordered = [...shown].sort((a, b) => (hand(a) < hand(b) ? -1 : hand(a) > hand(b) ? 1 : 0));

  $('people-list').replaceChildren(...ordered.map((p) => personRow(p, self, speaker)));
  $('people-count').textContent = String(shown.length);
  $('people-badge').textContent = shown.length > 0 ? String(shown.length) : '';
}

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
