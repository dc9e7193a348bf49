// SPDX-License-Identifier: Apache-2.0
// Who is here, and, for moderators, what can be done about each of them.

import { icon, make, nameOf } from './dom.js';
import { t } from './i18n.js';

const $ = (id) => document.getElementById(id);

const isMuted = (p) => p.audio_muted || p.audio_muted_by_moderator;
const isPictureless = (p) => p.video_muted || p.video_muted_by_moderator;

/**
 * What a moderator may do with somebody: `moderate` is the message, `ask` means that it is asked again.
 *
 * @returns {{action: string, moderate: object, ask?: boolean}[]}
 */
export function actionsFor(participant) {
  const { audio_muted_by_moderator: isSilenced, video_muted_by_moderator: isHidden, role, kind } = participant;
  const isWaiting = participant.state === 'waiting';
  const isInside = !isWaiting && role !== 'viewer';
  const isPerson = isInside && (kind ?? 'browser') === 'browser';

  return [
    isWaiting && { action: 'admit', moderate: { admit: true } },
    isInside && { action: isSilenced ? 'allowAudio' : 'mute', moderate: { audio_muted: !isSilenced } },
    isInside && { action: isHidden ? 'allowVideo' : 'cameraOff', moderate: { video_muted: !isHidden } },
    isPerson && role !== 'moderator' && { action: 'makeModerator', moderate: { role: 'moderator' } },
    isPerson && role === 'moderator' && { action: 'unmakeModerator', moderate: { role: 'participant' } },
    { action: 'remove', moderate: { kick: true }, ask: true },
    { action: 'ban', moderate: { ban: true }, ask: true },
  ].filter(Boolean);
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  const first = (word) => [...word][0] ?? '';

  return (first(words[0]) + (words.length > 1 ? first(words.at(-1)) : '')).toUpperCase();
}

function marksOf(participant) {
  const marks = make('span', 'marks');

  if (participant.hand_raised_at)
    marks.append(icon('hand', 'hand', t('people.hand')));
  if (participant.screen)
    marks.append(icon('share', 'screen', t('people.screen')));
  if (isPictureless(participant))
    marks.append(icon('camera-off', '', t('people.cameraOff')));
  if (isMuted(participant))
    marks.append(icon('mic-off', '', t('people.muted')));
  return marks;
}

function roleOf(participant) {
  if (participant.state === 'away' || participant.state === 'waiting')
    return t(`people.${participant.state}`);
  return participant.role === 'moderator' || participant.role === 'viewer' ? t(`people.${participant.role}`) : '';
}

// Raised hands first, in the order they went up, then in order of joining.
function inOrder(participants) {
  const hand = (p) => p.hand_raised_at ?? '~';

  return [...participants].sort((a, b) => (hand(a) < hand(b) ? -1 : hand(a) > hand(b) ? 1 : 0));
}

export class People {
  #onModerate;
  #rows = new Map();      // id -> {row, drawn}
  #open = null;           // {id, asking: action|null}: whose actions are shown
  #people = [];
  #self = null;
  #speaker = null;

  /** @param {(participant: string, changes: object) => void} onModerate */
  constructor(onModerate) {
    this.#onModerate = onModerate;
  }

  show(participants, self, speaker) {
    this.#people = participants;
    this.#self = self;
    this.#speaker = speaker;
    this.#draw();
  }

  /** Closes an open menu. Returns whether there was one. */
  close() {
    const { id } = this.#open ?? {};

    this.#open = null;
    this.#draw();
    if (id)
      this.#focus(id, 'more');
    return id !== undefined;
  }

  #draw() {
    const isModerator = this.#people.find((p) => p.id === this.#self)?.role === 'moderator';
    const focused = document.activeElement;
    const [id, action] = [focused?.closest?.('[data-participant]')?.dataset.participant, focused?.dataset?.action];

    if (!isModerator || !this.#people.some((p) => p.id === this.#open?.id))
      this.#open = null;
    inOrder(this.#people).forEach((person, i) => this.#place(person, i, isModerator));
    for (const gone of [...this.#rows.keys()].filter((one) => !this.#people.some((p) => p.id === one))) {
      this.#rows.get(gone).row.remove();
      this.#rows.delete(gone);
    }
    if (action && !focused.isConnected)
      this.#focus(id, action);
    $('people-count').textContent = String(this.#people.length);
    $('people-badge').textContent = this.#people.length > 0 ? String(this.#people.length) : '';
  }

  // A row is made anew only when something in it changed, and moved only when its place did.
  #place(person, i, isModerator) {
    const list = $('people-list');
    const open = this.#open?.id === person.id ? this.#open : null;
    const drawn = JSON.stringify([person, open, isModerator, document.documentElement.lang, this.#self]);
    const isSpeaking = person.speaking ?? person.id === this.#speaker;
    let known = this.#rows.get(person.id);

    if (known?.drawn !== drawn) {
      const row = this.#row(person, open, isModerator && person.id !== this.#self);
      known?.row.replaceWith(row);
      known = { row, drawn };
      this.#rows.set(person.id, known);
    }
    if (list.children[i] !== known.row)
      list.insertBefore(known.row, list.children[i] ?? null);
    known.row.classList.toggle('speaking', isSpeaking);
    known.row.querySelector('.says').textContent = isSpeaking ? t('people.speaking') : '';
  }

  #row(person, open, hasActions) {
    const row = make('li', person.state === 'away' ? 'is-away' : '');
    const who = make('div', 'who');
    const name = nameOf(person);

    row.dataset.participant = person.id;
    who.append(make('div', 'name', person.id === this.#self ? t('people.you', { name }) : name));
    if (roleOf(person))
      who.append(make('div', 'role', roleOf(person)));
    who.append(make('span', 'sr-only says'));
    row.append(make('span', 'avatar', initials(name)), who, marksOf(person));
    if (hasActions)
      row.append(this.#more(person, name, open));
    if (open)
      row.append(open.asking ? this.#question(person, name, open.asking) : this.#menu(person, name));
    return row;
  }

  #button(className, action, text, onClick) {
    const button = make('button', className, text);

    button.dataset.action = action;
    button.addEventListener('click', onClick);
    return button;
  }

  #more(person, name, open) {
    const button = this.#button('quiet more', 'more', undefined, () => {
      this.#open = open ? null : { id: person.id, asking: null };
      this.#draw();
    });

    button.append(icon('more'));
    button.setAttribute('aria-expanded', String(open !== null));
    button.setAttribute('aria-label', t('moderate.menu', { name }));
    button.title = t('moderate.menu', { name });
    return button;
  }

  #menu(person, name) {
    const menu = make('div', 'actions');

    menu.setAttribute('role', 'group');
    menu.setAttribute('aria-label', t('moderate.menu', { name }));
    for (const { action, moderate, ask } of actionsFor(person))
      menu.append(this.#button(ask ? 'warn' : '', action, t(`moderate.${action}`), () => (ask ? this.#ask(person, action) : this.#do(person, moderate))));
    return menu;
  }

  #question(person, name, action) {
    const { moderate } = actionsFor(person).find((one) => one.action === action);
    const box = make('div', 'actions');
    const text = t(`moderate.${action}Question`, { name });

    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', text);
    box.append(make('p', '', text),
      this.#button('danger', 'yes', t(`moderate.${action}`), () => this.#do(person, moderate)),
      this.#button('', 'cancel', t('control.cancel'), () => this.close()));
    return box;
  }

  #ask(person, action) {
    this.#open = { id: person.id, asking: action };
    this.#draw();
    this.#focus(person.id, 'cancel');
  }

  #do(person, moderate) {
    this.close();
    this.#onModerate(person.id, moderate);
  }

  #focus(id, action) {
    const row = this.#rows.get(id)?.row;

    (row?.querySelector(`[data-action="${action}"]`) ?? row?.querySelector('.more'))?.focus();
  }
}
