// SPDX-License-Identifier: Apache-2.0
// One real `tessera` with its room processes, on ports of its own and with a state directory of its own.

import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { childrenOf, commandOf, isAlive, ownerOfUdpPort } from './proc.mjs';
import { until, within } from './wait.mjs';

const ROOT = resolve (new URL ('../../..', import.meta.url).pathname);
export const OUT = resolve (new URL ('../out', import.meta.url).pathname);

/** How many UDP ports a test server gets; a room of four people needs far less. */
const MEDIA_PORTS = 600;

/** Small enough that four browsers, their encoders and the server fit on two cores. */
export const SMALL = { width: 640, height: 360, fps: 10 };
export const FULL = { width: 1280, height: 720, fps: 30 };

export function findBinary () {
  const build = process.env.TESSERA_BUILD ?? 'build';
  const path = process.env.TESSERA_BIN ?? join (resolve (ROOT, build), 'signaling', 'tessera');
  if (!existsSync (path))
    throw new Error (`no tessera at ${path}: build it, or set TESSERA_BIN or TESSERA_BUILD`);
  return path;
}

/** Whether this build lets a peer kill its room on purpose (-Ddebug_faults=true): its config.h says. */
export function hasDebugFaults () {
  try {
    return /TESSERA_DEBUG_FAULTS 1/.test (readFileSync (join (dirname (findBinary ()), '..', 'config.h'), 'utf8'));
  } catch {
    return process.env.TESSERA_DEBUG_FAULTS === '1';
  }
}

async function isFree (port) {
  const socket = dgram.createSocket ('udp4');
  try {
    await new Promise ((done, fail) => socket.once ('error', fail).bind (port, '127.0.0.1', done));
    return true;
  } catch {
    return false;
  } finally {
    try {
      socket.close ();
    } catch { /* was never bound */ }
  }
}

/** A range below the kernel's own ephemeral ports whose ends and middle are free. */
async function freeMediaPorts () {
  for (let tries = 0; tries < 50; tries++) {
    const first = 10000 + MEDIA_PORTS * Math.floor (Math.random () * 36);
    const probes = [0, 1, 2, 3, MEDIA_PORTS / 2, MEDIA_PORTS - 1].map ((offset) => isFree (first + offset));
    if ((await Promise.all (probes)).every (Boolean))
      return [first, first + MEDIA_PORTS - 1];
  }
  throw new Error ('no free range of UDP ports');
}

function keyFile (groups) {
  return Object.entries (groups).map (([group, keys]) =>
    `[${group}]\n${Object.entries (keys).map (([key, value]) => `${key}=${value}`).join ('\n')}\n`).join ('\n');
}

export class Server {
  /** @param options {canvas, config: {group: {key: value}}, env, name} */
  static async start (options = {}) {
    const self = new Server ();
    self.options = { canvas: SMALL, config: {}, env: {}, name: 'server', ...options };
    self.directory = mkdtempSync (join (tmpdir (), 'tessera-browser-'));
    self.mediaPorts = await freeMediaPorts ();
    self.port = 0;
    self.log = '';
    await self.#spawn ();
    return self;
  }

  #configuration () {
    const { canvas, config } = this.options;
    const [first, last] = this.mediaPorts;
    const groups = {
      http: { address: '127.0.0.1', port: this.port },
      media: { address: '127.0.0.1', port_min: first, port_max: last },
      rooms: { canvas_width: canvas.width, canvas_height: canvas.height, canvas_fps: canvas.fps },
    };
    for (const [group, keys] of Object.entries (config))
      groups[group] = { ...groups[group], ...keys };
    return keyFile (groups);
  }

  async #spawn () {
    const file = join (this.directory, 'tessera.conf');
    writeFileSync (file, this.#configuration ());
    const child = spawn (findBinary (), ['--config', file], {
      env: { ...process.env, STATE_DIRECTORY: this.directory, ...this.options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.exited = new Promise ((done) => child.once ('exit', (code, signal) => done ({ code, signal })));
    const failed = new Promise ((_, fail) => child.once ('error', fail));
    const ready = new Promise ((done) => {
      let out = '';
      child.stdout.on ('data', (chunk) => {
        this.#note (chunk);
        out += chunk;
        const found = /tessera ready: (\S+)/.exec (out);
        if (found)
          done (found[1]);
      });
    });
    child.stderr.on ('data', (chunk) => this.#note (chunk));
    const ended = this.exited.then (({ code, signal }) => {
      throw new Error (`tessera ended (${code ?? signal}) before it was ready:\n${this.log.slice (-2000)}`);
    });
    ended.catch (() => {});
    this.url = new URL (await within ('tessera ready', 20000, Promise.race ([ready, ended, failed])));
    this.port = Number (this.url.port);
  }

  #note (chunk) {
    this.log = (this.log + chunk).slice (-2_000_000);
    if (process.env.TESSERA_TEST_LOG)
      process.stderr.write (chunk);
  }

  get pid () {
    return this.child.pid;
  }

  at (path) {
    return new URL (path, this.url).href;
  }

  isRunning () {
    return isAlive (this.pid);
  }

  /** Every room process, the warm spare among them. */
  roomPids () {
    return childrenOf (this.pid).filter ((pid) => commandOf (pid).startsWith ('tessera-room'));
  }

  /** The room process whose UDP port a browser's media goes to. */
  roomPidByPort (port) {
    return ownerOfUdpPort (port, this.roomPids ());
  }

  async json (path) {
    const answer = await fetch (this.at (path));
    if (!answer.ok)
      throw new Error (`GET ${path}: ${answer.status}`);
    return answer.json ();
  }

  /** Kills control itself and waits until it is gone. Returns the room processes it had. */
  async kill (signal = 'SIGKILL') {
    const rooms = this.roomPids ();
    this.child.kill (signal);
    await within (`tessera gone after ${signal}`, 15000, this.exited);
    return rooms;
  }

  /** Starts it again with the same state on the same port. */
  async startAgain () {
    await this.#spawn ();
  }

  async stop () {
    if (!this.child)
      return;
    const rooms = this.isRunning () ? this.roomPids () : [];
    if (this.isRunning ()) {
      this.child.kill ('SIGTERM');
      this.child.kill ('SIGTERM');
      await within ('tessera gone', 15000, this.exited).catch (() => this.child.kill ('SIGKILL'));
    }
    for (const pid of rooms.filter (isAlive)) {
      try {
        process.kill (pid, 'SIGCONT');
      } catch { /* gone meanwhile */ }
    }
    await until ('the room processes are gone', () => !rooms.some (isAlive), { timeoutMs: 10000 });
    this.saveLog ();
    rmSync (this.directory, { recursive: true, force: true });
  }

  saveLog () {
    mkdirSync (OUT, { recursive: true });
    writeFileSync (join (OUT, `${this.options.name}.log`), this.log);
  }
}
