// The whole first unit, done by a script that only clicks, types and looks, with WAVs as the microphone: listening, long tones,
// bending a note, growing and fading, a diary; three counted takes open the next unit.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible } from './axe.mjs';
import { drawn, open, page, signIn, test } from './browser.mjs';
import { Room } from './room.mjs';
import { shoot } from './shots.mjs';
import { finish, listen, start, until } from './take.mjs';
import { silentWav, takeWav } from './wav.mjs';

const unit = 'applied-instrumental/long-tones';
let room;
let caller;

before(async () => {
  room = await Room.open();
  caller = await room.signedIn(room.alice);
});
after(() => room?.close());

/** Somebody at a browser whose microphone is a take of an item of this unit. */
async function student(drill, look) {
  const { prompt, seed } = await caller.ask('GET', `/api/drill?id=${encodeURIComponent(`${unit}/${drill}`)}`); // the next one
  const wav = await takeWav(room.folder, `${drill}-${seed}`, prompt, 'flute', seed);
  const browser = await open({ wav: wav.file });
  const tab = await page(browser, room, look);
  const ear = listen(tab);
  await signIn(tab, room, room.alice);
  return { browser, tab, ear, wav, prompt };
}

/** The activity, by the path page. */
async function activity(tab, title) {
  await tab.getByRole('link', { name: 'Path' }).first().click();
  await tab.getByRole('link', { name: `Open: ${title}` }).click();
  await tab.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** A take that counts, from the activity's page; the verdict reaches each target. */
async function countedTake({ tab, ear, wav, prompt }, what, shot) {
  await tab.getByRole('link', { name: /^Practise: / }).click();
  await drawn(tab);
  await tab.getByRole('radio', { name: 'This one counts' }).check();
  await start(tab, ear, wav);
  await tab.getByText('Colours stay off while you play').first().waitFor();
  if (shot) await shoot(tab, shot);
  const { kept, verdict } = await finish(ear);
  assert.equal(kept.counted, true, `${what} counts`);
  assert.equal(ear.notes.length, 0, 'no colour is told while a take counts');
  for (const { dimension, score } of prompt.targets) {
    const told = verdict.dimensions[dimension];
    assert.ok(told.score >= score, `${what}: ${dimension} ${told.score} of ${score}`);
  }
  await tab.getByRole('link', { name: 'Look closer' }).waitFor();
}

/** Type an answer to a question that the activity asks. */
async function answer(tab, question, words) {
  await tab.getByLabel(question).fill(words);
}

test('a silent microphone is told before and after the take, with what to do', async () => {
  const browser = await open({ wav: silentWav(room.folder).file });
  const tab = await page(browser, room, { width: 360, height: 740 });
  const ear = listen(tab);
  await signIn(tab, room, room.ben);
  await tab.getByRole('button', { name: 'Practise' }).click();
  await drawn(tab);
  await tab.getByText('nothing heard').waitFor();
  await until('prepare', ear, 60, () => ear.state === 'prepare');
  await tab.keyboard.press('Space');
  await until('the take', ear, 60, () => ear.state === 'listen');
  await until('two seconds of it', ear, 60, () => ear.heard > ear.listenFrom + 2 * ear.rate);
  await tab.getByRole('button', { name: 'Stop' }).click();
  const { verdict } = await finish(ear);
  assert.equal(verdict.score, null, 'silence has no score');
  await tab.getByRole('heading', { level: 2, name: /microphone/i }).waitFor();
  await shoot(tab, 'silent-phone');
  assert.ok(!(await tab.locator('.tone-wrong').count()), 'silence from the ear is never red');
  assert.deepEqual(tab.faults, []);
  await browser.close();
});

test('listening first, then a long tone that counts', async () => {
  const alice = await student('steady-tone');
  const { tab, browser } = alice;
  await tab.getByRole('link', { name: 'Hear it before you play it' }).click();
  await tab.getByRole('heading', { level: 1, name: 'Hear it before you play it' }).waitFor();
  await answer(tab, 'Which note will be hardest to keep in your ear?', 'The low one.');
  for (const n of [1, 2, 3]) {
    const sounds = tab.waitForResponse(/\/api\/drill\/sound/);
    await tab.getByRole('button', { name: `Example ${n}` }).click();
    assert.equal((await sounds).headers()['content-type'], 'audio/wav');
  }
  await tab.getByRole('button', { name: 'Example 3' }).waitFor(); // it is called "Stop" while it sounds
  assert.equal(await tab.getByRole('alert').count(), 0);
  await answer(tab, 'Did your hummed note come back the same, higher or lower?', 'The second came back lower.');
  await shoot(tab, 'activity-listen', { fullPage: true });
  await tab.getByRole('button', { name: 'Done: keep this' }).click();
  await tab.getByRole('heading', { name: 'What you wrote before' }).waitFor();
  await tab.getByText('The second came back lower.').waitFor();
  assert.deepEqual(await accessible(tab, 'an activity that was done'), []);
  await tab.getByRole('link', { name: 'Next: Hold it still' }).click();
  await tab.getByRole('heading', { level: 1, name: 'Hold it still' }).waitFor();
  await answer(tab, 'How many seconds do you think you will hold?', 'Eight.');
  await tab.getByRole('button', { name: 'A hint' }).click();
  await tab.getByText('Take twice the air').waitFor();
  await countedTake(alice, 'the first take', 'count-in-counts');
  await tab.goBack(); // what was begun to be written is still there
  await answer(tab, 'Was your guess of the seconds right?', 'Nearly.');
  assert.equal(await tab.getByLabel('How many seconds do you think you will hold?').inputValue(), 'Eight.');
  await tab.getByRole('button', { name: 'Keep what you wrote' }).click();
  await tab.getByText('Nearly.').waitFor();
  await shoot(tab, 'activity-drill', { fullPage: true });
  assert.deepEqual(tab.faults, []);
  await browser.close();
});

test('bending a note against a tone, with the tuner; a second take', async () => {
  const alice = await student('steady-tone');
  const { tab, browser } = alice;
  await activity(tab, 'Up, down, in tune');
  await answer(tab, 'Is your instrument usually high or low when it is cold?', 'Low.');
  await tab.getByRole('group', { name: 'A tone to tune against' }).getByRole('button').first().click();
  await tab.getByRole('group', { name: 'A tone to tune against' }).getByRole('button', { pressed: true }).click();
  await tab.getByRole('button', { name: 'Turn the microphone on' }).click();
  await tab.locator('.readout-words', { hasText: 'in tune' }).waitFor(); // the flute of the WAV is heard
  await shoot(tab, 'activity-play', { fullPage: true });
  assert.deepEqual(await accessible(tab, 'an activity with a tuner'), []);
  await tab.getByRole('button', { name: 'Turn it off' }).click();
  await answer(tab, 'Which note had to be moved the most?', 'The B flat.');
  await tab.getByRole('button', { name: 'Done: keep this' }).click();
  await tab.getByText('The B flat.').waitFor();
  await activity(tab, 'Hold it still');
  await countedTake(alice, 'the second take');
  assert.deepEqual(tab.faults, []);
  await browser.close();
});

test('a tone that grows and fades counts too, a diary closes the unit, and the next one is open', async () => {
  const alice = await student('growing-tone');
  const { tab, browser } = alice;
  await activity(tab, 'Grow and fade');
  await answer(tab, 'Will your pitch rise or sink when you get louder?', 'Rise.');
  await countedTake(alice, 'the third take');
  await tab.goBack();
  await answer(tab, 'Were you right? How did you notice?', 'Yes: the needle went right.');
  await tab.getByRole('button', { name: 'Keep what you wrote' }).click();
  await tab.getByRole('link', { name: 'Next: What my tone did today' }).click();
  await tab.getByRole('heading', { level: 1, name: 'What my tone did today' }).waitFor();
  await answer(tab, 'Your lines for today', 'Nine seconds on D. More air at the end helped.');
  await answer(tab, 'What will you do first tomorrow?', 'The low D.');
  await tab.getByRole('button', { name: 'Done: keep this' }).click();
  await tab.getByText('Nine seconds on D.').waitFor();
  await shoot(tab, 'activity-reflect', { fullPage: true });
  await tab.getByRole('link', { name: 'Path' }).first().click();
  await tab.locator('.unit.here').getByRole('heading', { name: 'First notes and scales' }).waitFor();
  await tab.getByText('way forward open').waitFor();
  await tab.locator('.unit').first().getByText('What is in this unit').click();
  await tab.getByRole('link', { name: 'Open: What my tone did today' }).waitFor();
  const rows = tab.locator('.unit').first().locator('.activities > li');
  assert.equal(await rows.count(), 5);
  for (let i = 0; i < 5; i++) await rows.nth(i).getByText(/done \d/).waitFor(); // each of the unit's activities was done
  await shoot(tab, 'path-unit-2', { fullPage: true });
  assert.deepEqual(tab.faults, []);
  await browser.close();
});
