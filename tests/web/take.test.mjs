// Takes in the browser, by the microphone: a good one goes green, one with mistakes is marked where they are.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { everyLook } from './axe.mjs';
import { drawn, open, page, signIn, test, visit } from './browser.mjs';
import { Room } from './room.mjs';
import { shoot } from './shots.mjs';
import { finish, listen, start } from './take.mjs';
import { takeWav } from './wav.mjs';

const drill = 'applied-instrumental/first-notes/scales';
const seed = 2;
let room;
let prompt;

before(async () => {
  room = await Room.open();
  const caller = await room.signedIn(room.alice);
  ({ prompt } = await caller.ask('GET', `/api/drill?id=${encodeURIComponent(drill)}&seed=${seed}&level=1`));
});
after(() => room?.close());

async function student(wav, look, who = room.alice) {
  const browser = await open({ wav: wav.file });
  const tab = await page(browser, room, look);
  const ear = listen(tab);
  await signIn(tab, room, who);
  await visit(tab, room, `#/practise?drill=${drill}&seed=${seed}&level=1`);
  await drawn(tab);
  return { browser, tab, ear };
}

/** Classes that the notes have in the drawing, in order. */
function tones(tab) {
  return tab.evaluate(() => {
    const all = [...document.querySelectorAll('.strip svg g.note[id^="n"]')].filter((n) => /^n\d+$/.test(n.id));
    all.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
    return all.map((n) => /tone-(\w+)/.exec(n.getAttribute('class'))?.[1] ?? '');
  });
}

test('a good take goes green while it is played, and its verdict says so', async () => {
  const wav = await takeWav(room.folder, 'good', prompt, 'flute', 2);
  const { browser, tab, ear } = await student(wav);
  await start(tab, ear, wav);
  await tab.locator('.strip svg g.note.tone-correct').nth(3).waitFor();
  const live = await tones(tab);
  assert.equal(ear.state, 'listen', 'notes take colour before the take is over');
  assert.ok(!live.includes('wrong'), `no note is red while it is played: ${live}`);
  await shoot(tab, 'practise-live');
  const { verdict, kept } = await finish(ear);
  await tab.getByRole('link', { name: 'Look closer' }).waitFor();
  assert.equal(kept.counted, false);
  assert.deepEqual(verdict.notes.map((n) => n.pitch), prompt.line.notes.map(() => 'correct'));
  const shown = await tones(tab);
  assert.deepEqual(shown, verdict.notes.map((n) => (n.timing === 'on_time' || n.timing === 'unsure' || n.timing === null ? 'correct' : 'time')));
  assert.ok(shown.filter((t) => t === 'correct').length >= shown.length - 1, `a good take is green: ${shown}`);
  assert.deepEqual(tab.faults, []);
  await browser.close();
});

test('a take with three mistakes is marked at these three, tells why, and plays back', async () => {
  const wav = await takeWav(room.folder, 'bad', prompt, 'flute', 2, ['--mistake', 'wrong@1:2', '--mistake', 'late@3:180', '--mistake', 'missed@5']);
  const { browser, tab, ear } = await student(wav, { width: 1280, height: 900 });
  await start(tab, ear, wav);
  const { verdict } = await finish(ear);
  await tab.getByRole('link', { name: 'Look closer' }).waitFor();
  const shown = await tones(tab);
  assert.equal(verdict.notes[1].pitch, 'wrong');
  assert.equal(verdict.notes[5].pitch, 'missed');
  assert.equal(shown[1], 'wrong');
  assert.equal(shown[5], 'wrong');
  assert.equal(shown[3], 'time', `the late note has the colour of time: ${JSON.stringify(verdict.notes[3])}`);
  assert.ok(shown.filter((t, i) => ![1, 3, 5].includes(i) && t === 'correct').length >= shown.length - 4, `the others are right: ${shown}`);
  await tab.getByRole('link', { name: 'Look closer' }).click();
  await tab.getByRole('heading', { name: 'The thing to work on' }).waitFor();
  await drawn(tab);
  assert.ok((await tab.getByRole('button', { name: /Bar 1, beat 3.*heard as/ }).count()) === 1, 'the wrong note says what was heard');
  await tab.getByRole('button', { name: /Play your take/ }).click();
  await tab.locator('.strip .cursor:not([hidden])').waitFor();
  await shoot(tab, 'result', { fullPage: true });
  await tab.locator('.playback').getByRole('button', { name: 'Stop' }).click();
  for (const ask of [/^Why\?/, /^How\?/]) while ((await tab.getByRole('button', { name: ask }).count()) > 0) await tab.getByRole('button', { name: ask }).first().click();
  assert.deepEqual(await everyLook(tab, 'a result, every depth of it', async (look) => {
    if (look.name === '360 px, dark') await shoot(tab, 'result-phone-dark', { fullPage: true });
  }), []);
  await tab.getByRole('button', { name: /Play the model/ }).click();
  await tab.locator('.strip .cursor:not([hidden])').waitFor();
  assert.deepEqual(tab.faults, []);
  await browser.close();
});

test('two students at once, each with their own take', async () => {
  const caller = await room.signedIn(room.ben);
  const ask = await caller.ask('GET', `/api/drill?id=${encodeURIComponent(drill)}&seed=${seed}&level=1`);
  const wavs = [await takeWav(room.folder, 'at-once-flute', prompt, 'flute', 2), await takeWav(room.folder, 'at-once-trumpet', ask.prompt, 'trumpet', 2, ['--mistake', 'missed@4'])];
  const [alice, ben] = await Promise.all([student(wavs[0], {}, room.alice), student(wavs[1], {}, room.ben)]);
  await Promise.all([start(alice.tab, alice.ear, wavs[0]), start(ben.tab, ben.ear, wavs[1])]);
  const [first, second] = await Promise.all([finish(alice.ear), finish(ben.ear)]);
  assert.ok(first.verdict.notes.every((n) => n.pitch === 'correct'), 'the flute is right');
  assert.equal(second.verdict.notes[4].pitch, 'missed', 'the trumpet left one out');
  assert.notEqual(first.kept.id, second.kept.id);
  await assert.rejects(caller.ask('GET', `/api/takes/${first.kept.id}`), /403|404/, "another student's take is refused");
  for (const { tab, browser } of [alice, ben]) {
    assert.deepEqual(tab.faults, []);
    await browser.close();
  }
});
