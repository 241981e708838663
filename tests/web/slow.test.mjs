// A room far away: what the server says comes late. What a student chose stands on the page at once all the same.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { drawn, open, page, signIn, test, visit } from './browser.mjs';
import { Room } from './room.mjs';

const drill = 'applied-instrumental/long-tones/steady-tone';
const lateMs = 700;
let room;

before(async () => {
  room = await Room.open();
});
after(() => room?.close());

test('This one counts is chosen at once, however late the server answers', async () => {
  const browser = await open();
  const tab = await page(browser, room);
  const said = [];
  await tab.routeWebSocket(/\/api\/live$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (typeof message === 'string') said.push(JSON.parse(message));
      server.send(message);
    });
    server.onMessage((message) => setTimeout(() => socket.send(message), lateMs));
  });
  await signIn(tab, room, room.alice);
  await visit(tab, room, `#/practise?drill=${drill}&seed=1&level=1`);
  await drawn(tab);
  const counts = tab.getByRole('radio', { name: 'This one counts' });
  const practice = tab.getByRole('radio', { name: 'Practice', exact: true });
  await counts.check();
  await tab.waitForTimeout(lateMs / 2); // the microphone's level draws the page anew meanwhile
  assert.ok(await counts.isChecked(), 'chosen before the server answers');
  await tab.waitForTimeout(2 * lateMs);
  assert.ok(await counts.isChecked(), 'and after');
  await practice.check();
  await counts.check();
  await practice.check();
  for (let i = 0; i < 8; i++) {
    assert.ok(await practice.isChecked(), 'an answer to an earlier choice does not undo the last one');
    await tab.waitForTimeout(lateMs / 4);
  }
  assert.deepEqual(said.filter((s) => s.do === 'counts').map((s) => s.on), [true, false, true, false]);
  assert.deepEqual(tab.faults, []);
});
