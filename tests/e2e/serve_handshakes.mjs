// Slow handshakes: serve_handshakes.mjs PORT CA. More of them than the server has places, some silent, some in the middle of a ClientHello, one that
// drips; then somebody with an honest browser comes.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { fail, same, sleep } from './serve_client.mjs';

const port = Number(process.argv[2]), ca = readFileSync(process.argv[3]);
const ask = () => new Promise((done, failed) => {
  https.get({ host: '127.0.0.1', servername: 'localhost', port, path: '/api/hello', ca, agent: false, headers: { host: `localhost:${port}` } },
    r => { r.resume(); r.on('end', () => done(r.statusCode)); }).on('error', failed);
});
// the first bytes of a handshake that announces 512 more
const hello = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);

const slow = [];
for (let i = 0; i < 620; i++) {
  const c = net.connect(port, '127.0.0.1');
  c.on('error', () => {});
  c.on('close', () => { c.gone = true; });
  if (i % 2) c.write(hello);
  slow.push(c);
}
await sleep(500);
let begun = Date.now();
for (let i = 0; i < 5; i++) same(await ask(), 200, 'an honest browser');
const took = Date.now() - begun;
if (took > 3000) fail(`5 honest browsers took ${took} ms`);
console.log(`620 handshakes that do not end: 5 honest browsers took ${took} ms`);
for (const c of slow) c.destroy();

// a byte a second does not hold a place for ever
begun = Date.now();
const drip = net.connect(port, '127.0.0.1');
drip.on('error', () => {});
drip.on('close', () => { drip.gone = true; });
drip.write(hello);
while (!drip.gone && Date.now() - begun < 70000) {
  await sleep(1000);
  if (!drip.gone) drip.write(Buffer.from([0]));
}
if (!drip.gone) fail('a handshake that drips is waited for longer than a minute');
console.log(`a handshake that drips: hung up after ${Math.round((Date.now() - begun) / 1000)} s`);
