// The sound card of the room's own machine, chosen in the page and remembered: device check, tuner, a whole take. The card is the tests' own,
// preloaded in place of PortAudio.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { accessible, fits } from './axe.mjs';
import { drawn, open, page, signIn, test, visit } from './browser.mjs';
import { buildFolder, program, Room, run } from './room.mjs';
import { shoot } from './shots.mjs';
import { finish, listen, until } from './take.mjs';
import { cardTake } from './wav.mjs';

const drill = 'applied-instrumental/first-notes/scales';
const library = join(buildFolder, 'tests/e2e/libfake_portaudio.so');
const name = 'Test Card';
let room;
let browser;
let prompt;

/** A card that gives a take with the first click, and whose delay was measured. */
async function card(folder) {
  const shown = await run(program, ['drill', 'show', drill, '--instrument', 'flute', '--seed', '3', '--level', '1', '--json']);
  prompt = JSON.parse(shown.stdout);
  const take = await cardTake(folder, prompt, 'flute', 2);
  writeFileSync(join(folder, 'card.txt'), `name ${name}\nsound ${take.file} ${take.startS}\n`);
  mkdirSync(join(folder, 'woodshed'));
  const pair = { input: name, output: name, api: 'ALSA', rate_hz: 48000, block_frames: 0, latency_s: 0, spread_s: 0, gain_db: -60, probes: 8, heard: 8, measured_ms: 1795303800000 };
  writeFileSync(join(folder, 'woodshed/latency.json'), JSON.stringify({ schema: 'woodshed/latency/1', pairs: [pair] }));
  return { LD_PRELOAD: library, ASAN_OPTIONS: 'verify_asan_link_order=0', WOODSHED_TEST_CARD: join(folder, 'card.txt'), XDG_CONFIG_HOME: folder };
}

const missing = existsSync(library) ? false : `${library} is not built`;

before(async () => {
  if (missing) return;
  room = await Room.open({ prepare: card });
  browser = await open({ microphone: 'absent' }); // nothing but the card can be what is heard
});
after(async () => {
  await browser?.close();
  await room?.close();
});

test('the card is chosen, checked, tuned with, played on, and still chosen tomorrow', { skip: missing }, async () => {
  const tab = await page(browser, room, { microphone: 'refused' });
  const ear = listen(tab);
  await signIn(tab, room, room.alice);
  await visit(tab, room, '#/settings');
  await tab.getByRole('radio', { name: 'the sound card of this machine' }).check({ force: true });
  await tab.getByLabel('Microphone', { exact: true }).selectOption({ label: name });
  await tab.getByLabel('Loudspeaker').selectOption({ label: name });
  assert.deepEqual([...(await accessible(tab, 'settings with a card')), ...(await fits(tab, 'settings with a card'))], []);
  await shoot(tab, 'card-settings', { fullPage: true });

  await visit(tab, room, '#/tools');
  await tab.getByRole('button', { name: 'Check now' }).click();
  await tab.getByText(`Open now: ${name}`).waitFor();
  await tab.getByText(/hears itself 0 ms late/).waitFor();
  await until('levels of the card', ear, 30, () => ear.events.filter((e) => e === 'level').length > 5);
  assert.equal(ear.sent, 0, 'the page sends no sound');
  await tab.getByRole('button', { name: 'Turn it off' }).waitFor();
  assert.deepEqual([...(await accessible(tab, 'tools with a card')), ...(await fits(tab, 'tools with a card'))], []);
  await shoot(tab, 'card-tools', { fullPage: true });

  await visit(tab, room, `#/practise?drill=${drill}&seed=3&level=1`);
  await drawn(tab);
  await until('prepare', ear, 60, () => ear.state === 'prepare' && ear.opens.length > 0);
  assert.deepEqual(ear.opens.at(-1).card, { input: name, output: name, api: 'ALSA' });
  await tab.getByRole('button', { name: 'Count me in' }).click();
  await tab.getByText(/Bar 1, beat/).first().waitFor(); // the card's own beats
  await until('a note', ear, 60, () => ear.notes.length > 2);
  await tab.locator('.strip .cursor:not([hidden])').waitFor();
  await shoot(tab, 'card-playing');
  const { verdict } = await finish(ear);
  assert.deepEqual(verdict.notes.map((n) => n.pitch), prompt.line.notes.map(() => 'correct'));
  assert.ok(verdict.dimensions.rhythm.score > 0.9, `rhythm against the card's click: ${JSON.stringify(verdict.dimensions.rhythm)}`);
  await tab.getByRole('link', { name: 'Look closer' }).waitFor();
  assert.equal(ear.sent, 0, 'the page sends no sound');

  await tab.reload();
  await drawn(tab);
  await until('the card again', ear, 60, () => ear.opens.length > 1 && ear.opens.at(-1).card !== undefined);
  await tab.getByRole('button', { name: 'Settings' }).click();
  await tab.getByRole('radio', { name: "this browser's microphone" }).check({ force: true });
  await tab.getByText('No microphone was found.').waitFor(); // and there is none in this browser
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});
