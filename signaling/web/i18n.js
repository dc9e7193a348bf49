// SPDX-License-Identifier: Apache-2.0
// The page's sentences in the reader's language.

import { english } from './strings-en.js';
import { korean } from './strings-ko.js';

const SENTENCES = { en: english, ko: korean };
const REMEMBERED = 'tessera.language';

let language = 'en';

/** Sentences of another page, by language. */
export function learn(more) {
  for (const [one, sentences] of Object.entries(more))
    Object.assign(SENTENCES[one], sentences);
}

/** The first of these languages (`ko-KR`, …) that we speak, else English. */
export function choose(languages) {
  const spoken = languages.map((l) => String(l).slice(0, 2).toLowerCase());

  return spoken.find((l) => Object.hasOwn(SENTENCES, l)) ?? 'en';
}

/** One sentence; `{name}` is replaced from `values`, once, so that values cannot name each other. */
export function t(key, values = {}) {
  const sentence = SENTENCES[language][key] ?? english[key] ?? key;

  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/** The sentence for a code of the server: `sentenceFor('bye', 'kicked')`. */
export function sentenceFor(group, code, values = {}) {
  const key = `${group}.${code}`;

  return Object.hasOwn(english, key) ? t(key, values) : t(`${group}.other`, { code });
}

/** A title that the server sent, in the reader's language if it is one of ours: `titleOf('layout', 'grid', 'Grid')`. */
export function titleOf(group, name, title) {
  const key = `${group}.${name}`;

  return Object.hasOwn(english, key) && english[key] === title ? t(key) : title;
}

export function currentLanguage() {
  return language;
}

/** Speaks another language from now on; the page then calls `translate` for what is shown. */
export function speak(wanted) {
  language = Object.hasOwn(SENTENCES, wanted) ? wanted : 'en';
}

/** Starts with the remembered language, else the browser's. */
export function start() {
  speak(choose([remembered(), ...(navigator.languages ?? [navigator.language])].filter(Boolean)));
  translate(document);
}

export function toggle() {
  speak(language === 'ko' ? 'en' : 'ko');
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // Without storage the browser's language is used next time.
  }
  translate(document);
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

/** Fills `data-t` (text), `data-t-label` (aria-label, and the tooltip of buttons) and `data-t-placeholder`. */
export function translate(root) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll('[data-t]'))
    element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
    if (element.localName === 'button')
      element.title = t(element.dataset.tLabel);
  }
  for (const element of root.querySelectorAll('[data-t-placeholder]'))
    element.placeholder = t(element.dataset.tPlaceholder);
}
