// The score strip: engraving, verdict lane and pitch lane of each system, on one time line. What moves (cursor, trace) goes by
// the handle and draws no page anew.
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Instrument, toMei, type View } from '../music/engrave';
import { type Line, plus, value } from '../music/line';
import { engrave } from './engraver';
import { drawLane, type TracePoint } from './lane';
import { sayNote, sayStart, writtenShift } from './labels';
import { type HeadPlace, readSystem, type System, systemOf, xOf } from './place';
import { type Judged, noteTone, SignIcon, signsOf } from './signs';
import { say } from '../words';

export interface ScoreHandle {
  /** null hides the cursor. */
  moveTo(beat: number | null): void;
  trace(point: TracePoint): void;
  setTrace(points: TracePoint[]): void;
}

export interface ScoreProps {
  line: Line;
  instrument: Instrument;
  view: View;
  judged: ReadonlyMap<number, Judged>;
  handle: RefObject<ScoreHandle>;
  picked?: number | null;
  onPick?: (index: number) => void;
  bars?: readonly [first: number, last: number] | null; // measure indices drawn as chosen
  lane: boolean;
  large: boolean;
  narrow: boolean; // the current system only
  all?: boolean; // every system, whatever there is room for
  octaveFree: boolean;
  small?: boolean;
}

const laneHeight = 132;

interface Drawn {
  svgs: SVGSVGElement[];
  systems: System[];
  heads: Map<number, HeadPlace>;
  widthPx: number;
}

export function Score(p: ScoreProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [svgs, setSvgs] = useState<SVGSVGElement[]>([]);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [failed, setFailed] = useState(false);
  const [current, setCurrent] = useState(0);
  const mei = useMemo(() => toMei(p.line, p.instrument, p.view), [p.line, p.instrument, p.view]);

  useLayoutEffect(() => {
    const element = sheet.current;
    if (!element) return;
    const measure = (): void => setWidth(Math.floor(element.clientWidth));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    if (width < 80) return;
    let stale = false;
    const phone = width < 480;
    const spacePx = (p.large ? 10 : phone ? 7 : 8) * (p.small ? 0.85 : 1);
    engrave({ mei, widthPx: width, spacePx, barsASystem: phone ? 2 : p.small ? 8 : 4 }).then(
      (s) => !stale && (setFailed(false), setSvgs(s)),
      () => !stale && setFailed(true),
    );
    return () => {
      stale = true;
    };
  }, [mei, width, p.large, p.small]);

  const strips = useRef<(HTMLDivElement | null)[]>([]);
  useLayoutEffect(() => {
    const heads = new Map<number, HeadPlace>();
    const systems: System[] = [];
    svgs.forEach((svg, i) => {
      const strip = strips.current[i];
      if (!strip) return;
      strip.hidden = false;
      strip.querySelector('.engraving')?.replaceChildren(svg);
      systems.push(readSystem(svg, p.line, heads, i));
    });
    setDrawn(svgs.length > 0 ? { svgs, systems, heads, widthPx: width } : null);
  }, [svgs]);

  useLayoutEffect(() => colourNotes(drawn, p.line, p.judged), [drawn, p.judged]);
  useMotion(p, drawn, current, setCurrent, strips, sheet);
  useEffect(() => {
    const head = p.picked === null || p.picked === undefined ? undefined : drawn?.heads.get(p.picked);
    if (head) setCurrent(head.system);
  }, [p.picked]);

  if (failed) return <p class="message">{say('score_not_drawn')}</p>;
  const shown = (i: number): boolean => {
    if (p.all || (!p.narrow && svgs.length <= 3)) return true;
    return p.narrow ? i === current : i >= Math.min(current, svgs.length - 2) && i < current + 2;
  };
  return (
    <div class={`score${p.lane ? ' with-lane' : ''}`} role="group" aria-label={sayStart(p.line)}>
      <div ref={sheet}>
      {svgs.length === 0 && <p class="score-wait">{say('score_drawing')}</p>}
      {svgs.map((_, i) => (
        <div class="strip" key={i} ref={(e) => void (strips.current[i] = e)} hidden={drawn !== null && !shown(i)}>
          <div class="engraving" />
          {drawn?.systems[i] && <Overlay {...p} drawn={drawn} index={i} />}
          <div class="cursor" hidden />
        </div>
      ))}
      {p.lane && (
        <div class="lane">
          <span class="lane-name">{say('cents')}</span>
          <canvas height={laneHeight} aria-hidden="true" />
          <div class="lane-marks" aria-hidden="true"><span>+70</span><span>+30</span><span>0</span><span>−30</span><span>−70</span></div>
          <div class="cursor" hidden />
        </div>
      )}
      </div>
    </div>
  );
}

/** The whole note takes the colour, its beam does not. */
function colourNotes(drawn: Drawn | null, line: Line, judged: ReadonlyMap<number, Judged>): void {
  if (!drawn) return;
  for (const svg of drawn.svgs)
    for (const note of line.notes)
      for (const element of Array.from(svg.querySelectorAll(`[id="n${note.index}"], [id^="n${note.index}t"]`))) {
        const verdict = judged.get(note.index);
        element.classList.remove('tone-correct', 'tone-near', 'tone-wrong', 'tone-time', 'tone-none', 'note-missed');
        if (!verdict) continue;
        element.classList.add(`tone-${noteTone(verdict)}`);
        if (verdict.pitch === 'missed') element.classList.add('note-missed');
      }
}

function Overlay(p: ScoreProps & { drawn: Drawn; index: number }) {
  const system = p.drawn.systems[p.index]!;
  const notes = p.line.notes.filter((n) => p.drawn.heads.get(n.index)?.system === p.index);
  const unclear = notes.filter((n) => {
    const verdict = p.judged.get(n.index);
    return verdict !== undefined && signsOf(verdict)[0] === 'none';
  });
  const chosen = p.bars ? system.bars.filter((b) => b.index >= p.bars![0] && b.index <= p.bars![1]) : [];
  const reach = (index: number): [number, number] => {
    const at = p.drawn.heads.get(index)!.x;
    const place = system.anchors.findIndex((a) => Math.abs(a.x - at) < 0.5);
    const before = system.anchors[place - 1]?.x ?? at - 28;
    const after = system.anchors[place + 1]?.x ?? system.right;
    return [Math.max(at - 26, (at + before) / 2), Math.min(at + 40, (at + after) / 2)];
  };
  return (
    <>
      <span class="bar-number" aria-hidden="true">{p.index > 0 ? system.bars[0]?.number : ''}</span>
      {chosen.map((b) => <div class="chosen" key={b.index} style={{ left: `${b.x}px`, width: `${b.width}px` }} />)}
      {unclear.map((n) => {
        const [from, to] = reach(n.index);
        return <div class="hatched" key={n.index} style={{ left: `${from}px`, width: `${to - from}px` }} />;
      })}
      {notes.map((n) => <Diamond key={n.index} p={p} index={n.index} system={system} />)}
      <div class="verdicts">
        {notes.map((n) => {
          const verdict = p.judged.get(n.index);
          const x = p.drawn.heads.get(n.index)!.x;
          return verdict && (
            <span class="verdict" key={n.index} style={{ left: `${x}px` }}>
              {signsOf(verdict).slice(0, 2).map((s) => <SignIcon key={s} sign={s} size={s === 'correct' ? 12 : 16} />)}
            </span>
          );
        })}
      </div>
      {p.onPick && notes.map((n) => {
        const [from, to] = reach(n.index);
        return (
          <button key={n.index} type="button" class="column" tabIndex={n.index === (p.picked ?? 0) ? 0 : -1} data-note={n.index}
            aria-pressed={p.picked === n.index} aria-label={sayNote(n, p.judged.get(n.index), p.view, p.line)}
            style={{ left: `${from}px`, width: `${to - from}px` }} onClick={() => p.onPick!(n.index)} />
        );
      })}
    </>
  );
}

/** A wrong note's diamond stands at the pitch that was heard. */
function Diamond({ p, index, system }: { p: ScoreProps & { drawn: Drawn }; index: number; system: System }) {
  const verdict = p.judged.get(index);
  const note = p.line.notes[index]!;
  if (verdict?.pitch !== 'wrong' || verdict.played_midi === null || verdict.played_midi === undefined || !note.pitched) return null;
  const head = p.drawn.heads.get(index)!;
  const space = (system.staffBottom - system.staffTop) / 4;
  const shift = p.view === 'concert' ? 0 : writtenShift(note);
  const own = p.view === 'concert' ? note.sounding : note.written;
  const steps = diatonic(verdict.played_midi + shift) - (own[0] + 7 * own[2]);
  const y = head.y - (steps * space) / 2;
  return <span class="diamond tone-wrong" style={{ left: `${head.x + space * 1.6}px`, top: `${y}px` }}><SignIcon sign="extra" size={10} /></span>;
}

function diatonic(midi: number): number {
  const letters = [0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 6, 6]; // flats for E and B, sharps for C, F, G: where they are met most
  return (letters[((midi % 12) + 12) % 12] ?? 0) + 7 * (Math.floor(midi / 12) - 1);
}

function useMotion(p: ScoreProps, drawn: Drawn | null, current: number, setCurrent: (n: number) => void,
  strips: RefObject<(HTMLDivElement | null)[]>, sheet: RefObject<HTMLDivElement>): void {
  const points = useRef<TracePoint[]>([]);
  const latest = useRef({ p, drawn, current });
  latest.current = { p, drawn, current };
  const pending = useRef(0);

  const redraw = (): void => {
    pending.current = 0;
    const { p: now, drawn: d, current: at } = latest.current;
    const canvas = sheet.current?.querySelector('canvas');
    const system = d?.systems[at];
    if (!canvas || !d || !system) return;
    drawLane(canvas, { line: now.line, system, points: points.current, judged: now.judged, octaveFree: now.octaveFree }, d.widthPx, laneHeight);
  };
  const soon = (): void => {
    if (pending.current === 0) pending.current = requestAnimationFrame(redraw);
  };
  useEffect(soon, [drawn, current, p.judged, p.lane]);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', soon);
    return () => {
      dark.removeEventListener('change', soon);
      cancelAnimationFrame(pending.current);
    };
  }, []);

  const cursorAt = (beat: number | null): void => {
    const { p: now, drawn: d } = latest.current;
    const root = sheet.current;
    if (!root) return;
    const lane = root.querySelector<HTMLElement>('.lane > .cursor');
    const cursors = strips.current?.map((s) => s?.querySelector<HTMLElement>('.cursor') ?? null) ?? [];
    if (beat === null || !d || d.systems.length === 0) {
      for (const c of [lane, ...cursors]) if (c) c.hidden = true;
      return;
    }
    const index = systemOf(d.systems, beat);
    const system = d.systems[index]!;
    const stepping = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const x = xOf(system, stepping ? stepTo(now.line, beat) : beat);
    cursors.forEach((c, i) => place(c, i === index, x));
    place(lane, true, x);
    if (index !== latest.current.current) {
      setCurrent(index);
      strips.current?.[index]?.scrollIntoView({ block: 'nearest', behavior: stepping ? 'auto' : 'smooth' });
    }
  };
  useLayoutEffect(() => {
    p.handle.current = {
      moveTo: cursorAt,
      trace(point) {
        points.current.push(point);
        soon();
      },
      setTrace(all) {
        points.current = all.slice();
        soon();
      },
    };
    return () => {
      p.handle.current = null;
    };
  }, []);
}

function place(cursor: HTMLElement | null, here: boolean, x: number): void {
  if (!cursor) return;
  cursor.hidden = !here;
  if (here) cursor.style.transform = `translateX(${x.toFixed(1)}px)`;
}

/** Where motion is unwelcome the cursor steps from note to note. */
function stepTo(line: Line, beat: number): number {
  let at = 0;
  for (const n of line.notes) {
    if (value(n.onset) > beat + 1e-6) break;
    at = value(n.onset);
  }
  return at;
}

export function lengthOf(line: Line): number {
  const last = line.measures[line.measures.length - 1];
  return last ? value(plus(last.start, last.length)) : value(line.length);
}
