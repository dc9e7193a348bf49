// SPDX-License-Identifier: Apache-2.0
// The page's sentences in the reader's language.

import { english } from './strings-en.js';

const SENTENCES = { en: english };
/** Fetched when first spoken: who reads one language loads one. */
const OTHERS = { ko: () => import('./strings-ko.js').then((module) => module.korean) };
const REMEMBERED = 'tessera.language';

let language = 'en';

/** Further sentences, of another page: by language, as far as that is spoken. */
let further = {};

export function learn(more) {
  further = more;
  for (const [one, sentences] of Object.entries(SENTENCES))
    Object.assign(sentences, further[one]);
}

/** The first of these languages (`ko-KR`, …) that we speak, else English. */
export function choose(languages) {
  const spoken = languages.map((l) => String(l).slice(0, 2).toLowerCase());

  return spoken.find((l) => l === 'en' || Object.hasOwn(OTHERS, l)) ?? 'en';
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
export async function speak(wanted) {
  if (!Object.hasOwn(SENTENCES, wanted) && Object.hasOwn(OTHERS, wanted)) {
    const sentences = await OTHERS[wanted]().catch(() => null);
    if (sentences)
      SENTENCES[wanted] = Object.assign(sentences, further[wanted]);
  }
  language = Object.hasOwn(SENTENCES, wanted) ? wanted : 'en';
}

/** Starts with the remembered language, else the browser's. */
export async function start() {
  await speak(choose([remembered(), ...(navigator.languages ?? [navigator.language])].filter(Boolean)));
  translate(document);
}

export async function toggle() {
  await speak(language === 'ko' ? 'en' : 'ko');
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
