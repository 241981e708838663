// A loop of bars with a ladder of tempos: two clean rounds move the tempo up. A loop never counts.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Drill } from '../api_types';
import type { Practice } from '../live/practice';
import type { Shown } from '../live/shown';

export interface Loop {
  bars: string | null; // "3-4"
  tempo: number | null;
  ladder: number[];
  step: number; // of the ladder
  clean: number; // rounds at this step
  running: boolean;
  set(first: string, last: string): void;
  clear(): void;
  toggle(): void;
  stop(): void;
}

const cleanScore = 0.95;
const cleanRounds = 2;
const restMs = 2500;

export function useLoop(query: URLSearchParams, drill: Drill, shown: Shown, session: Practice): Loop {
  const [bars, setBars] = useState<string | null>(query.get('bars'));
  const ladder = (query.get('ladder') ?? '').split(',').map(Number).filter((n) => n > 0);
  const [step, setStep] = useState(0);
  const [clean, setClean] = useState(0);
  const [running, setRunning] = useState(bars !== null);
  const timer = useRef(0);
  const judged = useRef<unknown>(null);

  useEffect(() => {
    if (!bars || !running || !shown.verdict || shown.phase !== 'feedback' || judged.current === shown.verdict) return;
    judged.current = shown.verdict;
    const good = (shown.verdict.score ?? 0) >= cleanScore;
    const rounds = good ? clean + 1 : 0;
    const up = rounds >= cleanRounds && step + 1 < ladder.length;
    setClean(up ? 0 : rounds);
    if (up) setStep(step + 1);
    timer.current = window.setTimeout(() => session.round(), restMs);
  }, [shown.verdict, shown.phase]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const numbers = (drill.prompt.line.measures ?? []).map((m) => m.number);
  return {
    bars, tempo: ladder[step] ?? null, ladder, step, clean, running,
    set: (first, last) => {
      setBars(`${first}-${last}`);
      setRunning(true);
    },
    clear: () => {
      window.clearTimeout(timer.current);
      setBars(null);
      setRunning(false);
    },
    toggle: () => {
      window.clearTimeout(timer.current);
      setBars(bars ? null : `${numbers[0] ?? '1'}-${numbers[Math.min(1, numbers.length - 1)] ?? '1'}`);
      setRunning(!bars);
    },
    stop: () => {
      window.clearTimeout(timer.current);
      setRunning(false);
    },
  };
}
