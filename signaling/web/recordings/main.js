// SPDX-License-Identifier: Apache-2.0
// The recordings' page: what there is, play it, take it home, delete it.

import { isRoomName, tokenOfFragment } from '../address.js';
import { announce, make } from '../dom.js';
import { currentLanguage, learn, start, t, toggle } from '../i18n.js';
import { chaptersOf, clock, hasMedia, isOver, size, when } from './facts.js';
import { fault, Shelf } from './shelf.js';
import { english, korean } from './strings.js';

const $ = (id) => document.getElementById(id);
/** What is still written is asked for again this often. */
const AGAIN_MS = 5000;

class Page {
  constructor(shelf) {
    this.shelf = shelf;
    this.playing = null;
    this.timer = 0;
    $('more').addEventListener('click', () => this.#show(() => shelf.more()));
    $('language').addEventListener('click', async () => {
      await toggle();
      this.draw();
    });
    $('video').addEventListener('error', () => this.#say(t('recordings.noPlay')));
    document.addEventListener('visibilitychange', () => this.#again());
  }

  begin() {
    return this.#show(() => this.shelf.refresh());
  }

  async #show(ask) {
    try {
      await ask();
      this.#say('');
    } catch (error) {
      this.#say(fault(error));
    }
    this.draw();
    this.#again();
  }

  #say(text) {
    $('fault').textContent = text;
    $('fault').hidden = !text;
  }

  // Only while somebody looks and something changes.
  #again() {
    clearTimeout(this.timer);
    if (!document.hidden && this.shelf.recordings.some((one) => !isOver(one)))
      this.timer = setTimeout(() => this.#show(() => this.shelf.refresh()), AGAIN_MS);
  }

  draw() {
    const { room, recordings, next } = this.shelf;

    document.title = `${room ? t('recordings.titleOf', { room }) : t('recordings.title')} - Tessera`;
    $('room-badge').textContent = room ?? '';
    $('empty').hidden = recordings.length > 0 || !$('fault').hidden;
    $('more').hidden = !next;
    const focused = document.activeElement?.dataset?.key;
    $('list').replaceChildren(...recordings.map((one) => this.#row(one)));
    if (focused)
      $('list').querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(one) {
    const row = make('li', 'recording');
    const about = make('div', 'recording-about');
    const facts = make('div', 'recording-facts');

    row.dataset.state = one.state;
    if (this.playing === one.id)
      row.setAttribute('aria-current', 'true');
    facts.append(make('span', 'recording-state', t(`recordings.state.${one.state}`)),
      ` · ${when(one.started_at, currentLanguage())} · ${clock(one.duration_ms)} · ${size(one.bytes, currentLanguage())} · ${one.format}`);
    about.append(make('div', 'recording-room', one.room), facts);
    row.append(about, this.#actions(one));
    return row;
  }

  #actions(one) {
    const actions = make('div', 'recording-actions');
    const parts = one.parts?.length > 1 ? one.parts.map((_, index) => index + 1) : [0];
    const add = (what, label, act) => {
      const button = make('button', what.startsWith('play') ? 'primary' : '', label);
      button.dataset.key = `${one.id} ${what}`;
      button.setAttribute('aria-label', `${label}: ${one.room}, ${when(one.started_at, currentLanguage())}`);
      button.addEventListener('click', () => this.#show(act));
      actions.append(button);
    };

    for (const part of hasMedia(one) ? parts : []) {
      const suffix = part > 0 ? ` (${t('recordings.part', { n: part })})` : '';
      add(`play${part}`, t('recordings.play') + suffix, () => this.play(one, part));
      add(`download${part}`, t('recordings.download') + suffix, () => this.download(one, part));
    }
    if (isOver(one))
      add('delete', t('recordings.delete'), () => this.remove(one));
    return actions;
  }

  async play(one, part) {
    const video = $('video');

    video.src = await this.shelf.address(one, part);
    this.playing = one.id;
    $('player').hidden = false;
    $('playing').textContent = `${one.room}, ${when(one.started_at, currentLanguage())}`;
    this.#chapters(chaptersOf(await this.shelf.chapters(one, part)));
    $('player').scrollIntoView({ block: 'nearest' });
    await video.play().catch(() => {});    // the browser may want a second tap
  }

  #chapters(chapters) {
    $('chapters').replaceChildren(...chapters.map((chapter) => {
      const item = make('li', '');
      const button = make('button', 'quiet');
      button.append(make('time', '', clock(chapter.start_ms)), ` ${chapter.title}`);
      button.addEventListener('click', () => {
        $('video').currentTime = chapter.start_ms / 1000;
      });
      item.append(button);
      return item;
    }));
  }

  async download(one, part) {
    const link = make('a', '');

    link.href = await this.shelf.address(one, part);
    link.download = '';    // the server names it
    link.click();
  }

  async remove(one) {
    $('sure-text').textContent = t('recordings.sure', { room: one.room, time: when(one.started_at, currentLanguage()) });
    $('sure').returnValue = 'no';
    $('sure').showModal();
    await new Promise((done) => { $('sure').addEventListener('close', done, { once: true }); });
    if ($('sure').returnValue !== 'yes')
      return;
    await this.shelf.remove(one);
    if (this.playing === one.id) {
      this.playing = null;
      $('video').removeAttribute('src');
      $('player').hidden = true;
    }
    announce(t('recordings.deleted'));
  }
}

// As in the meeting: the token leaves the address bar at once, and lives as long as the tab.
function takeToken() {
  const key = 'tessera.token.recordings';
  const given = tokenOfFragment(location.hash);

  if (location.hash)
    history.replaceState(null, '', location.pathname + location.search);
  try {
    if (given)
      sessionStorage.setItem(key, given);
    return given ?? sessionStorage.getItem(key);
  } catch {
    return given;
  }
}

learn({ en: english, ko: korean });
await start();
const room = new URLSearchParams(location.search).get('room');
new Page(new Shelf(room && isRoomName(room) ? room : null, takeToken())).begin();
