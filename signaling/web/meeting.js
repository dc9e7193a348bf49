// SPDX-License-Identifier: Apache-2.0
// In the meeting: the client's events become what is seen and said, and the controls what is sent.

import { clearChat, showChat, showNote } from './chat.js';
import { TesseraClient } from './client.js';
import { announce, nameOf } from './dom.js';
import { sentenceFor, t } from './i18n.js';
import { Notice } from './notice.js';
import { People } from './people.js';
import { RecordingSign } from './recording-sign.js';
import { Sharing } from './sharing.js';
import { Stage } from './stage.js';
import { View } from './view.js';

const PANELS = ['view', 'people', 'chat'];
// Errors that stay until they are closed.
const LASTING = ['no_common_codec', 'bad_sdp', 'bad_answer', 'ice_failed'];
// An `error` that answers one of these has sentences of its own.
const ASKED = ['view', 'room', 'moderate'];
const $ = (id) => document.getElementById(id);

export class Meeting {
  client = null;

  #capture;
  #onEnd;
  #stage;
  #sharing;
  #people;
  #view;
  #recording = new RecordingSign();
  #name = '';
  #wasIn = false;
  #isHandUp = false;
  #hands = new Set();
  #state = { state: 'new' };
  #passing = null;
  #notice = new Notice();
  #unread = 0;
  #wakeLock = null;

  /**
   * @param {import('./capture.js').Capture} capture
   * @param {(bye: {code: string, wasIn: boolean}) => void} onEnd
   */
  constructor(capture, onEnd) {
    this.#capture = capture;
    this.#onEnd = onEnd;
    this.#stage = new Stage(() => this.client?.videoTimestamp ?? null, () => this.#show(), () => this.#view.show());
    this.#people = new People((participant, changes) => this.client?.moderate(participant, changes));
    this.#view = new View(() => this.#stage.layout);
    this.#sharing = new Sharing({
      screen: (track) => this.#screenChanged(track),
      microphone: (track) => this.#microphoneChanged(track),
      fault: (code) => this.#notice.show({ group: 'fault', code }),
    });
    this.#wireControls();
    capture.addEventListener('track', (e) => this.#trackChanged(e.detail));
    capture.addEventListener('fault', (e) => this.#deviceFault(e.detail));
    document.addEventListener('visibilitychange', () => this.#keepAwake());
    window.addEventListener('offline', () => this.#show());
    window.addEventListener('online', () => this.#show());
  }

  /** The layout that the picture shows now; for tests. */
  get layout() {
    return this.#stage.layout;
  }

  /** Called within the tap: this unlocks the sound. */
  join({ room, name, token }) {
    this.#stage.unlock();
    this.#name = name;
    this.#wasIn = this.#isHandUp = false;
    this.#passing = null;
    this.#unread = 0;
    clearChat();
    this.#notice.close();
    if (!globalThis.RTCPeerConnection) {
      this.#finish('no_webrtc');
      return;
    }
    this.client = new TesseraClient({ room, name, token });
    this.#listen(this.client);
    this.#view.use(this.client, token);
    this.#recording.use(this.client);
    this.#sendTracks();
    this.client.join().catch(() => {});     // the `bye` event says the same
    this.#keepAwake();
    this.#show();
  }

  translate() {
    this.#view.show();
    this.#show();
    this.#roster();
  }

  // --- what the client says ---

  #listen(client) {
    const on = (type, handler) => client.addEventListener(type, (event) => {
      if (this.client === client)
        handler(event.detail);
    });

    on('state', (d) => this.#stateChanged(d));
    on('stream', (d) => this.#streamChanged(d.stream));
    on('layout', (d) => {
      this.#view.announced(d);
      this.#stage.announce(d);
    });
    on('welcome', (d) => {
      this.#view.welcomed(d);
      this.#recording.show();
    });
    on('room', (d) => {
      this.#view.roomChanged(d);
      this.#recording.show();
    });
    on('recording', (d) => this.#recording.changed(d));
    on('roster', (d) => this.#rosterChanged(d));
    on('speaker', () => this.#roster());
    on('chat', (d) => this.#chat(d));
    on('error', (d) => this.#error(d));
    on('bye', (d) => this.#bye(d));
  }

  #stateChanged(detail) {
    const wasAway = this.#state.state === 'returning';

    this.#state = detail;
    document.body.dataset.state = detail.state;
    if (detail.state === 'live') {
      announce(t(wasAway || this.#passing ? 'state.back' : 'state.live'));
      this.#wasIn = true;
      this.#passing = null;
      if (['unreachable', 'ice_failed'].includes(this.#notice.current?.code))
        this.#notice.close();
    }
    this.#show();
  }

  async #streamChanged(stream) {
    $('unlock').hidden = await this.#stage.show(stream);
    this.#show();
  }

  #rosterChanged({ change, participant }) {
    const isOther = participant && participant.id !== this.client.participant;

    if (isOther && (change === 'joined' || change === 'left')) {
      const text = t(`people.${change === 'joined' && participant.state === 'waiting' ? 'knocks' : change}`, { name: nameOf(participant) });
      announce(text);
      showNote(text);
    }
    if (isOther && participant.hand_raised_at && !this.#hands.has(participant.id))
      announce(t('people.handRaised', { name: nameOf(participant) }));
    this.#hands = new Set(this.client.participants.filter((p) => p.hand_raised_at).map((p) => p.id));
    if (participant && !isOther)
      this.#moderated(participant);
    if (change === 'left')
      this.#view.left(participant.id);
    this.#view.show();
    this.#recording.show();
    this.#roster();
    this.#show();
  }

  // Off here too, so that the buttons say what the others hear and see.
  #moderated(self) {
    if (self.audio_muted_by_moderator && !this.#capture.isMuted) {
      this.#setMuted(true);
      this.#notice.show({ group: 'state', code: 'mutedByModerator', passes: true });
    }
    if (self.video_muted_by_moderator && this.#capture.isCameraOn) {
      this.#setCamera(false);
      this.#notice.show({ group: 'state', code: 'cameraOffByModerator', passes: true });
    }
  }

  #roster() {
    if (this.client)
      this.#people.show(this.client.participants, this.client.participant, this.client.speaker);
  }

  #chat(message) {
    const id = message.from?.id ?? message.from ?? message.participant;
    const isOwn = id === this.client.participant;
    const known = this.client.participants.find((p) => p.id === id);
    const name = isOwn ? t('meeting.you') : message.name || nameOf(known);

    showChat({ name, text: String(message.text ?? ''), isOwn, at: message.at ?? message.sent_at });
    if (!isOwn && $('chat-panel').hidden) {
      this.#unread++;
      announce(t('chat.from', { name, text: String(message.text ?? '').slice(0, 200) }));
    }
    this.#show();
  }

  // One candidate of many, or a report, that the server does not take is nothing to tell a person.
  #error({ code, message }) {
    if (message === 'view')
      this.#view.refused();
    if (ASKED.includes(message) && !['forbidden', 'rate_limited', 'view_budget'].includes(code))
      this.#notice.show({ group: 'refused', code: message, passes: true });
    else if (message !== 'candidate' && message !== 'stats')
      this.#notice.show({ group: 'error', code, passes: !LASTING.includes(code) });
  }

  #bye({ code, will_return: willReturn }) {
    if (willReturn) {
      this.#passing = code;
      this.#show();
    } else {
      this.#finish(code);
    }
  }

  #finish(code) {
    const wasIn = this.#wasIn;

    this.client = null;
    this.#sharing.stop();
    this.#stage.clear();
    this.#view.clear();
    this.#recording.use(null);
    this.#wakeLock?.release?.().catch(() => {});
    this.#wakeLock = null;
    document.body.dataset.state = 'closed';
    announce(sentenceFor('bye', code));
    this.#onEnd({ code, wasIn });
  }

  // --- devices ---

  #sendTracks() {
    const { audio, video } = this.#capture.tracks;

    this.#sharing.setMicrophone(audio);
    this.client.setTrack('camera', video);
    this.#tellState();
    this.#stage.setCamera(video);
  }

  #tellState() {
    this.client?.setState({
      audio_muted: !this.#isMicOn() && !this.#sharing.hasSound,     // muted people are not heard at all
      video_muted: !this.#capture.isCameraOn,
    });
  }

  #trackChanged({ kind, track }) {
    if (!this.client)
      return;
    if (kind === 'audio') {
      this.#sharing.setMicrophone(track);
    } else {
      this.client.setTrack('camera', track);
      this.#stage.setCamera(track);
    }
    this.#tellState();
    this.#show();
  }

  #microphoneChanged(track) {
    this.client?.setTrack('microphone', track);
    this.#tellState();
  }

  #screenChanged(track) {
    if (!this.client) {
      this.#sharing.stop();       // the meeting ended while the browser asked what to share
      return;
    }
    this.client.setTrack('screen', track);
    announce(t(track ? 'state.sharing' : 'state.sharingEnded'));
    this.#show();
  }

  #deviceFault({ kind, device, code }) {
    if (!this.client)
      return;
    if (code)
      this.#notice.show({ group: 'fault', code, kind, device });
    else if (this.#notice.current?.kind === kind)
      this.#notice.close();
  }

  #setMuted(isMuted) {
    if (!isMuted && !this.#capture.hasMicrophone) {
      this.#capture.setMuted(false);
      this.#capture.retry('audio');
      return;
    }
    this.#capture.setMuted(isMuted);
    this.#tellState();
    announce(t(isMuted ? 'state.muted' : 'state.unmuted'));
    this.#show();
  }

  async #setCamera(on) {
    await this.#capture.setCamera(on);
    announce(t(this.#capture.isCameraOn ? 'state.cameraOn' : 'state.cameraOff'));
    this.#show();
  }

  async #keepAwake() {
    if (!this.client || document.visibilityState !== 'visible' || !navigator.wakeLock)
      return;
    this.#wakeLock = await navigator.wakeLock.request('screen').catch(() => null);
  }

  // --- controls ---

  #wireControls() {
    const click = (id, action) => $(id).addEventListener('click', action);

    click('toggle-mic', () => this.#setMuted(this.#isMicOn()));
    click('toggle-camera', () => this.#setCamera(!this.#capture.isCameraOn));
    click('toggle-hand', () => this.#toggleHand());
    for (const id of ['toggle-share', 'menu-share'])
      click(id, () => (this.#sharing.isOn ? this.#sharing.stop() : this.#sharing.start()));
    click('toggle-people', () => this.#togglePanel('people'));
    click('toggle-view', () => this.#togglePanel('view'));
    click('toggle-chat', () => this.#togglePanel('chat'));
    click('fullscreen', () => this.#toggleFullscreen());
    click('leave', () => this.client?.leave());
    click('copy-link', () => this.#copyLink());
    click('unlock', () => this.#unlock());
    for (const button of document.querySelectorAll('[data-close]'))
      button.addEventListener('click', () => this.#togglePanel(button.dataset.close));
    $('chat-form').addEventListener('submit', (event) => this.#sendChat(event));
    document.addEventListener('keydown', (event) => this.#key(event));
    document.addEventListener('fullscreenchange', () => this.#show());
  }

  #key(event) {
    const isTyping = event.target.closest?.('input, select, textarea');
    const isChord = event.ctrlKey || event.metaKey || event.altKey;

    if (!this.client || isChord)
      return;
    if (event.key === 'Escape')
      this.#back();
    else if (!isTyping && !event.repeat && event.key.toLowerCase() === 'm')
      this.#setMuted(this.#isMicOn());
    else if (!isTyping && !event.repeat && event.key.toLowerCase() === 'v')
      this.#setCamera(!this.#capture.isCameraOn);
  }

  // Escape: the innermost open thing closes.
  #back() {
    const open = PANELS.find((name) => !$(`${name}-panel`).hidden);

    if (open && !(open === 'people' && this.#people.close()))
      this.#togglePanel(open);
  }

  #isMicOn() {
    return this.#capture.hasMicrophone && !this.#capture.isMuted;
  }

  #toggleHand() {
    this.#isHandUp = !this.#isHandUp;
    this.client?.setState({ hand_raised: this.#isHandUp });
    this.#show();
  }

  #togglePanel(name) {
    const open = $(`${name}-panel`).hidden;

    for (const other of PANELS)
      $(`${other}-panel`).hidden = !(open && other === name);
    if (open && name === 'chat') {
      this.#unread = 0;
      $('chat-text').focus();
    } else if (open && name === 'view') {
      this.#view.open();
    } else if (!open) {
      $(`toggle-${name}`).focus({ focusVisible: false });
    }
    this.#show();
  }

  #toggleFullscreen() {
    if (document.fullscreenElement)
      document.exitFullscreen();
    else
      $('view-meeting').requestFullscreen?.().catch(() => {});
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(location.origin + location.pathname);
      announce(t('control.copied'));
      $('copy-link').querySelector('span').textContent = t('control.copied');
    } catch {
      // The address bar has the same link.
    }
  }

  async #unlock() {
    await this.#stage.play().catch(() => {});
    $('unlock').hidden = true;
  }

  #sendChat(event) {
    event.preventDefault();
    const text = $('chat-text').value;
    const isTooLong = new TextEncoder().encode(text.trim()).length > 4096;
    const isSent = text.trim() === '' || this.client?.sendChat(text);

    $('chat-error').hidden = isSent;
    $('chat-error').textContent = isSent ? '' : t(isTooLong ? 'chat.tooLong' : 'chat.notSent');
    if (isSent)
      $('chat-text').value = '';
  }

  // --- what is shown ---

  #bannerText() {
    const { state, reason } = this.#state;

    if (state === 'live' || state === 'new' || state === 'closed')
      return '';
    if (!navigator.onLine)
      return t('state.offline');
    if (this.#passing === 'draining' || this.#passing === 'overloaded')
      return t(`state.${this.#passing}`);
    if (state === 'returning')
      return t(reason === 'media' ? 'state.media' : 'state.returning');
    return t(state === 'connecting' && this.#state.attempt > 0 ? 'state.unreachable' : `state.${state}`);
  }

  #show() {
    const banner = this.#bannerText();

    $('banner').hidden = banner === '';
    $('banner-text').textContent = banner;
    $('hint').hidden = !this.#isAlone();
    this.#notice.draw(banner !== '');
    $('stage-note').textContent = this.#stageNote();
    this.#showControls();
    this.#stage.setLabel(this.#name || t('meeting.you'), !this.#isMicOn());
  }

  #isAlone() {
    return this.#state.state === 'live' && this.client?.participants.length === 1;
  }

  #stageNote() {
    const hasPicture = $('meeting-video').videoWidth > 0;

    return this.#state.state === 'live' && !hasPicture ? t('meeting.waitingPicture') : '';
  }

  #showControls() {
    const isMicOn = this.#isMicOn();
    const { isCameraOn } = this.#capture;

    this.#control('toggle-mic', isMicOn, isMicOn ? 'mic' : 'mic-off', 'control.microphone', isMicOn ? 'control.mute' : 'control.unmute', 'M');
    this.#control('toggle-camera', isCameraOn, isCameraOn ? 'camera' : 'camera-off', 'preview.camera', isCameraOn ? 'control.cameraOff' : 'control.cameraOn', 'V');
    $('toggle-mic').classList.toggle('off', !isMicOn);
    $('toggle-camera').classList.toggle('off', !isCameraOn);
    this.#control('toggle-hand', this.#isHandUp, 'hand', 'control.handShort', this.#isHandUp ? 'control.handDown' : 'control.hand');
    this.#showShare();
    for (const name of PANELS)
      $(`toggle-${name}`).setAttribute('aria-pressed', String(!$(`${name}-panel`).hidden));
    $('fullscreen').setAttribute('aria-pressed', String(document.fullscreenElement !== null));
    $('chat-badge').hidden = this.#unread === 0;
    $('chat-badge').textContent = String(Math.min(99, this.#unread));
  }

  #showShare() {
    const { isOn, isPossible } = this.#sharing;
    const action = isOn ? 'control.shareStop' : 'control.shareStart';

    $('toggle-share').hidden = $('menu-share').hidden = !isPossible;
    this.#control('toggle-share', isOn, 'share', 'control.share', action);
    this.#control('menu-share', isOn, 'share', action, action);
  }

  // The label names the thing and stays; aria-pressed says whether it is on, the tooltip what a press does.
  #control(id, isOn, icon, label, action, shortcut) {
    const button = $(id);

    button.setAttribute('aria-pressed', String(isOn));
    button.querySelector('use').setAttribute('href', `#i-${icon}`);
    button.querySelector('span').textContent = t(label);
    button.title = shortcut ? t('control.shortcut', { action: t(action), key: shortcut }) : t(action);
  }
}
