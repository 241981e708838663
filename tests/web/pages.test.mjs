// Each page as axe-core sees it, light and dark, on a desk and on a phone; and what a first visitor and a new student meet.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { accessible, everyLook } from './axe.mjs';
import { drawn, open, page, signIn, test, visit } from './browser.mjs';
import { Caller, Room } from './room.mjs';
import { shoot } from './shots.mjs';

let room;
let browser;

before(async () => {
  room = await Room.open({ firstRun: false });
  browser = await open();
});
after(async () => {
  await browser?.close();
  await room?.close();
});

test('first run makes the first teacher, by keyboard alone', async () => {
  const tab = await page(browser, room);
  await tab.goto(`${room.address}/`);
  await tab.getByRole('heading', { name: 'Set up this practice room' }).waitFor();
  assert.deepEqual(await everyLook(tab, 'first run'), []);
  for (const text of ['Ms Rivera', 'rivera', 'three words here']) {
    await tab.keyboard.press('Tab');
    await tab.keyboard.type(text);
  }
  await tab.keyboard.press('Enter');
  await tab.getByRole('navigation', { name: 'Places' }).waitFor();
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
  room.teacher = new Caller(room.address);
  await room.teacher.ask('POST', '/api/login', { login: 'rivera', password: 'three words here' });
  const { slips } = await room.teacher.ask('POST', '/api/students', { text: 'Alice Martin, flute\nBen Okoro\n' });
  [room.alice, room.ben] = slips;
});

test('a wrong password is refused in words, and the right one opens Today', async () => {
  const tab = await page(browser, room);
  await tab.goto(`${room.address}/`);
  await tab.getByLabel('Sign-in name').fill(room.alice.login);
  await tab.getByLabel('Password').fill('not this one');
  assert.deepEqual(await everyLook(tab, 'sign-in'), []);
  await shoot(tab, 'sign-in');
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('alert').waitFor();
  await tab.getByLabel('Password').fill(room.alice.password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { level: 1, name: 'One still tone' }).waitFor();
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

test('who has no instrument yet is asked for it, and can go on', async () => {
  const tab = await page(browser, room);
  await signIn(tab, room, room.ben);
  await tab.getByRole('heading', { name: 'What do you play?' }).waitFor();
  assert.deepEqual(await everyLook(tab, 'choose an instrument'), []);
  await tab.getByRole('button', { name: 'clarinet in B♭', exact: true }).click();
  await drawn(tab);
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});

const places = [
  ['today', '#/today', (tab) => drawn(tab)],
  ['path', '#/path', (tab) => tab.getByText('What opens First notes and scales').waitFor()],
  ['practise', '#/practise?drill=applied-instrumental/rhythm/phrases&seed=2', (tab) => drawn(tab)],
  ['tools', '#/tools', (tab) => tab.getByRole('heading', { name: 'Metronome' }).waitFor()],
  ['my work', '#/work', (tab) => tab.getByText('No take yet.').waitFor()],
  ['settings', '#/settings', (tab) => tab.getByRole('heading', { name: 'Settings' }).waitFor()],
  ['a take that is not there', '#/result/01a2026e-a942-7178-82f5-4e5cc1972f84', (tab) => tab.getByRole('alert').waitFor()],
];
test('every page is accessible and fits: desk, phone and 200 %, light and dark', async () => {
  const tab = await page(browser, room);
  await signIn(tab, room, room.alice);
  const faults = [];
  for (const [name, hash, there] of places) {
    await visit(tab, room, hash);
    await there(tab);
    const pictures = { '1280 px, light': 'light', '360 px, dark': 'phone-dark', '720 px, light': 'zoom-200' };
    faults.push(...(await everyLook(tab, name, async (look) => {
      if (['today', 'path', 'tools'].includes(name) && pictures[look.name]) await shoot(tab, `${name}-${pictures[look.name]}`);
    })));
  }
  assert.deepEqual([...faults, ...tab.faults], []);
  await tab.context().close();
});

test('every kind of activity is accessible and fits, in every look', async () => {
  const tab = await page(browser, room);
  await signIn(tab, room, room.alice);
  const caller = await room.signedIn(room.alice);
  const { units } = await caller.ask('GET', '/api/path?course=applied-instrumental');
  const kinds = new Map();
  for (const { unit: id } of units) for (const activity of (await caller.ask('GET', `/api/unit?id=${encodeURIComponent(id)}`)).activities) if (!kinds.has(activity.kind)) kinds.set(activity.kind, [id, activity]);
  assert.ok(kinds.size >= 5, `kinds of activities: ${[...kinds.keys()]}`);
  const faults = [];
  for (const [kind, [unit, { id, title }]] of kinds) {
    await visit(tab, room, `#/activity?unit=${encodeURIComponent(unit)}&id=${encodeURIComponent(id)}`);
    await tab.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    for (const hint of await tab.getByRole('button', { name: 'A hint' }).all()) await hint.click();
    faults.push(...(await everyLook(tab, `an activity of ${kind}`)));
  }
  assert.deepEqual([...faults, ...tab.faults], []);
});

test('the notes can be walked by arrow keys and are told in words', async () => {
  const tab = await page(browser, room, { reduced: true });
  await signIn(tab, room, room.alice);
  await visit(tab, room, '#/practise?drill=applied-instrumental/rhythm/phrases&seed=2');
  await drawn(tab);
  await tab.keyboard.press('ArrowRight');
  await tab.getByText(/^Bar 1, beat 1/).first().waitFor();
  await tab.keyboard.press('?');
  await tab.getByRole('dialog', { name: 'Keys' }).waitFor();
  assert.deepEqual(await everyLook(tab, 'keys'), []);
  await tab.keyboard.press('Escape');
  assert.deepEqual(tab.faults, []);
  await tab.context().close();
});
