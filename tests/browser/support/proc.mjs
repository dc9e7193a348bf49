// SPDX-License-Identifier: Apache-2.0
// What /proc says of processes: children, memory, threads, descriptors, sockets.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const read = (path) => {
  try {
    return readFileSync (path, 'utf8');
  } catch {
    return '';
  }
};

/** A zombie counts as gone: nothing of it runs any more. */
export function isAlive (pid) {
  const stat = read (`/proc/${pid}/stat`);
  return stat !== '' && !/\) [ZX] /.test (stat);
}

export function commandOf (pid) {
  return read (`/proc/${pid}/comm`).trim ();
}

export function parentOf (pid) {
  return Number (read (`/proc/${pid}/stat`).replace (/^.*\) /s, '').split (' ')[1]);
}

/** Pids of the living children of `pid`, oldest first. */
export function childrenOf (pid) {
  return readdirSync ('/proc').filter ((name) => /^\d+$/.test (name)).map (Number)
    .filter ((child) => parentOf (child) === pid && isAlive (child)).sort ((a, b) => a - b);
}

/** All living descendants of `pid`, itself first. */
export function treeOf (pid) {
  return [pid, ...childrenOf (pid).flatMap (treeOf)];
}

/** {rssKb, threads, fds} of a process as it is now. */
export function usageOf (pid) {
  const status = read (`/proc/${pid}/status`);
  const number = (name) => Number (new RegExp (`^${name}:\\s+(\\d+)`, 'm').exec (status)?.[1] ?? 0);
  let fds = 0;
  try {
    fds = readdirSync (`/proc/${pid}/fd`).length;
  } catch { /* gone */ }
  return { rssKb: number ('VmRSS'), threads: number ('Threads'), fds };
}

/** Inode numbers of the UDP sockets bound to `port`. */
function udpInodes (port) {
  const wanted = port.toString (16).toUpperCase ().padStart (4, '0');
  return ['/proc/net/udp', '/proc/net/udp6'].flatMap ((file) => read (file).split ('\n').slice (1)
    .map ((line) => line.trim ().split (/\s+/))
    .filter ((field) => field[1]?.endsWith (`:${wanted}`)).map ((field) => field[9]));
}

/** Which of `pids` holds a UDP socket on `port`, or 0. */
export function ownerOfUdpPort (port, pids) {
  const links = new Set (udpInodes (port).map ((inode) => `socket:[${inode}]`));
  const holds = (pid) => {
    try {
      return readdirSync (`/proc/${pid}/fd`).some ((fd) => {
        try {
          return links.has (readlinkSync (`/proc/${pid}/fd/${fd}`));
        } catch {
          return false;
        }
      });
    } catch {
      return false;
    }
  };
  return pids.find (holds) ?? 0;
}
