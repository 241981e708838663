// An instrument as the engraver needs it.
import type { InstrumentRow } from './api_types';
import type { Instrument } from './music/engrave';

/** @param row null: nothing is known of it, and it is read in the treble clef */
export function instrumentOf(row: InstrumentRow | null): Instrument {
  return { clef: row?.clef || 'treble', unpitched: row?.unpitched ?? false, ...(row?.clef2 ? { clef2: row.clef2 } : {}) };
}
