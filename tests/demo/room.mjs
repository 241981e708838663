// Opens the practice room with a teacher and a student to sign in as, prints where and how, and stays until Ctrl-C.
//   node room.mjs WOODSHED STORE PAGES [--once]    (--once: looks whether the pages come, and closes it again)
import { spawn } from 'node:child_process';

const [program, store, pages, once] = process.argv.slice(2);
const teacher = { name: 'Demo Teacher', login: 'teacher', password: 'practice room' };
const student = 'Demo, flute';

const server = spawn(program, ['serve', '--store', store, '--web', pages, '--room', 'Demo'], { stdio: ['ignore', 'pipe', 'pipe'] });
server.on('error', (error) => {
  console.error(`dev: ${program} could not be started: ${error.message}`);
  process.exit(4);
});
server.on('exit', (code) => process.exit(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill('SIGTERM'));

let told = '';
server.stderr.on('data', (bytes) => process.stderr.write(bytes));
const address = await new Promise((done) => {
  server.stdout.on('data', (bytes) => {
    told += bytes;
    const found = /https?:\/\/[^\s/]+/.exec(told);
    if (found) done(found[0]);
  });
});

async function ask(path, body, me) {
  const answer = await fetch(address + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: address, ...(me ? { Cookie: me.cookie, 'X-Woodshed-Csrf': me.csrf } : {}) },
    body: JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${value.error?.text ?? answer.status}`);
  return { ...value, cookie: answer.headers.get('set-cookie')?.split(';')[0] };
}

const me = await ask('/api/first-run', teacher);
const { slips } = await ask('/api/students', { text: student }, me);
console.log(`
== The practice room is open ==

  ${address}/

Open this address in a browser on this machine and sign in. The student finds the three takes of the lesson there.

  student   ${slips[0].login}   ${slips[0].password}
  teacher   ${teacher.login}   ${teacher.password}

Ctrl-C closes the room.
`);
if (once === '--once') {
  const page = await fetch(`${address}/`);
  const there = page.ok && (await page.text()).includes('woodshed.js');
  if (!there) console.error('dev: the pages do not come');
  server.removeAllListeners('exit');
  server.on('exit', () => process.exit(there ? 0 : 1));
  server.kill('SIGTERM');
}
