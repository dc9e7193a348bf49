// SPDX-License-Identifier: Apache-2.0
// One sentence over the picture about what went wrong.

import { announce } from './dom.js';
import { sentenceFor, t } from './i18n.js';

const NOTICE_MS = 8000;
const $ = (id) => document.getElementById(id);

export class Notice {
  /** {group, code, kind?, device?, passes?}, or null. */
  current = null;

  #timer = 0;
  #hasBanner = false;

  constructor() {
    $('fault-close').addEventListener('click', () => this.close());
  }

  /** @param {{group: string, code: string, kind?: string, device?: string, passes?: boolean}} notice closed by itself if it passes */
  show(notice) {
    clearTimeout(this.#timer);
    this.current = notice;
    if (notice.passes)
      this.#timer = setTimeout(() => this.close(), NOTICE_MS);
    this.draw();
    announce(this.#text());
  }

  close() {
    clearTimeout(this.#timer);
    this.current = null;
    this.draw();
  }

  /** @param {boolean} [hasBanner] the banner says already that the server is away */
  draw(hasBanner = this.#hasBanner) {
    this.#hasBanner = hasBanner;
    $('fault-banner').hidden = this.current === null || (this.current.code === 'unreachable' && hasBanner);
    $('fault-text').textContent = this.#text();
  }

  #text() {
    const { group, code, device } = this.current ?? {};

    if (group === 'fault')
      return t(`fault.${code}`, { device: t(`device.${device}`) });
    return group ? sentenceFor(group, code) : '';
  }
}
