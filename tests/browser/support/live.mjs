// SPDX-License-Identifier: Apache-2.0
// Servers that live outputs go to and inputs come from, and what was sent read back with ffmpeg.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import dgram from 'node:dgram';
import tls from 'node:tls';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { until, within } from './wait.mjs';

const run = promisify (execFile);
const NGINX_MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';
const RATE_HZ = 8000;

export async function freeTcpPort () {
  const server = net.createServer ();
  await new Promise ((done) => server.listen (0, '127.0.0.1', done));
  const { port } = server.address ();
  await new Promise ((done) => server.close (done));
  return port;
}

export async function freeUdpPort () {
  const socket = dgram.createSocket ('udp4');
  await new Promise ((done) => socket.bind (0, '127.0.0.1', done));
  const { port } = socket.address ();
  await new Promise ((done) => socket.close (done));
  return port;
}

/** A program of the test: its output is kept, and it ends with `stop`. */
export class Program {
  constructor (command, args, options = {}) {
    this.log = '';
    this.child = spawn (command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on ('data', (chunk) => { this.log = (this.log + chunk).slice (-100_000); });
    this.exited = new Promise ((done) => this.child.once ('exit', done));
    this.child.once ('error', (error) => { this.log += error.message; });
  }

  async stop (signal = 'SIGKILL') {
    this.child.kill (signal);
    await within ('a program of the test is gone', 10000, this.exited);
  }
}

function isOpen (port) {
  return new Promise ((done) => {
    const socket = net.connect (port, '127.0.0.1', () => { socket.destroy (); done (true); });
    socket.once ('error', () => done (false));
  });
}

/** nginx with its RTMP module on `port`. */
export async function startRtmpServer (directory, port) {
  const file = join (directory, `nginx-${port}.conf`);
  writeFileSync (file, `load_module ${NGINX_MODULE}; daemon off; master_process off; worker_processes 1;
pid ${directory}/nginx-${port}.pid; error_log stderr;
events { worker_connections 64; }
rtmp { server { listen 127.0.0.1:${port}; application live { live on; record off; } } }
`);
  const server = new Program ('/usr/sbin/nginx', ['-e', 'stderr', '-p', directory, '-c', file]);
  await until (`nginx listens; it said ${server.log}`, () => isOpen (port));
  return server;
}

/** A certificate of its own for 127.0.0.1: the paths of its key and of itself. */
export function makeCertificate (directory) {
  const [key, certificate] = ['tls.key', 'tls.pem'].map ((name) => join (directory, name));
  execFileSync ('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { key, certificate };
}

/** TLS in front of `port` of this machine. */
export async function startTls ({ key, certificate }, port) {
  const server = tls.createServer ({ key: readFileSync (key), cert: readFileSync (certificate) }, (socket) => {
    const behind = net.connect (port, '127.0.0.1');
    for (const end of [socket, behind])
      end.on ('error', () => { socket.destroy (); behind.destroy (); });
    socket.pipe (behind).pipe (socket);
  });
  server.on ('tlsClientError', () => {});    // who does not trust us hangs up
  await new Promise ((done) => server.listen (0, '127.0.0.1', done));
  server.unref ();
  return server.address ().port;
}

/** A listener that writes what comes by SRT into `file`. */
export function startSrtListener (port, file) {
  return new Program ('/bin/sh', ['-c', `exec srt-live-transmit -q 'srt://127.0.0.1:${port}?mode=listener&passphrase=0123456789' file://con > '${file}'`]);
}

/** A camera: red and 440 Hz, H.264 and G.711, by RTSP. */
export async function startCamera (port = 0) {
  const camera = new Program ('/usr/bin/python3', [new URL ('../../support/rtsp-camera.py', import.meta.url).pathname, String (port)]);
  await until (`the camera listens; it said ${camera.log}`, () => /listening on \d+/.test (camera.log));
  camera.port = Number (/listening on (\d+)/.exec (camera.log)[1]);
  return camera;
}

export async function ffmpeg (...args) {
  await run ('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { timeout: 30000 });
}

/** The mean colour of the middle of the last picture of a file. */
async function middleOf (file) {
  const out = `${file}.rgb`;
  await ffmpeg ('-i', file, '-vf', 'crop=iw/4:ih/4,scale=1:1:flags=area', '-f', 'rawvideo', '-pix_fmt', 'rgb24', out);
  return [...readFileSync (out).subarray (-3)];
}

/** How strong each of some frequencies is, 0 to about 1. */
async function tonesOf (file, frequencies) {
  const out = `${file}.pcm`;
  await ffmpeg ('-i', file, '-vn', '-ac', '1', '-ar', String (RATE_HZ), '-f', 's16le', out);
  const bytes = readFileSync (out);
  const samples = new Int16Array (bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  return frequencies.map ((frequency) => {
    let sin = 0, cos = 0;
    samples.forEach ((sample, i) => {
      sin += sample * Math.sin (2 * Math.PI * frequency * i / RATE_HZ);
      cos += sample * Math.cos (2 * Math.PI * frequency * i / RATE_HZ);
    });
    return Math.hypot (sin, cos) / samples.length / 16384;
  });
}

async function timesOf (file, stream) {
  const { stdout } = await run ('ffprobe', ['-v', 'error', '-select_streams', stream, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file], { maxBuffer: 1 << 24 });
  return stdout.split ('\n').map ((line) => parseFloat (line)).filter (Number.isFinite).sort ((a, b) => a - b);
}

const longestGap = (times) => times.slice (1).reduce ((most, time, i) => Math.max (most, time - times[i]), 0);

/** What is in a file: {color, tones, frames, seconds, videoGap, soundGap, apart}. */
export async function lookInto (file, frequencies) {
  const [video, sound] = [await timesOf (file, 'v:0'), await timesOf (file, 'a:0')];
  return {
    color: await middleOf (file), tones: await tonesOf (file, frequencies),
    frames: video.length, seconds: video.at (-1) - video[0],
    videoGap: longestGap (video), soundGap: longestGap (sound), apart: Math.abs (video.at (-1) - sound.at (-1)),
  };
}
