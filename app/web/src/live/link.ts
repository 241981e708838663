// The live WebSocket. Sound that the server has not confirmed is kept, so that a take goes on after the network was away.
import type { LiveEvent, LiveDo } from '../api_types';
import { addressOf } from './address';

const headerBytes = 16;
const mostKeptS = 30;
const retryMs = 500;

interface Kept {
  place: number;
  samples: Float32Array;
}

export class Link {
  onEvent: (event: LiveEvent) => void = () => undefined;
  onAway: (away: boolean) => void = () => undefined;
  /** The connection came back outside a take: what was opened has to be opened again. */
  onLost: () => void = () => undefined;

  private socket: WebSocket | null = null;
  private take = '';
  private playing = false;
  private closed = false;
  private kept: Kept[] = [];
  private waiting: string[] = [];
  private resuming = false;
  private away = false;
  private first = '';

  constructor(private readonly rate: number) {}

  open(): void {
    const socket = new WebSocket(addressOf('/api/live'), 'woodshed-live-1');
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      if (this.take && this.playing) {
        this.resuming = true;
        socket.send(JSON.stringify({ do: 'resume', take: this.take } satisfies LiveDo));
      } else {
        if (this.away && this.first) this.onLost();
        this.onAway(false);
      }
      this.away = false;
      for (const text of this.waiting.splice(0)) socket.send(text);
    };
    socket.onmessage = (e: MessageEvent<string>) => this.hear(JSON.parse(e.data) as LiveEvent);
    socket.onclose = () => {
      this.socket = null;
      if (this.closed) return;
      this.away = true;
      this.onAway(true);
      setTimeout(() => this.closed || this.open(), retryMs);
    };
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
  }

  say(what: LiveDo): void {
    const text = JSON.stringify(what);
    if (what.do === 'open' || what.do === 'check') {
      this.forget();
      this.take = '';
      this.first = text;
    }
    if (this.socket?.readyState === WebSocket.OPEN && !this.resuming) this.socket.send(text);
    else this.waiting.push(text);
  }

  /** @param place of the first sample since the last open or check, in frames */
  sound(place: number, samples: Float32Array): void {
    this.kept.push({ place, samples });
    while (this.kept.length > 0 && place - this.kept[0]!.place > mostKeptS * this.rate) this.kept.shift();
    if (this.socket?.readyState === WebSocket.OPEN && !this.resuming) this.send(place, samples);
  }

  private send(place: number, samples: Float32Array): void {
    const bytes = new ArrayBuffer(headerBytes + 2 * samples.length);
    const view = new DataView(bytes);
    view.setUint8(0, 1);
    view.setUint8(1, 1);
    view.setUint32(4, this.rate, true);
    view.setBigUint64(8, BigInt(place), true);
    for (let i = 0; i < samples.length; i++) {
      const s = Math.max(-1, Math.min(1, samples[i]!));
      view.setInt16(headerBytes + 2 * i, Math.round(s * 32767), true);
    }
    this.socket?.send(bytes);
  }

  private hear(event: LiveEvent): void {
    if (event.event === 'opened') this.take = event.take;
    if (event.event === 'state') this.playing = event.state === 'count_in' || event.state === 'listen' || event.state === 'judge';
    if (event.event === 'heard') this.kept = this.kept.filter((k) => k.place + k.samples.length > event.next_frame);
    if (event.event === 'kept') this.forget();
    if (event.event === 'resumed') {
      this.resuming = false;
      this.kept = this.kept.filter((k) => k.place + k.samples.length > event.next_frame);
      for (const k of this.kept) this.send(k.place, k.samples);
      for (const text of this.waiting.splice(0)) this.socket?.send(text);
      this.onAway(false);
    }
    this.onEvent(event);
  }

  private forget(): void {
    this.playing = false;
    this.resuming = false;
    this.kept = [];
  }
}
