// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium and Firefox ESR behind one small face: a browser opens tabs, a tab evaluates.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

import { OUT } from './server.mjs';
import { treeOf } from './proc.mjs';
import { startSoundCard } from './sound-card.mjs';
import { within } from './wait.mjs';

const CHROMIUM = process.env.TESSERA_CHROMIUM ?? '/usr/bin/chromium';
const FIREFOX = process.env.TESSERA_FIREFOX ?? '/usr/bin/firefox-esr';

const CHROMIUM_ARGS = [
  '--no-sandbox', '--headless=new', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage', '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling', '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  // Candidates with addresses: a name ending in .local would need multicast.
  '--disable-features=WebRtcHideLocalIpsWithMdns,Translate,MediaRouter,OptimizationHints',
];

const FIREFOX_PREFS = {
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.gmp-manager.url': 'data:text/plain,',
  'media.gmp-manager.updateEnabled': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'extensions.update.enabled': false,
  'services.settings.server': 'data:,',
  'dom.min_background_timeout_value': 4,
  'devtools.jsonview.enabled': false,
};

const PROBE = ['probe.js', 'peer.js'].map ((name) =>
  readFileSync (new URL (name, import.meta.url), 'utf8')).join ('\n');

/** How long one call into a page may take; every longer wait is a poll from our side. */
const CALL_MS = 30000;

export class Tab {
  constructor (page, browser, close) {
    this.page = page;
    this.browser = browser;
    this.closeAll = close;
    this.console = [];
    page.on ('console', (message) => this.#note (message.text ()));
    page.on ('pageerror', (error) => this.#note (`page error: ${error.message}`));
  }

  #note (text) {
    this.console.push (text);
    if (process.env.TESSERA_TEST_LOG)
      console.error (`[page] ${text}`);
  }

  /** `fn` runs in the page with one argument that survives JSON. */
  evaluate (fn, argument) {
    return within (`a call into the page: ${String (fn).slice (0, 80)}`, CALL_MS,
      this.page.evaluate (fn, argument));
  }

  async goto (url) {
    await within (`loading ${url}`, CALL_MS, this.page.goto (url, { waitUntil: 'load' }));
  }

  /** Opens `url` and puts `window.probe` (support/probe.js, support/peer.js) into it. */
  async gotoWithProbe (url) {
    await this.goto (url);
    await this.addProbe ();
  }

  addProbe () {
    return this.evaluate (PROBE);
  }

  async screenshot (name) {
    mkdirSync (OUT, { recursive: true });
    const path = join (OUT, `${name}.png`);
    await within ('screenshot', CALL_MS, this.page.screenshot ({ path }));
    return path;
  }

  async close () {
    await within ('closing a tab', 15000, this.closeAll ()).catch (() => {});
  }
}

class Browser {
  constructor (kind, handle, pid, open) {
    this.kind = kind;
    this.handle = handle;
    this.pid = pid;
    this.open = open;
    this.tabs = [];
  }

  /** A page in a context of its own: no cookies, storage or permissions shared with another. */
  async newTab (options = {}) {
    const tab = await within ('a new tab', CALL_MS, this.open (this, options));
    this.tabs.push (tab);
    return tab;
  }

  /** Stops or continues every process of this browser: what a stalled device looks like. */
  signal (name) {
    for (const pid of treeOf (this.pid)) {
      try {
        process.kill (pid, name);
      } catch { /* ended meanwhile */ }
    }
  }

  async close () {
    const pids = treeOf (this.pid);
    await within ('closing a browser', 15000, this.handle.close ()).catch (() => {});
    for (const pid of pids) {
      try {
        process.kill (pid, 'SIGKILL');
      } catch { /* as it should be */ }
    }
    this.onClosed?.();
  }
}

async function openChromiumTab (browser, { permissions = [], viewport, mobile, ...rest }) {
  const context = await browser.handle.newContext ({
    permissions, viewport: viewport ?? { width: 800, height: 600 }, ...rest,
    ...(mobile ? { isMobile: true, hasTouch: true } : {}),
  });
  return new Tab (await context.newPage (), browser, () => context.close ());
}

/** The pid of a child that Playwright started: the one whose command line names our user directory. */
function pidOfChromium (before) {
  const own = treeOf (process.pid).filter ((pid) => !before.has (pid));
  const found = own.find ((pid) => {
    try {
      const line = readFileSync (`/proc/${pid}/cmdline`, 'utf8');
      return line.includes ('--remote-debugging') && !line.includes ('--type=');
    } catch {
      return false;
    }
  });
  if (!found)
    throw new Error ('no Chromium process found');
  return found;
}

export async function launchChromium ({ fakeDevices = false, args = [] } = {}) {
  const before = new Set (treeOf (process.pid));
  const handle = await chromium.launch ({
    executablePath: CHROMIUM,
    args: [...CHROMIUM_ARGS, ...args, ...(fakeDevices
      ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] : [])],
  });
  return new Browser ('chromium', handle, pidOfChromium (before), openChromiumTab);
}

async function openFirefoxTab (browser, { viewport }) {
  const page = await browser.handle.newPage ();
  if (viewport)
    await page.setViewport (viewport);
  return new Tab (page, browser, () => page.close ());
}

export function hasFirefox () {
  return existsSync (FIREFOX);
}

export async function launchFirefox ({ prefs = {} } = {}) {
  const card = await startSoundCard ();
  if (card.env === null)
    throw new Error ('Firefox plays no sound without pulseaudio: install it (it is not started as a service)');
  const handle = await puppeteer.launch ({
    browser: 'firefox', executablePath: FIREFOX, headless: true, protocolTimeout: CALL_MS * 2,
    extraPrefsFirefox: { ...FIREFOX_PREFS, ...prefs },
    env: { ...process.env, ...card.env },
  });
  const browser = new Browser ('firefox', handle, handle.process ().pid, openFirefoxTab);
  browser.onClosed = () => card.stop ();
  return browser;
}
