// Everything at once, for the thread sanitizer and for whoever looks for races: serve_storm.mjs PORT SECONDS PLAYERS [SEED] [killed].
// Players with different sound play, stop, cancel, restart, mark, lose their network and come back or do not, sign out in mid-take, open a second
// window, and ask for pages meanwhile. What each does is told by the seed. killed: the server is killed meanwhile, and nothing is checked but that
// no player waits for ever. Printed: what happened, how often.
import { writeFileSync } from 'node:fs';
import { Browser, fail, sleep, wav } from './serve_client.mjs';

const [port, seconds, players] = [2, 3, 4].map((i) => Number(process.argv[i]));
const killed = process.argv.includes('killed');
const PIECE_MS = 20, DRILLS = ['first-notes/figures', 'first-notes/scales', 'rhythm/phrases', 'long-tones/steady-tone'];
const instruments = ['flute', 'clarinet', 'trumpet', 'viola', 'trombone', 'alto_sax', 'violin', 'voice'];
const end = Date.now() + seconds * 1000;
const happened = {};
const count = (what) => (happened[what] = (happened[what] ?? 0) + 1);
const over = () => Date.now() > end;

function dice(seed) {
  let s = seed >>> 0;
  return (n) => ((s = (Math.imul(s, 1664525) + 1013904223) >>> 0), Math.floor((s / 2 ** 32) * n));
}

class Player {
  constructor(slip, i) {
    Object.assign(this, { slip, i, roll: dice(977 * (i + 1) + Number(process.argv[5] ?? 1)), at: 0, playing: 0 });
  }

  async signIn() {
    this.b = new Browser(port);
    await this.b.post('/api/login', { login: this.slip.login, password: this.slip.password });
  }

  async item() {
    const drill = `applied-instrumental/${DRILLS[this.roll(DRILLS.length)]}`, seed = 1 + this.roll(5);
    const answer = await this.b.ask('GET', `/api/drill/sound?id=${encodeURIComponent(drill)}&seed=${seed}&level=1`);
    this.x = answer.status === 200 ? wav(answer.data) : { rate: 44100, x: new Float64Array(44100).map((_, k) => 0.2 * Math.sin(k * (0.03 + 0.002 * this.i))) };
    if (this.s === undefined || this.s.closed !== null) this.s = await this.b.socket();
    this.at = 0;
    this.s.say({ do: 'open', rate_hz: this.x.rate, drill, seed, level: 1, settings: { asking: 'never', no_count_in: this.roll(2) === 0 } });
    const opened = await this.s.wait((e) => e.event === 'opened' || e.event === 'error', 60000);
    this.token = opened.take;
    if (opened.error?.code === 'busy') count('refused'); // the machine hears no more at once: the rest of it is refused, too
  }

  /** Some seconds of sound from here on, as time goes by. */
  async send(s) {
    const n = Math.round((this.x.rate * PIECE_MS) / 1000), until = Date.now() + s * 1000;
    while (Date.now() < until && this.s.closed === null) {
      const from = Math.max(0, this.at - this.began);
      const piece = Array.from({ length: n }, (_, k) => (this.x.x[from + k] ?? 0) + ((k * 7919) % 11) * 1e-5);
      this.s.sound(piece, this.at, this.x.rate);
      this.at += n;
      await sleep(PIECE_MS);
    }
  }

  async take() {
    await this.item();
    this.began = this.at + Math.round(this.x.rate * 0.5);
    this.s.say({ do: 'counts', on: this.roll(2) === 0 });
    this.s.say({ do: 'start' });
    count('takes');
    writeFileSync('playing', ''); // for who waits with a kill
    await this.send(1 + this.roll(4));
    const acts = [
      async () => (this.s.say({ do: 'stop' }), await this.result('stopped')),
      async () => (this.s.say({ do: 'cancel' }), count('cancelled')),
      async () => (this.s.say({ do: 'restart' }), count('restarted'), await this.send(1), this.s.say({ do: 'stop' })),
      async () => (this.s.say({ do: 'mark' }), this.s.say({ do: 'ping', t: 1 }), await this.send(2), this.s.say({ do: 'stop' }), await this.result('marked')),
      () => this.back(),
      async () => (this.s.cut(), (this.s = undefined), count('left for good')),
      async () => (await this.b.ask('POST', '/api/logout'), await this.send(1), this.s.cut(), (this.s = undefined), await this.signIn(), count('signed out')),
      () => this.window(),
    ];
    await acts[this.roll(acts.length)]();
  }

  async result(what) {
    await this.s.wait((e) => e.event === 'kept' || e.event === 'error' || (e.event === 'state' && e.state === 'prepare'), 120000);
    count(what);
  }

  /** The network is gone for a moment. */
  async back() {
    this.s.cut();
    await sleep(200 + this.roll(1500));
    this.s = await this.b.socket();
    this.s.say({ do: 'resume', take: this.token });
    const answer = await this.s.wait((e) => e.event === 'resumed' || e.event === 'error', 60000);
    if (answer.event === 'resumed') this.at = Math.max(this.at, answer.next_frame);
    await this.send(1);
    this.s.say({ do: 'stop' });
    count('came back');
  }

  /** A second window of the same player, and its pages. */
  async window() {
    const other = await this.b.socket();
    other.say({ do: 'check', rate_hz: 48000 });
    const asks = ['/api/today', '/api/path', '/api/takes', '/api/me', '/api/courses', '/api/hello'].map((p) => this.b.ask('GET', p));
    for (let k = 0; k < 20; k++) other.sound(new Float64Array(960).map(() => 0.01), 960 * k, 48000);
    for (const a of await Promise.all(asks)) if (a.status !== 200) fail(`a page: ${a.status}`);
    other.cut();
    this.s.say({ do: 'stop' });
    count('two windows');
  }

  async play() {
    while (!over()) {
      try {
        if (!this.b) await this.signIn();
        await this.take();
      } catch (e) {
        if (!killed) throw e;
        count('cut off by the kill');
        return;
      }
    }
    this.s?.cut();
  }
}

const teacher = new Browser(port);
const { first_run } = await teacher.get('/api/hello');
if (first_run) await teacher.post('/api/first-run', { name: 'Ms Lind', login: 'lind', password: 'correct horse battery' });
else await teacher.post('/api/login', { login: 'lind', password: 'correct horse battery' });
const list = Array.from({ length: players }, (_, i) => `Player ${Date.now() % 100000} ${i + 1}\t${instruments[i % instruments.length]}`).join('\n');
const { slips } = await teacher.post('/api/students', { text: list });
const watch = (async () => {
  while (!over()) {
    await teacher.ask('GET', '/api/server').catch((e) => killed || fail(e));
    await teacher.ask('GET', '/api/students').catch((e) => killed || fail(e));
    await sleep(300);
  }
})();
await Promise.all([...slips.map((slip, i) => new Player(slip, i).play()), watch]);
console.log(JSON.stringify(happened));
if (!killed && !(happened.takes > players)) fail(`only ${happened.takes} takes were begun`);
process.exit(0);
