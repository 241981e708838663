// A practice room of its own for a test: the real server on a free port with a store that nobody else has, and a client for its API.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const buildFolder = resolve(process.env.WOODSHED_BUILD ?? join(root, 'build/release'));
export const pagesFolder = resolve(process.env.WOODSHED_PAGES ?? join(root, 'build/web'));
export const program = join(buildFolder, 'woodshed');
export const run = promisify(execFile);

/** So long whatever has to appear may take, in ms; where more programs want to run than there are processors, so many times as long. */
export function patience(seconds = 60) {
  return seconds * 1000 * Math.max(1, loadavg()[0] / cpus().length);
}

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Somebody at the API: cookie and token are kept. */
export class Caller {
  constructor(address) {
    this.address = address;
    this.cookie = '';
    this.csrf = '';
  }

  async ask(method, path, body) {
    const headers = { Origin: this.address };
    if (this.cookie) headers.Cookie = this.cookie;
    if (this.csrf && method !== 'GET') headers['X-Woodshed-Csrf'] = this.csrf;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const answer = await fetch(this.address + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const cookie = answer.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0];
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(value)}`);
    if (value.csrf) this.csrf = value.csrf;
    return value;
  }
}

export class Room {
  /** @param prepare of the room's folder before the server begins; gives more of its environment */
  static async open({ firstRun = true, prepare = async () => ({}) } = {}) {
    const room = new Room();
    room.folder = mkdtempSync(join(tmpdir(), 'woodshed-room-'));
    const port = await freePort();
    room.address = `http://127.0.0.1:${port}`;
    room.log = '';
    room.server = spawn(program, ['serve', '--port', String(port), '--store', join(room.folder, 'store.db'), '--web', pagesFolder, '--room', 'Music 2'], {
      cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...(await prepare(room.folder)) },
    });
    for (const stream of [room.server.stdout, room.server.stderr]) stream.on('data', (bytes) => (room.log += bytes));
    await room.answering();
    if (firstRun) await room.people();
    return room;
  }

  async answering() {
    for (let tries = 0; tries < 300; tries++) {
      if (this.server.exitCode !== null) throw new Error(`woodshed serve ended with ${this.server.exitCode}:\n${this.log}`);
      try {
        if ((await fetch(`${this.address}/api/hello`)).ok) return;
      } catch {
        // not yet
      }
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`woodshed serve did not answer:\n${this.log}`);
  }

  /** A teacher, and students Alice, Ben and Cleo with their slips. */
  async people() {
    this.teacher = new Caller(this.address);
    await this.teacher.ask('POST', '/api/first-run', { name: 'Ms Rivera', login: 'rivera', password: 'three words here' });
    const { slips } = await this.teacher.ask('POST', '/api/students', { text: 'Alice Martin, flute\nBen Okoro, trumpet\nCleo Park, flute' });
    [this.alice, this.ben, this.cleo] = slips;
  }

  async signedIn(slip) {
    const caller = new Caller(this.address);
    await caller.ask('POST', '/api/login', { login: slip.login, password: slip.password });
    return caller;
  }

  async close() {
    if (this.server.exitCode === null) {
      const ended = new Promise((done) => this.server.once('exit', done));
      this.server.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
