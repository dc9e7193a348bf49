// SPDX-License-Identifier: Apache-2.0
// Runs inside a page as window.probe: makes sources of known colour and tone, and measures what is
// received. A plain script, evaluated by the tests, so that it works under the page's own policy.

(() => {
  if (window.probe)
    return;

  const FFT_SIZE = 16384;
  const SPECTRUM_EVERY_MS = 200;
  const SPECTRA = 7;

  /* What is kept of each frame: enough for a colour per tile, little enough for minutes. */
  const THUMB = { width: 64, height: 36 };
  const MOST_FRAMES = 3000;

  /* Every peer connection of the page, so that statistics can be read of those that a module owns. */
  const connections = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor (...args) {
      super (...args);
      connections.push (this);
    }
  };

  /* A source: a canvas of one colour with a strip of noise (so that an encoder always has something to
   * send), and an oscillator. */
  class Source {
    constructor ({ paint, tone, width = 320, height = 180, fps = 10, video = true, audio = true, restless = false }) {
      this.paint = paint;
      this.fps = fps;
      this.restless = restless;
      this.stream = new MediaStream ();
      if (video)
        this.#startVideo (width, height);
      if (audio)
        this.#startAudio (tone);
    }

    #startVideo (width, height) {
      this.canvas = document.createElement ('canvas');
      this.canvas.width = width;
      this.canvas.height = height;
      this.brush = this.canvas.getContext ('2d', { alpha: false });
      this.frames = 0;
      this.draw ();
      this.stream.addTrack (this.canvas.captureStream (this.fps).getVideoTracks ()[0]);
      this.timer = setInterval (() => this.draw (), 1000 / this.fps);
    }

    draw () {
      const { width, height } = this.canvas;
      this.brush.fillStyle = this.paint;
      this.brush.fillRect (0, 0, width, height);
      /* A small moving bar at the top: outside of what is measured. */
      this.frames++;
      this.brush.fillStyle = this.frames % 2 ? '#808080' : '#707070';
      this.brush.fillRect ((this.frames * 8) % width, 0, 16, Math.max (4, height * 0.06));
      if (this.restless)
        this.#drawJump (width, height);
    }

    /* A square that jumps every frame, right of where the colour is measured: a picture decoded from a wrong
     * reference has it in the wrong place, twice or not at all. */
    #drawJump (width, height) {
      const step = this.frames % 8;
      this.brush.fillStyle = ['#ffffff', '#000000'][step % 2];
      this.brush.fillRect (width * (0.5 + 0.12 * (step % 4)), height * (0.1 + 0.3 * (step >> 2)), width * 0.12, height * 0.25);
    }

    #startAudio (tone) {
      this.audio = new AudioContext ({ sampleRate: 48000 });
      this.oscillator = new OscillatorNode (this.audio, { frequency: tone });
      this.gain = new GainNode (this.audio, { gain: 0.2 });
      const end = new MediaStreamAudioDestinationNode (this.audio, { channelCount: 1 });
      this.oscillator.connect (this.gain).connect (end);
      this.oscillator.start ();
      this.stream.addTrack (end.stream.getAudioTracks ()[0]);
      this.audio.resume ();
    }

    setGain (gain) {
      this.gain.gain.value = gain;
    }

    stop () {
      clearInterval (this.timer);
      for (const track of this.stream.getTracks ())
        track.stop ();
      this.audio?.close ();
    }
  }

  const median = (values) => values.sort ((a, b) => a - b)[values.length >> 1];

  /* Median of each channel over the inner part of a rectangle: above the label, below the bar. */
  function colorOf (pixels, width, rect) {
    const channels = [[], [], []];
    for (let row = 0.25; row < 0.6; row += 0.05) {
      for (let column = 0.15; column < 0.35; column += 0.02) {
        const x = Math.floor (rect.x + rect.width * column);
        const y = Math.floor (rect.y + rect.height * row);
        for (let channel = 0; channel < 3; channel++)
          channels[channel].push (pixels[(y * width + x) * 4 + channel]);
      }
    }
    return channels.map (median);
  }

  class Ear {
    constructor (stream) {
      this.audio = new AudioContext ({ sampleRate: 48000 });
      this.node = this.audio.createMediaStreamSource (stream);
      this.analyser = new AnalyserNode (this.audio, {
        fftSize: FFT_SIZE, smoothingTimeConstant: 0, minDecibels: -160, maxDecibels: 0,
      });
      this.node.connect (this.analyser);
      this.audio.resume ();
      this.wave = new Float32Array (FFT_SIZE);
      this.spectra = [];
      this.timer = setInterval (() => this.#sample (), SPECTRUM_EVERY_MS);
    }

    #sample () {
      const bins = new Float32Array (this.analyser.frequencyBinCount);
      this.analyser.getFloatFrequencyData (bins);
      this.spectra.push (bins);
      if (this.spectra.length > SPECTRA)
        this.spectra.shift ();
    }

    #peak (bins, frequency, halfWidthHz) {
      const perBin = this.audio.sampleRate / FFT_SIZE;
      let best = -160;
      for (let bin = Math.round ((frequency - halfWidthHz) / perBin);
        bin <= Math.round ((frequency + halfWidthHz) / perBin); bin++)
        best = Math.max (best, bins[bin]);
      return best;
    }

    /* dB of each tone: the median of the last second, so that one gap or click of a busy machine counts little;
     * null before there was a second. */
    tones (frequencies) {
      return this.spectra.length < SPECTRA ? null
        : frequencies.map ((frequency) => median (this.spectra.map ((bins) => this.#peak (bins, frequency, 8))));
    }

    peak () {
      this.analyser.getFloatTimeDomainData (this.wave);
      return this.wave.reduce ((most, sample) => Math.max (most, Math.abs (sample)), 0);
    }

    close () {
      clearInterval (this.timer);
      this.node.disconnect ();
      this.audio.close ();
    }
  }

  /* What is received: a <video>, a measuring canvas, an ear. */
  class Receiver {
    /* `video`: an element that somebody else feeds; else one is made, fed by attach (). */
    constructor (video = null) {
      this.video = video ?? document.createElement ('video');
      if (!video) {
        this.video.muted = true;
        this.video.playsInline = true;
        this.video.autoplay = true;
        document.body.append (this.video);
      }
      this.canvas = document.createElement ('canvas');
      this.brush = this.canvas.getContext ('2d', { alpha: false, willReadFrequently: true });
      this.frames = [];
    }

    attach (stream) {
      if (this.stream === stream)
        return;
      this.stream = stream;
      this.video.srcObject = stream;
      this.video.play ().catch (() => {});
      this.ear?.close ();
      this.ear = null;
      this.#listen ();
      stream.addEventListener ('addtrack', () => this.#listen ());
    }

    /* Hears what somebody else's element plays. */
    attachSound (video) {
      this.stream = video.srcObject;
      this.#listen ();
    }

    #listen () {
      if (!this.ear && this.stream.getAudioTracks ().length > 0)
        this.ear = new Ear (new MediaStream (this.stream.getAudioTracks ()));
    }

    grab () {
      const width = this.video.videoWidth, height = this.video.videoHeight;
      if (!width)
        return null;
      if (this.canvas.width !== width || this.canvas.height !== height) {
        this.canvas.width = width;
        this.canvas.height = height;
      }
      this.brush.drawImage (this.video, 0, 0);
      return { width, height, pixels: this.brush.getImageData (0, 0, width, height).data };
    }

    /* {width, height, colors}: one median colour for each rectangle in `canvas` pixels. */
    picture ({ rects, canvas }) {
      const shot = this.grab ();
      if (!shot)
        return null;
      const scale = canvas ? shot.width / canvas.width : 1;
      const scaled = rects.map ((rect) => ({
        x: rect.x * scale, y: rect.y * scale, width: rect.width * scale, height: rect.height * scale,
      }));
      return {
        width: shot.width, height: shot.height,
        colors: scaled.map ((rect) => colorOf (shot.pixels, shot.width, rect)),
      };
    }

    /* Keeps a thumbnail and the RTP timestamp of every presented frame from now on. */
    record () {
      this.frames = [];
      if (this.recording)
        return;
      this.recording = true;
      const small = document.createElement ('canvas');
      Object.assign (small, THUMB);
      const brush = small.getContext ('2d', { alpha: false, willReadFrequently: true });
      const note = (now, metadata) => {
        brush.drawImage (this.video, 0, 0, THUMB.width, THUMB.height);
        this.frames.push ({
          at: performance.timeOrigin + performance.now (), rtp: metadata.rtpTimestamp,
          n: metadata.presentedFrames, thumb: brush.getImageData (0, 0, THUMB.width, THUMB.height).data,
        });
        if (this.frames.length > MOST_FRAMES)
          this.frames.shift ();
        this.video.requestVideoFrameCallback (note);
      };
      this.video.requestVideoFrameCallback (note);
    }

    /* The recorded frames since `since` (ms since the epoch), with the colours at `rects`, or, with `thumbs`,
     * the thumbnails themselves. */
    recorded ({ rects = [], canvas, since = 0, thumbs = false }) {
      const scale = canvas ? THUMB.width / canvas.width : 1;
      const scaled = rects.map ((rect) => ({
        x: rect.x * scale, y: rect.y * scale, width: rect.width * scale, height: rect.height * scale,
      }));
      return this.frames.filter (({ at }) => at >= since).map (({ at, rtp, n, thumb }) => ({
        at, rtp, n, colors: scaled.map ((rect) => colorOf (thumb, THUMB.width, rect)),
        ...(thumbs ? { thumb: Array.from (thumb).filter ((_, i) => i % 4 < 3) } : {}),
      }));
    }

    /* The colours of a decoded frame at `rects`, from a thumbnail. */
    #looker (rects, canvas) {
      const brush = new OffscreenCanvas (THUMB.width, THUMB.height).getContext ('2d', { alpha: false, willReadFrequently: true });
      const scale = THUMB.width / canvas.width;
      const scaled = rects.map ((rect) => ({
        x: rect.x * scale, y: rect.y * scale, width: rect.width * scale, height: rect.height * scale,
      }));
      return (frame) => {
        brush.drawImage (frame, 0, 0, THUMB.width, THUMB.height);
        const { data } = brush.getImageData (0, 0, THUMB.width, THUMB.height);
        return scaled.map ((rect) => colorOf (data, THUMB.width, rect));
      };
    }

    /* Notes the RTP timestamp of every decoded frame, shown or not, and the colours at `rects` if there are any;
     * false where the browser cannot. */
    count ({ rects, canvas } = {}) {
      const track = this.stream?.getVideoTracks ()[0];
      if (!window.MediaStreamTrackProcessor || !track)
        return false;
      this.decoded = [];
      this.counter?.cancel ().catch (() => {});
      const look = rects ? this.#looker (rects, canvas) : null;
      const counter = this.counter = new MediaStreamTrackProcessor ({ track, maxBufferSize: 30 }).readable.getReader ();
      (async () => {
        for (;;) {
          const { done, value } = await counter.read ();
          if (done || this.counter !== counter)
            return;
          this.decoded.push ({ at: performance.timeOrigin + performance.now (),
            rtp: value.metadata?.().rtpTimestamp ?? null, us: value.timestamp,
            ...(look ? { colors: look (value) } : {}) });
          value.close ();
        }
      }) ();
      return true;
    }

    dataUrl () {
      return this.grab () ? this.canvas.toDataURL ('image/png') : null;
    }
  }

  /* What a text drawn on a tile looks like, free of its size and place: the light pixels of `shot` in
   * `zone`, cropped and scaled to a small grid. */
  const GRID = { width: 64, height: 12 };

  function textGrid (pixels, stride, zone, isText) {
    let left = Infinity, right = -1, top = Infinity, bottom = -1;
    for (let y = zone.y; y < zone.y + zone.height; y++) {
      for (let x = zone.x; x < zone.x + zone.width; x++) {
        if (isText (pixels, (y * stride + x) * 4)) {
          left = Math.min (left, x);
          right = Math.max (right, x);
          top = Math.min (top, y);
          bottom = Math.max (bottom, y);
        }
      }
    }
    if (right < 0)
      return null;
    const width = right - left + 1, height = bottom - top + 1;
    const grid = new Array (GRID.width * GRID.height).fill (0);
    for (let row = 0; row < GRID.height; row++) {
      for (let column = 0; column < GRID.width; column++) {
        const x0 = left + column * width / GRID.width, x1 = left + (column + 1) * width / GRID.width;
        const y0 = top + row * height / GRID.height, y1 = top + (row + 1) * height / GRID.height;
        let sum = 0, count = 0;
        for (let y = Math.floor (y0); y < Math.max (Math.ceil (y1), Math.floor (y0) + 1); y++) {
          for (let x = Math.floor (x0); x < Math.max (Math.ceil (x1), Math.floor (x0) + 1); x++) {
            const at = (y * stride + x) * 4;
            sum += (pixels[at] + pixels[at + 1] + pixels[at + 2]) / 3;
            count++;
          }
        }
        grid[row * GRID.width + column] = sum / count;
      }
    }
    return { grid, width, height, left, top };
  }

  function correlation (a, b) {
    const mean = (list) => list.reduce ((sum, value) => sum + value, 0) / list.length;
    const ma = mean (a), mb = mean (b);
    let ab = 0, aa = 0, bb = 0;
    for (let i = 0; i < a.length; i++) {
      ab += (a[i] - ma) * (b[i] - mb);
      aa += (a[i] - ma) ** 2;
      bb += (b[i] - mb) ** 2;
    }
    return ab / Math.sqrt (aa * bb || 1);
  }

  function drawnName (name) {
    const canvas = document.createElement ('canvas');
    canvas.width = 1200;
    canvas.height = 80;
    const brush = canvas.getContext ('2d', { willReadFrequently: true });
    brush.fillStyle = 'black';
    brush.fillRect (0, 0, canvas.width, canvas.height);
    brush.fillStyle = 'white';
    brush.font = '40px "Noto Sans", "Noto Sans CJK KR", "DejaVu Sans", sans-serif';
    brush.fillText (name, 10, 55);
    const { data } = brush.getImageData (0, 0, canvas.width, canvas.height);
    return textGrid (data, canvas.width, { x: 0, y: 0, width: canvas.width, height: canvas.height },
      (pixels, at) => pixels[at] > 100);
  }

  /* Where the label of a tile may be: its lower third. */
  function labelZone (rect) {
    return {
      x: Math.ceil (rect.x) + 2, y: Math.floor (rect.y + rect.height * 0.66),
      width: Math.floor (rect.width) - 4, height: Math.floor (rect.height * 0.32),
    };
  }

  /* Compares the label in `rect` with each of `names` drawn here: [{name, score}], best first; [] when
   * there is no light text. */
  function readLabel (receiver, { rect, canvas, names }) {
    const shot = receiver.grab ();
    if (!shot)
      return [];
    const scale = shot.width / canvas.width;
    const zone = labelZone ({
      x: rect.x * scale, y: rect.y * scale, width: rect.width * scale, height: rect.height * scale,
    });
    const seen = textGrid (shot.pixels, shot.width, zone, (pixels, at) =>
      pixels[at] > 150 && pixels[at + 1] > 150 && pixels[at + 2] > 150);
    if (!seen)
      return [];
    return names.map ((name) => {
      const drawn = drawnName (name);
      const shape = Math.abs (Math.log ((seen.width / seen.height) / (drawn.width / drawn.height)));
      return { name, score: correlation (seen.grid, drawn.grid) - 0.5 * shape };
    }).sort ((a, b) => b.score - a.score);
  }

  /* The newest connection that is not closed. */
  const connection = () => connections.filter (({ connectionState }) => connectionState !== 'closed').at (-1);

  /* [inbound-rtp, …] and the port of the server's candidate in use. */
  async function stats (of = connection ()) {
    const all = of ? [...(await of.getStats ()).values ()] : [];
    const pair = all.find (({ type, nominated, state, selected }) =>
      type === 'candidate-pair' && (selected || (nominated && state === 'succeeded')));
    const remote = all.find (({ id }) => id === pair?.remoteCandidateId);
    return {
      state: of?.connectionState ?? 'none',
      remotePort: remote?.port ?? 0,
      codecs: Object.fromEntries (all.filter (({ type }) => type === 'inbound-rtp')
        .map (({ kind, codecId }) => [kind, all.find (({ id }) => id === codecId)?.mimeType ?? null])),
      inbound: all.filter (({ type }) => type === 'inbound-rtp'),
      outbound: all.filter (({ type }) => type === 'outbound-rtp'),
    };
  }

  window.probe = { Source, Receiver, Ear, readLabel, stats, connections, connection };
})();
