// SPDX-License-Identifier: Apache-2.0
// A drawn person in front of a drawn wall, for screenshots: nobody's face needs to be published.

(() => {
  const circle = (brush, x, y, radiusX, radiusY = radiusX) => {
    brush.beginPath ();
    brush.ellipse (x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
    brush.fill ();
  };

  function wall (brush, { wall: [from, to], decor }, width, height) {
    const shade = brush.createLinearGradient (0, 0, width, height);
    shade.addColorStop (0, from);
    shade.addColorStop (1, to);
    brush.fillStyle = shade;
    brush.fillRect (0, 0, width, height);
    if (decor === 'window') {
      brush.fillStyle = 'rgba(255,255,255,.55)';
      for (const [column, row] of [[0, 0], [1, 0], [0, 1], [1, 1]])
        brush.fillRect (width * (0.07 + column * 0.105), height * (0.12 + row * 0.2), width * 0.095, height * 0.18);
    } else if (decor === 'shelf') {
      const books = ['#7c4dff', '#ff7043', '#26a69a', '#ffd54f', '#5c6bc0', '#ef5350', '#8d6e63'];
      for (let row = 0; row < 2; row++) {
        brush.fillStyle = 'rgba(60,40,30,.8)';
        brush.fillRect (width * 0.72, height * (0.34 + row * 0.27), width * 0.26, height * 0.018);
        books.forEach ((color, i) => {
          const tall = height * (0.13 + 0.05 * ((i * 5 + row) % 3) / 2);
          brush.fillStyle = books[(i + row * 3) % books.length];
          brush.fillRect (width * (0.73 + i * 0.034), height * (0.34 + row * 0.27) - tall, width * 0.027, tall);
        });
      }
    } else if (decor === 'plant') {
      brush.fillStyle = '#8d5a3b';
      brush.fillRect (width * 0.84, height * 0.76, width * 0.09, height * 0.24);
      brush.fillStyle = '#2f7d4a';
      for (let leaf = -3; leaf <= 3; leaf++) {
        brush.save ();
        brush.translate (width * 0.885, height * 0.76);
        brush.rotate (leaf * 0.34);
        circle (brush, 0, -height * 0.17, width * 0.018, height * 0.17);
        brush.restore ();
      }
    } else if (decor === 'lamp') {
      brush.fillStyle = 'rgba(255,225,150,.35)';
      circle (brush, width * 0.15, height * 0.24, height * 0.24);
      brush.fillStyle = '#fff1c9';
      circle (brush, width * 0.15, height * 0.24, height * 0.1);
    }
  }

  function hairBehind (brush, { hair, style }, x, y, r) {
    brush.fillStyle = hair;
    if (style === 'long') {
      circle (brush, x, y - r * 0.1, r * 1.22, r * 1.3);
      brush.fillRect (x - r * 1.2, y, r * 2.4, r * 1.55);
    } else if (style === 'curly') {
      for (let i = 0; i < 14; i++)
        circle (brush, x + Math.cos (i / 14 * 6.283) * r * 0.95, y - r * 0.25 + Math.sin (i / 14 * 6.283) * r * 0.95, r * 0.42);
    } else if (style === 'bun') {
      circle (brush, x, y - r * 1.35, r * 0.42);
      circle (brush, x, y - r * 0.15, r * 1.08, r * 1.12);
    } else {
      circle (brush, x, y - r * 0.2, r * 1.06, r * 1.08);
    }
  }

  function face (brush, { skin, hair, style, glasses, beard }, isTalking, x, y, r, time) {
    brush.fillStyle = skin;
    circle (brush, x, y, r * 0.92, r * 1.12);
    circle (brush, x - r * 0.93, y + r * 0.08, r * 0.16, r * 0.24);
    circle (brush, x + r * 0.93, y + r * 0.08, r * 0.16, r * 0.24);
    brush.fillStyle = hair;
    brush.beginPath ();
    brush.ellipse (x, y - r * 0.5, r * 0.96, r * 0.68, 0, Math.PI, 2 * Math.PI);
    brush.quadraticCurveTo (x + r * (style === 'long' ? 0.2 : 0.5), y - r * 0.72, x - r * 0.2, y - r * 0.6);
    brush.quadraticCurveTo (x - r * 0.8, y - r * 0.5, x - r * 0.96, y - r * 0.4);
    brush.fill ();
    if (beard) {
      brush.beginPath ();
      brush.ellipse (x, y + r * 0.42, r * 0.88, r * 0.74, 0, 0, Math.PI);
      brush.fill ();
    }
    for (const side of [-1, 1]) {
      brush.fillStyle = '#fff';
      circle (brush, x + side * r * 0.36, y - r * 0.04, r * 0.17, r * 0.13);
      brush.fillStyle = '#2b2320';
      circle (brush, x + side * r * 0.36 + Math.sin (time) * r * 0.03, y - r * 0.03, r * 0.09);
      brush.fillStyle = hair;
      brush.fillRect (x + side * r * 0.36 - r * 0.2, y - r * 0.32, r * 0.4, r * 0.07);
    }
    brush.fillStyle = 'rgba(120,60,40,.35)';
    circle (brush, x, y + r * 0.26, r * 0.1, r * 0.07);
    brush.fillStyle = brush.strokeStyle = '#8e2f3a';
    if (isTalking) {
      circle (brush, x, y + r * 0.58, r * 0.25, r * (0.06 + 0.09 * Math.abs (Math.sin (time * 5))));
    } else {
      brush.lineWidth = r * 0.08;
      brush.lineCap = 'round';
      brush.beginPath ();
      brush.arc (x, y + r * 0.36, r * 0.3, Math.PI * 0.2, Math.PI * 0.8);
      brush.stroke ();
    }
    if (glasses) {
      brush.strokeStyle = '#222';
      brush.lineWidth = r * 0.06;
      for (const side of [-1, 1])
        brush.strokeRect (x + side * r * 0.37 - r * 0.26, y - r * 0.22, r * 0.52, r * 0.4);
    }
  }

  window.Portrait = class {
    constructor (what) {
      this.what = what;
      this.canvas = Object.assign (document.createElement ('canvas'), { width: 960, height: 540 });
      this.brush = this.canvas.getContext ('2d', { alpha: false });
      this.stream = this.canvas.captureStream (15);
      const audio = this.audio = new AudioContext ();
      const end = new MediaStreamAudioDestinationNode (audio, { channelCount: 1 });
      const voice = new OscillatorNode (audio, { frequency: what.tone });
      voice.connect (new GainNode (audio, { gain: what.isTalking ? 0.1 : 0 })).connect (end);
      voice.start ();
      this.stream.addTrack (end.stream.getAudioTracks ()[0]);
      this.draw ();
      setInterval (() => this.draw (), 1000 / 15);
    }

    draw () {
      const { brush, what, canvas: { width, height } } = this;
      const time = performance.now () / 1000 + what.tone;
      const x = width * 0.5 + Math.sin (time * 0.9) * width * 0.008, y = height * 0.42 + Math.sin (time * 1.7) * height * 0.006, r = height * 0.2;
      wall (brush, what.portrait, width, height);
      hairBehind (brush, what.portrait, x, y, r);
      brush.fillStyle = what.portrait.shirt;
      circle (brush, x, height * 1.08, height * 0.46, height * 0.36);
      brush.fillStyle = what.portrait.skin;
      brush.fillRect (x - r * 0.34, y + r * 0.75, r * 0.68, r * 0.75);
      circle (brush, x, y + r * 1.5, r * 0.34, r * 0.22);
      face (brush, what.portrait, what.isTalking, x, y, r, time);
    }
  };
}) ();
