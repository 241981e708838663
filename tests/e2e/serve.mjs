// The server as a class meets it: serve.mjs PORT SOURCE. Prints what it looked at; ends with 1 and a sentence where something is not so.
import { existsSync, readFileSync } from 'node:fs';
import { Browser, Microphone, fail, same, sleep, wav } from './serve_client.mjs';

const port = Number(process.argv[2]), source = process.argv[3];
const teacher = new Browser(port), ada = new Browser(port), ben = new Browser(port);
let checked = 0;

// -- answers against the schema -----------------------------------------------------------------------------------------
const ajvPath = `${source}/tests/peer/schema/node_modules/ajv/dist/2020.js`;
let validator = null;
if (existsSync(ajvPath)) {
  const Ajv = (await import(ajvPath)).default;
  const ajv = new (Ajv.default ?? Ajv)({ strict: false });
  ajv.addSchema(await teacher.get('/api/schema'));
  validator = (name, value) => {
    const v = ajv.getSchema(`woodshed/api/1#/$defs/${name}`);
    if (!v(value)) fail(`${name}: ${ajv.errorsText(v.errors)}: ${JSON.stringify(value).slice(0, 400)}`);
    checked++;
  };
} else {
  console.log('the answers are not held to the schema: ajv is not here (npm ci in tests/peer/schema)');
}
const routes = await teacher.get('/api/routes');
const docs = readFileSync(`${source}/docs/api.md`, 'utf8');
for (const r of routes) {
  if (!docs.includes(`| ${r.method} | \`${r.path}\` | `)) fail(`docs/api.md has no line for ${r.method} ${r.path}`);
}
const holds = (name, value) => {
  validator?.(routes.find(r => r.name === name)?.answer ?? name, value);
  return value;
};

// -- first run, class list, signing in ----------------------------------------------------------------------------------
same(holds('hello', await teacher.get('/api/hello')).first_run, true, 'first run');
await teacher.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'short' }, 400);
const me = holds('first_run', await teacher.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'correct horse battery' }));
same(me.roles, ['teacher', 'admin'], 'roles');
await new Browser(port).post('/api/first-run', { name: 'Eve', login: 'eve', password: 'correct horse battery' }, 409);
const slips = holds('students_add', await teacher.post('/api/students', { text: 'Ada Lovelace\tclarinet\nBen Zoë; flute\n\n' })).slips;
same(slips.map(s => s.login), ['ada.lovelace', 'ben.zoe'], 'sign-in names');
same((await teacher.post('/api/students', { text: 'Ada Lovelace\nCleo, kazoo' }, 400)).error.where, 'Cleo', 'the line with the fault');
same(holds('students', await teacher.get('/api/students')).length, 2, 'nobody was made from a list with a fault');
holds('login', await ada.post('/api/login', { login: slips[0].login, password: slips[0].password }));
await ben.post('/api/login', { login: slips[1].login, password: slips[1].password });
if (!/HttpOnly/.test((await new Browser(port).ask('POST', '/api/login', { login: slips[1].login, password: slips[1].password })).headers['set-cookie'][0])) fail('the cookie can be read by scripts');
console.log('accounts: made and signed in');

// -- what there is to do ------------------------------------------------------------------------------------------------
for (const path of ['me', 'instruments', 'courses', 'today', 'path', 'takes']) holds(path, await ada.get(`/api/${path}`));
holds('join', await ada.get('/api/join'));
holds('settings', await ada.post('/api/me/settings', { level: 1, page: { colour: false } }, 200, {}, 'PUT'));
await ada.post('/api/me/settings', { instrument: 'kazoo' }, 400, {}, 'PUT');
const step = (await ada.get('/api/today')).steps[0];
holds('unit', await ada.get(`/api/unit?id=${encodeURIComponent(step.unit)}`));
const query = `id=${encodeURIComponent('applied-instrumental/first-notes/figures')}&seed=3&level=1`;
const asked = holds('drill', await ada.get(`/api/drill?${query}`));
same(asked.instrument.id, 'clarinet', 'instrument');
const model = wav(await ada.get(`/api/drill/sound?${query}`));
console.log(`pages' questions: answered; next is ${step.title}`);

// -- activities ---------------------------------------------------------------------------------------------------------
{
  const unit = 'applied-instrumental/long-tones';
  const first = (await ada.get(`/api/unit?id=${encodeURIComponent(unit)}`)).activities[0];
  const answers = [{ ask: first.after[0], answer: 'It came back the same.' }];
  holds('activity_done', await ada.post('/api/activities', { activity: first.id, answers }));
  const told = holds('activities', await ada.get(`/api/activities?unit=${encodeURIComponent(unit)}`));
  same([told.length, told[0].activity, told[0].answers[0].ask, told[0].answers[0].answer], [1, first.id, answers[0].ask, answers[0].answer], 'what was written');
  same((await ada.get('/api/activities?unit=applied-instrumental%2Frhythm')).length, 0, 'another unit has none');
  await ada.post('/api/activities', { activity: 'no/such/thing' }, 404);
  await ada.post('/api/activities', { activity: first.id, answers: [{ ask: 1, answer: 'x' }] }, 400);
  same((await ben.get('/api/activities')).length, 0, "another student's are not told");
  const who = (await ada.get('/api/me')).id;
  await ben.get(`/api/activities?student=${who}`, 403);
  same((await teacher.get(`/api/activities?student=${who}`)).length, 1, 'a teacher reads them');
}

// -- a live take --------------------------------------------------------------------------------------------------------
async function open(browser, more = {}) {
  const s = await browser.socket();
  same(s.status, 101, 'upgrade');
  s.say({ do: 'open', rate_hz: model.rate, drill: asked.id, seed: 3, level: 1, device: 'test', settings: { asking: 'never' }, ...more });
  const opened = await s.wait(e => e.event === 'opened' || e.event === 'error');
  if (opened.event === 'error') fail(JSON.stringify(opened));
  validator?.('live_event', opened);
  return [s, opened];
}

async function play(s, sound, speed = 1) {
  const mic = new Microphone(s, model.rate);
  const running = mic.run(speed);
  s.say({ do: 'start' });
  const cue = await s.wait('cue');
  mic.play(sound, cue.music_frame);
  return { mic, running, cue };
}

{
  const [s] = await open(ada);
  const { mic, running } = await play(s, model.x);
  const note = await s.wait('note', 30000);
  validator?.('live_event', note);
  const result = await s.wait('result', 60000);
  validator?.('verdict', result.verdict);
  const kept = await s.wait('kept');
  mic.on = false;
  await running;
  const right = result.verdict.notes.filter(n => n.pitch === 'correct').length;
  if (right < 0.9 * result.verdict.notes.length) fail(`${right} of ${result.verdict.notes.length} notes right in a take that is`);
  s.say({ do: 'after', cause: 'I was nervous', next: 'slower' });
  s.say({ do: 'ping', t: 3 });
  same((await s.wait(e => e.event === 'pong' || e.event === 'error')).event, 'pong', 'what is said after the result is taken');
  console.log(`live: ${right} of ${result.verdict.notes.length} notes right, score ${result.verdict.score}`);
  const take = holds('take', await ada.get(`/api/takes/${kept.id}`));
  same(take.verdict.score, result.verdict.score, 'the kept score');
  holds('takes', await ada.get('/api/takes'));
  same((await ada.get('/api/takes')).takes[0].id, kept.id, 'the newest take');
  same((await ada.get(`/api/takes/${kept.id}/sound`)).toString('latin1', 0, 4), 'fLaC', 'FLAC');
  const part = await ada.ask('GET', `/api/takes/${kept.id}/sound`, undefined, { range: 'bytes=0-99' });
  same([part.status, part.data.length], [206, 100], 'a part of the sound');
  wav(await ada.get(`/api/takes/${kept.id}/sound?as=wav`));
  wav(await ada.get(`/api/takes/${kept.id}/model`));
  holds('take_track', await ada.get(`/api/takes/${kept.id}/track`));
  // another student's take: refused, and written down
  for (const tail of ['', '/sound', '/track', '/model']) await ben.get(`/api/takes/${kept.id}${tail}`, 403);
  await ben.get(`/api/takes?student=${take.student}`, 403);
  await ben.get(`/api/path?student=${take.student}`, 403);
  await teacher.get(`/api/takes/${kept.id}`);
  same((await teacher.get(`/api/takes?student=${take.student}`)).takes.length, 1, "the teacher sees the student's takes");
  const server = holds('server', await teacher.get('/api/server'));
  if (!server.refusals.some(r => r.who === 'ben.zoe' && r.what.includes('another student'))) fail('the refusal was not written down');
  // the same again, by its id
  s.say({ do: 'open', rate_hz: model.rate, again: kept.id, device: 'test', settings: { asking: 'never' } });
  same((await s.wait('opened')).asked.prompt.line.notes.length, asked.prompt.line.notes.length, 'the same notes again');
  s.cut();
  const [other] = await open(ben);
  other.say({ do: 'open', rate_hz: model.rate, again: kept.id });
  same((await other.wait('error')).error.code, 'forbidden', "another student's take again");
  other.cut();
}

// -- how late a page's machine hears itself ------------------------------------------------------------------------------
/** The probes as they come back: @p late frames later, softer by 20 dB, each second chirp by @p more frames. */
async function probed(late, more, noise) {
  const s = await ada.socket();
  const probes = wav(await ada.get('/api/probe?rate_hz=48000'));
  same(probes.rate, 48000, 'rate of the probes');
  s.say({ do: 'check', rate_hz: 48000, device: 'test', probe: true });
  await s.wait('opened');
  const from = 4801;
  s.say({ do: 'probe', frame: from });
  const room = new Float32Array(from + late + more + probes.x.length);
  for (let i = 0; i < room.length; i++) room[i] = noise * (2 * Math.random() - 1);
  const half = 48000 * 3.25; // before it the first three of the eight
  for (let i = 0; i < probes.x.length; i++) room[from + late + (i < half ? more : 0) + i] += 0.1 * probes.x[i];
  for (let at = 0; at < room.length; at += 4800) s.sound(room.subarray(at, at + 4800), at, 48000);
  const told = holds('live_event', await s.wait('calibrated', 30000));
  s.cut();
  return told;
}
{
  await ada.get('/api/probe?rate_hz=1000', 400);
  const steady = await probed(2400, 0, 0.001);
  if (Math.abs(steady.latency_s - 0.05) > 0.0005 || steady.spread_s > 0.0005) fail(`50 ms were measured as ${steady.latency_s}, spread ${steady.spread_s}`);
  same([steady.rhythm, steady.heard], [true, 8], 'a steady way');
  const unsteady = await probed(2400, 1440, 0.001);
  same([unsteady.rhythm, unsteady.messages.some(m => m.code === 'sound_spread')], [false, true], 'an unsteady way');
  const deaf = await probed(2400, 0, 0.3);
  same([deaf.latency_s, deaf.rhythm, deaf.messages.length], [null, false, 1], 'nothing came back');
  const s = await ada.socket();
  s.say({ do: 'probe', frame: 0 });
  same((await s.wait('error')).error.code, 'conflict', 'probes that nobody waits for');
  s.cut();
  console.log(`delay: ${steady.latency_s * 1000} ms of 50, spread ${steady.spread_s * 1000} ms; unsteady and deaf ways are told`);
}

// -- cut in mid-take ----------------------------------------------------------------------------------------------------
{
  const [s, opened] = await open(ada);
  const { mic, running } = await play(s, model.x);
  await s.wait('note', 30000);
  s.cut();
  await sleep(1500);
  mic.on = false;
  await running;
  const back = await ada.socket();
  back.say({ do: 'resume', take: opened.take });
  const resumed = await back.wait('resumed');
  validator?.('live_event', resumed);
  same(resumed.state, 'listen', 'the take goes on');
  // everything since is sent again, at once
  const again = new Microphone(back, model.rate);
  again.play(model.x, mic.from);
  again.at = resumed.next_frame;
  const going = again.run(1);
  while (again.at < mic.at) { back.sound(again.piece(882), again.at, model.rate); again.at += 882; await sleep(1); }
  const result = await back.wait('result', 60000);
  again.on = false;
  await going;
  const right = result.verdict.notes.filter(n => n.pitch === 'correct').length;
  if (right < 0.9 * result.verdict.notes.length) fail(`${right} of ${result.verdict.notes.length} notes right in a take that was cut and gone on with`);
  await back.wait('kept');
  console.log(`cut and back: ${right} of ${result.verdict.notes.length} notes right`);
  back.cut();
}

// -- device check -------------------------------------------------------------------------------------------------------
{
  const s = await ada.socket();
  s.say({ do: 'check', rate_hz: 48000 });
  await s.wait('opened');
  const mic = new Microphone(s, 48000);
  const running = mic.run(1);
  await s.wait('level');
  const ok = await s.wait('checked');
  validator?.('live_event', ok);
  mic.on = false;
  await running;
  s.say({ do: 'ping', t: 1.5 });
  same((await s.wait('pong')).t, 1.5, 'pong');
  s.cut();
}

// -- signed out: the stolen cookie, the open socket ---------------------------------------------------------------------
{
  const [s] = await open(ben);
  const stolen = new Browser(port);
  stolen.cookie = ben.cookie;
  stolen.csrf = ben.csrf;
  await stolen.get('/api/me');
  await ben.post('/api/logout');
  await stolen.get('/api/me', 401);
  await stolen.post('/api/me/settings', { level: 2 }, 401, {}, 'PUT');
  same((await stolen.socket()).status, 401, 'a socket with a stolen cookie');
  same((await s.wait('bye')).reason, 'signed_out', 'the socket that was open');
  same(await s.waitClosed(), 1008, 'close code');
}
const fresh = (await teacher.post('/api/students/slips', { students: [slips[0].id] })).slips[0];
await ada.get('/api/me', 401);
await new Browser(port).post('/api/login', { login: fresh.login, password: slips[0].password }, 401);
await ada.post('/api/login', { login: fresh.login, password: fresh.password });
holds('staff_add', await teacher.post('/api/staff', { name: 'Mr Root', login: 'root', roles: ['admin'] }));
holds('staff', await teacher.get('/api/staff'));
console.log(`signed out: refused everywhere; ${checked} answers held to the schema`);
