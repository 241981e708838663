// How late this machine hears what it plays: the room's probes leave the loudspeaker, the microphone sends what comes back, the
// server finds them in it. What was measured is kept in this browser, for each microphone by its name: it belongs to the machine.
import type { Calibrated, LiveEvent } from '../api_types';
import { Link } from './link';
import { type Applied, Microphone } from './microphone';

export interface Delay {
  latency_s: number;
  spread_s: number;
  at: string; // when it was measured
}

const shelf = 'woodshed-delays';
const mostKept = 8;
const startInS = 0.3;
const patienceS = 10; // beyond the probes' own length

function all(): Record<string, Delay> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(shelf) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, Delay>) : {};
  } catch {
    return {}; // a browser that keeps nothing, or something else's words
  }
}

function nameOf(applied: Applied): string {
  return applied.device || applied.deviceId || 'microphone';
}

/** What was measured with this microphone; null: never. */
export function delayOf(applied: Applied): Delay | null {
  const kept = all()[nameOf(applied)];
  return kept && Number.isFinite(kept.latency_s) && Number.isFinite(kept.spread_s) ? kept : null;
}

function keep(applied: Applied, delay: Delay): void {
  const rest = Object.entries(all()).filter(([name]) => name !== nameOf(applied));
  try {
    localStorage.setItem(shelf, JSON.stringify(Object.fromEntries([...rest, [nameOf(applied), delay]].slice(-mostKept))));
  } catch {
    // it holds for nothing then, and is asked for again
  }
}

async function probes(microphone: Microphone): Promise<AudioBuffer> {
  const answer = await fetch(`/api/probe?rate_hz=${microphone.rate}`, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(String(answer.status));
  return microphone.context.decodeAudioData(await answer.arrayBuffer());
}

/**
 * Play the probes and have what comes back measured; some eleven seconds.
 * @param gone whether nobody waits for it any more
 * @return what the server found; refused: MicrophoneTrouble, or the room does not answer
 */
export async function measureDelay(deviceId: string | undefined, gone: () => boolean): Promise<Calibrated> {
  const microphone = await Microphone.open(deviceId);
  const link = new Link(microphone.rate);
  const { context } = microphone;
  let timer = 0;
  try {
    const sound = await probes(microphone);
    let base: number | null = null;
    let playing: AudioBufferSourceNode | null = null;
    microphone.onChunk = (chunk) => {
      base ??= chunk.frame;
      link.sound(chunk.frame - base, chunk.samples);
      if (playing || base === null || !opened) return;
      const at = context.currentTime + startInS;
      playing = context.createBufferSource();
      playing.buffer = sound;
      playing.connect(context.destination);
      playing.start(at);
      link.say({ do: 'probe', frame: Math.round(at * microphone.rate) - base });
    };
    let opened = false;
    const found = await new Promise<Calibrated>((done, failed) => {
      const end = performance.now() + (sound.duration + startInS + patienceS) * 1000;
      timer = window.setInterval(() => (gone() || performance.now() > end) && failed(new Error('no answer')), 250);
      link.onEvent = (e: LiveEvent) => {
        if (e.event === 'opened') opened = true;
        if (e.event === 'calibrated') done(e);
        if (e.event === 'error') failed(new Error(e.error.text));
      };
      link.onAway = (away) => away && failed(new Error('away'));
      link.open();
      link.say({ do: 'check', rate_hz: microphone.rate, device: microphone.applied.device.slice(0, 160), probe: true });
    });
    if (found.latency_s !== null && found.spread_s !== null)
      keep(microphone.applied, { latency_s: found.latency_s, spread_s: found.spread_s, at: new Date().toISOString() });
    return found;
  } finally {
    window.clearInterval(timer);
    link.close();
    microphone.close();
  }
}
