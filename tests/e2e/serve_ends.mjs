// Takes that end otherwise than planned: serve_ends.mjs PORT STAGE FILE. The scripts around it end the server.
import { readFileSync, writeFileSync } from 'node:fs';
import { Browser, Microphone, fail, same, sleep, wav } from './serve_client.mjs';

const [port, stage, file] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const id = 'applied-instrumental/long-tones/one-still-tone';

async function student() {
  const b = new Browser(port);
  if (stage === 'first') {
    const teacher = new Browser(port);
    await teacher.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'correct horse battery' });
    const slip = (await teacher.post('/api/students', { text: 'Ada\tflute' })).slips[0];
    await b.post('/api/login', { login: slip.login, password: slip.password });
    writeFileSync(file, JSON.stringify({ cookie: b.cookie, login: slip.login }));
  } else {
    b.cookie = JSON.parse(readFileSync(file)).cookie; // a sign-in outlives the server
  }
  await b.get('/api/me');
  return b;
}

/** Plays until some of the take has been heard. @return the socket and the microphone. */
async function begin(b, counts) {
  const step = (await b.get('/api/path')).units[0].drills[0];
  const query = `id=${encodeURIComponent(step.id)}&seed=1`;
  const model = wav(await b.get(`/api/drill/sound?${query}`));
  const s = await b.socket();
  s.say({ do: 'open', rate_hz: model.rate, drill: step.id, seed: 1, settings: { asking: 'never' } });
  const opened = await s.wait('opened');
  if (counts) s.say({ do: 'counts', on: true });
  const mic = new Microphone(s, model.rate);
  const running = mic.run(1);
  s.say({ do: 'start' });
  const cue = await s.wait('cue');
  mic.play(model.x, cue.music_frame);
  while (mic.at < cue.music_frame + 2.5 * model.rate) await sleep(50);
  return { s, mic, running, opened };
}

const b = await student();
const takes = async () => (await b.get('/api/takes')).takes;
if (stage === 'first') {
  // nobody comes back: kept as far as it got, as practice
  const { s, mic, running, opened } = await begin(b, true);
  s.cut();
  mic.on = false;
  await running;
  const until = Date.now() + 60000;
  while ((await takes()).length === 0) {
    if (Date.now() > until) fail('a take that was cut off is not kept');
    await sleep(500);
  }
  const [take] = await takes();
  same([take.counted, take.has_sound], [false, true], 'a take that was cut off: counted, has sound');
  const late = await b.socket(); // who comes late still gets the result
  late.say({ do: 'resume', take: opened.take });
  same((await late.wait('result')).cut, true, 'cut');
  same((await late.wait('kept')).id, take.id, 'the kept take');
  late.cut();
  console.log(`nobody came back: kept, ${take.assessed} of it judged`);
}
const before = (await takes()).length;
if (stage === 'look') {
  same(before, Number(process.argv[5]), 'takes in the store');
  for (const t of await takes()) same(t.counted, false, `take ${t.id} counted`);
  console.log(`${before} takes, none counts`);
} else {
  await begin(b, true);
  writeFileSync(`${file}.playing`, String(before));
  console.log('playing');
  await sleep(60000); // until the server is ended
}
