// What is heard and counted: level, pitch, beats, gates, ranges.
import type { GateDimension } from '../api_types';
import { percent, say, sayIfKnown, sentence, signed, type Word } from '../words';
import { SignIcon } from '../score/signs';

export type LevelWord = 'level_nothing' | 'level_soft' | 'level_good' | 'level_loud';

export const levelMarks = { softDb: -42, loudDb: -6, floorDb: -70 } as const;

/** @param db loudness of the last tenth of a second @param peakDb its highest sample */
export function levelWord(db: number, peakDb: number): LevelWord {
  if (peakDb > -1) return 'level_loud';
  if (db < -60) return 'level_nothing';
  return db < levelMarks.softDb ? 'level_soft' : 'level_good';
}

const levelShare = (db: number): number => Math.max(0, Math.min(1, (db - levelMarks.floorDb) / -levelMarks.floorDb));

export function Level({ db, word }: { db: number; word: Word }) {
  return (
    <div class="level">
      <div class="level-bar" role="meter" aria-label={say('level')} aria-valuemin={levelMarks.floorDb} aria-valuemax={0}
        aria-valuenow={Math.round(Math.max(levelMarks.floorDb, Math.min(0, db)))} aria-valuetext={say(word)}>
        <div class="level-fill" style={{ width: `${levelShare(db) * 100}%` }} />
        <span class="level-mark" style={{ left: `${levelShare(levelMarks.softDb) * 100}%` }} />
        <span class="level-mark" style={{ left: `${levelShare(levelMarks.loudDb) * 100}%` }} />
      </div>
      <span class="level-word">{say(word)}</span>
    </div>
  );
}

export interface Heard {
  name: string; // "A♯"
  octave: number;
  cents: number; // from the nearest note, or from the note asked for
}

/** The note, a marker on the lane's own scale, and words. */
export function Readout({ heard, large }: { heard: Heard | null; large?: boolean }) {
  const cents = heard ? Math.max(-110, Math.min(110, heard.cents)) : 0;
  const word: Word = !heard ? 'nothing_yet' : Math.abs(heard.cents) <= 30 ? 'readout_in_tune' : heard.cents > 0 ? 'readout_sharp' : 'readout_flat';
  return (
    <div class={`readout${large ? ' large' : ''}`}>
      <span class="readout-note">{heard ? heard.name : '–'}<sub>{heard ? heard.octave : ''}</sub></span>
      <div class="readout-scale" aria-hidden="true">
        <span class="readout-band" />
        <span class="readout-zero" />
        {heard && <span class="readout-marker" style={{ left: `${((cents + 110) / 220) * 100}%` }} />}
      </div>
      <span class="readout-words">
        {heard && Math.abs(heard.cents) > 30 && <SignIcon sign={heard.cents > 0 ? 'sharp' : 'flat'} />}
        {heard ? say(word, { cents: signed(heard.cents) }) : say('nothing_yet')}
      </span>
    </div>
  );
}

/** Large and small dots by metre: past filled, now in the accent. @param now -1 none */
export function BeatRow({ beats, strong, now }: { beats: number; strong: readonly number[]; now: number }) {
  return (
    <div class="beats" aria-hidden="true">
      {Array.from({ length: beats }, (_, i) => (
        <span key={i} class={`dot${strong.includes(i) ? ' strong' : ''}${i < now ? ' past' : ''}${i === now ? ' now' : ''}`} />
      ))}
    </div>
  );
}

export function sayDimension(name: string): string {
  return sayIfKnown(`dimension_${name}`, name);
}

export function dimensionName(name: string): string {
  return sentence(sayDimension(name));
}

/** Cells of the last four counted takes, oldest left, and a sentence that decides. */
export function GateMeter({ d, reason, needed }: { d: GateDimension; reason?: string | undefined; needed: number }) {
  const cells = d.last.slice(-4);
  const target = percent(d.target);
  const spoken = cells.map((c) => (c.score === null ? say('cell_passed_over') : `${percent(c.score)} %`)).join(', ');
  return (
    <li class="gate-row">
      <span class="gate-sign">{d.reached || d.waived ? <SignIcon sign="correct" size={20} label /> : <span class="open-box" role="img" aria-label={say('not_yet')} />}</span>
      <span class="gate-name">{say('dimension_target', { dimension: dimensionName(d.name), target })}</span>
      <span class="cells" role="img" aria-label={cells.length > 0 ? say('last_takes', { takes: spoken }) : say('no_takes_yet')}>
        {Array.from({ length: Math.max(0, 4 - cells.length) }, (_, i) => <span key={`e${i}`} class="cell empty" />)}
        {cells.map((c, i) => (
          <span key={i} class={`cell ${c.score === null ? 'over' : c.reached ? 'reached' : 'not'}`}>{c.score === null ? '–' : percent(c.score)}</span>
        ))}
      </span>
      <span class={`gate-why${d.reached ? '' : ' missing'}`}>{reason ?? (d.reached ? say('gate_reached') : say('gate_needs', { n: needed, target }))}</span>
    </li>
  );
}

/** 50 to 100 %: band = range, thick tick = score, upright line = target. */
export function RangeBar({ name, score, target, low, high, note }: {
  name: string; score: number | null; target: number | null; low: number | null; high: number | null; note: string;
}) {
  const at = (share: number): string => `${Math.max(0, Math.min(1, (share - 0.5) * 2)) * 100}%`;
  const reached = score !== null && target !== null && score >= target;
  const range = low !== null && high !== null && high - low > 0.005 ? say('range', { low: percent(low), high: percent(high) }) : '';
  return (
    <li class="range">
      <span class="range-name">{dimensionName(name)}</span>
      <span class="range-score"><strong>{score === null ? say('not_scored') : `${percent(score)} %`}</strong> {range}</span>
      <span class={`range-bar${score === null ? ' withheld' : ''}`} aria-hidden="true">
        {score !== null && low !== null && high !== null && <span class="range-band" style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }} />}
        {score !== null && <span class="range-tick" style={{ left: at(score) }} />}
        {target !== null && <span class="range-target" style={{ left: at(target) }} />}
      </span>
      <span class="range-note">{reached && <SignIcon sign="correct" size={14} />}{note}</span>
    </li>
  );
}
