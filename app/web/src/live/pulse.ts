// Where in the music a captured frame is, in quarters: by the click, or by the player where nobody counts or who plays stays behind the one who does.
import type { LiveEvent } from '../api_types';
import { fraction, type RawNote, value } from '../music/line';
import { Behind } from './behind';

export class Pulse {
  beats = 4; // of a bar
  private music = 0; // frame of the music's first beat
  private tempo = 0; // quarters a minute of the click; 0: nobody counts
  private quartersABeat = 1;
  private follow = { beat: 0, at: 0, bpm: 60 };
  private behind = new Behind();
  private late = 0; // beats behind the click

  /** A take: until it is told otherwise the player is with the click. */
  begin(): void {
    this.late = 0;
  }

  cue(e: Extract<LiveEvent, { event: 'cue' }>): void {
    this.music = e.music_frame;
    this.tempo = e.metronome ? e.metronome.quarter_bpm : 0;
    this.beats = e.metronome?.beats.length ?? this.beats;
    this.quartersABeat = e.metronome?.beats[0] ?? 1;
    this.behind = new Behind();
    this.begin();
    this.follow = { beat: 0, at: e.music_frame, bpm: this.tempo || 60 };
  }

  /** The player was found. @returns beats behind the click; 0: with it, or there is none */
  position(e: Extract<LiveEvent, { event: 'position' }>, rate: number): number {
    this.follow = { beat: e.onset_beats ?? this.follow.beat, at: e.frame, bpm: e.tempo_bpm || this.follow.bpm };
    if (this.tempo > 0) this.late = this.behind.told(this.byClick(e.frame, rate) - this.follow.beat, this.tempo, this.quartersABeat);
    return this.late;
  }

  /** Whether a trace is drawn by the player's own beat. */
  get follows(): boolean {
    return this.tempo === 0 || this.late > 0;
  }

  /** What the cursor shows. */
  ofClick(frame: number, rate: number): number {
    return this.tempo === 0 ? this.byPlayer(frame, rate) : this.byClick(frame, rate);
  }

  /** What a trace is drawn at. */
  ofPlayer(frame: number, rate: number): number {
    return this.follows ? this.byPlayer(frame, rate) : this.byClick(frame, rate);
  }

  /** The ear tells a little late: right after a note's beat it may still tell the note before. */
  lingers(frame: number, rate: number, midi: number, notes: RawNote[]): boolean {
    const beat = this.ofPlayer(frame, rate);
    const bpm = this.follows ? this.follow.bpm : this.tempo;
    const at = notes.findIndex((n, i) => beat < startOf(notes[i + 1]) && beat >= startOf(n));
    const before = notes[at - 1];
    return before !== undefined && ((beat - startOf(notes[at])) * 60) / bpm < 0.25 && Math.abs(midi - (before.midi ?? 0)) < 0.6 && before.midi !== notes[at]?.midi;
  }

  private byClick(frame: number, rate: number): number {
    return ((frame - this.music) / rate) * (this.tempo / 60);
  }

  private byPlayer(frame: number, rate: number): number {
    return this.follow.beat + Math.max(0, Math.min(4, ((frame - this.follow.at) / rate) * (this.follow.bpm / 60)));
  }
}

function startOf(note: RawNote | undefined): number {
  return note ? value(fraction(note.onset_beats)) : Number.POSITIVE_INFINITY;
}
