// Ways to practise: a loop that climbs its ladder of tempos, the own rating before the verdict, no colours, notes as they sound, and
// a whole take by keyboard alone.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible } from './axe.mjs';
import { drawn, open, page, signIn, test, visit } from './browser.mjs';
import { player } from './player.mjs';
import { Room } from './room.mjs';
import { shoot } from './shots.mjs';
import { finish, listen, until } from './take.mjs';
import { takeWav } from './wav.mjs';

const drill = 'applied-instrumental/first-notes/figures';
const item = `drill=${drill}&seed=3&level=1`; // seven notes in two bars
let room;
let browser;
let wav;
let asked;

before(async () => {
  room = await Room.open();
  const caller = await room.signedIn(room.alice);
  asked = await caller.ask('GET', `/api/drill?id=${encodeURIComponent(drill)}&seed=3&level=1`);
  wav = await takeWav(room.folder, 'whole', asked.prompt, 'flute', 2);
  browser = await open();
});
after(async () => {
  await browser?.close();
  await room?.close();
});

async function ready(who, query = item, look = {}) {
  const tab = await page(browser, room, look);
  const ear = listen(tab);
  const plays = await player(tab);
  await signIn(tab, room, who);
  await visit(tab, room, `#/practise?${query}`);
  await drawn(tab);
  await until('prepare', ear, 60, () => ear.state === 'prepare');
  return { tab, ear, plays };
}

const coloured = (tab) => tab.locator('.strip svg g.note[class*="tone-"]').count();

test('a loop at a slower tempo goes round by itself; two clean rounds move the tempo up', async () => {
  const full = Math.round(asked.prompt.tempo_bpm);
  const caller = await room.signedIn(room.alice);
  const slow = Math.round(full * 0.9);
  const rounds = [];
  const { tab, ear, plays } = await ready(room.alice, `${item}&bars=1-2&ladder=${slow},${full}`);
  const take = await takeWav(room.folder, 'slower', ear.asked.prompt, 'flute', 2);
  await plays.plays(take.file, take.musicS);
  await tab.getByText('A loop is practice: it never counts.').waitFor();
  await tab.keyboard.press('Space');
  for (let round = 1; round <= 2; round++) {
    const { verdict, kept } = await finish(ear);
    assert.equal(kept.counted, false);
    rounds.push([verdict.score, verdict.tempo_bpm]);
    Object.assign(ear, { result: null, kept: null });
  }
  assert.ok(rounds.every(([score, tempo]) => score >= 0.95 && Math.abs(tempo - slow) < 3), `both rounds are clean at ${slow}: ${JSON.stringify(rounds)}`);
  await tab.locator('.ladder .now', { hasText: String(full) }).waitFor();
  await until('the next round at the tempo as written', ear, 60, () => ear.opens.at(-1).tempo_bpm === undefined || Math.round(ear.opens.at(-1).tempo_bpm) === full);
  await shoot(tab, 'loop-ladder');
  await tab.getByRole('button', { name: 'Leave the loop' }).click();
  await tab.getByRole('button', { name: /Count me in|Once more/ }).waitFor();
  assert.equal((await caller.ask('GET', '/api/takes?limit=5')).takes.filter((t) => t.counted).length, 0);
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

test('the own rating comes before the verdict, and no colour before the rating', async () => {
  const { tab, ear, plays } = await ready(room.cleo);
  await plays.plays(wav.file, wav.musicS);
  await tab.getByRole('button', { name: 'Settings' }).click();
  await tab.getByRole('switch', { name: /I rate my take first/ }).check({ force: true });
  await tab.getByRole('button', { name: 'Close' }).click();
  await until('the item again', ear, 60, () => ear.opens.at(-1).settings.rate_first === true && ear.state === 'prepare');
  await tab.getByRole('button', { name: 'Count me in' }).click();
  await tab.getByRole('heading', { name: 'How was it?' }).waitFor();
  assert.equal(ear.notes.length, 0, 'no note is told while the take is played');
  assert.equal(await coloured(tab), 0, 'no colour before the rating');
  assert.equal(ear.result, null, 'the verdict waits');
  assert.deepEqual(await accessible(tab, 'rating'), []);
  await shoot(tab, 'rating-first');
  await tab.getByRole('radio', { name: 'over 90' }).check({ force: true });
  await tab.getByRole('button', { name: 'Show the verdict' }).click();
  const { verdict } = await finish(ear);
  await tab.getByText(verdict.score > 0.9 ? 'You guessed over 90: right.' : /You guessed over 90; it was/).waitFor();
  assert.ok((await coloured(tab)) > 0, 'the notes have their colours now');
  assert.equal(ear.result.rated, 0.95);
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

test('with colours off nothing is told until the end', async () => {
  const { tab, ear, plays } = await ready(room.ben, `${item}`);
  await tab.getByRole('button', { name: 'Settings' }).click();
  await tab.getByRole('switch', { name: /Colours while I play/ }).uncheck({ force: true });
  await tab.getByRole('button', { name: 'Close' }).click();
  await until('the item again', ear, 60, () => ear.opens.at(-1).settings.no_colour === true && ear.state === 'prepare');
  const ask = await (await room.signedIn(room.ben)).ask('GET', `/api/drill?id=${encodeURIComponent(drill)}&seed=3&level=1`);
  const own = await takeWav(room.folder, 'trumpet', ask.prompt, 'trumpet', 2);
  await plays.plays(own.file, own.musicS);
  await tab.getByRole('button', { name: 'Count me in' }).click();
  await until('the take', ear, 60, () => ear.state === 'listen');
  await tab.getByText('Colours are off. The verdict comes at the end.').waitFor();
  const { verdict } = await finish(ear);
  assert.equal(ear.notes.length, 0, 'no note was told');
  assert.deepEqual(verdict.notes.map((n) => n.pitch), ask.prompt.line.notes.map(() => 'correct'));
  await until('the colours of the verdict', ear, 30, () => true);
  await tab.locator('.strip svg g.note[class*="tone-"]').first().waitFor();
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

test('a bar behind the click: said while it is played, and in the verdict; the notes are right all the same', async () => {
  const { tab, ear, plays } = await ready(room.alice);
  // how late this microphone hears the click was measured once
  await tab.evaluate(() => localStorage.setItem('woodshed-delays', JSON.stringify({ MediaStreamAudioDestinationNode: { latency_s: 0.02, spread_s: 0.001, at: new Date().toISOString() } })));
  await tab.keyboard.press('k');
  await until('the item with a click', ear, 60, () => ear.opens.at(-1).settings.click === true && ear.state === 'prepare');
  const { beats } = ear.asked.prompt.line.measures[0];
  await plays.plays(wav.file, wav.musicS - (beats * 60) / ear.asked.prompt.tempo_bpm);
  await tab.keyboard.press('Space');
  await tab.getByText(`You are ${beats} beats behind the click. Play on`).waitFor();
  await shoot(tab, 'behind-click');
  const { verdict } = await finish(ear);
  assert.deepEqual(verdict.notes.map((n) => n.pitch), asked.prompt.line.notes.map(() => 'correct'));
  await tab.getByRole('heading', { name: `You came in ${beats} beats after the click` }).waitFor();
  assert.equal(await tab.getByText('behind the click. Play on').count(), 0);
  await tab.keyboard.press('k');
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

test('a trumpet sees its notes as written, or as they sound: a tone lower, and it is kept', async () => {
  const { tab } = await ready(room.ben);
  const first = () => tab.locator('.strip [aria-label^="Bar 1, beat 1"]').first().getAttribute('aria-label');
  const pitches = () => tab.evaluate(() => [...document.querySelectorAll('.strip svg g.note .notehead use, .strip svg g.note .notehead path')].map((n) => n.getBoundingClientRect().top));
  const written = await first();
  const heights = await pitches();
  await tab.getByRole('button', { name: 'Settings' }).click();
  await tab.getByRole('radio', { name: 'as they sound' }).check({ force: true });
  await tab.getByRole('button', { name: 'Close' }).click();
  await tab.waitForFunction((was) => document.querySelector('.strip [aria-label^="Bar 1, beat 1"]')?.getAttribute('aria-label') !== was, written);
  const sounding = await first();
  const step = (label) => 'CDEFGAB'.indexOf(/: ([A-G])/.exec(label)[1]);
  assert.equal((step(written) - step(sounding) + 7) % 7, 1, `${written} sounds a tone lower: ${sounding}`);
  await tab.waitForFunction((was) => JSON.stringify([...document.querySelectorAll('.strip svg g.note .notehead use, .strip svg g.note .notehead path')].map((n) => n.getBoundingClientRect().top)) !== was, JSON.stringify(heights));
  await shoot(tab, 'concert-view');
  await tab.reload();
  await drawn(tab);
  assert.equal(await first(), sounding, 'the choice is kept');
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

test('on a phone nothing of the dock reaches into its padding', async () => {
  const { tab } = await ready(room.alice, item, { width: 360, height: 740 });
  const beyond = await tab.evaluate(() => {
    const dock = document.querySelector('.dock');
    const [style, box] = [getComputedStyle(dock), dock.getBoundingClientRect()];
    const [left, right] = [box.left + parseFloat(style.paddingLeft) - 1, box.right - parseFloat(style.paddingRight) + 1];
    const all = [...dock.querySelectorAll('*')].map((e) => ({ what: `${e.tagName} ${e.className} ${e.textContent}`, at: e.getBoundingClientRect() }));
    return { looked: all.length, out: all.filter(({ at }) => at.width > 0 && (at.left < left || at.right > right)).map(({ what, at }) => `${what}: ${at.left} to ${at.right}`) };
  });
  assert.ok(beyond.looked > 10, 'the dock is there');
  assert.deepEqual(beyond.out, []);
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

test('signing in, a counted take, its result and the way back by keyboard alone', async () => {
  const tab = await page(browser, room);
  const ear = listen(tab);
  const plays = await player(tab);
  const to = async (name) => {
    for (let k = 0; k < 60; k++) {
      const there = await tab.evaluate(() => (document.activeElement?.matches('a, button') ? (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent) : ''));
      if (there.includes(name)) return;
      await tab.keyboard.press('Tab');
    }
    assert.fail(`no Tab leads to "${name}"`);
  };
  await tab.goto(`${room.address}/`);
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  for (const text of [room.alice.login, room.alice.password]) {
    await tab.keyboard.press('Tab');
    await tab.keyboard.type(text);
  }
  await tab.keyboard.press('Enter');
  await tab.getByRole('heading', { level: 1, name: 'One still tone' }).waitFor();
  await drawn(tab);
  await to('Practise');
  await tab.keyboard.press('Enter');
  await until('prepare', ear, 60, () => ear.state === 'prepare');
  const long = await takeWav(room.folder, 'tone', ear.asked.prompt, 'flute', 1);
  await plays.plays(long.file, long.musicS);
  await tab.keyboard.press('c');
  await tab.locator('input[value=counts]:checked').waitFor({ state: 'attached' });
  await tab.keyboard.press('Space');
  const { kept } = await finish(ear);
  assert.equal(kept.counted, true);
  await tab.getByRole('link', { name: 'Look closer' }).waitFor();
  await to('Look closer');
  await tab.keyboard.press('Enter');
  await tab.getByRole('button', { name: /Play your take/ }).waitFor();
  assert.deepEqual(await accessible(tab, 'result'), []);
  await tab.evaluate(() => document.activeElement?.blur());
  await tab.keyboard.press('Space');
  await tab.locator('.strip .cursor:not([hidden])').waitFor();
  await tab.keyboard.press('Space');
  await tab.keyboard.press('ArrowRight');
  await to('Path');
  await tab.keyboard.press('Enter');
  await tab.getByText('What opens First notes and scales').waitFor();
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});
