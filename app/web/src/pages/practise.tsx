// Practise: the score, what is heard of it, and the dock. No bar; one way back.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import type { Drill } from '../api_types';
import { instrumentOf } from '../instrument';
import { useKeys } from '../keys';
import { cardChosen, sourceChosen } from '../live/source';
import { Practice, type What } from '../live/practice';
import { nothingShown, type Shown } from '../live/shown';
import { useLoaded } from '../load';
import { readLine } from '../music/line';
import { Announce, Button, Message, Segments, Waiting } from '../parts/controls';
import { useTitle } from '../parts/frame';
import { usePerson } from '../person';
import { go, link } from '../router';
import { sayNote } from '../score/labels';
import { Score, type ScoreHandle } from '../score/score';
import { SignIcon, signsOf, wordOf, type Sign } from '../score/signs';
import { say } from '../words';
import { CountIn, Dock } from './practise_dock';
import { Before, DelayNote, LoopBar, PractiseSettings, Rating, RoomCheck, TakeWords } from './practise_parts';
import { useLoop, type Loop } from './practise_loop';

export function PractisePage({ query }: { query: URLSearchParams }) {
  const id = query.get('drill') ?? '';
  const seed = query.get('seed') === null ? undefined : Number(query.get('seed'));
  const level = query.get('level') === null ? undefined : Number(query.get('level'));
  const drill = useLoaded(() => api.drill(id, seed, level), [id, seed, level]);
  if (drill.trouble)
    return (
      <main class="page narrow" id="main">
        <p><a href={link('today')}>{say('today')}</a></p>
        <h1>{say('practise')}</h1>
        <Message tone="stop" live>{drill.trouble}</Message>
        <p class="row"><Button onClick={drill.again}>{say('again')}</Button></p>
      </main>
    );
  if (!drill.value) return <main class="page" id="main"><h1 class="only-heard">{say('practise')}</h1><Waiting /></main>;
  return <Room key={`${id}/${drill.value.seed}`} drill={drill.value} query={query} />;
}

/** The session lives as long as the page shows this item. */
function useSession(handle: { current: ScoreHandle | null }): [Practice, Shown] {
  const [shown, setShown] = useState<Shown>(nothingShown);
  const session = useMemo(() => new Practice(), []);
  useEffect(() => {
    session.onShow = setShown;
    session.onCursor = (beat) => handle.current?.moveTo(beat);
    session.onTrace = (point) => handle.current?.trace(point);
    session.onNewTake = () => handle.current?.setTrace([]);
    return () => session.close();
  }, []);
  return [session, shown];
}

async function allowedAlready(): Promise<boolean> {
  try {
    const answer = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    return answer.state === 'granted';
  } catch {
    return false; // a browser that does not tell is asked when somebody presses
  }
}

function Room({ drill, query }: { drill: Drill; query: URLSearchParams }) {
  const person = usePerson();
  const page = person.page;
  const handle = useRef<ScoreHandle>(null);
  const [session, shown] = useSession(handle);
  const loop = useLoop(query, drill, shown, session);
  const [tempo, setTempo] = useState<number | null>(loop.tempo);
  const [picked, setPicked] = useState<number | null>(null);
  const [settings, setSettings] = useState(false);
  const asked = shown.asked ?? drill;
  const line = useMemo(() => readLine(asked.prompt), [asked]);
  const instrument = useMemo(() => instrumentOf(asked.instrument), [asked]);
  const view = page.view ?? 'written';
  const narrow = useNarrow();
  useTitle(drill.title, null);
  session.concert = view === 'concert';

  const own = asked.prompt.tempo_bpm ?? 0;
  const what = (): What => ({
    drill: drill.id, seed: drill.seed, level: drill.level,
    ...(tempo !== null && Math.round(tempo) !== Math.round(drill.prompt.tempo_bpm ?? 0) ? { tempo_bpm: tempo } : {}),
    ...(loop.bars ? { measures: loop.bars } : {}),
    settings: { no_colour: page.colour === false, click: page.click === true, rate_first: page.rate === true },
  });
  const open = (): Promise<void> => session.open(what(), sourceChosen(page.device));
  useEffect(() => {
    void (cardChosen() ? Promise.resolve(true) : allowedAlready()).then((yes) => {
      if (yes && !session.isOpen) void open();
    });
  }, []);
  useEffect(() => {
    if (loop.tempo !== null) setTempo(loop.tempo); // the next step of the ladder
  }, [loop.tempo]);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else if (session.isOpen) session.reopen(what());
  }, [tempo, loop.bars, page.colour, page.click, page.rate]);

  const playing = shown.phase === 'count_in' || shown.phase === 'listen';
  const start = (): void => {
    setPicked(null);
    session.start();
    if (!session.isOpen) void open();
  };
  const step = (by: number): void => setPicked((n) => Math.max(0, Math.min(line.notes.length - 1, (n ?? (by > 0 ? -1 : 1)) + by)));
  const changeTempo = (by: number): void => setTempo(Math.max(20, Math.min(300, Math.round(tempo ?? own) + by)));
  useKeys({
    Space: () => (playing ? session.stop() : start()),
    r: () => session.again(),
    c: playing || !shown.mayCount ? undefined : () => session.count(!shown.counts),
    m: playing ? () => session.mark() : undefined,
    l: playing ? undefined : () => loop.toggle(),
    k: playing ? undefined : () => person.keepPage({ click: page.click !== true }),
    '-': playing || own === 0 ? undefined : () => changeTempo(-4),
    '+': playing || own === 0 ? undefined : () => changeTempo(4),
    ArrowLeft: playing ? undefined : () => step(-1),
    ArrowRight: playing ? undefined : () => step(1),
    Escape: () => (playing ? session.cancel() : go('today')),
  }, page.keys !== false);

  const rating = shown.asks.includes('rating'); // nothing else is told then
  const colours = page.colour !== false && !shown.counts;
  const judged = shown.judged;
  // level and pitch move many times a second: the score is not drawn again for them
  const score = useMemo(() => (
    <Score line={line} instrument={instrument} view={view} judged={judged} handle={handle} picked={picked} onPick={setPicked}
      bars={null} lane={line.notes.some((n) => n.pitched)} large={page.large === true} narrow={narrow} all={!playing} octaveFree={asked.prompt.sung === true} />
  ), [line, instrument, view, judged, picked, page.large, narrow, playing, asked]);
  return (
    <div class="practise">
      <main class="page" id="main">
        <header class="practise-head">
          <div>
            <p class="eyebrow"><a href={link('today')}>{say('today')}</a> / {asked.prompt.kind === 'piece' ? say('a_piece') : say('a_drill')}</p>
            <h1>{drill.title}</h1>
          </div>
          <div class="row">
            <Counts shown={shown} drill={drill} loop={loop} playing={playing} onChange={(on) => session.count(on)} />
            {!playing && <Button onClick={() => setSettings(true)}>{say('settings')}</Button>}
          </div>
        </header>
        {!playing && !rating && !shown.verdict && <p class="lead instruction">{asked.prompt.instruction}</p>}
        <Troubles shown={shown} playing={playing} onRetry={() => void open()} onSettings={() => setSettings(true)} />
        {!playing && !rating && !shown.verdict && <RoomCheck shown={shown} />}
        {!playing && !rating && !shown.verdict && <DelayNote shown={shown} click={asked.prompt.a_click === true || page.click === true} />}
        <Rating shown={shown} session={session} />
        {shown.verdict && <TakeWords shown={shown} session={session} drill={drill} />}
        <div class="sheet">
          {score}
        </div>
        <Legend judged={judged} colours={colours} counts={shown.counts} />
        <p class="picked" aria-live="polite">{playing && shown.behind > 0 ? say('behind_click', { n: shown.behind }) : picked !== null && line.notes[picked] ? sayNote(line.notes[picked], judged.get(picked), view, line) : ''}</p>
        {shown.phase === 'count_in' && <CountIn shown={shown} line={line} view={view} />}
        {!playing && !shown.verdict && <Before shown={shown} session={session} drill={drill} />}
        {!playing && <LoopBar loop={loop} line={line} drill={drill} own={drill.prompt.tempo_bpm ?? 0} session={session} />}
      </main>
      <Dock shown={shown} tempo={tempo ?? own} onTempo={own > 0 ? changeTempo : null} clickOn={page.click === true} drill={asked}
        onStart={start} onStop={() => session.stop()} onAgain={() => session.again()} onMark={() => session.mark()} onCancel={() => session.cancel()} />
      <Announce text={spoken(shown)} now={playing} />
      <PractiseSettings open={settings} onClose={() => setSettings(false)} shown={shown}
        onSource={() => session.change(sourceChosen(person.page.device))} />
    </div>
  );
}

function spoken(shown: Shown): string {
  if (shown.phase === 'count_in') return say('counting_in');
  if (shown.phase === 'listen') return shown.counts ? say('listening_counts') : say('listening');
  if (shown.phase === 'judge') return say('judging');
  if (shown.verdict) return say('verdict_there');
  return '';
}

/** One column and the current system only: phones, and a laptop at 200 %. */
export function useNarrow(): boolean {
  const query = useMemo(() => matchMedia('(max-width: 47.99rem), (max-height: 35rem)'), []);
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const changed = (): void => setNarrow(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return narrow;
}

function Counts({ shown, drill, loop, playing, onChange }: { shown: Shown; drill: Drill; loop: Loop; playing: boolean; onChange: (on: boolean) => void }) {
  if (playing) return <p class="counts-now">{shown.counts ? <><span class="square" aria-hidden="true" />{say('this_one_counts')}</> : say('practice_not_counted')}</p>;
  if (loop.bars) return <p class="counts-now">{say('loops_never_count')}</p>;
  if (!drill.may_count) return <p class="counts-now">{say('may_not_count')}</p>;
  if (!shown.asked) return <p class="counts-now">{say('counts_after_microphone')}</p>;
  return (
    <Segments name={say('next_take')} hideName value={shown.counts ? 'counts' : 'practice'} disabled={!shown.mayCount || shown.phase === 'judge'}
      onChange={(v) => onChange(v === 'counts')}
      options={[{ value: 'practice', text: say('practice') }, { value: 'counts', text: say('this_one_counts'), keyName: 'C' }]} />
  );
}

function Troubles({ shown, playing, onRetry, onSettings }: { shown: Shown; playing: boolean; onRetry: () => void; onSettings: () => void }) {
  return (
    <>
      {shown.trouble && (
        <Message tone="stop" live>
          <p>{say(shown.trouble)}</p>
          {playing ? <p>{say('mic_rest')}</p> : (
            <p class="row"><Button onClick={onRetry}>{say('try_again')}</Button><Button kind="text" onClick={onSettings}>{say('other_microphone')}</Button>
              <a href={link('tools')}>{say('device_check')}</a></p>
          )}
        </Message>
      )}
      {shown.away && <Message tone="stop" live>{say(shown.phase === 'count_in' || shown.phase === 'listen' ? 'connection_away' : 'connection_gone')}</Message>}
      {shown.refusal && <Message tone="stop" live>{shown.refusal}</Message>}
      {shown.applied && (shown.applied.echo || shown.applied.noise || shown.applied.gain) && <Message>{say('browser_changes_sound')}</Message>}
      {shown.messages.map((m) => <Message key={m} live>{m}</Message>)}
      {shown.lost && <Message live>{say('lost_place')}</Message>}
    </>
  );
}

/** Only the signs that stand in the score. */
export function Legend({ judged, colours, counts }: { judged: Shown['judged']; colours: boolean; counts: boolean }) {
  const there = new Set<Sign>();
  for (const j of judged.values()) for (const s of signsOf(j)) there.add(s);
  const order: Sign[] = ['correct', 'sharp', 'flat', 'wrong', 'missed', 'early', 'late', 'short', 'long', 'none'];
  return (
    <div class="legend-row">
      {!colours && there.size === 0 && <span class="caption">{say(counts ? 'colours_off_counts' : 'colours_off')}</span>}
      {order.filter((s) => there.has(s)).map((s) => <span key={s}><SignIcon sign={s} size={18} /> {say(wordOf[s])}</span>)}
      {there.size > 0 && <span class="legend-band">{say('band_note')}</span>}
    </div>
  );
}
