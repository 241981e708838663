// Result: what held, the one thing to mend, why, and how; the take played back along the notes.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import type { Take, Verdict } from '../api_types';
import { type Finding, findings, weakest } from '../findings';
import { instrumentOf } from '../instrument';
import { useKeys } from '../keys';
import { Player } from '../live/player';
import { useLoaded } from '../load';
import { type Line, readLine, value } from '../music/line';
import { Button, Message, Waiting } from '../parts/controls';
import { Frame } from '../parts/frame';
import { RangeBar, sayDimension } from '../parts/meters';
import { usePerson } from '../person';
import { go, link } from '../router';
import { sayNote } from '../score/labels';
import type { TracePoint } from '../score/lane';
import { lengthOf, Score, type ScoreHandle } from '../score/score';
import { SignIcon } from '../score/signs';
import { clock, day, percent, say, sentence, type Word } from '../words';
import { Legend } from './practise';
import { headline, Warnings } from './practise_parts';

export function ResultPage({ id }: { id: string }) {
  const take = useLoaded(() => api.take(id), [id]);
  return (
    <Frame page="work" title={take.value ? take.value.title : say('result')}>
      {take.trouble && <><h1>{say('result')}</h1><Message tone="stop" live>{take.trouble}</Message></>}
      {!take.value && !take.trouble && <Waiting />}
      {take.value && <Result take={take.value} key={id} />}
    </Frame>
  );
}

/** Seconds of the take against beats of the music, at the notes that were heard. */
function timeMap(verdict: Verdict, line: Line): { s: number; beat: number }[] {
  const map: { s: number; beat: number }[] = [];
  for (const n of verdict.notes) {
    const note = line.notes[n.index];
    const s = n.onset_s ?? n.expected.onset_s;
    if (!note || s === null || s === undefined) continue;
    const beat = value(note.onset);
    const last = map[map.length - 1];
    if (!last || (s > last.s && beat > last.beat)) map.push({ s, beat });
  }
  const last = verdict.notes[verdict.notes.length - 1];
  const end = last ? (last.offset_s ?? (last.expected.onset_s ?? 0) + (last.expected.duration_s ?? 0)) : 0;
  const before = map[map.length - 1];
  if (before && end > before.s) map.push({ s: end, beat: Math.max(before.beat + 0.1, lengthOf(line)) });
  return map;
}

function beatAt(map: readonly { s: number; beat: number }[], seconds: number): number | null {
  const first = map[0];
  if (!first || seconds < first.s) return null;
  for (let i = 1; i < map.length; i++) {
    const a = map[i - 1]!;
    const b = map[i]!;
    if (seconds <= b.s) return a.beat + ((seconds - a.s) / (b.s - a.s)) * (b.beat - a.beat);
  }
  return null;
}

function Result({ take }: { take: Take }) {
  const { verdict, asked } = take;
  const person = usePerson();
  const handle = useRef<ScoreHandle>(null);
  const line = useMemo(() => readLine(asked.prompt), [asked]);
  const instrument = useMemo(() => instrumentOf(asked.instrument), [asked]);
  const judged = useMemo(() => new Map(verdict.notes.map((n) => [n.index, n])), [verdict]);
  const map = useMemo(() => timeMap(verdict, line), [verdict, line]);
  const [picked, setPicked] = useState<number | null>(null);
  const things = useMemo(() => findings(verdict), [verdict]);
  const playback = usePlayback(take, line, map, handle);
  useTrace(take, map, handle);
  const view = person.page.view ?? 'written';
  const loop = weakest(verdict, line, asked.prompt.tempo_bpm || verdict.tempo_bpm || 0);
  const pick = (index: number): void => {
    setPicked(index);
    const s = judged.get(index)?.onset_s ?? judged.get(index)?.expected.onset_s;
    if (take.has_sound && s !== null && s !== undefined) playback.play('take', Math.max(0, s - 0.1));
  };
  const step = (by: number): void => setPicked((n) => Math.max(0, Math.min(line.notes.length - 1, (n ?? (by > 0 ? -1 : 1)) + by)));
  const again = (): void => go('practise', { drill: asked.id, seed: asked.seed, level: asked.level });
  const startLoop = (): void => {
    if (loop) go('practise', { drill: asked.id, seed: asked.seed, level: asked.level, bars: `${loop.from}-${loop.to}`, ladder: loop.ladder.join(',') });
  };
  useKeys({
    Space: () => (playback.now ? playback.stop() : playback.play('take', 0)), p: () => playback.play('model', 0), r: again,
    l: loop ? startLoop : undefined, ArrowLeft: () => step(-1), ArrowRight: () => step(1),
  }, person.page.keys !== false);
  return (
    <>
      <p class="eyebrow">{say(take.counted ? 'counted' : 'practice_take')} · {take.title} · {day(take.performed_at)}</p>
      <h1>{headline(verdict, asked.prompt.targets ?? [])}</h1>
      <p class="lead">{summary(take)}</p>
      <div class="sheet">
        <Score line={line} instrument={instrument} view={view} judged={judged} handle={handle} picked={picked} onPick={pick} bars={chosenBars(things[0], line)}
          lane={line.notes.some((n) => n.pitched)} large={person.page.large === true} narrow={false} all octaveFree={asked.prompt.sung === true} />
        <div class="playback">
          {take.has_sound && <Button onClick={() => (playback.now === 'take' ? playback.stop() : playback.play('take', 0))} keyName="Space">{playback.now === 'take' ? say('stop') : say('play_take')}</Button>}
          <Button onClick={() => (playback.now === 'model' ? playback.stop() : playback.play('model', 0))} keyName="P">{playback.now === 'model' ? say('stop') : say('play_model')}</Button>
          <span class="caption">{playback.now ? `${clock(playback.seconds)} / ${clock(playback.length)}` : say('press_a_note')}</span>
        </div>
        {playback.trouble && <Message tone="stop" live>{playback.trouble}</Message>}
      </div>
      <Legend judged={judged} colours counts={false} />
      <p class="picked" aria-live="polite">{picked !== null && line.notes[picked] ? sayNote(line.notes[picked], judged.get(picked), view, line) : ''}</p>
      <div class="columns">
        <div>
          <Things things={things} verdict={verdict} />
          {loop && (
            <section aria-labelledby="loop-title">
              <div class="section-head"><h2 id="loop-title">{say('loop_weakest')}</h2></div>
              <p>{loop.from === loop.to ? say('bar_n', { bar: loop.from }) : sentence(say('bars_n', { bars: loop.from, last: loop.to }))}{loop.ladder.length > 0 && <>: {say('loop_tempos', { tempos: loop.ladder.join(', ') })}</>}</p>
              <p class="row"><Button onClick={startLoop} keyName="L">{loop.ladder[0] ? say('start_loop_at', { tempo: loop.ladder[0] }) : say('start_loop')}</Button>
                <span class="caption">{say('ladder_note')}</span></p>
            </section>
          )}
        </div>
        <aside><ThisTake take={take} onAgain={again} /></aside>
      </div>
    </>
  );
}

function chosenBars(first: Finding | undefined, line: Line): [number, number] | null {
  if (!first || first.notes.length === 0) return null;
  const bars = first.notes.map((n) => line.notes[n]?.measureIndex ?? 0);
  return bars.every((b) => b === bars[0]) ? [bars[0]!, bars[0]!] : null;
}

function summary(take: Take): string {
  const rows = (take.asked.prompt.targets ?? []).map((t) => ({ t, d: take.verdict.dimensions[t.dimension] }));
    const reached = rows.filter(({ t, d }) => d && d.score !== null && d.score >= t.score).map(({ t }) => sayDimension(t.dimension));
  const not = rows.filter(({ t, d }) => d && d.score !== null && d.score < t.score)
    .map(({ t, d }) => say('short_of', { dimension: sayDimension(t.dimension), score: percent(d!.score!), target: percent(t.score) }));
  return [reached.length > 0 ? say('reached_list', { list: reached.join(', ') }) : '', not.length > 0 ? say('not_yet_list', { list: not.join(', ') }) : ''].filter(Boolean).join(' ');
}

function Things({ things, verdict }: { things: Finding[]; verdict: Verdict }) {
  const [depth, setDepth] = useState<Record<number, number>>({}); // of what comes behind the first
  const all = (f: Finding): [Word, string][] => [['where', sentence(f.where)], ['what', f.what], ['why', f.why], ['how', f.how]];
  return (
    <section aria-labelledby="things">
      <div class="section-head"><h2 id="things">{say('thing_to_work_on')}</h2>{things.length > 0 && <span class="caption">{say('one_of', { n: things.length })}</span>}</div>
      {things.length === 0 && <p>{verdict.advice?.[0]?.text ?? say('all_holds')}</p>}
      <ol class="things">
        {things.map((f, i) => {
          // the first stands there whole; the head of another one says where and what already
          const told = all(f).filter(([, text]) => text !== '');
          const deeper = told.filter(([name]) => name === 'why' || name === 'how');
          const rows = i === 0 ? told : deeper.slice(0, depth[i] ?? 0);
          const next = deeper[rows.length]?.[0];
          const ask = next && i > 0 ? say(next === 'why' ? 'why_ask' : 'how_ask') : '';
          return (
            <li key={i}>
              {i > 0 && <p class="thing-head"><SignIcon sign={f.sign} size={18} /> <span>{f.title}</span>
                {ask && <Button onClick={() => setDepth({ ...depth, [i]: rows.length + 1 })} label={`${ask} ${f.title}`}>{ask}</Button>}</p>}
              {rows.length > 0 && <dl class="depths">{rows.map(([name, text]) => (
                <div key={name} class={name === 'how' ? 'how' : ''}><dt>{say(name)}</dt><dd>{name === 'what' && <SignIcon sign={f.sign} size={18} />} {text}</dd></div>
              ))}</dl>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function ThisTake({ take, onAgain }: { take: Take; onAgain: () => void }) {
  const { verdict } = take;
  const targets = take.asked.prompt.targets ?? [];
  const target = (name: string): number | null => targets.find((t) => t.dimension === name)?.score ?? null;
  const names = targets.length > 0 ? targets.map((t) => t.dimension) : Object.keys(verdict.dimensions);
  const shown = names.map((name) => [name, verdict.dimensions[name] ?? { score: null, assessed: null }] as const);
  return (
    <section aria-labelledby="this-take">
      <div class="section-head"><h2 id="this-take">{say('this_take')}</h2><span class="caption">{say('range_scale')}</span></div>
      <ul class="ranges">
        {shown.map(([name, d]) => {
          const t = target(name);
          const short = t !== null && d.score !== null ? Math.ceil((t - d.score) * 100 - 1e-6) : 0;
          const note = d.score === null ? say('not_scored_why') : t === null ? '' : short > 0 ? say('short_by', { n: short, target: percent(t) }) : say('reaches', { target: percent(t) });
          return <RangeBar key={name} name={name} score={d.score} target={t} low={d.low ?? null} high={d.high ?? null} note={note} />;
        })}
      </ul>
      <p>{verdict.assessed < 0.999 && <SignIcon sign="none" size={16} />} <strong>{say('assessed', { n: percent(verdict.assessed) })}</strong> {verdict.assessed < 0.999 ? say('assessed_why') : ''}</p>
      <Warnings verdict={verdict} />
      <p class="row wrap"><Button kind="filled" onClick={onAgain} keyName="R">{say('again')}</Button><a class="button outlined" href={link('path')}>{say('see_path')}</a></p>
    </section>
  );
}

interface Playback {
  now: 'take' | 'model' | null;
  seconds: number;
  length: number;
  trouble: string;
  play(what: 'take' | 'model', from: number): void;
  stop(): void;
}

function usePlayback(take: Take, line: Line, map: readonly { s: number; beat: number }[], handle: { current: ScoreHandle | null }): Playback {
  const player = useMemo(() => new Player(), []);
  const [now, setNow] = useState<'take' | 'model' | null>(null);
  const [seconds, setSeconds] = useState(0);
  const [trouble, setTrouble] = useState('');
  useEffect(() => () => player.close(), []);
  const tempo = take.verdict.tempo_bpm || take.asked.prompt.tempo_bpm || 60;
  return {
    now, seconds, length: player.length, trouble,
    play(what, from) {
      setTrouble('');
      player.onTime = (s) => {
        if (s === null) return;
        setSeconds(Math.floor(s));
        const beat = what === 'take' ? beatAt(map, s) : Math.min(lengthOf(line), (s * tempo) / 60);
        handle.current?.moveTo(beat);
      };
      player.onEnd = () => {
        setNow(null);
        handle.current?.moveTo(null);
      };
      player.play(what === 'take' ? api.takeSound(take.id) : api.takeModel(take.id), from).then(() => setNow(what), () => setTrouble(say('no_sound_played')));
    },
    stop: () => player.stop(),
  };
}

/** The pitch that was heard, along the notes. */
function useTrace(take: Take, map: readonly { s: number; beat: number }[], handle: { current: ScoreHandle | null }): void {
  const track = useLoaded(() => (take.has_sound ? api.takeTrack(take.id) : Promise.resolve(null)), [take.id]);
  useEffect(() => {
    const t = track.value;
    if (!t) return;
    const points: TracePoint[] = [];
    t.midi.forEach((midi, i) => {
      const beat = beatAt(map, i * t.step_s);
      if (beat !== null) points.push({ beat, midi });
    });
    handle.current?.setTrace(points);
  }, [track.value, map]);
}
