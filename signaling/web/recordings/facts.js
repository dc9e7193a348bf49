// SPDX-License-Identifier: Apache-2.0
// What is said of a recording, from what the server says of it. Pure.

const MOST_CHAPTERS = 500;

/** `1:02:03`, or `2:03` below an hour. */
export function clock(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const pad = (n) => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];

  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds)}` : `${minutes}:${pad(seconds)}`;
}

/** In the decimal units that disks and downloads are sold in. */
export function size(bytes, language) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));

  return new Intl.NumberFormat(language, {
    style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}

/** When it began, in the reader's own time; '' for what is no time. */
export function when(time, language) {
  const date = new Date(time);

  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Whether it can be taken away: what is still written cannot. */
export const isOver = (recording) => recording.state === 'finished' || recording.state === 'failed';

/** Whether there is something to play. */
export const hasMedia = (recording) => recording.duration_ms > 0 || recording.bytes > 0;

/** The address of one part of several (from 1 on), or of the whole (0). */
export function withPart(url, part) {
  return part > 0 ? `${url}${url.includes('?') ? '&' : '?'}part=${part}` : url;
}

const TIME = /^(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3})$/;

function milliseconds(text) {
  const match = TIME.exec(text ?? '');

  return match && ((Number(match[1] ?? 0) * 60 + Number(match[2])) * 60 + Number(match[3])) * 1000 + Number(match[4]);
}

/** The cues of a WebVTT file: `[{start_ms, title}]`, as many as a list can show. */
export function chaptersOf(vtt) {
  const blocks = String(vtt).replace(/\r\n?/g, '\n').split(/\n{2,}/).slice(1);
  const chapters = [];

  for (const block of blocks) {
    const lines = block.trim().split('\n');
    const at = lines.findIndex((line) => line.includes('-->'));
    const start = at >= 0 ? milliseconds(lines[at].split('-->')[0].trim()) : null;
    if (start !== null && chapters.length < MOST_CHAPTERS)
      chapters.push({ start_ms: start, title: unescape(lines.slice(at + 1).join(' ')) });
  }
  return chapters;
}

function unescape(text) {
  const named = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&nbsp;': ' ' };

  return text.replace(/&(?:lt|gt|amp|nbsp);/g, (entity) => named[entity]);
}
