// Many players at once: serve_load.mjs PORT SERVER-PID PLAYERS. Each signs in, opens an item of its own, and plays it as a browser's microphone
// would, 20 ms at a time; whole verdicts come back. Told: the delay from the message that holds a frame to the event about that frame, note
// events a second, the time to the verdict, what server and generator cost.
import { readFileSync } from 'node:fs';
import { Browser, wav, fail, sleep } from '../e2e/serve_client.mjs';

const [port, pid, players] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const PIECE_MS = 20;
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
    this.rate = model.rate;
    this.x = model.x;
    this.delays = [];
    this.at = 0;
    this.from = Infinity;
    this.sentAt = [];
    this.n = Math.round(this.rate * PIECE_MS / 1000);
    this.s = await this.b.socket();
    this.s.say({ do: 'open', rate_hz: this.rate, drill: drills[i % drills.length], seed: i + 1, level: 1, settings: { asking: 'never' } });
    await this.s.wait('opened', 60000);
    this.s.wake = () => this.look();
    this.result = null;
    this.kept = null;
    this.notes = 0;
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
    const p = new Float32Array(this.n);
    for (let i = 0; i < this.n; i++) {
      const k = this.at + i - this.from;
      p[i] = (k >= 0 && k < this.x.length ? this.x[k] : 0) + (((this.at + i) * 7919) % 101 - 50) * 4e-6;
    }
    this.sentAt[this.at / this.n] = performance.now();
    this.s.sound(p, this.at, this.rate);
    this.at += this.n;
  }
}

const all = slips.map(() => new Player());
for (let i = 0; i < all.length; i++) await all[i].begin(slips[i], i);
console.log(`${players} players have opened their items; the server holds ${rss().toFixed(0)} MB`);
const begun = performance.now(), cpu0 = ticks(), own0 = process.cpuUsage();
all.forEach((p, i) => { p.begunAt = begun + (i * PIECE_MS) / players; p.s.say({ do: 'start' }); });
let most = 0;
while (all.some(p => !p.kept) && performance.now() - begun < 180000) {
  const now = performance.now();
  for (const p of all) {
    while (!p.result && p.at / p.rate * 1000 < now - p.begunAt) p.piece();
    if (p.s.closed !== null) fail(`a player was let go: ${p.s.closed}`);
  }
  most = Math.max(most, rss());
  await sleep(2);
}
const wall = (performance.now() - begun) / 1000, own = process.cpuUsage(own0);
const delays = all.flatMap(p => p.delays), verdicts = all.map(p => p.result.at - p.judgeAt);
const right = all.reduce((n, p) => n + p.result.verdict.notes.filter(x => x.pitch === 'correct').length, 0);
const notes = all.reduce((n, p) => n + p.result.verdict.notes.length, 0);
const gaps = (await teacher.get('/api/server')).dropped;
console.log(`${wall.toFixed(0)} s played; kept ${all.filter(p => p.kept).length} of ${players}; ${right} of ${notes} notes right; let go: ${gaps}`);
console.log(`message to event: median ${quantile(delays, .5).toFixed(1)} ms, p99 ${quantile(delays, .99).toFixed(1)} ms, longest ${quantile(delays, 1).toFixed(0)} ms (${delays.length} events)`);
console.log(`end of the take to its verdict: median ${quantile(verdicts, .5).toFixed(0)} ms, longest ${quantile(verdicts, 1).toFixed(0)} ms`);
console.log(`processors: server ${((ticks() - cpu0) / wall).toFixed(2)}, generator ${((own.user + own.system) / 1e6 / wall).toFixed(2)}; memory ${most.toFixed(0)} MB at most`);
process.exit(0);
