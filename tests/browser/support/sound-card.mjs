// SPDX-License-Identifier: Apache-2.0
// A sound card that plays into nothing. Firefox starts no AudioContext without one, and test machines
// have none; Chromium makes up its own.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from './wait.mjs';

/** @returns {env, stop}: the environment of a program that shall use it; `env` is null without PulseAudio. */
export async function startSoundCard () {
  const directory = mkdtempSync (join (tmpdir (), 'tessera-sound-'));
  const socket = join (directory, 'native');
  const child = spawn ('pulseaudio', [
    '-n', '--daemonize=no', '--exit-idle-time=-1',
    '--load=module-null-sink sink_name=nothing rate=48000',
    `--load=module-native-protocol-unix socket=${socket} auth-anonymous=1`,
  ], { env: { ...process.env, HOME: directory, XDG_RUNTIME_DIR: directory }, stdio: 'ignore' });
  let failed = false;
  child.on ('error', () => { failed = true; });
  child.on ('exit', () => { failed = true; });
  await until ('the sound card', () => failed || existsSync (socket));
  return {
    env: failed ? null : { PULSE_SERVER: `unix:${socket}` },
    stop () {
      child.kill ('SIGKILL');
      rmSync (directory, { recursive: true, force: true });
    },
  };
}
