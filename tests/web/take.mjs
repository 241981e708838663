// A student who plays: the fake microphone goes round and round, so the count-in is started when its music is due. Where the file
// stands is told by its marker in the sound that the page sends; when the music has to begin, by the server's cue.
import { patience } from './room.mjs';
import { markerAtS, markerHz } from './wav.mjs';

// Without a click a take is judged by its own steady beat: whoever comes in this much late or early is right all the same.
const nearEnoughMs = 400;

/** Follows the page's live socket. Install before the page opens it. */
export function listen(tab) {
  const ear = { t0: Infinity, marker: null, rate: 48000, cue: null, state: '', events: [], result: null, kept: null, notes: [], heard: 0, listenFrom: 0, sent: 0, lastSentAt: 0, opens: [], asked: null };
  tab.on('websocket', (socket) => {
    if (!socket.url().endsWith('/api/live')) return;
    socket.on('framesent', ({ payload }) => {
      if (typeof payload === 'string') {
        const said = JSON.parse(payload);
        if (said.do === 'open') ear.opens.push(said);
        if (said.do === 'open' || said.do === 'check') Object.assign(ear, { t0: Infinity, marker: null, rate: said.rate_hz });
        return;
      }
      const place = Number(payload.readBigUInt64LE(8));
      const n = (payload.length - 16) / 2;
      ear.heard = place + n;
      ear.sent++;
      ear.lastSentAt = performance.now();
      ear.t0 = Math.min(ear.t0, performance.now() - ((place + n) / ear.rate) * 1000);
      if ((ear.marker === null || place > ear.marker + ear.rate) && loudAt(payload, n, ear.rate)) ear.marker = place; // the last one: a file may lose its place
    });
    socket.on('framereceived', ({ payload }) => {
      const event = JSON.parse(payload);
      ear.events.push(event.event);
      if (event.event === 'cue') ear.cue = event;
      if (event.event === 'opened') ear.asked = event.asked;
      if (event.event === 'state') ear.state = event.state;
      if (event.event === 'state' && event.state === 'listen') ear.listenFrom = event.frame;
      if (event.event === 'result') ear.result = event;
      if (event.event === 'kept') ear.kept = event;
      if (event.event === 'note') ear.notes.push({ ...event, receivedAt: performance.now() });
      if (event.event === 'error' || event.event === 'bye') ear.trouble = event;
    });
  });
  return ear;
}

function loudAt(payload, n, rate) {
  let re = 0;
  let im = 0;
  for (let i = 0; i < n; i++) {
    const s = payload.readInt16LE(16 + 2 * i) / 32768;
    re += s * Math.cos((2 * Math.PI * markerHz * i) / rate);
    im += s * Math.sin((2 * Math.PI * markerHz * i) / rate);
  }
  return (2 * Math.hypot(re, im)) / n > 0.1;
}

/** @param what for the words, where it does not come */
async function until(what, ear, seconds, test) {
  const begun = performance.now();
  while (!test()) {
    if (performance.now() > begun + patience(seconds)) throw new Error(`waited ${Math.round((performance.now() - begun) / 1000)} s for ${what}; state ${ear.state}, trouble ${JSON.stringify(ear.trouble ?? null)}, last events ${ear.events.slice(-8)}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Start by key when the file's music is due. How long it is from the key to the music's first beat, a first count-in tells that is
 *  given up at once. @return how far off the start was, in ms */
export async function start(tab, ear, wav) {
  const now = () => ((performance.now() - ear.t0) / 1000) * ear.rate;
  const press = async () => {
    await until('prepare', ear, 60, () => ear.state === 'prepare');
    ear.cue = null;
    const pressed = now();
    await tab.keyboard.press('Space');
    await until('the cue', ear, 60, () => ear.cue !== null);
    return ear.cue.music_frame - pressed;
  };
  for (let tries = 0; tries < 8; tries++) {
    const lead = await press();
    await tab.keyboard.press('Escape');
    await until('the marker', ear, 60, () => ear.marker !== null && ear.state === 'prepare');
    const begun = now();
    const due = () => {
      let at = ear.marker + (wav.musicS - markerAtS) * ear.rate;
      while (at - lead < begun) at += wav.lengthS * ear.rate;
      return at;
    };
    await until('the time to start', ear, wav.lengthS + 60, () => now() >= due() - lead);
    const at = due();
    await press();
    const off = ((ear.cue.music_frame - at) / ear.rate) * 1000;
    if (Math.abs(off) <= nearEnoughMs) return off;
    await tab.keyboard.press('Escape');
  }
  throw new Error(`the machine is too busy to start a take within ${nearEnoughMs} ms, eight times over`);
}

/** Wait for the verdict of the take that was started. */
export async function finish(ear) {
  await until('the result', ear, 60, () => ear.result !== null && ear.kept !== null);
  return { verdict: ear.result.verdict, kept: ear.kept };
}

export { until };
