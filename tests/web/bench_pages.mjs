// How quick the pages are in Chromium, against the real server on this machine. Prints its table and never fails for being slow.
//
//   node bench_pages.mjs        (./dev bench runs it)
//
// The microphone is a sound graph inside the page: when its samples enter is known to the audio clock, and an impulse that is found
// again in what the page sends tells how late they leave. A note's delay is what lies between the microphone and the coloured note
// on the page, beyond the ear's own lag: from the newest sound that its event was told of to the note's colour in the drawing.
import { drawn, open, page, signIn, visit } from './browser.mjs';
import { player } from './player.mjs';
import { Room } from './room.mjs';
import { finish, listen, until } from './take.mjs';
import { takeWav } from './wav.mjs';

const drill = 'applied-instrumental/first-notes/scales';
const seed = 2;
const takes = Number(process.env.WOODSHED_BENCH_TAKES ?? 5);
const loads = 10;

/** Watches when a note takes colour, when the verdict stands there, and what blocks the page. */
function watch() {
  const seen = { coloured: {}, verdict: null, blocked: [], chunks: [] };
  window.seen = seen;
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) seen.blocked.push({ start: e.startTime, ms: e.duration });
  }).observe({ entryTypes: ['longtask'] });
  new MutationObserver((changes) => {
    const now = performance.now();
    for (const { target, addedNodes } of changes) {
      if (/^n\d+$/.test(target.id ?? '') && /tone-/.test(target.getAttribute('class'))) seen.coloured[target.id.slice(1)] ??= now;
      for (const node of addedNodes) if (node.nodeType === 1 && (node.matches('.take-words') || node.querySelector('.take-words'))) seen.verdict ??= now;
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
}

const sorted = (all) => [...all].sort((a, b) => a - b);
const share = (all, p) => (all.length === 0 ? NaN : sorted(all)[Math.min(all.length - 1, Math.ceil(p * all.length) - 1)]);
const row = (what, n, median, p99, reach) => console.log(`${what.padEnd(62)} ${String(n).padStart(5)} ${median.toFixed(0).padStart(8)} ${p99.toFixed(0).padStart(8)}   ${reach}`);

/** Each in a browser that was never there before: a new profile, nothing kept. */
async function cold(room, there, cookies = []) {
  const times = [];
  for (let i = 0; i < loads; i++) {
    const browser = await open();
    const tab = await page(browser, room);
    await tab.context().addCookies(cookies);
    await tab.goto(`${room.address}/`, { waitUntil: 'commit' });
    await there(tab);
    times.push(await tab.evaluate(() => performance.now()));
    await browser.close();
  }
  return times;
}

async function firstLoads(room) {
  const [name, value] = (await room.signedIn(room.alice)).cookie.split('=');
  const signedIn = [{ name, value, url: room.address, httpOnly: true, sameSite: 'Strict' }];
  return {
    form: await cold(room, (tab) => tab.getByLabel('Sign-in name').waitFor()),
    words: await cold(room, (tab) => tab.getByRole('button', { name: 'Practise' }).waitFor(), signedIn),
    notes: await cold(room, drawn, signedIn),
  };
}

/** One item drawn after another: what blocks meanwhile. */
async function drawing(room) {
  const browser = await open();
  const tab = await page(browser, room);
  await tab.addInitScript(watch);
  await signIn(tab, room, room.alice);
  await drawn(tab);
  await tab.evaluate(() => (window.seen.blocked = []));
  const longest = [];
  for (const [name, k] of [['first-notes/scales', 5], ['rhythm/phrases', 3], ['first-piece/tunes', 1], ['first-notes/figures', 1]]) {
    await tab.evaluate(() => (window.seen.blocked = []));
    await visit(tab, room, `#/practise?drill=applied-instrumental/${name}&seed=${k}&level=1`);
    const there = await Promise.race([drawn(tab).then(() => true), tab.getByRole('alert').first().waitFor().then(() => false)]);
    if (there) longest.push(await tab.evaluate(() => Math.max(0, ...window.seen.blocked.map((b) => b.ms))));
  }
  await browser.close();
  return longest;
}

async function played(room) {
  const caller = await room.signedIn(room.alice);
  const { prompt } = await caller.ask('GET', `/api/drill?id=${encodeURIComponent(drill)}&seed=${seed}&level=1`);
  const wav = await takeWav(room.folder, 'bench', prompt, 'flute', seed);
  const beyond = [];
  const whole = [];
  const verdicts = [];
  const browser = await open();
  for (let i = 0; i < takes; i++) {
    const tab = await page(browser, room);
    const ear = listen(tab);
    await tab.addInitScript(watch);
    const plays = await player(tab);
    await signIn(tab, room, room.alice);
    await visit(tab, room, `#/practise?drill=${drill}&seed=${seed}&level=1`);
    await drawn(tab);
    await until('prepare', ear, 60, () => ear.state === 'prepare');
    await plays.plays(wav.file, wav.musicS);
    const clock = await plays.impulse();
    await tab.keyboard.press('Space');
    const { verdict } = await finish(ear);
    await tab.locator('.take-words').waitFor();
    const seen = await tab.evaluate(() => window.seen);
    const at = (frame) => clock.ms + ((frame - clock.frame) / ear.rate) * 1000; // when a frame was at the microphone
    const zero = ear.notes[0].frame - ear.notes[0].take_s * ear.rate; // the take's first frame
    const first = new Map();
    for (const n of ear.notes) if (!first.has(n.index)) first.set(n.index, n);
    for (const [index, n] of first) {
      if (seen.coloured[index] === undefined) continue;
      beyond.push(seen.coloured[index] - at(n.frame));
      const onset = verdict.notes[index]?.onset_s;
      if (typeof onset === 'number') whole.push(seen.coloured[index] - at(zero + onset * ear.rate));
    }
    const last = verdict.notes.at(-1);
    verdicts.push(seen.verdict - at(zero + (last.offset_s ?? last.expected.onset_s + last.expected.duration_s) * ear.rate));
    await tab.context().close();
  }
  await browser.close();
  return { beyond, whole, verdicts };
}

const room = await Room.open();
try {
  console.log(`${'the pages in Chromium, this machine, ms'.padEnd(62)} ${'n'.padStart(5)} ${'median'.padStart(8)} ${'p99'.padStart(8)}   reach`);
  const { form, words, notes } = await firstLoads(room);
  row('first page, cold: sign-in can be typed', form.length, share(form, 0.5), share(form, 0.99), 'under 2000');
  row("a student's first page, cold: Today can be read and pressed", words.length, share(words, 0.5), share(words, 0.99), 'under 2000');
  row("a student's first page, cold: Today with its notes drawn", notes.length, share(notes, 0.5), share(notes, 0.99), 'under 2000');
  const longest = await drawing(room);
  row('longest blocking of input while notation is drawn', longest.length, share(longest, 0.5), share(longest, 0.99), 'under 50 (0: none was longer)');
  const { beyond, whole, verdicts } = await played(room);
  row("microphone to coloured note, beyond the ear's lag", beyond.length, share(beyond, 0.5), share(beyond, 0.99), '80 / 150');
  row("microphone to coloured note, the ear's lag in it", whole.length, share(whole, 0.5), share(whole, 0.99), '');
  row('last note ends to the verdict on the page', verdicts.length, share(verdicts, 0.5), share(verdicts, 0.99), '300, under 1000');
} finally {
  await room.close();
}
