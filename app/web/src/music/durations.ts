// Lengths as they are written: one head, with dots, inside a tuplet or not.
import { type Fraction, less, minus, plus, reduce, same, times, value, whole } from './line';

/** A written length: dur as in MEI ("breve", "1", "2", ... "64"), and dots. */
export interface Written {
  dur: string;
  dots: number;
}

const table: { f: Fraction; w: Written }[] = [];
for (let power = 3; power >= -4; power--) {
  const base = power >= 0 ? whole(2 ** power) : reduce(1, 2 ** -power); // in quarters: 8 is a breve
  const dur = power === 3 ? 'breve' : String(2 ** (2 - power));
  table.push({ f: times(base, 7, 4), w: { dur, dots: 2 } });
  table.push({ f: times(base, 3, 2), w: { dur, dots: 1 } });
  table.push({ f: base, w: { dur, dots: 0 } });
}

export function writtenAs(length: Fraction): Written | undefined {
  return table.find((row) => same(row.f, length))?.w;
}

/** The odd factor that makes a length a tuplet's: 3 for a triplet's, 1 for plain ones. */
export function oddPart(f: Fraction): number {
  let d = f.d;
  while (d % 2 === 0) d /= 2;
  return d;
}

export function tupletBase(odd: number): number {
  let base = 1;
  while (base * 2 < odd) base *= 2;
  return base;
}

export interface Piece {
  start: Fraction;
  length: Fraction;
}

/** Part a length where one head cannot show it, so that beats stay visible; what cannot be written stays whole. */
export function pieces(start: Fraction, length: Fraction, beat: Fraction, rest: boolean): Piece[] {
  const written = writtenAs(length);
  const offset = value(start) / value(beat);
  const onBeat = Math.abs(offset - Math.round(offset)) < 1e-9;
  if (written && (!rest || onBeat || value(length) <= value(beat))) return [{ start, length }];
  // the last beat inside, then halves of it
  let step = beat;
  for (let tries = 0; tries < 7; tries++) {
    const end = plus(start, length);
    const beats = Math.floor(value(end) / value(step) - 1e-9);
    const cut = times(step, beats, 1);
    if (less(start, cut) && less(cut, end)) {
      const head = minus(cut, start);
      const tail = minus(end, cut);
      return [...pieces(start, head, beat, rest), ...pieces(cut, tail, beat, rest)];
    }
    step = times(step, 1, 2);
  }
  return [{ start, length }];
}
