// The microphone and the server's ear without an item: for the tuner, the device check, and activities that are played by ear.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CardOpened, CardWish, LiveEvent, Message as Told } from '../api_types';
import { midiName } from '../music/pitch';
import type { Heard } from '../parts/meters';
import type { Word } from '../words';
import { byeText } from './bye';
import { Link } from './link';
import { type Applied, loudness, Microphone, MicrophoneTrouble } from './microphone';
import type { Source } from './source';

export interface Ears {
  on: boolean;
  opening: boolean;
  trouble: Word | null;
  away: boolean;
  applied: Applied | null;
  card: CardOpened | null; // the machine's own, in place of a microphone of the browser
  rate: number;
  db: number;
  peak: number;
  heard: Heard | null;
  checked: { messages: Told[]; ok: boolean } | null;
  refusal: string;
}

const quiet: Ears = { on: false, opening: false, trouble: null, away: false, applied: null, card: null, rate: 0, db: -120, peak: -120, heard: null, checked: null, refusal: '' };

/** The microphone and the server's ear, without an item. */
export function useEars(semitones: number): [Ears, { open(source: Source): void; close(): void }] {
  const [ears, setEars] = useState(quiet);
  const held = useRef<{ microphone: Microphone | null; card: CardWish | null; link: Link | null; round: number }>({ microphone: null, card: null, link: null, round: 0 });
  const change = (c: Partial<Ears>): void => setEars((e) => ({ ...e, ...c }));
  const close = (): void => {
    held.current.round++;
    held.current.link?.close();
    held.current.microphone?.close();
    held.current.link = null;
    held.current.microphone = null;
    held.current.card = null;
    setEars(quiet);
  };
  useEffect(() => close, []);
  const refuse = (why: string): void => {
    close();
    change({ refusal: why });
  };
  const hear = (e: LiveEvent): void => {
    if (e.event === 'pitch') {
      if (!e.voiced || e.midi === undefined) change({ heard: null });
      else change({ heard: { ...midiName(e.midi - semitones), cents: e.cents ?? 0 } });
    } else if (e.event === 'checked') change({ checked: e });
    else if (e.event === 'opened' && e.card) {
      const applied: Applied = { device: e.card.input, deviceId: '', echo: null, noise: null, gain: null };
      change({ on: true, opening: false, card: e.card, applied, rate: e.card.rate_hz });
    } else if (e.event === 'level' && held.current.card) setEars((now) => ({ ...now, db: Math.max(e.rms_db, now.db - 4), peak: Math.max(e.peak_db, now.peak - 1) }));
    else if (e.event === 'card') change({ refusal: e.lost ? e.text : '' });
    else if (e.event === 'error' && held.current.card) refuse(e.error.text);
    else if (e.event === 'error') change({ refusal: e.error.text });
    else if (e.event === 'bye') change({ refusal: byeText(e) });
  };
  const openCard = (card: CardWish): void => {
    const link = new Link(0);
    held.current.card = card;
    held.current.link = link;
    link.onEvent = hear;
    link.onAway = (away) => change({ away });
    link.onLost = () => link.say({ do: 'check', card });
    link.open();
    link.say({ do: 'check', card });
  };
  const open = (source: Source): void => {
    close();
    const round = held.current.round;
    change({ opening: true });
    if (source.kind === 'card') return openCard(source.card);
    return void Microphone.open(source.device).then(
      (microphone) => {
        if (round !== held.current.round) return microphone.close();
        const link = new Link(microphone.rate);
        held.current.microphone = microphone;
        held.current.link = link;
        let base: number | null = null;
        let last = 0;
        microphone.onTrouble = (trouble) => change({ trouble });
        microphone.onChunk = (chunk) => {
          base ??= chunk.frame;
          link.sound(chunk.frame - base, chunk.samples);
          const now = performance.now();
          if (now - last < 80) return;
          last = now;
          const { rms, peak } = loudness(chunk.samples);
          setEars((e) => ({ ...e, db: Math.max(rms, e.db - 4), peak: Math.max(peak, e.peak - 1) }));
        };
        link.onEvent = hear;
        link.onAway = (away) => change({ away });
        link.onLost = () => {
          base = null;
          link.say({ do: 'check', rate_hz: microphone.rate, device: microphone.applied.device });
        };
        link.open();
        link.say({ do: 'check', rate_hz: microphone.rate, device: microphone.applied.device });
        setEars({ ...quiet, on: true, applied: microphone.applied, rate: microphone.rate, trouble: microphone.muted ? 'mic_muted' : null });
        return undefined;
      },
      (error: unknown) => {
        if (round === held.current.round) setEars({ ...quiet, trouble: error instanceof MicrophoneTrouble ? error.word : 'mic_unknown' });
      },
    );
  };
  return [ears, { open, close }];
}
