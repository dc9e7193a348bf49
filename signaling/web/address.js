// SPDX-License-Identifier: Apache-2.0
// Room names, addresses and the token in the fragment. Pure.

const ROOM_NAME = /^(?!\.)[A-Za-z0-9._-]{1,64}$/;

/** Whether the server takes this as a room's name. */
export function isRoomName(name) {
  return ROOM_NAME.test(name);
}

/** The room of `/r/NAME`, or null. */
export function roomOfPath(path) {
  const match = /^\/r\/([^/]+)\/?$/.exec(path);

  try {
    const name = match && decodeURIComponent(match[1]);
    return name && isRoomName(name) ? name : null;
  } catch {
    return null;
  }
}

/** The token of `#token=JWT`, or null. A token longer than the server reads is none. */
export function tokenOfFragment(hash) {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');

  return token && token.length <= 8192 ? token : null;
}

/** What people type or paste (`My room`, `https://host/r/my-room`) as a room name, or null. */
export function roomOfInput(text) {
  const typed = text.trim();
  const link = /^https?:\/\/[^/]+(\/r\/[^/?#]+)/.exec(typed);

  if (link)
    return roomOfPath(link[1]);
  const name = typed.replace(/\s+/g, '-');
  return isRoomName(name) ? name : null;
}

/** The signaling address of a room on the server at `base` (http or https). */
export function signalUrl(base, room) {
  const url = new URL(`/v1/rooms/${encodeURIComponent(room)}/signal`, base);

  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
