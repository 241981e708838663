// What a server on a school's network meets: serve_hostile.mjs PORT. Each thing is tried, and then the server must still answer.
import net from 'node:net';
import { Browser, Socket, fail, same, sleep } from './serve_client.mjs';

const port = Number(process.argv[2]);
const teacher = new Browser(port);
const alive = async what => same((await new Browser(port).get('/api/hello')).name, 'woodshed', `after ${what}: the server`);

/** Sends bytes as they are. Resolves with what came back when the server closes, or after `ms`. */
function raw(text, ms = 3000, more = null) {
  return new Promise(done => {
    let got = Buffer.alloc(0), over = false;
    const c = net.connect(port, '127.0.0.1', () => { c.write(text); more?.(c, () => over); });
    const end = closed => { if (!over) { over = true; c.destroy(); done({ text: got.toString('latin1'), closed }); } };
    c.on('data', d => { got = Buffer.concat([got, d]); });
    c.on('close', () => end(true));
    c.on('error', () => end(true));
    setTimeout(() => end(false), ms);
  });
}

await teacher.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'correct horse battery' });

// -- paths that lead out of the folder ----------------------------------------------------------------------------------
for (const path of ['/../../../../etc/passwd', '/%2e%2e/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2f..%2fetc%2fpasswd', '/web/../../store.db', '//etc/passwd',
  '/..\\..\\etc\\passwd', '/index.html%00.js', '/%c0%ae%c0%ae/etc/passwd', '/./././store.db', '/api/takes/..%2f..%2fstore.db/sound']) {
  const r = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  if (/root:|SQLite/.test(r.text)) fail(`${path} gave ${r.text.slice(0, 300)}`);
  if (/^HTTP\/1.1 200/.test(r.text) && !r.text.includes('<title>page')) fail(`${path} gave ${r.text.slice(0, 200)}`);
}
await alive('paths');

// -- requests that are none ---------------------------------------------------------------------------------------------
for (const text of ['\r\n\r\n', 'GET\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00', 'GET / HTTP/9.9\r\n\r\n', `${'A'.repeat(5000)} / HTTP/1.1\r\n\r\n`, 'GET / HTTP/1.1\r\nHost\r\n\r\n',
  `GET /${'a'.repeat(20000)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`, `GET /api/hello HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${'woodshed=x;'.repeat(600)}\r\n\r\n`,
  `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nContent-Length: -5\r\n\r\n{}`,
  `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nContent-Length: 99999999999999999999\r\n\r\n{}`,
  `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n`]) {
  const r = await raw(text, 500);
  if (/^HTTP\/1.1 200/.test(r.text)) fail(`${text.slice(0, 80)} gave ${r.text.slice(0, 100)}`);
}
await alive('requests that are none');

// -- a header that never ends, and one that never comes on --------------------------------------------------------------
{
  let sent = 0;
  const r = await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Long: `, 10000, (c, over) => {
    const go = () => { while (!over() && sent < 64 << 20 && c.write('a'.repeat(16384))) sent += 16384; };
    c.on('drain', go);
    go();
  });
  if (!r.closed) fail('a header that never ends is listened to for ever');
  console.log(`a never-ending header: hung up after ${sent >> 10} KB at most`);
  const begun = Date.now();
  const slow = await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: a`, 60000);
  if (!slow.closed) fail('a header that never comes on is waited for longer than a minute');
  console.log(`a header that never comes on: hung up after ${Math.round((Date.now() - begun) / 1000)} s`);
}

// -- bodies -------------------------------------------------------------------------------------------------------------
{
  const r = await raw(`POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nContent-Length: 1073741824\r\n\r\n{`, 3000);
  if (!/^HTTP\/1.1 413/.test(r.text)) fail(`a body of 1 GB: ${r.text.slice(0, 100)}`);
  await teacher.post('/api/login', [1, 2], 400);
  await teacher.post('/api/login', { login: 7, password: null }, 400);
  await teacher.post('/api/students', { text: '\u0000' }, 400);
  for (const text of ['{', '"', '{"login":"a","login":"b"}', '['.repeat(30000), '\xff\xfe']) {
    const b = await raw(`POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`, 3000);
    if (!/^HTTP\/1.1 400/.test(b.text)) fail(`the body ${text.slice(0, 40)}: ${b.text.slice(0, 100)}`);
  }
}
await alive('bodies');

// -- foreign pages ------------------------------------------------------------------------------------------------------
same((await teacher.socket({ origin: 'http://evil.example' })).status, 403, 'a socket of a foreign page');
same((await teacher.socket({ origin: '' })).status, 403, 'a socket of nobody');
same((await new Browser(port).socket()).status, 401, 'a socket of who is not signed in');
await teacher.post('/api/logout', undefined, 403, { origin: 'http://evil.example' });
await teacher.post('/api/logout', undefined, 403, { 'x-woodshed-csrf': 'x' });
same((await teacher.ask('GET', '/api/me', undefined, { host: 'evil.example' })).status, 403, 'a name that was made to point here');
await teacher.get('/api/me');

// -- sockets that do not keep to the rules ------------------------------------------------------------------------------
{
  const s = await teacher.socket();
  same(s.status, 101, 'upgrade');
  s.frame(1, Buffer.from('no JSON'));
  same((await s.wait('error')).error.code, 'bad_request', 'no JSON');
  s.say([]);
  await s.wait('error');
  s.say({ do: 'dance' });
  await s.wait('error');
  s.say({ do: 'start' });
  await s.wait('error');
  s.say({ do: 'open', rate_hz: 48000, drill: '../../etc/passwd' });
  same((await s.wait('error')).error.code, 'not_found', 'no drill');
  s.say({ do: 'resume', take: 'f'.repeat(32) });
  await s.wait('error');
  s.say({ do: 'check', rate_hz: 48000 });
  await s.wait('opened');
  s.frame(2, Buffer.from([9, 9, 9]));
  await s.wait('error');
  s.frame(2, Buffer.alloc(16, 255));
  await s.wait('error');
  s.sound(new Float32Array(480), 0, 48000);
  s.sound(new Float32Array(480), 480, 44100); // another rate
  await s.wait('error');
  s.sound(new Float32Array(480), 2 ** 47, 48000); // years later
  await s.wait('error');
  s.sound(new Float32Array(480).fill(NaN), 480, 48000, true);
  s.sound(new Float32Array(480), 0, 48000); // the past
  s.say({ do: 'ping', t: 2 });
  same((await s.wait('pong')).t, 2, 'pong');
  // 1 GB, by the length alone, and some of it
  s.net.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]));
  s.net.write(Buffer.alloc(1 << 20));
  same((await s.wait('bye')).reason, 'too_large', '1 GB');
  same(await s.waitClosed(), 1009, 'close code');
}
{
  const s = await teacher.socket(); // the same in pieces
  for (let i = 0; i < 40 && s.closed === null; i++) {
    s.frame(i ? 0 : 1, Buffer.alloc(4096, 97), false);
    await sleep(10);
  }
  same(await s.waitClosed(), 1009, 'a message in pieces that has no end');
  const bad = [Buffer.from([0xf1, 0x80, 1, 2, 3, 4]), Buffer.from([0x8b, 0x80, 1, 2, 3, 4]), Buffer.from([0x80, 0x80, 1, 2, 3, 4])];
  for (const b of bad) { // reserved bits, unknown kind, a rest of nothing
    const x = await teacher.socket();
    x.net.write(b);
    await Promise.race([x.waitClosed(4000).catch(() => fail(`the server goes on after ${b.toString('hex')}`)), sleep(5000)]);
  }
  const many = [];
  for (let i = 0; i < 4; i++) many.push(await teacher.socket());
  const fifth = await teacher.socket();
  same((await fifth.wait('bye')).reason, 'full', 'a fifth window of one person');
  for (const m of many) m.cut();
}
await alive('sockets');

// -- guessing -----------------------------------------------------------------------------------------------------------
{
  const guesser = new Browser(port);
  const answers = [];
  for (let i = 0; i < 8; i++) answers.push((await guesser.ask('POST', '/api/login', { login: 'lind', password: `guess ${i}` })).status);
  same(answers.slice(0, 5), [401, 401, 401, 401, 401], 'the first guesses');
  if (!answers.slice(5).every(s => s === 429)) fail(`guesses after the fifth: ${answers}`);
  const slow = await guesser.ask('POST', '/api/login', { login: 'lind', password: 'correct horse battery' });
  same([slow.status, slow.json.error.code], [429, 'slow_down'], 'even the right one waits');
}

// -- a stolen cookie after its owner has signed out --------------------------------------------------------------------
{
  const owner = new Browser(port), thief = new Browser(port);
  const slip = (await teacher.post('/api/students', { text: 'Cleo\tflute' })).slips[0];
  await owner.post('/api/login', { login: slip.login, password: slip.password });
  thief.cookie = owner.cookie;
  thief.csrf = owner.csrf;
  await thief.get('/api/me'); // as long as it is good
  const live = await thief.socket();
  same(live.status, 101, 'a socket of the stolen cookie, as long as it is good');
  await owner.post('/api/logout', undefined);
  same((await live.wait('bye')).reason, 'signed_out', 'the thief\'s socket when the owner signs out');
  await live.waitClosed();
  await thief.get('/api/me', 401);
  await thief.get('/api/takes', 401);
  await thief.post('/api/me/settings', { level: 2 }, 401, {}, 'PUT');
  same((await thief.socket()).status, 401, 'a socket of a stolen cookie');
  for (const c of ['woodshed=', 'woodshed=' + 'A'.repeat(43), 'woodshed=x; woodshed=y', 'woodshed=%00', thief.cookie + 'x']) {
    const forger = new Browser(port);
    forger.cookie = c;
    await forger.get('/api/me', 401);
  }
}
await alive('a stolen cookie');

// -- every place taken by who asks nothing: the next one gets in at once ------------------------------------------------
{
  const idle = [], player = await teacher.socket();
  for (let i = 0; i < 620; i++) {
    const c = net.connect(port, '127.0.0.1');
    c.on('error', () => {});
    c.on('close', () => { c.gone = true; });
    idle.push(c);
    if (i % 3 === 1) c.write('GET / HTTP/1.1\r\nX-Slow: a'); // a third of them have begun a header
  }
  await sleep(500);
  const begun = Date.now();
  for (let i = 0; i < 20; i++) await new Browser(port).get('/api/hello');
  const took = Date.now() - begun;
  if (took > 2000) fail(`20 newcomers waited ${took} ms behind idle connections`);
  player.say({ do: 'ping', t: 4 });
  same((await player.wait('pong', 5000)).t, 4, 'the player meanwhile');
  console.log(`620 idle connections: 20 newcomers took ${took} ms; ${idle.filter(c => c.gone).length} of the idle had to go`);
  if (!idle[0].gone || idle[619].gone) fail('the oldest makes room, the newest not yet');
  for (const c of idle) c.destroy();
  player.cut();
}
await alive('idle connections');

// -- ten thousand connections, with somebody playing --------------------------------------------------------------------
{
  const player = await teacher.socket();
  player.say({ do: 'ping', t: 1 });
  await player.wait('pong');
  const sockets = [];
  let open = 0, refused = 0;
  const most = 10000;
  for (let i = 0; i < most; i++) {
    await new Promise(next => {
      const c = net.connect(port, '127.0.0.1');
      c.on('connect', () => { open++; next(); });
      c.on('error', () => { refused++; next(); });
      c.on('close', () => { open--; });
      sockets.push(c);
    });
  }
  const begun = Date.now();
  player.say({ do: 'ping', t: 2 });
  same((await player.wait('pong', 5000)).t, 2, 'the player meanwhile');
  console.log(`${most} connections: ${open} held, ${refused} refused; the player's ping took ${Date.now() - begun} ms`);
  for (const c of sockets) c.destroy();
  await sleep(500);
  await alive('ten thousand connections');
  player.cut();
}
const server = await teacher.get('/api/server');
if (!server.refusals.some(r => r.what.includes('evil.example'))) fail('the foreign page was not written down');
console.log('hostile: all refused, and the server answers');
