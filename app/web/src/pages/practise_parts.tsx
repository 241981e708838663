// What stands around a take: before it (a goal, a guess), the loop, the settings, and its words afterwards.
import { useState } from 'preact/hooks';
import type { Drill, Verdict } from '../api_types';
import type { Practice } from '../live/practice';
import type { Shown } from '../live/shown';
import type { Line, Target } from '../music/line';
import { Button, Dialog, Message, Segments, Switch } from '../parts/controls';
import { SoundSource } from '../parts/sound_source';
import { dimensionName, sayDimension } from '../parts/meters';
import { usePerson } from '../person';
import { go, link } from '../router';
import { SignIcon } from '../score/signs';
import { firstSentence, percent, say, sentence } from '../words';
import type { Loop } from './practise_loop';

const guesses = [
  { value: 'low', text: 'guess_low', score: 0.7 },
  { value: 'middle', text: 'guess_middle', score: 0.85 },
  { value: 'high', text: 'guess_high', score: 0.95 },
] as const;

/** Asked once an activity: a goal in one's own words, and a guess. Both may be left out. */
export function Before({ shown, session, drill }: { shown: Shown; session: Practice; drill: Drill }) {
  const [goal, setGoal] = useState('');
  const [guess, setGuess] = useState('');
  if (!shown.asks.includes('before')) return null;
  const target = drill.prompt.targets?.[0];
  return (
    <section class="before" aria-labelledby="before">
      <div class="section-head"><h2 id="before">{say('before_title')}</h2><span class="caption">{say('before_note')}</span></div>
      <p class="field"><label for="goal">{say('before_goal')}</label>
        <input id="goal" type="text" maxLength={300} value={goal} onInput={(e) => setGoal(e.currentTarget.value)} /></p>
      <Segments name={target ? say('before_guess', { dimension: dimensionName(target.dimension) }) : say('before_guess_all')} value={guess} onChange={setGuess}
        options={guesses.map((g) => ({ value: g.value, text: say(g.text) }))} />
      <p class="row"><Button onClick={() => session.before(goal, guesses.find((g) => g.value === guess)?.score ?? null)}>{say('keep_this')}</Button></p>
    </section>
  );
}

/** Asked before the verdict is told, when somebody wants it so. */
export function Rating({ shown, session }: { shown: Shown; session: Practice }) {
  const [guess, setGuess] = useState('');
  if (!shown.asks.includes('rating')) return null;
  const score = guesses.find((g) => g.value === guess)?.score;
  return (
    <section class="before" aria-labelledby="rating">
      <div class="section-head"><h2 id="rating">{say('rating_title')}</h2><span class="caption">{say('rating_note')}</span></div>
      <Segments name={say('rating_guess')} value={guess} onChange={setGuess} options={guesses.map((g) => ({ value: g.value, text: say(g.text) }))} />
      <p class="row"><Button kind="filled" disabled={score === undefined} onClick={() => score !== undefined && session.rate(score)}>{say('rating_show')}</Button>
        {score === undefined && <span class="caption">{say('rating_choose')}</span>}</p>
    </section>
  );
}

/** What was said before or after the take, beside what it was. */
function Foresight({ shown, score }: { shown: Shown; score: number | null }) {
  const said = shown.rated ?? shown.predicted;
  if (said === null || score === null) return null;
  const guess = guesses.reduce((best, g) => (Math.abs(g.score - said) < Math.abs(best.score - said) ? g : best), guesses[0]);
  const right = guess.value === 'low' ? score < 0.8 : guess.value === 'middle' ? score >= 0.8 && score <= 0.9 : score > 0.9;
  return <p>{say(right ? 'foresight_right' : 'foresight_else', { guess: say(guess.text), score: percent(score) })}</p>;
}

/** Microphone and room before the take: what to do, or that all is well. */
export function RoomCheck({ shown }: { shown: Shown }) {
  if (!shown.applied || shown.trouble) return null;
  const calm = shown.room === 'room_ready' || shown.room === 'room_waiting' || shown.room === 'room_play';
  return (
    <div aria-live="polite" class="room-check">
      {calm ? <p class="caption">{shown.room === 'room_ready' && <SignIcon sign="correct" size={16} />} {say(shown.room)}</p> : <Message>{say(shown.room)}</Message>}
    </div>
  );
}

/** Against a click the delay of loudspeaker and microphone has to be known. */
export function DelayNote({ shown, click }: { shown: Shown; click: boolean }) {
  if (!shown.applied || shown.delay || !click) return null;
  if (shown.card) return <Message>{say('card_delay_never')}</Message>;
  return <Message>{say('delay_never')} <a href={link('tools')}>{say('delay_measure')}</a></Message>;
}

export function LoopBar({ loop, line, drill, own, session }: { loop: Loop; line: Line; drill: Drill; own: number; session: Practice }) {
  const numbers = (drill.prompt.line.measures ?? []).map((m) => m.number);
  const [first, last] = loop.bars ? (loop.bars.split('-') as [string, string]) : [numbers[0] ?? '1', numbers[Math.min(1, numbers.length - 1)] ?? '1'];
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  if (numbers.length < 2) return null;
  const choose = (id: string, name: string, value: string, set: (v: string) => void) => (
    <label for={id}>{name} <select id={id} value={value} onChange={(e) => set(e.currentTarget.value)}>{numbers.map((n) => <option key={n} value={n}>{n}</option>)}</select></label>
  );
  const inOrder = numbers.indexOf(from) <= numbers.indexOf(to);
  return (
    <section class="loop" aria-labelledby="loop">
      <div class="section-head"><h2 id="loop">{loop.bars ? say('loop_of', { from: first, to: last, bars: line.measures.length }) : say('loop')}</h2></div>
      {loop.ladder.length > 0 && loop.bars && (
        <p class="ladder">
          {loop.ladder.map((t, i) => <span key={i} class={i === loop.step ? 'now' : ''}>{i < loop.step && <SignIcon sign="correct" size={14} label />}{t}</span>)}
          <span class="caption">{say('ladder_note')}</span>
        </p>
      )}
      {loop.bars ? (
        <p class="row">
          <Button onClick={loop.clear} keyName="L">{say('loop_end')}</Button>
          {loop.running && <Button kind="text" onClick={() => (loop.stop(), session.cancel())}>{say('loop_pause')}</Button>}
        </p>
      ) : (
        <p class="row wrap">
          {choose('loop-from', say('from_bar'), from, setFrom)}
          {choose('loop-to', say('to_bar'), to, setTo)}
          <Button onClick={() => loop.set(from, to)} keyName="L" disabled={!inOrder}>{say('loop_set')}</Button>
          {!inOrder && <span class="caption">{say('loop_order')}</span>}
          {own > 0 && inOrder && <span class="caption">{say('loop_note')}</span>}
        </p>
      )}
    </section>
  );
}

export function PractiseSettings({ open, onClose, shown, onSource }: { open: boolean; onClose: () => void; shown: Shown; onSource: () => void }) {
  const person = usePerson();
  const { page, keepPage } = person;
  return (
    <Dialog open={open} title={say('settings')} onClose={onClose}>
      <Segments name={say('view')} value={page.view ?? 'written'} onChange={(view) => keepPage({ view })}
        options={[{ value: 'written', text: say('view_written') }, { value: 'concert', text: say('view_concert') }]} />
      <Switch on={page.colour !== false} onChange={(colour) => keepPage({ colour })} title={say('colours')}>{say('colours_note')}</Switch>
      <Switch on={page.rate === true} onChange={(rate) => keepPage({ rate })} title={say('rate_first')}>{say('rate_first_note')}</Switch>
      <Switch on={page.click === true} onChange={(click) => keepPage({ click })} title={say('click')}>{say('click_note')}</Switch>
      <Switch on={page.large === true} onChange={(large) => keepPage({ large })} title={say('large_notes')}>{say('large_notes_note')}</Switch>
      <Switch on={page.keys !== false} onChange={(keys) => keepPage({ keys })} title={say('single_keys')}>{say('single_keys_note')}</Switch>
      <SoundSource again={open} now={shown.applied?.device} onChange={onSource} />
    </Dialog>
  );
}

/** First what holds, then the one thing to mend. How is told further down. */
export function headline(verdict: Verdict, targets: readonly Target[]): string {
  if (verdict.score === null) return verdict.take?.warnings[0]?.text ?? say('too_little_heard', { heard: percent(verdict.assessed) });
  const held = targets.filter((t) => (verdict.dimensions[t.dimension]?.score ?? -1) >= t.score).map((t) => sayDimension(t.dimension));
  const advice = verdict.advice?.find((a) => a.code !== 'advice_loop');
  if (!advice) return say('all_holds');
  const thing = firstSentence(advice.text);
  if (held.length === 0 || held.length === targets.length) return thing;
  const list = held.length === 1 ? held[0]! : say('and', { list: held.slice(0, -1).join(', '), last: held[held.length - 1]! });
  return `${sentence(say('holds', { n: held.length, list }))} ${thing}`;
}

/** What was wrong with the sound. The server's advice for a terminal is said as a page needs it. */
export function Warnings({ verdict, but }: { verdict: Verdict; but?: string }) {
  return <>{(verdict.take?.warnings ?? []).filter((w) => w.code !== but).map((w) => <Message key={w.code}>{w.code === 'sound_not_calibrated' ? <>{say('delay_never')} <a href={link('tools')}>{say('delay_measure')}</a></> : w.text}</Message>)}</>;
}

export function TakeWords({ shown, session, drill }: { shown: Shown; session: Practice; drill: Drill }) {
  const verdict = shown.verdict!;
  const [cause, setCause] = useState('');
  const [next, setNext] = useState('');
  const dimensions = Object.entries(verdict.dimensions).filter(([name]) => drill.prompt.targets?.some((t) => t.dimension === name));
  return (
    <section class="take-words" aria-labelledby="take">
      <h2 id="take">{headline(verdict, drill.prompt.targets ?? [])}</h2>
      {shown.cut && <Message>{say('take_cut')}</Message>}
      <Foresight shown={shown} score={verdict.score} />
      {shown.unheard && <Message>{say('take_unheard')}</Message>}
      {verdict.score !== null && <Warnings verdict={verdict} but={shown.unheard ? 'sound_gaps' : ''} />}
      <ul class="take-dimensions">
        {dimensions.map(([name, d]) => {
          const target = drill.prompt.targets?.find((t) => t.dimension === name)?.score ?? null;
          const reached = d.score !== null && target !== null && d.score >= target;
          return (
            <li key={name}>{d.score === null ? <SignIcon sign="none" size={18} label /> : reached ? <SignIcon sign="correct" size={18} label /> : <span class="open-box" role="img" aria-label={say('not_yet')} />}
              {' '}{dimensionName(name)} <strong>{d.score === null ? say('not_scored') : `${percent(d.score)} %`}</strong>
              {target !== null && <span class="caption">{say('asked_for', { target: percent(target) })}</span>}</li>
          );
        })}
      </ul>
      {verdict.assessed < 0.8 && verdict.score !== null && !shown.unheard && <p>{say('too_little_heard', { heard: percent(verdict.assessed) })}</p>}
      <p class="row">
        {shown.kept ? <a class="button outlined" href={`#/result/${shown.kept}`}>{say('look_closer')}</a>
          : <span class="button outlined to-come" aria-hidden="true">{say('look_closer')}</span>}
        <Button onClick={() => go('practise', { drill: drill.id, seed: drill.seed + 1, level: drill.level })}>{say('another_item')}</Button>
        <a href={link('path')}>{say('path')}</a>
      </p>
      {shown.asks.includes('after') && (
        <div class="after">
          <h3>{say('after_title')}</h3>
          <p class="field"><label for="cause">{say('after_cause')}</label><input id="cause" type="text" maxLength={300} value={cause} onInput={(e) => setCause(e.currentTarget.value)} /></p>
          <p class="field"><label for="next-step">{say('after_next')}</label><input id="next-step" type="text" maxLength={300} value={next} onInput={(e) => setNext(e.currentTarget.value)} /></p>
          <p class="row"><Button onClick={() => session.after(cause, next)}>{say('keep_this')}</Button></p>
        </div>
      )}
    </section>
  );
}
