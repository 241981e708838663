// Many players at once: serve_load.mjs PORT SERVER-PID PLAYERS [EAR]. Each signs in, opens an item of its own, and plays it as a browser's microphone
// would, 20 ms at a time; whole verdicts come back. Told: the delay from the message that holds a frame to the event about that frame, note
// events a second, the time to the verdict, what server and generator cost, in all and while most play. EAR: measured milliseconds of one ear a second
// of sound. WOODSHED_LOAD_BEFORE: a file with the row before, for what each further player needs of memory.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { Browser, wav, fail, sleep } from '../e2e/serve_client.mjs';

const [port, pid, players, ear_ms] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4]), Number(process.argv[5] ?? NaN)];
const PIECE_MS = 20, HEAD = 8, RATE = 48000; // as browsers have it: the server's ear has another
const NOISE = Int16Array.from({ length: 4093 }, (_, i) => ((i * 7919) % 11) - 5);
const drills = ['applied-instrumental/first-notes/figures', 'applied-instrumental/first-notes/scales'];
const instruments = ['clarinet', 'flute', 'trumpet', 'viola', 'trombone', 'alto_sax', 'violin', 'voice'];

const ticks = () => {
  const f = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/.*\) /, '').split(' ');
  return (Number(f[11]) + Number(f[12])) / 100;
};
const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) / 1024;
const quantile = (x, q) => (x.sort((a, b) => a - b), x.length ? x[Math.min(x.length - 1, Math.floor(q * x.length))] : NaN);

const teacher = new Browser(port);
await teacher.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'correct horse battery' });
const list = Array.from({ length: players }, (_, i) => `Player ${i + 1}\t${instruments[i % instruments.length]}`).join('\n');
const slips = (await teacher.post('/api/students', { text: list })).slips;

class Player {
  async begin(slip, i) {
    this.b = new Browser(port);
    await this.b.post('/api/login', { login: slip.login, password: slip.password });
    const query = `id=${encodeURIComponent(drills[i % drills.length])}&seed=${i + 1}&level=1`;
    const model = wav(await this.b.get(`/api/drill/sound?${query}`));
    this.rate = RATE;
    // as int16 once, so that the generator costs little: what is sent is this, with a faint noise where nothing is played
    const n = Math.floor((model.x.length - 1) * RATE / model.rate);
    this.x = new Int16Array(n);
    for (let i = 0; i < n; i++) {
      const at = i * model.rate / RATE, k = Math.floor(at);
      const v = model.x[k] + (at - k) * (model.x[k + 1] - model.x[k]);
      this.x[i] = Math.max(-32768, Math.min(32767, Math.round(v * 32767)));
    }
    this.delays = [];
    this.at = 0;
    this.from = Infinity;
    this.sentAt = [];
    this.n = Math.round(this.rate * PIECE_MS / 1000);
    this.s = await this.b.socket();
    this.s.say({ do: 'open', rate_hz: this.rate, drill: drills[i % drills.length], seed: i + 1, level: 1, settings: { asking: 'never' } });
    const answer = await this.s.wait((e) => e.event === 'opened' || e.event === 'error', 60000);
    if (answer.event === 'error') {
      if (answer.error.code !== 'busy') fail(JSON.stringify(answer));
      this.s.cut();
      return answer.error.text;
    }
    this.s.wake = () => this.look();
    this.result = null;
    this.kept = null;
    this.notes = 0;
    return '';
  }

  look() {
    const now = performance.now();
    for (const e of this.s.events.splice(0)) {
      if (e.event === 'cue') this.from = e.music_frame;
      if (e.event === 'note') this.notes++;
      if (e.event === 'pitch' || e.event === 'note') {
        const piece = Math.ceil(e.frame / this.n) - 1;
        if (this.sentAt[piece]) this.delays.push(now - this.sentAt[piece]);
      }
      if (e.event === 'state' && e.state === 'judge') this.judgeAt = now;
      if (e.event === 'result') this.result = { at: now, verdict: e.verdict };
      if (e.event === 'kept') this.kept = e;
      if (e.event === 'error' || e.event === 'bye') fail(JSON.stringify(e));
    }
  }

  piece() {
    const m = Buffer.alloc(HEAD + 16 + 2 * this.n); // a frame masked with 0, and the message
    m[0] = 0x82;
    m[1] = 0xfe;
    m.writeUInt16BE(16 + 2 * this.n, 2);
    m[HEAD] = m[HEAD + 1] = 1;
    m.writeUInt32LE(this.rate, HEAD + 4);
    m.writeBigUInt64LE(BigInt(this.at), HEAD + 8);
    const out = new Int16Array(m.buffer, m.byteOffset + HEAD + 16, this.n), first = this.at - this.from;
    for (let i = 0; i < this.n; i++) out[i] = NOISE[(this.at + i) % NOISE.length];
    if (first > -this.n && first < this.x.length) {
      const part = this.x.subarray(Math.max(0, first), Math.min(this.x.length, first + this.n));
      for (let i = 0, k = Math.max(0, -first); i < part.length; i++, k++) out[k] = part[i];
    }
    this.sentAt[this.at / this.n] = performance.now();
    this.s.net.write(m);
    this.at += this.n;
  }
}

const all = [];
let base = 0, refused = '';
for (let i = 0; i < slips.length && !refused; i++) {
  const p = new Player();
  refused = await p.begin(slips[i], i);
  if (!refused) all.push(p);
  if (i === 0) base = rss(); // with the sound font, the courses and one player's item: what the room itself needs
}
const { players_most } = await teacher.get('/api/server');
console.log(`${all.length} of ${players} players have opened their items; the server holds ${rss().toFixed(0)} MB`);
if (refused) console.log(`the others were refused: ${refused}`);
const machine = () => { // busy ticks of the whole machine, whoever's
  const f = readFileSync('/proc/stat', 'latin1').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return (f[0] + f[1] + f[2] + f[5] + f[6]) / 100;
};
const own_s = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };
const seconds = []; // of the run: what each took
const look = () => {
  const at = { t: performance.now(), server: ticks(), generator: own_s(), machine: machine(), playing: all.filter(p => !p.result).length };
  const was = look.was;
  look.was = at;
  if (!was) return;
  const s = (at.t - was.t) / 1000, server = (at.server - was.server) / s, generator = (at.generator - was.generator) / s;
  seconds.push({ server, generator, others: Math.max(0, (at.machine - was.machine) / s - server - generator), playing: was.playing });
};
const begun = performance.now(), cpu0 = ticks(), busy0 = machine(), own0 = process.cpuUsage();
all.forEach((p, i) => { p.begunAt = begun + (i * PIECE_MS) / all.length; p.s.say({ do: 'start' }); });
let most = 0;
while (all.some(p => !p.kept) && performance.now() - begun < 180000) {
  const now = performance.now();
  for (const p of all) {
    while (!p.result && p.at / p.rate * 1000 < now - p.begunAt) p.piece();
    if (p.s.closed !== null) fail(`a player was let go: ${p.s.closed}`);
  }
  most = Math.max(most, rss());
  if (now - (look.was?.t ?? 0) > 1000) look();
  await sleep(2);
}
const wall = (performance.now() - begun) / 1000, own = process.cpuUsage(own0);
const delays = all.flatMap(p => p.delays), verdicts = all.map(p => p.result.at - p.judgeAt);
const right = all.reduce((n, p) => n + p.result.verdict.notes.filter(x => x.pitch === 'correct').length, 0);
const notes = all.reduce((n, p) => n + p.result.verdict.notes.length, 0);
const gaps = (await teacher.get('/api/server')).dropped;
console.log(`${wall.toFixed(0)} s played; kept ${all.filter(p => p.kept).length} of ${all.length}; ${right} of ${notes} notes right; let go: ${gaps}`);
console.log(`message to event: median ${quantile(delays, .5).toFixed(1)} ms, p99 ${quantile(delays, .99).toFixed(1)} ms, longest ${quantile(delays, 1).toFixed(0)} ms (${delays.length} events)`);
console.log(`end of the take to its verdict: median ${quantile(verdicts, .5).toFixed(0)} ms, longest ${quantile(verdicts, 1).toFixed(0)} ms`);
const server = (ticks() - cpu0) / wall, generator = (own.user + own.system) / 1e6 / wall;
const others = (machine() - busy0) / wall - server - generator;
const streamed = all.reduce((n, p) => n + p.at / p.rate, 0);
const mean = (rows, f) => rows.reduce((n, r) => n + f(r), 0) / Math.max(1, rows.length);
console.log(`processors, the whole ${wall.toFixed(0)} s: server ${server.toFixed(2)}, generator ${generator.toFixed(2)}, other programs ${Math.max(0, others).toFixed(2)} of ${os.cpus().length}; the server takes ${(1000 * server * wall / streamed).toFixed(1)} ms a second of a stream`);
const full = seconds.filter(r => r.playing >= 0.9 * all.length);
const peak = { server: mean(full, r => r.server), generator: mean(full, r => r.generator), others: mean(full, r => r.others) };
console.log(`processors, the ${full.length} s in which nine in ten play: server ${peak.server.toFixed(2)}, generator ${peak.generator.toFixed(2)}, other programs ${peak.others.toFixed(2)}`);
if (ear_ms > 0) console.log(`the ears alone, at ${ear_ms} ms each: ${(all.length * ear_ms / 1000 / os.cpus().length * 100).toFixed(0)} % of ${os.cpus().length} processors`);
console.log(`the server itself says that this machine can hear ${players_most} before and ${(await teacher.get('/api/server')).players_most} after this`);
const binds = peak.server + peak.generator + peak.others > 0.95 * os.cpus().length ? 'the processors' : quantile(delays, .99) > 150 ? 'something that waits' : 'nothing yet';
console.log(`what binds: ${binds}`);
const file = process.env.WOODSHED_LOAD_BEFORE;
const before = file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
const more = before && all.length > before.players ? `; each further one than in the row before ${((most - before.most) / (all.length - before.players)).toFixed(1)} MB` : '';
console.log(`memory: ${most.toFixed(0)} MB at most; a stream ${((most - base) / all.length).toFixed(1)} MB, beyond what the room needs with one player waiting (${base.toFixed(0)})${more}`);
if (file) writeFileSync(file, JSON.stringify({ players: all.length, most }));
process.exit(0);
