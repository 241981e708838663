// Takes on the server's own sound card: serve_card.mjs PORT SOURCE none|off|card [PLAY_SOUND].
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { Browser, Socket, fail, same, sleep, wav } from './serve_client.mjs';

const [port, source, stage, player] = [Number(process.argv[2]), process.argv[3], process.argv[4], process.argv[5]];
const drill = 'applied-instrumental/first-notes/scales', query = `id=${encodeURIComponent(drill)}&seed=3&level=1`;
const card = { input: 'loopback', output: 'loopback' };
let holds = () => {};
const ajvPath = `${source}/tests/peer/schema/node_modules/ajv/dist/2020.js`;
const b = new Browser(port);
if (existsSync(ajvPath)) {
  const Ajv = (await import(ajvPath)).default, ajv = new (Ajv.default ?? Ajv)({ strict: false });
  ajv.addSchema(await b.get('/api/schema'));
  holds = (name, value) => {
    const v = ajv.getSchema(`woodshed/api/1#/$defs/${name}`);
    if (!v(value)) fail(`${name}: ${ajv.errorsText(v.errors)}: ${JSON.stringify(value).slice(0, 400)}`);
    return value;
  };
}

await b.get('/api/devices', 401);
if ((await b.get('/api/hello')).first_run) await b.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'correct horse battery' });
else await b.post('/api/login', { login: 'lind', password: 'correct horse battery' });
await b.post('/api/me/settings', { instrument: 'flute' }, 200, {}, 'PUT');
const devices = await b.get('/api/devices');
holds('devices', devices);
const open = (s, more = {}) => s.say({ do: 'open', drill, seed: 3, level: 1, card, settings: { asking: 'never' }, ...more });
const refused = async (s, code) => same((await s.wait('error')).error.code, code, 'the card');

if (stage !== 'card') {
  same(devices.offered, false, 'a card that is not there, or not to be had');
  if (stage === 'off') same(/without/.test(devices.text), true, devices.text);
  const s = await b.socket();
  open(s);
  await refused(s, stage === 'off' ? 'bad_request' : 'failed');
  s.say({ do: 'ping', t: 1 });
  await s.wait('pong'); // and nothing else has changed
  console.log(`${stage}: ${devices.text}`);
  process.exit(0);
}

same([devices.offered, devices.busy, devices.text], [true, false, ''], 'the card');
if (!devices.devices.some(d => d.name === 'loopback' && d.inputs && d.outputs)) fail(JSON.stringify(devices));

// -- from another machine: none of it -----------------------------------------------------------------------------------
const other = Object.values(os.networkInterfaces()).flat().find(a => a.family === 'IPv4' && !a.internal)?.address;
if (other) {
  const far = `http://${other}:${port}`, answer = await (await fetch(`${far}/api/devices`, { headers: { cookie: b.cookie } })).json();
  same([answer.offered, answer.devices.length], [false, 0], 'the card from another machine');
  const s = await Socket.open(port, { host: `${other}:${port}`, origin: far, cookie: b.cookie }, '/api/live', other);
  open(s);
  await refused(s, 'forbidden');
  s.cut();
  if (!(await b.get('/api/server')).refusals.some(r => /sound card/.test(r.what))) fail('it was not written down');
} else console.log('this machine has no other address: asking from elsewhere is not tried');

// -- a take -------------------------------------------------------------------------------------------------------------
const model = await b.get(`/api/drill/sound?${query}`), { rate, x } = wav(model);
writeFileSync('model.wav', model);
const musician = spawn(player, ['model.wav', 'loopback'], { stdio: ['pipe', 'pipe', 'inherit'] });
await new Promise(ready => musician.stdout.once('data', ready));

// The music begins where the cue says; told in time by the clicks, which the card sounds and everybody hears.
async function play(s) {
  s.say({ do: 'start' });
  const cue = await s.wait('cue');
  const level = await s.wait('level'); // the newest sound that was heard, a few milliseconds ago
  musician.stdin.write(`${(cue.music_frame - level.frame) / 48000}\n`);
  return cue;
}

let s = await b.socket();
open(s);
const opened = await s.wait('opened', 20000);
holds('live_event', opened);
same([opened.card.input, opened.card.rate_hz, opened.card.sounds], ['loopback', 48000, true], 'the card');
same(Math.round(opened.card.latency_s * 48000), 256, 'its round trip in frames, as it was calibrated');
await play(s);
same((await s.wait('note', 30000)).event, 'note', 'a note while it is played');
// somebody else asks meanwhile
const second = await b.socket();
open(second);
await refused(second, 'busy');
same((await b.get('/api/devices')).busy, true, 'busy');
let result = await s.wait('result', 60000), kept = await s.wait('kept');
const right = r => r.verdict.notes.filter(n => n.pitch === 'correct').length;
if (right(result) < 0.9 * result.verdict.notes.length) fail(`${right(result)} of ${result.verdict.notes.length} notes right in a take that is`);
if (result.verdict.dimensions.rhythm?.score == null) fail(`the rhythm was not judged: ${JSON.stringify(result.verdict.take.warnings)}`);
console.log(`the card: ${right(result)} of ${result.verdict.notes.length} notes right, rhythm ${result.verdict.dimensions.rhythm.score}`);
const sound = await b.get(`/api/takes/${kept.id}/sound?as=wav`);
same(wav(sound).rate, 48000, 'rate of what was recorded');

// -- the page is gone in mid-take: the card plays on, and the take is whole ----------------------------------------------
open(s);
const again = await s.wait('opened');
await play(s);
await s.wait('note', 30000);
s.cut();
await sleep(3000);
s = await b.socket();
s.say({ do: 'resume', take: again.take });
result = await s.wait('result', 60000);
kept = await s.wait('kept');
same([result.cut ?? false, kept.cut ?? false], [false, false], 'cut');
if (right(result) < 0.9 * result.verdict.notes.length) fail(`after a cut ${right(result)} of ${result.verdict.notes.length} notes right`);
console.log('a page that was gone for three seconds: the take is whole');

// -- a model that sounds aloud while it is studied, and a check ------------------------------------------------------------
open(s, { settings: { asking: 'never', study_s: 3, study_aloud: true } });
await s.wait('opened');
s.say({ do: 'start' });
await s.wait(e => e.event === 'level' && e.rms_db > -50, 15000); // the card hears its own model
s.say({ do: 'cancel' });
s.say({ do: 'check', card });
await s.wait(e => e.event === 'opened' && e.asked === null);
await s.wait('checked', 10000);
// another window takes it over, now that nothing is played
open(second);
await second.wait('opened');
same((await s.wait('card')).lost, true, 'taken over');
// and back to the browser's microphone
second.say({ do: 'open', rate_hz: rate, drill, seed: 3, level: 1, settings: { asking: 'never' } });
same((await second.wait('opened')).card, null, 'the browser again');
for (let i = 0; i < 100 && (await b.get('/api/devices')).busy; i++) await sleep(50);
same((await b.get('/api/devices')).busy, false, 'given back');
musician.stdin.end();
console.log(`the card: taken, taken over and given back (${x.length / rate | 0} s a take)`);
process.exit(0);
