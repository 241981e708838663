// Names of pitches and places on the line of fifths. A spelled pitch is [letter 0..6 from C, alteration, octave], as in a
// prompt's line.

export type Spelled = readonly [letter: number, alter: number, octave: number];

const letters = ['C', 'D', 'E', 'F', 'G', 'A', 'B'] as const;
const semitones = [0, 2, 4, 5, 7, 9, 11] as const;
const fifths = [0, 2, 4, -1, 1, 3, 5] as const;
const sharpNames = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'] as const;
const flatNames = ['C', 'D♭', 'D', 'E♭', 'E', 'F', 'G♭', 'G', 'A♭', 'A', 'B♭', 'B'] as const;

export function letterOf(p: Spelled): string {
  return letters[p[0]] ?? 'C';
}

export function midiOf(p: Spelled): number {
  return (p[2] + 1) * 12 + (semitones[p[0]] ?? 0) + p[1];
}

/** Place on the line of fifths: C 0, G 1, F -1, B flat -2. */
export function fifthsOf(p: Spelled): number {
  return (fifths[p[0]] ?? 0) + 7 * p[1];
}

const signs: Record<string, string> = { '-3': '♭♭♭', '-2': '♭♭', '-1': '♭', '0': '', '1': '♯', '2': '𝄪', '3': '♯♯♯' };

/** "G♯" */
export function nameOf(p: Spelled): string {
  return letterOf(p) + (signs[String(p[1])] ?? '');
}

/** Name and octave of a MIDI number, spelled towards the key. */
export function midiName(midi: number, keyFifths = 0): { name: string; octave: number } {
  const names = keyFifths < 0 ? flatNames : sharpNames;
  const m = Math.round(midi);
  return { name: names[((m % 12) + 12) % 12] ?? 'C', octave: Math.floor(m / 12) - 1 };
}

/** What the signature of fifths does to a letter: -1, 0 or 1. */
export function keyAlter(keyFifths: number, letter: number): number {
  const at = fifths[letter] ?? 0; // F is -1, the first sharp; B is 5, the first flat
  if (keyFifths > 0) return at < keyFifths - 1 ? 1 : 0;
  if (keyFifths < 0) return at >= 6 + keyFifths ? -1 : 0;
  return 0;
}
