// A disk that is full in mid-take: serve_full.mjs PORT FOLDER. The folder is the disk of the store.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { Browser, Microphone, fail, same, sleep, wav } from './serve_client.mjs';

const [port, folder] = [Number(process.argv[2]), process.argv[3]];
const teacher = new Browser(port), b = new Browser(port);
await teacher.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'correct horse battery' });
const slip = (await teacher.post('/api/students', { text: 'Ada\tflute' })).slips[0];
await b.post('/api/login', { login: slip.login, password: slip.password });
const query = 'id=applied-instrumental%2Ffirst-notes%2Fscales&seed=3&level=1';
const model = wav(await b.get(`/api/drill/sound?${query}`));
const s = await b.socket();
s.say({ do: 'open', rate_hz: model.rate, drill: 'applied-instrumental/first-notes/scales', seed: 3, level: 1, settings: { asking: 'never' } });
await s.wait('opened');
const mic = new Microphone(s, model.rate), running = mic.run(1);
s.say({ do: 'start' });
const cue = await s.wait('cue');
mic.play(model.x, cue.music_frame);
await s.wait('note', 30000);

const filler = `${folder}/filler`, fd = openSync(filler, 'w');
let full = false;
for (const size of [1 << 16, 512]) {
  try {
    for (full = false; ;) if (writeSync(fd, Buffer.alloc(size)) === 0) break;
  } catch (e) {
    full = e.code === 'ENOSPC';
  }
}
closeSync(fd);
if (!full) fail('the disk does not become full');

const trouble = await s.wait(e => e.event === 'error' || e.event === 'result', 60000);
if (trouble.event !== 'error') fail('a take was judged though nothing of its end could be written');
if (!/space|room|full/.test(trouble.error.text)) fail(`what is wrong is not said: ${trouble.error.text}`);
same((await b.get('/api/hello')).name, 'woodshed', 'the server meanwhile');
console.log(`full: ${trouble.error.text}`);
rmSync(filler);
s.say({ do: 'ping', t: 1 }); // the player's next word
const result = await s.wait('result', 30000), kept = await s.wait('kept', 30000);
mic.on = false;
await running;
const right = result.verdict.notes.filter(n => n.pitch === 'correct').length;
if (right < 0.9 * result.verdict.notes.length) fail(`${right} of ${result.verdict.notes.length} notes right once there was room`);
const sound = wav(await b.get(`/api/takes/${kept.id}/sound?as=wav`));
if (sound.x.length < model.x.length - model.rate) fail(`${sound.x.length} frames were kept of ${model.x.length}`);
await sleep(100);
console.log(`room again: ${right} of ${result.verdict.notes.length} notes right, ${(sound.x.length / sound.rate).toFixed(1)} s kept`);
process.exit(0);
