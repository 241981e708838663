// What a note is called, and what is said about it, for people who listen to the page and for the line under the score.
import type { Line, Note } from '../music/line';
import { type View } from '../music/engrave';
import { midiName, nameOf } from '../music/pitch';
import { say, sentence, signed } from '../words';
import { type Judged, signsOf } from './signs';

export function noteName(note: Note, view: View): string {
  if (!note.pitched) return say('a_stroke');
  const p = view === 'concert' ? note.sounding : note.written;
  return `${nameOf(p)}${p[2]}`;
}

export function placeOf(note: Note): string {
  const beat = Number.isInteger(note.beat) ? String(note.beat) : note.beat.toFixed(2).replace(/0$/, '');
  return say('bar_beat', { bar: note.measure, beat });
}

/** "Bar 4, beat 1: G♯4, sharp by 41 cents, on time." */
export function sayNote(note: Note, judged: Judged | undefined, view: View, line: Line): string {
  const start = `${placeOf(note)}: ${noteName(note, view)}`;
  if (!judged) return start;
  const parts: string[] = [];
  for (const sign of signsOf(judged)) {
    if (sign === 'sharp' || sign === 'flat') parts.push(say(sign === 'sharp' ? 'sharp_by' : 'flat_by', { cents: Math.abs(Math.round(judged.cents ?? 0)) }));
    else if (sign === 'wrong') parts.push(heardAs(note, judged, view, line));
    else if (sign === 'missed') parts.push(say('sign_missed'));
    else if (sign === 'early' || sign === 'late') parts.push(say(sign === 'early' ? 'early_by' : 'late_by', { ms: Math.abs(Math.round(judged.onset_error_ms ?? 0)) }));
    else if (sign === 'short' || sign === 'long') parts.push(say(sign === 'short' ? 'sign_short' : 'sign_long'));
    else if (sign === 'none') parts.push(say('sign_none'));
  }
  if (parts.length === 0) {
    if (judged.pitch === 'correct' && judged.timing === 'on_time') parts.push(say('in_tune_in_time', { cents: signed(judged.cents ?? 0) }));
    else if (judged.pitch === 'correct') parts.push(say('in_tune_only', { cents: signed(judged.cents ?? 0) }));
    else parts.push(say('in_time'));
  } else if (judged.timing === 'on_time' && judged.pitch !== 'missed') parts.push(say('in_time'));
  return `${start}, ${parts.join(', ')}.`;
}

function heardAs(note: Note, judged: Judged, view: View, line: Line): string {
  if (judged.played_midi === null || judged.played_midi === undefined) return say('sign_wrong');
  const shift = view === 'concert' ? 0 : writtenShift(note);
  const fifths = line.measures[note.measureIndex]?.fifths ?? 0;
  const heard = midiName(judged.played_midi + shift, fifths);
  return say('heard_as', { note: `${heard.name}${heard.octave}` });
}

/** Semitones from sounding to written. */
export function writtenShift(note: Note): number {
  const semitones = [0, 2, 4, 5, 7, 9, 11];
  const midi = (p: readonly [number, number, number]): number => 12 * (p[2] + 1) + (semitones[p[0]] ?? 0) + p[1];
  return midi(note.written) - midi(note.sounding);
}

export function sayStart(line: Line): string {
  const bars = line.measures.length;
  return sentence(say('score_label', { bars, notes: line.notes.length }));
}
