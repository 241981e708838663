// From a verdict to things to work on, in four depths: where, what, why, how. What the judge advises comes first; places that
// no advice covers are gathered by their sign.
import type { Message, Verdict, VerdictNote } from './api_types';
import type { Line } from './music/line';
import { type Sign, signsOf } from './score/signs';
import { firstSentence, say, type Word } from './words';

export interface Finding {
  sign: Sign;
  title: string;
  where: string;
  what: string;
  why: string;
  how: string;
  notes: number[];
}

/** Which signs an advice is about, by the beginning of its code. */
const about: [prefix: string, signs: Sign[]][] = [
  ['advice_missed', ['missed']], ['advice_skipped', ['missed']], ['advice_late_start', ['missed']], ['advice_early_stop', ['missed']],
  ['advice_ends_in', ['missed']], ['advice_rushing', ['early']], ['advice_dragging', ['late']], ['advice_entries', ['late']],
  ['advice_uneven', ['early', 'late']], ['advice_gets_', ['early', 'late']], ['advice_dotted', ['early', 'late']], ['advice_sw', ['early', 'late']],
  ['advice_flat_', ['flat']], ['advice_sharp_', ['sharp']], ['advice_out_of_tune', ['sharp', 'flat']], ['advice_drift', ['sharp', 'flat']],
  ['advice_scoop', ['flat']], ['advice_short', ['short']], ['advice_key_', ['wrong']], ['advice_accidental', ['wrong']],
  ['advice_register_', ['wrong']], ['advice_octave_', ['wrong']], ['advice_partial_', ['wrong']], ['advice_slide_', ['wrong']],
  ['advice_neighbour', ['wrong']], ['advice_good_note', ['wrong']], ['advice_not_clear', ['none']], ['advice_heard_good', ['none']],
  ['advice_weak_bars', ['wrong', 'missed', 'early', 'late']],
];
const noThing = new Set(['advice_loop', 'advice_echo_loop', 'advice_all_good', 'advice_good']);
const order: Sign[] = ['wrong', 'missed', 'late', 'early', 'flat', 'sharp', 'short', 'long', 'none'];

export function barsOf(notes: readonly VerdictNote[]): string[] {
  return [...new Set(notes.map((n) => n.measure))];
}

/** "bars 1, 5 and 6" */
export function sayBars(bars: readonly string[]): string {
  if (bars.length === 0) return '';
  if (bars.length === 1) return say('bar_n', { bar: bars[0]! });
  return say('bars_n', { bars: bars.slice(0, -1).join(', '), last: bars[bars.length - 1]! });
}

function span(values: number[], one: Word, many: Word): string {
  const sizes = values.map((v) => Math.abs(Math.round(v))).sort((a, b) => a - b);
  const least = sizes[0] ?? 0;
  const most = sizes[sizes.length - 1] ?? 0;
  return least === most || sizes.length === 1 ? say(one, { n: most }) : say(many, { from: least, to: most });
}

function what(sign: Sign, notes: readonly VerdictNote[]): string {
  const places = say('in_places', { n: notes.length });
  switch (sign) {
    case 'early':
    case 'late':
      return `${say(sign === 'early' ? 'what_early' : 'what_late', { size: span(notes.map((n) => n.onset_error_ms ?? 0), 'ms_one', 'ms_span') })} ${places}.`;
    case 'sharp':
    case 'flat':
      return `${say(sign === 'sharp' ? 'what_sharp' : 'what_flat', { size: span(notes.map((n) => n.cents ?? 0), 'cents_one', 'cents_span') })} ${places}.`;
    default:
      return say(`what_${sign}` as Word, { n: notes.length });
  }
}

function parts(text: string): [first: string, rest: string] {
  const first = firstSentence(text);
  return [first, text.slice(first.length + 1)];
}

function finding(sign: Sign, notes: readonly VerdictNote[], advice: Message | null): Finding {
  const bars = barsOf(notes);
  const bar = advice && typeof advice['bar'] !== 'object' ? advice['bar'] : undefined;
  const where = bars.length > 0 ? sayBars(bars) : bar === undefined ? say('whole_take') : say('bar_n', { bar: String(bar) });
  const [why, how] = advice ? parts(advice.text) : [say(`why_${sign}` as Word), say(`how_${sign}` as Word)];
  const done = notes.length > 0 ? what(sign, notes) : why;
  return { sign, title: `${done.replace(/\.$/, '')}, ${where}`, where, what: done, why: notes.length > 0 && advice !== null && saysMore(why) ? why : notes.length > 0 ? say(`why_${sign}` as Word) : '', how: how || say(`how_${sign}` as Word), notes: notes.map((n) => n.index) };
}

/** Whether an advice tells a reason, and not the count again. */
function saysMore(first: string): boolean {
  return !/^\d+ \w+ (?:was|were|come|is|are) /.test(first);
}

export function findings(verdict: Verdict): Finding[] {
  const found: Finding[] = [];
  const covered = new Set<string>();
  const withSign = (sign: Sign): VerdictNote[] => verdict.notes.filter((n) => signsOf(n).includes(sign));
  for (const advice of verdict.advice ?? []) {
    if (noThing.has(advice.code)) continue;
    const signs = about.find(([prefix]) => advice.code.startsWith(prefix))?.[1] ?? [];
    const sign = signs.find((s) => withSign(s).length > 0) ?? signs[0] ?? 'late';
    if (signs.length > 0 && covered.has(sign) && withSign(sign).length > 0) {
      found.push({ ...finding(sign, [], advice) });
      continue;
    }
    covered.add(sign);
    found.push(finding(sign, signs.length > 0 ? withSign(sign) : [], advice));
  }
  for (const sign of order) {
    const notes = withSign(sign);
    if (notes.length > 0 && !covered.has(sign)) found.push(finding(sign, notes, null));
  }
  return found;
}

/** The bars to loop and the tempos to do it at: the judge's own, or the two bars that were worth least. */
export function weakest(verdict: Verdict, line: Line, tempo: number): { from: string; to: string; ladder: number[] } | null {
  const own = verdict.advice?.find((a) => a.code === 'advice_loop');
  if (own) return { from: String(own['from']), to: String(own['to']), ladder: [own['slow'], own['middle'], own['full']].map(Number) };
  const bars = line.measures.map((m, i) => {
    const notes = verdict.notes.filter((n) => line.notes[n.index]?.measureIndex === i && n.credit !== null);
    return { number: m.number, lost: notes.reduce((sum, n) => sum + 1 - (n.credit ?? 0), 0) };
  });
  if (bars.length < 2 || bars.every((b) => b.lost < 0.01)) return null;
  let best = 0;
  for (let i = 1; i + 1 < bars.length; i++) {
    const lost = (k: number): number => bars[k]!.lost + bars[k + 1]!.lost;
    if (lost(i) > lost(best)) best = i;
  }
  const full = Math.round(tempo);
  return { from: bars[best]!.number, to: bars[best + 1]!.number, ladder: full > 0 ? [Math.round(full * 0.6), Math.round(full * 0.8), full] : [] };
}
