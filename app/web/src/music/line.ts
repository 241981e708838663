// A prompt as the server gives it, and its line: the notes asked for, in performance order.
import type { Spelled } from './pitch';

/** A number that JSON cannot hold exactly in decimals comes as [mantissa, power of two]; nothing is 0. */
export type Real = number | readonly [number, number] | undefined | null;
/** A place or length in quarter notes, as numerator and denominator; nothing is 0. */
export type Beat = readonly [number, number] | undefined | null;

export function real(v: Real): number {
  if (v === undefined || v === null) return 0;
  return typeof v === 'number' ? v : v[0] * 2 ** v[1];
}

export interface RawNote {
  id: string;
  pass?: number;
  measure: string;
  measure_index?: number;
  beat: number;
  pitched?: boolean;
  midi?: number;
  sounding?: Spelled;
  written?: Spelled;
  onset_beats?: Beat;
  duration_beats?: Beat;
  onset_s?: Real;
  duration_s?: Real;
  staff?: number;
  voice?: string;
  flags?: number;
}

export interface RawMeasure {
  number: string;
  pass?: number;
  start_beats?: Beat;
  length_beats?: Beat;
  beats?: number;
  beat_type?: number;
  fifths?: number;
  pickup?: boolean;
}

export interface Target {
  dimension: string;
  score: number;
}

export interface Prompt {
  schema: string;
  kind: string;
  id: string;
  assessor: string;
  seed: string;
  profile: string;
  title: string;
  instruction: string;
  a_click?: boolean;
  tempo_bpm?: number;
  count_in_beats?: number;
  fixed_pitch?: boolean;
  sung?: boolean;
  hold_s?: number;
  policy?: string;
  part?: string;
  targets?: Target[];
  line: { tempo_bpm?: number; length_beats?: Beat; notes?: RawNote[]; measures?: RawMeasure[] };
}

/** An exact place: a fraction of quarter notes. */
export interface Fraction {
  n: number;
  d: number;
}

export function fraction(b: Beat): Fraction {
  return b ? { n: b[0], d: b[1] } : { n: 0, d: 1 };
}

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

export function reduce(n: number, d: number): Fraction {
  const g = gcd(n, d) || 1;
  return { n: n / g, d: d / g };
}

export const plus = (a: Fraction, b: Fraction): Fraction => reduce(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Fraction, b: Fraction): Fraction => reduce(a.n * b.d - b.n * a.d, a.d * b.d);
export const times = (a: Fraction, n: number, d: number): Fraction => reduce(a.n * n, a.d * d);
export const less = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;
export const same = (a: Fraction, b: Fraction): boolean => a.n * b.d === b.n * a.d;
export const value = (a: Fraction): number => a.n / a.d;
export const whole = (n: number): Fraction => ({ n, d: 1 });

export interface Note {
  index: number; // as in verdicts and live events
  measure: string;
  measureIndex: number;
  beat: number; // in the metre's beats, from 1
  pitched: boolean;
  midi: number; // sounding
  sounding: Spelled;
  written: Spelled;
  onset: Fraction; // quarters from the start
  length: Fraction; // 0 for a grace note
  staff: number;
  voice: string;
  flags: number;
}

export interface Measure {
  number: string;
  start: Fraction;
  length: Fraction;
  beats: number;
  beatType: number;
  fifths: number; // sounding
  pickup: boolean;
}

export interface Line {
  notes: Note[];
  measures: Measure[];
  length: Fraction;
}

const c4: Spelled = [0, 0, 4];

export function readLine(prompt: Prompt): Line {
  const notes = (prompt.line.notes ?? []).map((n, index): Note => ({
    index,
    measure: n.measure,
    measureIndex: n.measure_index ?? 0,
    beat: n.beat,
    pitched: n.pitched ?? false,
    midi: n.midi ?? 0,
    sounding: n.sounding ?? c4,
    written: n.written ?? n.sounding ?? c4,
    onset: fraction(n.onset_beats),
    length: fraction(n.duration_beats),
    staff: n.staff ?? 1,
    voice: n.voice ?? '1',
    flags: n.flags ?? 0,
  }));
  const measures = (prompt.line.measures ?? []).map((m): Measure => ({
    number: m.number,
    start: fraction(m.start_beats),
    length: fraction(m.length_beats),
    beats: m.beats ?? 0,
    beatType: m.beat_type ?? 0,
    fifths: m.fifths ?? 0,
    pickup: m.pickup ?? false,
  }));
  return { notes, measures, length: fraction(prompt.line.length_beats) };
}

/** The metre's beat in quarters: a dotted quarter in 6/8, 9/8, 12/8, else one over the lower number. */
export function beatLength(m: Measure): Fraction {
  if (m.beatType === 0) return whole(1);
  if (m.beatType >= 8 && m.beats > 3 && m.beats % 3 === 0) return reduce(12, m.beatType);
  return reduce(4, m.beatType);
}
