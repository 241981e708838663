// The pitch lane: cents from the note asked for, drawn under the system that is being played. Band of 30, dotted lines at 70.
import { type Line, plus, value } from '../music/line';
import { type System, xOf } from './place';
import { type Judged, noteTone } from './signs';
import { signed } from '../words';

export interface TracePoint {
  cents?: number; // from the note asked for, where that is known already
  beat: number;
  midi: number | null;
}

export const laneRangeCents = 110;
const bandCents = 30;
const wrongCents = 70;
const jumpCents = 80; // from one point to the next: another note, not a line

interface Colours {
  ink: string;
  caption: string;
  rule: string;
  band: string;
  near: string;
  wrong: string;
  none: string;
}

function colours(element: Element): Colours {
  const style = getComputedStyle(element);
  const get = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: get('--ink'), caption: get('--ink-3'), rule: get('--rule'), band: get('--v-correct-soft'),
    near: get('--v-near'), wrong: get('--v-wrong'), none: get('--v-none'),
  };
}

/** The note that should sound at a beat. */
export function targetAt(line: Line, beat: number): Line['notes'][number] | undefined {
  let found: Line['notes'][number] | undefined;
  for (const n of line.notes) {
    if (value(n.onset) > beat + 1e-6) break;
    if (n.pitched && value(plus(n.onset, n.length)) > beat - 1e-6) found = n;
  }
  return found;
}

export function centsAt(line: Line, point: TracePoint, octaveFree: boolean): number | null {
  if (point.midi === null) return null;
  if (point.cents !== undefined) return point.cents;
  const target = targetAt(line, point.beat);
  if (!target) return null;
  let cents = (point.midi - target.midi) * 100;
  if (octaveFree) cents -= 1200 * Math.round(cents / 1200);
  return cents;
}

export interface LaneContent {
  line: Line;
  system: System;
  points: readonly TracePoint[];
  judged: ReadonlyMap<number, Judged>;
  octaveFree: boolean;
}

export function drawLane(canvas: HTMLCanvasElement, content: LaneContent, width: number, height: number): void {
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const g = canvas.getContext('2d');
  if (!g) return;
  const c = colours(canvas);
  const y = (cents: number): number => height / 2 - (Math.max(-laneRangeCents, Math.min(laneRangeCents, cents)) / laneRangeCents) * (height / 2 - 4);
  g.setTransform(scale, 0, 0, scale, 0, 0);
  g.clearRect(0, 0, width, height);
  const { system } = content;
  const left = system.bars[0]?.x ?? 0;
  g.fillStyle = c.band;
  g.fillRect(left, y(bandCents), system.right - left, y(-bandCents) - y(bandCents));
  g.strokeStyle = c.rule;
  g.lineWidth = 1;
  for (const bar of [...system.bars.slice(1).map((b) => b.x), system.right]) stroke(g, bar, 0, bar, height);
  g.setLineDash([2, 4]);
  g.strokeStyle = c.caption;
  for (const cents of [wrongCents, -wrongCents]) stroke(g, left, y(cents), system.right, y(cents));
  g.setLineDash([]);
  stroke(g, left, y(0), system.right, y(0));
  g.fillStyle = c.caption;
  g.font = `13px ${getComputedStyle(canvas).fontFamily}`;
  g.textBaseline = 'middle';
  trace(g, content, y, c);
  numbers(g, content, y, c);
}

function stroke(g: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.stroke();
}

/** In ink inside the band, thicker and in the verdict's colour outside it. */
function trace(g: CanvasRenderingContext2D, content: LaneContent, y: (cents: number) => number, c: Colours): void {
  let before: { x: number; y: number; note: number; cents: number } | null = null;
  g.lineJoin = 'round';
  g.lineCap = 'round';
  for (const point of content.points) {
    if (point.beat < content.system.fromBeat - 0.01 || point.beat > content.system.toBeat) {
      before = null;
      continue;
    }
    const cents = centsAt(content.line, point, content.octaveFree);
    if (cents === null || Math.abs(cents) > 2 * laneRangeCents) {
      before = null;
      continue;
    }
    const off = Math.abs(cents);
    const note = targetAt(content.line, point.beat)?.index ?? -1;
    const here = { x: xOf(content.system, point.beat), y: y(cents), note, cents };
    if (before && before.note === note && Math.abs(before.cents - cents) < jumpCents) {
      g.strokeStyle = off <= bandCents ? c.ink : off <= wrongCents ? c.near : c.wrong;
      g.lineWidth = off <= bandCents ? 1.75 : 2.75;
      stroke(g, before.x, before.y, here.x, here.y);
    }
    before = here;
  }
}

function numbers(g: CanvasRenderingContext2D, content: LaneContent, y: (cents: number) => number, c: Colours): void {
  g.font = `600 13px ${getComputedStyle(g.canvas).fontFamily}`;
  g.textAlign = 'center';
  for (const [index, judged] of content.judged) {
    if (judged.pitch !== 'sharp' && judged.pitch !== 'flat') continue;
    const note = content.line.notes[index];
    if (!note || judged.cents === null || judged.cents === undefined) continue;
    const beat = value(note.onset);
    if (beat < content.system.fromBeat || beat >= content.system.toBeat) continue;
    const tone = noteTone(judged);
    g.fillStyle = tone === 'wrong' ? c.wrong : c.near;
    const at = y(judged.cents);
    g.fillText(signed(judged.cents), xOf(content.system, beat) + 14, judged.cents > 0 ? Math.max(9, at - 12) : at + 13);
  }
  g.textAlign = 'start';
}
