// SPDX-License-Identifier: Apache-2.0
// The page: which view is shown, and the way from a room's name to the meeting and out of it.

import { isRoomName, roomOfInput, roomOfPath, tokenOfFragment } from './address.js';
import { Capture } from './capture.js';
import * as i18n from './i18n.js';
import { Meeting } from './meeting.js';
import { Preview } from './preview.js';

const { t } = i18n;
const $ = (id) => document.getElementById(id);

// Short words that are hard to mishear; two of them and a number are a room's name.
const WORDS = 'amber birch cedar coral dune ember fern grove heron indigo jade lagoon maple north opal pine quartz river sage tide umber violet willow zephyr'.split(' ');

function show(view) {
  document.body.dataset.view = view;
  document.querySelector(`#view-${view} h1, #view-${view}`)?.scrollIntoView?.({ block: 'nearest' });
}

function suggestion() {
  const numbers = crypto.getRandomValues(new Uint32Array(3));

  return `${WORDS[numbers[0] % WORDS.length]}-${WORDS[numbers[1] % WORDS.length]}-${numbers[2] % 1000}`;
}

// The token leaves the address bar at once: it must not be in screenshots, history or copied links.
function takeToken(room) {
  const key = `tessera.token.${room}`;
  const given = tokenOfFragment(location.hash);

  if (location.hash)
    history.replaceState(history.state, '', location.pathname + location.search);
  try {
    if (given)
      sessionStorage.setItem(key, given);
    return given ?? sessionStorage.getItem(key) ?? undefined;
  } catch {
    return given ?? undefined;
  }
}

class App {
  room = roomOfPath(location.pathname);
  token = undefined;
  capture = new Capture();
  preview = null;
  meeting = null;

  /** The client of the meeting, for tests and for the console. */
  get client() {
    return this.meeting?.client ?? null;
  }

  async start() {
    await i18n.start();
    $('language').addEventListener('click', () => this.#changeLanguage());
    window.addEventListener('hashchange', () => this.#newToken());
    this.#prepareHome();
    if (this.room)
      this.#enterRoom();
    else
      this.#goHome();
    this.#labels();
  }

  #prepareHome() {
    $('room-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#chooseRoom(roomOfInput($('room-name').value));
    });
    $('room-random').addEventListener('click', () => {
      $('room-name').value = suggestion();
      $('room-error').hidden = true;
    });
  }

  #goHome() {
    const isWrong = location.pathname !== '/';

    show('home');
    $('room-error').hidden = !isWrong;
    $('room-error').textContent = isWrong ? t('bye.bad_room_name') : '';
    $('room-name').focus();
  }

  #chooseRoom(name) {
    $('room-error').hidden = name !== null;
    $('room-name').setAttribute('aria-invalid', String(name === null));
    if (!name || !isRoomName(name)) {
      $('room-error').textContent = t('bye.bad_room_name');
      $('room-name').focus();
      return;
    }
    location.assign(`/r/${encodeURIComponent(name)}`);
  }

  #enterRoom() {
    this.token = takeToken(this.room);
    $('room-badge').textContent = this.room;
    this.preview = new Preview(this.capture, (name) => this.#join(name));
    this.meeting = new Meeting(this.capture, (bye) => this.#ended(bye));
    $('again').addEventListener('click', () => this.#again());
    this.#again();
  }

  #again() {
    show('preview');
    if (matchMedia('(pointer: fine)').matches)
      $('name').focus({ focusVisible: false });     // on a phone the keyboard would cover the picture
    this.preview.start(this.room);
  }

  #join(name) {
    this.preview.setBusy(true);
    this.preview.stop();
    show('meeting');
    $('toggle-mic').focus({ focusVisible: false });
    this.meeting.join({ room: this.room, name, token: this.token });
  }

  // A refusal at the door goes back to the preview, where a token or a moment later may help.
  #ended({ code, wasIn }) {
    this.preview.setBusy(false);
    if (wasIn || code === 'left') {
      this.capture.stop();
      show('ended');
      $('ended-reason').dataset.code = code;
      $('ended-reason').textContent = i18n.sentenceFor('bye', code);
      $('again').focus({ focusVisible: false });
    } else {
      show('preview');
      this.preview.start(this.room);
      this.preview.showRefusal(code);
    }
  }

  #newToken() {
    if (this.room && tokenOfFragment(location.hash))
      this.token = takeToken(this.room);
  }

  async #changeLanguage() {
    await i18n.toggle();
    this.#labels();
    this.preview?.translate();
    this.meeting?.translate();
    const code = $('ended-reason').dataset.code;
    if (code)
      $('ended-reason').textContent = i18n.sentenceFor('bye', code);
  }

  #labels() {
    document.title = this.room ? t('app.title', { room: this.room }) : 'Tessera';
    $('language').title = t('language.label');
    $('language').lang = i18n.currentLanguage() === 'ko' ? 'en' : 'ko';
    $('chat-log').dataset.empty = t('chat.empty');
  }
}

/** The page itself; `(await import('/web/main.js')).app` from tests. */
export const app = new App();

app.start();
