// A small client for the server's tests: HTTP with cookies, and a WebSocket that can also misbehave. Node's own modules alone.
import http from 'node:http';
import net from 'node:net';
import crypto from 'node:crypto';

export const sleep = ms => new Promise(done => setTimeout(done, ms));

export function fail(text) {
  throw new Error(text);
}

export function same(got, wanted, what) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) fail(`${what}: ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`);
}

/** One browser: its cookie, its token. */
export class Browser {
  constructor(port, origin) {
    this.port = port;
    this.origin = origin ?? `http://127.0.0.1:${port}`;
    this.cookie = '';
    this.csrf = '';
  }

  ask(method, path, body, headers = {}) {
    return new Promise((done, failed) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const h = { ...headers };
      if (this.cookie) h.cookie = this.cookie;
      if (method !== 'GET') {
        h.origin ??= this.origin;
        if (this.csrf) h['x-woodshed-csrf'] ??= this.csrf;
        h['content-length'] = text === undefined ? 0 : Buffer.byteLength(text);
      }
      const req = http.request({ host: '127.0.0.1', port: this.port, method, path, headers: h, agent: false }, res => {
        const parts = [];
        res.on('data', d => parts.push(d));
        res.on('end', () => {
          const data = Buffer.concat(parts);
          const set = res.headers['set-cookie']?.[0];
          if (set) this.cookie = set.split(';')[0];
          let json;
          if (/json/.test(res.headers['content-type'] ?? '')) json = JSON.parse(data.toString());
          if (json?.csrf) this.csrf = json.csrf;
          done({ status: res.statusCode, headers: res.headers, data, json });
        });
      });
      req.on('error', failed);
      if (text !== undefined) req.write(text);
      req.end();
    });
  }

  async get(path, status = 200) {
    const r = await this.ask('GET', path);
    same(r.status, status, `GET ${path} ${r.data.toString().slice(0, 300)}`);
    return r.json ?? r.data;
  }

  async post(path, body, status = 200, headers = {}, method = 'POST') {
    const r = await this.ask(method, path, body, headers);
    same(r.status, status, `${method} ${path} ${r.data.toString().slice(0, 300)}`);
    return r.json ?? r.data;
  }

  socket(headers = {}) {
    return Socket.open(this.port, { origin: this.origin, cookie: this.cookie, ...headers });
  }
}

/** A WebSocket; what comes is in `events`, the close code in `closed`. */
export class Socket {
  static open(port, headers, path = '/api/live', address = '127.0.0.1') {
    return new Promise((done, failed) => {
      const s = new Socket();
      s.events = [];
      s.waiting = [];
      s.status = 0;
      s.closed = null;
      s.rest = Buffer.alloc(0);
      s.net = net.connect(port, address, () => {
        const lines = [`GET ${path} HTTP/1.1`, `Host: ${headers.host ?? `127.0.0.1:${port}`}`, 'Upgrade: websocket', 'Connection: Upgrade',
          `Sec-WebSocket-Key: ${crypto.randomBytes(16).toString('base64')}`, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: woodshed-live-1'];
        for (const [k, v] of Object.entries(headers)) if (v && k !== 'host') lines.push(`${k}: ${v}`);
        s.net.write(lines.join('\r\n') + '\r\n\r\n');
      });
      s.net.on('error', () => { s.closed ??= 'error'; s.wake(); if (!s.status) { s.status = -1; done(s); } });
      s.net.on('close', () => { s.closed ??= 'closed'; s.wake(); if (!s.status) { s.status = -1; done(s); } });
      s.net.on('data', d => {
        s.rest = Buffer.concat([s.rest, d]);
        if (!s.status) {
          const end = s.rest.indexOf('\r\n\r\n');
          if (end < 0) return;
          s.status = Number(s.rest.toString('latin1', 9, 12));
          s.rest = s.rest.subarray(end + 4);
          done(s);
          if (s.status !== 101) return;
        }
        if (s.status === 101) s.frames();
      });
      setTimeout(() => failed(new Error('no answer to the upgrade')), 10000).unref();
    });
  }

  frames() {
    for (;;) {
      const b = this.rest;
      if (b.length < 2) return;
      let n = b[1] & 127, at = 2;
      if (n === 126) { if (b.length < 4) return; n = b.readUInt16BE(2); at = 4; }
      else if (n === 127) { if (b.length < 10) return; n = Number(b.readBigUInt64BE(2)); at = 10; }
      if (b.length < at + n) return;
      const op = b[0] & 15, data = b.subarray(at, at + n);
      this.rest = b.subarray(at + n);
      if (op === 1) { this.events.push(JSON.parse(data.toString())); this.wake(); }
      if (op === 9) this.frame(10, data);
      if (op === 8) { this.closed = n >= 2 ? data.readUInt16BE(0) : 1005; this.wake(); }
    }
  }

  wake() {
    for (const w of this.waiting.splice(0)) w();
  }

  frame(op, data, final = true) {
    const mask = crypto.randomBytes(4);
    const head = data.length < 126 ? Buffer.from([0, 0x80 | data.length]) : data.length < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
    if (data.length >= 65536) { head[1] = 0xff; head.writeBigUInt64BE(BigInt(data.length), 2); }
    else if (data.length >= 126) { head[1] = 0xfe; head.writeUInt16BE(data.length, 2); }
    head[0] = (final ? 0x80 : 0) | op;
    const masked = Buffer.from(data);
    for (let i = 0; i < masked.length; i++) masked[i] ^= mask[i & 3];
    this.net.write(Buffer.concat([head, mask, masked]));
  }

  say(o) { this.frame(1, Buffer.from(JSON.stringify(o))); }

  /** Mono samples (numbers in -1..1) as a sound message. */
  sound(x, at, rate, floats = false) {
    const head = Buffer.alloc(16);
    head[0] = 1;
    head[1] = floats ? 2 : 1;
    head.writeUInt32LE(rate, 4);
    head.writeBigUInt64LE(BigInt(at), 8);
    const body = Buffer.alloc(x.length * (floats ? 4 : 2));
    for (let i = 0; i < x.length; i++) {
      if (floats) body.writeFloatLE(x[i], 4 * i);
      else body.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(x[i] * 32767))), 2 * i);
    }
    this.frame(2, Buffer.concat([head, body]));
  }

  /** The first event that fits; what came before it is dropped from the list. */
  async wait(fits, ms = 15000) {
    const test = typeof fits === 'string' ? e => e.event === fits : fits;
    const until = Date.now() + ms;
    for (;;) {
      const i = this.events.findIndex(test);
      if (i >= 0) return this.events.splice(0, i + 1).pop();
      if (this.closed !== null) fail(`closed (${this.closed}) while waiting for ${fits}`);
      if (Date.now() > until) fail(`nothing like ${fits} came; there came: ${this.events.map(e => e.event).join(' ').slice(0, 400)}`);
      await Promise.race([new Promise(w => this.waiting.push(w)), sleep(Math.max(1, until - Date.now()))]);
    }
  }

  async waitClosed(ms = 15000) {
    const until = Date.now() + ms;
    while (this.closed === null) {
      if (Date.now() > until) fail('the server does not close');
      await Promise.race([new Promise(w => this.waiting.push(w)), sleep(50)]);
    }
    return this.closed;
  }

  cut() { this.net.destroy(); }
}

/** Samples of a WAV as the server writes it: mono, 24 bits. */
export function wav(data) {
  let at = 12, rate = 0;
  for (;;) {
    const id = data.toString('latin1', at, at + 4), n = data.readUInt32LE(at + 4);
    if (id === 'fmt ') { rate = data.readUInt32LE(at + 12); same(data.readUInt16LE(at + 22), 24, 'bits of a sample'); }
    if (id === 'data') {
      const x = new Float32Array(Math.floor(Math.min(n, data.length - at - 8) / 3));
      for (let i = 0; i < x.length; i++) x[i] = data.readIntLE(at + 8 + 3 * i, 3) / 8388608;
      return { x, rate };
    }
    at += 8 + n + (n & 1);
  }
}

/** Plays like a browser's microphone: silence up to the music, then x, then silence; until told to stop. By the clock, at `speed`. */
export class Microphone {
  constructor(socket, rate) {
    this.socket = socket;
    this.rate = rate;
    this.at = 0;
    this.x = null;
    this.from = Infinity;
    this.on = true;
  }

  play(x, from) { this.x = x; this.from = from; }

  piece(n) {
    const p = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      const k = this.at + i - this.from;
      p[i] = (this.x && k >= 0 && k < this.x.length ? this.x[k] : 0) + (((this.at + i) * 7919) % 101 - 50) * 4e-6;
    }
    return p;
  }

  async run(speed = 1) {
    const n = Math.round(this.rate / 50), begun = Date.now(), first = this.at;
    while (this.on) {
      while (this.on && this.at - first < (Date.now() - begun) / 1000 * this.rate * speed) {
        if (this.socket.closed === null) this.socket.sound(this.piece(n), this.at, this.rate);
        this.at += n;
      }
      await sleep(10);
    }
  }
}
