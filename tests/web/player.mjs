// A player inside the page: a microphone of our own making that gives a room's faint noise, and plays a take exactly when the server's
// cue says that the music begins. For what one WAV going round cannot do: several takes in a row, and a microphone that goes away.
//
// The page hears the take through its sound graph, as from any microphone. A machine with too much to do loses sound there; so that the
// take is judged, and not the machine, what the page sends has the take's own samples at each frame.
import { readFileSync } from 'node:fs';

/** Before the page is opened. @return what the player does */
export async function player(tab, { noise = 0.0004, seed = 1 } = {}) {
  await tab.addInitScript(install, { noise, seed });
  return {
    /** From now on this WAV is played with each cue. @param firstS where in it the music begins */
    async plays(file, firstS) {
      await tab.evaluate(([bytes, at]) => window.player.load(bytes, at), [readFileSync(file).toString('base64'), firstS]);
    },
    /** Nothing is played. */
    rests: () => tab.evaluate(() => window.player.rest()),
    /** A tone now, until it rests. */
    sounds: (hz, loud) => tab.evaluate(([f, a]) => window.player.tone(f, a), [hz, loud]),
    noise: (amount) => tab.evaluate((a) => window.player.hiss(a), amount),
    mute: (on) => tab.evaluate((yes) => window.player.mute(yes), on),
    /** The plug is pulled. */
    pull: () => tab.evaluate(() => window.player.pull()),
    /** A click into the microphone. @return when it went in (performance.now() of the page), and at which frame it was sent */
    impulse: () => tab.evaluate(() => window.player.impulse()),
    /** What the page sends to its loudspeaker comes to the microphone, so many seconds late and so loud. */
    room: (delayS, loud, wobbleS = 0) => tab.evaluate((o) => window.player.room(...o), [delayS, loud, wobbleS]),
  };
}

function install({ noise, seed }) {
  const state = { out: null, t0: Infinity, rate: 48000, take: null, begin: null, source: null, track: null, hiss: null, tone: null, air: null };
  const connect = AudioNode.prototype.connect;

  function hissing(context, amount) {
    const buffer = context.createBuffer(1, context.sampleRate * 2, context.sampleRate);
    const x = buffer.getChannelData(0);
    let s = seed;
    for (let i = 0; i < x.length; i++) {
      s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
      x[i] = (s / 2 ** 32 - 0.5) * 2;
    }
    const node = context.createBufferSource();
    node.buffer = buffer;
    node.loop = true;
    const gain = context.createGain();
    gain.gain.value = amount;
    connect.call(connect.call(node, gain), state.out);
    node.start();
    return gain;
  }

  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    await context.resume();
    state.context = context;
    state.out = context.createMediaStreamDestination();
    state.hiss = hissing(context, noise);
    const [track] = state.out.stream.getAudioTracks();
    state.track = track;
    state.muted = false;
    Object.defineProperty(track, 'muted', { get: () => state.muted });
    return state.out.stream;
  };

  // the loudspeaker is heard, where a room was asked for
  AudioNode.prototype.connect = function (to, ...rest) {
    if (state.air && to === this.context.destination && this.context !== state.context) {
      const stream = this.context.createMediaStreamDestination();
      connect.call(this, stream);
      const heard = state.context.createMediaStreamSource(stream.stream);
      const late = state.context.createDelay(2);
      const loud = state.context.createGain();
      late.delayTime.value = state.air.delayS;
      loud.gain.value = state.air.loud;
      for (let k = 1; state.air.wobbleS > 0 && k < 12; k++) late.delayTime.setValueAtTime(state.air.delayS + (k % 2) * state.air.wobbleS, state.context.currentTime + 1.1 * k);
      connect.call(connect.call(connect.call(heard, late), loud), state.out);
    }
    return connect.call(this, to, ...rest);
  };

  function cue(event) {
    if (!state.take) return;
    state.begin = event.music_frame - Math.round(state.take.firstS * state.rate);
    const inS = (state.t0 + (event.music_frame / state.rate) * 1000 - performance.now()) / 1000;
    const source = state.context.createBufferSource();
    source.buffer = state.take.buffer;
    connect.call(source, state.out);
    const at = state.context.currentTime + inS - state.take.firstS;
    if (at >= state.context.currentTime) source.start(at);
    else source.start(0, state.context.currentTime - at);
    state.source = source;
  }

  /** @param sound samples that are sent, from this frame on */
  function takeIn(sound, frame) {
    if (state.take === null || state.begin === null) return;
    const take = state.take.buffer.getChannelData(0);
    for (let i = 0, at = frame - state.begin; i < sound.length; i++, at++) if (at >= 0 && at < take.length) sound[i] = Math.max(-1, Math.min(1, take[at])) * 32767;
  }

  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', (e) => {
        const event = JSON.parse(e.data);
        if (event.event === 'cue') cue(event);
        if (event.event === 'state' && event.state === 'prepare') state.source?.stop();
      });
    }

    send(data) {
      if (typeof data === 'string') {
        const said = JSON.parse(data);
        if (said.rate_hz) Object.assign(state, { t0: Infinity, begin: null, rate: said.rate_hz });
      } else {
        const view = new DataView(data);
        const frame = Number(view.getBigUint64(8, true));
        const sound = new Int16Array(data, 16);
        const end = frame + sound.length;
        state.found?.(view, end);
        takeIn(sound, frame);
        state.t0 = Math.min(state.t0, performance.now() - (end / state.rate) * 1000);
      }
      super.send(data);
    }
  };

  window.player = {
    async load(base64, firstS) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      state.take = { buffer: await new OfflineAudioContext(1, 1, state.rate).decodeAudioData(bytes.buffer), firstS };
    },
    rest() {
      state.take = null;
      state.tone?.stop();
      state.tone = null;
    },
    tone(hz, loud) {
      state.tone = state.context.createOscillator();
      const gain = state.context.createGain();
      state.tone.frequency.value = hz;
      gain.gain.value = loud;
      connect.call(connect.call(state.tone, gain), state.out);
      state.tone.start();
    },
    hiss: (amount) => (state.hiss.gain.value = amount),
    mute(on) {
      state.muted = on;
      state.track.dispatchEvent(new Event(on ? 'mute' : 'unmute'));
    },
    pull() {
      state.track.stop();
      state.track.dispatchEvent(new Event('ended'));
    },
    impulse() {
      const impulseWithinS = 30; // a browser that drops sound then is told, instead of waited for
      const node = state.context.createBufferSource();
      node.buffer = state.context.createBuffer(1, 4, state.context.sampleRate);
      node.buffer.getChannelData(0).fill(0.9);
      connect.call(node, state.out);
      const at = state.context.currentTime + 0.3;
      // the audio clock stands still within a block: the smallest difference is the true one
      let offset = Infinity;
      const look = setInterval(() => (offset = Math.min(offset, performance.now() - state.context.currentTime * 1000)), 1);
      node.start(at);
      return new Promise((done, fail) => {
        const late = setTimeout(() => {
          state.found = null;
          clearInterval(look);
          fail(new Error(`the impulse was not among what the page sent within ${impulseWithinS} s; the audio clock says ${state.context.currentTime.toFixed(1)}`));
        }, impulseWithinS * 1000);
        state.found = (view, end) => {
          for (let i = 16; i + 1 < view.byteLength; i += 2) {
            if (view.getInt16(i, true) < 20000) continue;
            state.found = null;
            clearInterval(look);
            clearTimeout(late);
            done({ ms: offset + at * 1000, frame: end - (view.byteLength - i) / 2 });
            return;
          }
        };
      });
    },
    room: (delayS, loud, wobbleS) => (state.air = { delayS, loud, wobbleS }),
  };
}
