// The verdict signs on their grid of 16. A lying line is the pitch asked for, an upright line the beat; the triangle stands
// where the player was. A diamond is heard and not written, a ring written and not heard.
import type { VerdictNote } from '../api_types';
import { type Word, say } from '../words';

export type Sign = 'correct' | 'sharp' | 'flat' | 'wrong' | 'missed' | 'extra' | 'early' | 'late' | 'short' | 'long' | 'none';
export type Tone = 'correct' | 'near' | 'wrong' | 'time' | 'none';

export const toneOf: Record<Sign, Tone> = {
  correct: 'correct', sharp: 'near', flat: 'near', wrong: 'wrong', missed: 'wrong', extra: 'wrong',
  early: 'time', late: 'time', short: 'time', long: 'time', none: 'none',
};

export const wordOf: Record<Sign, Word> = {
  correct: 'sign_correct', sharp: 'sign_sharp', flat: 'sign_flat', wrong: 'sign_wrong', missed: 'sign_missed', extra: 'sign_extra',
  early: 'sign_early', late: 'sign_late', short: 'sign_short', long: 'sign_long', none: 'sign_none',
};

const stroke = { fill: 'none', stroke: 'currentColor', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' } as const;

function shape(sign: Sign) {
  switch (sign) {
    case 'correct': return <path d="M2.8 8.6 6.4 12.4 13.2 3.8" {...stroke} stroke-width="2.4" />;
    case 'sharp': return <g fill="currentColor"><path d="M8 1.5 13 9 3 9z" /><rect x="1.5" y="11.9" width="13" height="2.3" rx="1" /></g>;
    case 'flat': return <g fill="currentColor"><path d="M8 14.5 13 7 3 7z" /><rect x="1.5" y="1.8" width="13" height="2.3" rx="1" /></g>;
    case 'wrong': return <path d="M3.6 3.6 12.4 12.4M12.4 3.6 3.6 12.4" {...stroke} stroke-width="2.6" />;
    case 'missed': return <ellipse cx="8" cy="8" rx="5.8" ry="4.6" transform="rotate(-20 8 8)" {...stroke} stroke-width="2.1" />;
    case 'extra': return <path d="M8 1.8 14.2 8 8 14.2 1.8 8z" fill="currentColor" />;
    case 'early': return <g fill="currentColor"><path d="M1.5 8 9 3 9 13z" /><rect x="11.9" y="1.5" width="2.3" height="13" rx="1" /></g>;
    case 'late': return <g fill="currentColor"><path d="M14.5 8 7 3 7 13z" /><rect x="1.8" y="1.5" width="2.3" height="13" rx="1" /></g>;
    case 'short': return <g fill="currentColor"><rect x="1.6" y="2.5" width="1.8" height="11" rx=".8" /><rect x="12.6" y="2.5" width="1.8" height="11" rx=".8" /><rect x="2.5" y="6.2" width="6" height="3.6" /></g>;
    case 'long': return <g fill="currentColor"><rect x="1.6" y="2.5" width="1.8" height="11" rx=".8" /><rect x="8.1" y="2.5" width="1.8" height="11" rx=".8" /><rect x="2.5" y="6.2" width="12" height="3.6" /></g>;
    case 'none': return <g fill="currentColor"><circle cx="3" cy="8" r="1.6" /><circle cx="8" cy="8" r="1.6" /><circle cx="13" cy="8" r="1.6" /></g>;
  }
}

/** A sign beside words that say the same; alone give it a label. */
export function SignIcon({ sign, size = 16, label }: { sign: Sign; size?: number; label?: boolean }) {
  return (
    <svg class={`sign tone-${toneOf[sign]}`} width={size} height={size} viewBox="0 0 16 16" focusable="false"
      {...(label ? { role: 'img', 'aria-label': say(wordOf[sign]) } : { 'aria-hidden': true })}>
      {shape(sign)}
    </svg>
  );
}

/** What a note shows: pitch above time; a right note one small tick. */
export type Judged = Pick<VerdictNote, 'pitch' | 'timing'> & Partial<Pick<VerdictNote, 'length' | 'cents' | 'onset_error_ms' | 'played_midi'>>;

export function signsOf(note: Judged): Sign[] {
  const signs: Sign[] = [];
  if (note.pitch === 'missed') return ['missed'];
  if (note.pitch === 'sharp' || note.pitch === 'flat' || note.pitch === 'wrong') signs.push(note.pitch);
  if (note.timing === 'early' || note.timing === 'late') signs.push(note.timing);
  if (note.length === 'short' || note.length === 'long') signs.push(note.length);
  if (signs.length > 0) return signs;
  if (note.pitch === 'unsure' || (note.pitch === null && note.timing !== 'on_time')) return ['none'];
  return ['correct'];
}

/** Pitch colours the note; a note that is only too long or short keeps its colour. */
export function noteTone(note: Judged): Tone {
  const signs = signsOf(note).filter((s) => s !== 'short' && s !== 'long');
  return signs.length > 0 ? toneOf[signs[0]!] : 'correct';
}
