// The whole first unit, done by a script that only clicks, types and looks: three counted takes open the next one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { drawn, open, page, signIn, visit } from './browser.mjs';
import { Room } from './room.mjs';
import { shoot } from './shots.mjs';
import { finish, listen, start, until } from './take.mjs';
import { silentWav, takeWav } from './wav.mjs';

const drill = 'applied-instrumental/long-tones/steady-tone';
let room;

before(async () => {
  room = await Room.open();
});
after(() => room?.close());

test('a silent microphone is told before and after the take, with what to do', async () => {
  const browser = await open({ wav: silentWav(room.folder).file });
  const tab = await page(browser, room, { width: 360, height: 740 });
  const ear = listen(tab);
  await signIn(tab, room, room.ben);
  await visit(tab, room, `#/practise?drill=${drill}&seed=1&level=1`);
  await drawn(tab);
  await tab.getByText('nothing heard').waitFor();
  await until('prepare', ear, 60, () => ear.state === 'prepare');
  await tab.keyboard.press('Space');
  await until('the take', ear, 60, () => ear.state === 'listen');
  await tab.waitForTimeout(2500);
  await tab.getByRole('button', { name: 'Stop' }).click();
  const { verdict } = await finish(ear);
  assert.equal(verdict.score, null, 'silence has no score');
  await tab.getByRole('heading', { level: 2, name: /microphone/i }).waitFor();
  await shoot(tab, 'silent-phone');
  assert.ok(!(await tab.locator('.tone-wrong').count()), 'silence from the ear is never red');
  assert.deepEqual(tab.faults, []);
  await browser.close();
});

test('three counted takes open the second unit', async () => {
  const caller = await room.signedIn(room.alice);
  for (let take = 1; take <= 3; take++) {
    const { prompt } = await caller.ask('GET', `/api/drill?id=${encodeURIComponent(drill)}&seed=${take}&level=1`);
    const wav = await takeWav(room.folder, `tone-${take}`, prompt, 'flute', take);
    const browser = await open({ wav: wav.file });
    const tab = await page(browser, room);
    const ear = listen(tab);
    await signIn(tab, room, room.alice);
    if (take === 1) {
      await tab.getByRole('button', { name: 'Practise' }).click();
    } else await visit(tab, room, `#/practise?drill=${drill}&seed=${take}&level=1`);
    await drawn(tab);
    await tab.getByRole('radio', { name: 'This one counts' }).check();
    await start(tab, ear, wav);
    await tab.getByText('Colours stay off while you play').first().waitFor();
    if (take === 1) await shoot(tab, 'count-in-counts');
    const { kept, verdict } = await finish(ear);
    assert.equal(kept.counted, true, `take ${take} counts`);
    assert.equal(ear.notes.length, 0, 'no colour is told while a take counts');
    for (const { dimension, score } of prompt.targets) assert.ok(verdict.dimensions[dimension].score >= score, `take ${take}: ${dimension} ${verdict.dimensions[dimension].score} of ${score}`);
    await tab.getByRole('link', { name: 'Look closer' }).waitFor();
    assert.deepEqual(tab.faults, []);
    if (take === 3) {
      await tab.getByRole('link', { name: 'Path' }).first().click();
      await tab.locator('.unit.here').getByRole('heading', { name: 'First notes and scales' }).waitFor();
      await tab.getByText('way forward open').waitFor();
      await shoot(tab, 'path-unit-2');
    }
    await browser.close();
  }
});
