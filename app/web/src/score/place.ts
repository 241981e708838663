// Where beats stand on the page. Each system has anchors (beat, x) at its notes and rests, and lines between them: the one
// time line that cursor, trace and sound share.
import { type Line, plus, value } from '../music/line';

export interface Anchor {
  beat: number;
  x: number;
}

export interface System {
  fromBeat: number;
  toBeat: number;
  anchors: Anchor[];
  bars: { x: number; number: string; index: number; width: number }[];
  staffTop: number;
  staffBottom: number;
  right: number;
}

export interface HeadPlace {
  system: number;
  x: number;
  y: number;
}

/** Reads a system's places from its drawing, in px from the drawing's left upper corner. */
export function readSystem(svg: SVGSVGElement, line: Line, heads: Map<number, HeadPlace>, systemIndex: number): System {
  const origin = svg.getBoundingClientRect();
  const anchors: Anchor[] = [];
  const bars: System['bars'] = [];
  let staffTop = Number.POSITIVE_INFINITY;
  let staffBottom = 0;
  let right = origin.width;
  for (const staff of Array.from(svg.querySelectorAll('g.staff > path'))) {
    const box = staff.getBoundingClientRect();
    staffTop = Math.min(staffTop, box.top - origin.top);
    staffBottom = Math.max(staffBottom, box.bottom - origin.top);
  }
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const element of Array.from(svg.querySelectorAll<SVGGElement>('g.measure'))) {
    const index = Number(element.id.slice(1));
    const measure = line.measures[index];
    if (!measure) continue;
    const line1 = element.querySelector('g.staff > path');
    const box = (line1 ?? element).getBoundingClientRect();
    bars.push({ x: box.left - origin.left, number: measure.number, index, width: box.width });
    right = box.right - origin.left;
    from = Math.min(from, value(measure.start));
    to = Math.max(to, value(plus(measure.start, measure.length)));
  }
  for (const note of line.notes) {
    const element = svg.querySelector(`#n${note.index} .notehead`);
    if (!element) continue;
    const box = element.getBoundingClientRect();
    const place = { system: systemIndex, x: box.left + box.width / 2 - origin.left, y: box.top + box.height / 2 - origin.top };
    heads.set(note.index, place);
    const beat = value(note.onset);
    if (!anchors.some((a) => Math.abs(a.beat - beat) < 1e-6)) anchors.push({ beat, x: place.x });
  }
  anchors.sort((a, b) => a.beat - b.beat);
  const first = anchors[0];
  const firstBar = bars[0];
  if (firstBar && (!first || first.beat > from + 1e-6)) anchors.unshift({ beat: from, x: firstBar.x + Math.min(24, firstBar.width / 4) });
  anchors.push({ beat: to, x: right });
  return { fromBeat: from, toBeat: to, anchors, bars, staffTop: Number.isFinite(staffTop) ? staffTop : 0, staffBottom, right };
}

/** x of a beat in a system, outside it at its edge. */
export function xOf(system: System, beat: number): number {
  const a = system.anchors;
  const first = a[0];
  const last = a[a.length - 1];
  if (!first || !last) return 0;
  if (beat <= first.beat) return first.x;
  for (let i = 1; i < a.length; i++) {
    const right = a[i]!;
    const left = a[i - 1]!;
    if (beat <= right.beat) return left.x + ((beat - left.beat) / Math.max(1e-9, right.beat - left.beat)) * (right.x - left.x);
  }
  return last.x;
}

export function systemOf(systems: System[], beat: number): number {
  for (let i = 0; i < systems.length; i++) if (beat < systems[i]!.toBeat - 1e-9) return i;
  return Math.max(0, systems.length - 1);
}
