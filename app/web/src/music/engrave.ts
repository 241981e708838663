// From a line to MEI, which Verovio draws. Each head is called "n<index>", its tied continuations "n<index>t<k>", so that
// verdicts and live events find their notes. Repeats are played out, as the player plays them.
import { oddPart, type Piece, pieces, tupletBase, writtenAs } from './durations';
import { beatLength, type Fraction, less, type Line, type Measure, minus, type Note, plus, same, times, value, whole } from './line';
import { fifthsOf, keyAlter, letterOf, type Spelled } from './pitch';

export type View = 'written' | 'concert';

export interface Instrument {
  clef: string; // "treble", "treble-8vb", "alto", "tenor", "bass", "percussion"
  clef2?: string;
  unpitched?: boolean;
}

const clefs: Record<string, string> = {
  treble: 'clef.shape="G" clef.line="2"',
  'treble-8vb': 'clef.shape="G" clef.line="2" clef.dis="8" clef.dis.place="below"',
  alto: 'clef.shape="C" clef.line="3"',
  tenor: 'clef.shape="C" clef.line="4"',
  bass: 'clef.shape="F" clef.line="4"',
  percussion: 'clef.shape="perc" clef.line="3"',
};

const accidentals: Record<string, string> = { '-3': 'tf', '-2': 'ff', '-1': 'f', '0': 'n', '1': 's', '2': 'x', '3': 'ts' };

/** What stands at one moment in one voice: a note, a chord, or a rest. */
interface Event extends Piece {
  notes: Note[]; // none: a rest
  first: boolean; // no tie from before
  last: boolean; // no tie onwards
  part: number; // which tied piece
}

interface Drawing {
  view: View;
  fifths: number;
  accidentalsNow: Map<string, number>;
  unpitched: boolean;
}

function spelled(note: Note, view: View): Spelled {
  return view === 'concert' ? note.sounding : note.written;
}

/** How far the written key lies from the sounding one, on the line of fifths. */
function keyShift(line: Line, view: View): number {
  const first = line.notes.find((n) => n.pitched);
  if (!first || view === 'concert') return 0;
  return fifthsOf(first.written) - fifthsOf(first.sounding);
}

/** The events of one voice in one measure, without gaps. */
function eventsOf(notes: Note[], measure: Measure): Event[] {
  const end = plus(measure.start, measure.length);
  const beat = beatLength(measure);
  const events: Event[] = [];
  let at = measure.start;
  const rest = (until: Fraction): void => {
    for (const p of pieces(minus(at, measure.start), minus(until, at), beat, true))
      events.push({ start: plus(measure.start, p.start), length: p.length, notes: [], first: true, last: true, part: 0 });
  };
  let i = 0;
  while (i < notes.length) {
    const note = notes[i]!;
    const chord = [note];
    while (i + 1 < notes.length && same(notes[i + 1]!.onset, note.onset)) chord.push(notes[++i]!);
    i++;
    const noteEnd = plus(note.onset, note.length);
    const from = less(note.onset, measure.start) ? measure.start : note.onset;
    const next = notes[i];
    let to = less(end, noteEnd) ? end : noteEnd;
    if (next && less(next.onset, to)) to = next.onset; // held into the next note: drawn up to it
    if (!less(from, to)) continue;
    if (less(at, from)) rest(from);
    for (const p of pieces(minus(from, measure.start), minus(to, from), beat, false)) {
      const start = plus(measure.start, p.start);
      const before = value(minus(start, note.onset));
      events.push({
        start,
        length: p.length,
        notes: chord,
        first: before < 1e-9,
        last: value(plus(start, p.length)) > value(noteEnd) - 1e-9,
        part: before < 1e-9 ? 0 : Math.round(before * 960),
      });
    }
    at = to;
  }
  if (less(at, end)) rest(end);
  return events;
}

function accidental(p: Spelled, d: Drawing): string {
  const key = `${p[0]}/${p[2]}`;
  const now = d.accidentalsNow.get(key) ?? keyAlter(d.fifths, p[0]);
  const sign = accidentals[String(p[1])] ?? 'n';
  if (now === p[1]) return p[1] === 0 ? '' : ` accid.ges="${sign}"`;
  d.accidentalsNow.set(key, p[1]);
  return ` accid="${sign}"`;
}

function head(note: Note, e: Event, d: Drawing, length: string): string {
  const id = e.part === 0 ? `n${note.index}` : `n${note.index}t${e.part}`;
  const tie = e.first ? (e.last ? '' : ' tie="i"') : e.last ? ' tie="t"' : ' tie="m"';
  if (!note.pitched || d.unpitched) return `<note xml:id="${id}" loc="0"${length}${tie}/>`;
  const p = spelled(note, d.view);
  const accid = e.first ? accidental(p, d) : ` accid.ges="${accidentals[String(p[1])] ?? 'n'}"`;
  return `<note xml:id="${id}" pname="${letterOf(p).toLowerCase()}" oct="${p[2]}"${accid}${length}${tie}/>`;
}

function draw(e: Event, d: Drawing, scale: Fraction, id: string): string {
  const w = writtenAs(times(e.length, scale.n, scale.d));
  const length = w ? ` dur="${w.dur}"${w.dots ? ` dots="${w.dots}"` : ''}` : ' dur="4"';
  if (e.notes.length === 0) return `<rest xml:id="${id}"${length}/>`;
  if (e.notes.length === 1) return head(e.notes[0]!, e, d, length);
  return `<chord${length}>${e.notes.map((n) => head(n, e, d, '')).join('')}</chord>`;
}

/** How long a beam may be: a beat, or in simple metres of plain eighths half a measure of four. */
function beamable(e: Event, scale: Fraction): boolean {
  return e.notes.length > 0 && value(times(e.length, scale.n, scale.d)) < 0.99;
}

function beams(drawn: { text: string; beam: boolean }[]): string {
  let out = '';
  for (let i = 0; i < drawn.length; ) {
    let j = i;
    while (j < drawn.length && drawn[j]!.beam) j++;
    if (j - i >= 2) out += `<beam>${drawn.slice(i, j).map((x) => x.text).join('')}</beam>`;
    else if (j > i) out += drawn[i]!.text;
    else j = i + 1, (out += drawn[i]!.text);
    i = j;
  }
  return out;
}

/** One voice of one measure: events gathered by beats, each gathering beamed, and a tuplet where its lengths ask for one. */
function layer(events: Event[], measure: Measure, d: Drawing, name: string): string {
  const beat = beatLength(measure);
  let out = '';
  let i = 0;
  while (i < events.length) {
    const from = events[i]!;
    const place = Math.floor(value(minus(from.start, measure.start)) / value(beat) + 1e-9);
    let groupEnd = plus(measure.start, times(beat, place + 1, 1));
    let j = i;
    let odd = 1;
    while (j < events.length && less(events[j]!.start, groupEnd)) {
      const e = events[j]!;
      odd = Math.max(odd, oddPart(e.length), oddPart(minus(e.start, measure.start)));
      const end = plus(e.start, e.length);
      if (odd > 1 && less(groupEnd, end)) groupEnd = times(beat, Math.ceil(value(minus(end, measure.start)) / value(beat) - 1e-9), 1);
      j++;
    }
    const base = tupletBase(odd);
    const scale = odd > 1 ? { n: odd, d: base } : whole(1);
    const drawn = events.slice(i, j).map((e, k) => ({
      text: draw(e, d, scale, `${name}r${i + k}`),
      beam: beamable(e, scale),
    }));
    const text = beams(drawn);
    out += odd > 1 ? `<tuplet num="${odd}" numbase="${base}">${text}</tuplet>` : text;
    i = j;
  }
  return out;
}

function keySig(fifths: number): string {
  const f = Math.max(-7, Math.min(7, fifths));
  return f === 0 ? '0' : f > 0 ? `${f}s` : `${-f}f`;
}

function staffDefs(staves: number[], first: Measure | undefined, fifths: number, instrument: Instrument, unpitched: boolean): string {
  const metre = first && first.beatType > 0 ? ` meter.count="${first.beats}" meter.unit="${first.beatType}"` : '';
  return staves
    .map((n, i) => {
      const clef = unpitched ? 'percussion' : i === 0 ? instrument.clef : (instrument.clef2 ?? 'bass');
      const key = unpitched ? '' : ` keysig="${keySig(fifths)}"`;
      return `<staffDef n="${n}" lines="${unpitched ? 1 : 5}" ${clefs[clef] ?? clefs['treble']!}${key}${metre}/>`;
    })
    .join('');
}

/** The music as MEI. */
export function toMei(line: Line, instrument: Instrument, view: View): string {
  const unpitched = line.notes.length > 0 && line.notes.every((n) => !n.pitched);
  const shift = keyShift(line, view);
  const staves = [...new Set(line.notes.map((n) => n.staff))].sort((a, b) => a - b);
  if (staves.length === 0) staves.push(1);
  const voices = new Map(staves.map((s) => [s, [...new Set(line.notes.filter((n) => n.staff === s).map((n) => n.voice))]]));
  const drawing: Drawing = { view, fifths: 0, accidentalsNow: new Map(), unpitched };
  let body = '';
  let before: Measure | undefined;
  line.measures.forEach((measure, m) => {
    drawing.fifths = measure.fifths + shift;
    const changed = before && (before.fifths !== measure.fifths || before.beats !== measure.beats || before.beatType !== measure.beatType);
    if (changed) {
      const metre = measure.beatType > 0 ? ` meter.count="${measure.beats}" meter.unit="${measure.beatType}"` : '';
      body += `<scoreDef${unpitched ? '' : ` keysig="${keySig(drawing.fifths)}"`}${metre}/>`;
    }
    const end = plus(measure.start, measure.length);
    const content = staves.map((staff) => {
      drawing.accidentalsNow.clear();
      const layers = (voices.get(staff) ?? ['1']).map((voice, v) => {
        const notes = line.notes.filter(
          (n) => n.staff === staff && n.voice === voice && n.length.n > 0 && less(n.onset, end) && less(measure.start, plus(n.onset, n.length)),
        );
        const name = `m${m}s${staff}v${v}`;
        const inside =
          notes.length === 0 ? `<mRest xml:id="${name}"/>` : layer(eventsOf(notes, measure), measure, drawing, name);
        return `<layer n="${v + 1}">${inside}</layer>`;
      });
      return `<staff n="${staff}">${layers.join('') || '<layer n="1"><mRest/></layer>'}</staff>`;
    });
    const right = m === line.measures.length - 1 ? ' right="end"' : '';
    body += `<measure xml:id="m${m}" n="${escape(measure.number)}"${measure.pickup ? ' metcon="false"' : ''}${right}>${content.join('')}</measure>`;
    before = measure;
  });
  const first = line.measures[0];
  const group = `<staffGrp${staves.length > 1 ? ' symbol="brace" bar.thru="true"' : ''}>${staffDefs(staves, first, (first?.fifths ?? 0) + shift, instrument, unpitched)}</staffGrp>`;
  return `<?xml version="1.0" encoding="UTF-8"?><mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><meiHead><fileDesc><titleStmt><title/></titleStmt><pubStmt/></fileDesc></meiHead><music><body><mdiv><score><scoreDef>${group}</scoreDef><section>${body}</section></score></mdiv></body></music></mei>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
