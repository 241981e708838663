// An activity: why, what to do, the questions around it, and what it is done with: something to hear, to tune against, to read,
// an item to practise. What is written is kept, and read again under it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import type { Activity, ActivityDone, Unit } from '../api_types';
import { useEars } from '../live/ears';
import { sourceChosen } from '../live/source';
import { Player } from '../live/player';
import { useLoaded } from '../load';
import { Button, Message, useAsk, Waiting } from '../parts/controls';
import { Drone } from '../parts/drone';
import { Frame } from '../parts/frame';
import { Level, levelWord, Readout } from '../parts/meters';
import { usePerson } from '../person';
import { link } from '../router';
import { SignIcon } from '../score/signs';
import { day, say, sayIfKnown } from '../words';

export function sayKind(kind: string): string {
  return sayIfKnown(`activity_${kind}`, kind);
}

/** An activity and the others of its unit. @param unit  the id of the unit */
export function ActivityPage({ id, unit: unitId }: { id: string; unit: string }) {
  const unit = useLoaded(() => api.unit(unitId), [unitId]);
  const times = useLoaded(() => api.activities(unitId), [unitId]);
  const activity = unit.value?.activities.find((a) => a.id === id);
  const trouble = unit.trouble || times.trouble || (unit.value && !activity ? say('no_activity') : '');
  return (
    <Frame page="path" title={activity?.title ?? say('activity')}>
      {trouble && <><h1>{say('activity')}</h1><Message tone="stop" live>{trouble} <a href={link('path')}>{say('see_path')}</a></Message></>}
      {!trouble && (!activity || !times.value) && <Waiting />}
      {unit.value && activity && times.value && <Inside key={id} unit={unit.value} activity={activity} times={times.value.filter((t) => t.activity === id)} onKept={times.again} />}
    </Frame>
  );
}

/** What somebody has begun to write, until it is kept: it outlives a look at another page. */
const drafts = new Map<string, Record<string, string>>();

function Inside({ unit, activity, times, onKept }: { unit: Unit; activity: Activity; times: ActivityDone[]; onKept: () => void }) {
  const key = `${usePerson().me.id} ${activity.id}`;
  const [words, setWords] = useState<Record<string, string>>(drafts.get(key) ?? {});
  const [kept, setKept] = useState(false);
  const asking = useAsk();
  const write = (ask: string, answer: string): void => {
    const now = { ...words, [ask]: answer };
    drafts.set(key, now);
    setWords(now);
    setKept(false);
  };
  const asks = [...activity.before, ...activity.during, ...(activity.kind === 'reflect' ? [say('diary_line')] : []), ...activity.after];
  const keep = (): void =>
    asking.run(async () => {
      const answers = asks.filter((ask) => words[ask]?.trim()).map((ask) => ({ ask, answer: words[ask]!.trim() }));
      await api.activityDone(activity.id, answers);
      drafts.delete(key);
      setWords({});
      setKept(true);
      onKept();
    });
  const field = (ask: string, i: number, name: string) => (
    <p class="field wide" key={ask}>
      <label for={`${name}-${i}`}>{ask}</label>
      <textarea id={`${name}-${i}`} rows={2} maxLength={400} value={words[ask] ?? ''} onInput={(e) => write(ask, e.currentTarget.value)} />
    </p>
  );
  const next = unit.activities[unit.activities.indexOf(activity) + 1];
  return (
    <article class="activity">
      <p class="eyebrow"><a href={link('path')}>{unit.title}</a> · {sayKind(activity.kind)} · {say('minutes', { n: activity.minutes })}</p>
      <h1>{activity.title}</h1>
      <p class="lead">{activity.why}</p>
      {activity.before.length > 0 && <section aria-labelledby="before"><div class="section-head"><h2 id="before">{say('before_you_begin')}</h2></div>{activity.before.map((ask, i) => field(ask, i, 'ask-before'))}</section>}
      <section aria-labelledby="do">
        <div class="section-head"><h2 id="do">{say('what_to_do')}</h2></div>
        {activity.text && <p class="prose">{activity.text}</p>}
        {activity.reading && <Reading text={activity.reading} />}
        <With activity={activity} unit={unit} />
        {activity.kind === 'reflect' && field(say('diary_line'), 0, 'diary')}
        {activity.during.length > 0 && <div class="during"><h3>{say('while_you_do_it')}</h3>{activity.during.map((ask, i) => field(ask, i, 'ask-during'))}</div>}
        <Hints hints={activity.hints} />
      </section>
      {activity.after.length > 0 && <section aria-labelledby="after"><div class="section-head"><h2 id="after">{say('afterwards')}</h2></div>{activity.after.map((ask, i) => field(ask, i, 'ask-after'))}</section>}
      <p class="row">
        <Button kind={activity.drill ? 'outlined' : 'filled'} onClick={keep} disabled={asking.busy}>{say(activity.drill ? 'keep_words' : 'done_keep')}</Button>
        <span class="caption">{say('who_reads')}</span>
      </p>
      {asking.trouble && <Message tone="stop" live>{asking.trouble}</Message>}
      <div aria-live="polite">
        {kept && (
          <Message>
            <p><SignIcon sign="correct" size={18} /> {say('what_you_kept')}</p>
            <p class="row">{next ? <a href={activityLink(next, unit.unit)}>{say('next_activity', { title: next.title })}</a> : <a href={link('path')}>{say('see_path')}</a>}</p>
          </Message>
        )}
      </div>
      <Times times={times} />
    </article>
  );
}

export function activityLink(activity: Activity, unit: string): string {
  return `${link('activity', { unit, id: activity.id })}`;
}

/** Headings and paragraphs, as they stand in the course's text. */
function Reading({ text }: { text: string }) {
  return (
    <div class="reading">
      {text.split(/\n\s*\n/).map((part, i) => {
        const head = /^#+\s+(.*)$/.exec(part.trim());
        return head ? <h3 key={i}>{head[1]}</h3> : <p class="prose" key={i}>{part.trim()}</p>;
      })}
    </div>
  );
}

function With({ activity, unit }: { activity: Activity; unit: Unit }) {
  const person = usePerson();
  const instrument = person.instruments.find((i) => i.id === person.me.settings.instrument);
  if (activity.drill) {
    const drill = unit.drills.find((d) => d.id === activity.drill) ?? unit.drills[0];
    if (!drill) return <p>{say('no_drill_for_you')}</p>;
    return (
      <>
        <p>{say('drill_named', { title: drill.title })} {say('drill_takes', { n: drill.takes })}.</p>
        <p class="row"><a class="button filled" href={link('practise', { drill: activity.drill, seed: drill.seed })} aria-label={`${say('practise')}: ${drill.title}`}>{say('practise')}</a></p>
      </>
    );
  }
  switch (activity.kind) {
    case 'listen': return <Hear unit={unit} />;
    case 'play':
    case 'sing':
    case 'create': return instrument?.unpitched ? <p><a href={link('tools')}>{say('metronome_in_tools')}</a></p> : <Tune />;
    default: return null;
  }
}

const itemsToHear = 3;

/** Items of the unit's first drill, sounded for this player's instrument. */
function Hear({ unit }: { unit: Unit }) {
  const [player] = useState(() => new Player());
  const [now, setNow] = useState(-1);
  const [trouble, setTrouble] = useState('');
  const asked = useRef(0);
  useEffect(() => {
    player.onEnd = () => setNow(-1);
    return () => player.close();
  }, []);
  const drill = unit.drills[0];
  const level = usePerson().me.settings.level ?? 1;
  if (!drill) return null;
  const play = (i: number): void => {
    if (now === i) return player.stop();
    setTrouble('');
    setNow(i);
    const mine = ++asked.current;
    player.play(api.drillSound(drill.id, i + 1, level), 0).catch(() => {
      if (mine !== asked.current) return; // another one was chosen meanwhile
      setNow(-1);
      setTrouble(say('no_sound_played'));
    });
  };
  return (
    <div class="hear">
      <h3>{say('hear_title')}</h3>
      <p class="row wrap">
        {Array.from({ length: itemsToHear }, (_, i) => <Button key={i} pressed={now === i} onClick={() => play(i)}>{say(now === i ? 'hear_stop' : 'hear_n', { n: i + 1 })}</Button>)}
      </p>
      {trouble && <Message tone="stop" live>{trouble}</Message>}
    </div>
  );
}

/** A tone to tune against, and the tuner. */
function Tune() {
  const person = usePerson();
  const instrument = person.instruments.find((i) => i.id === person.me.settings.instrument);
  const [ears, act] = useEars((person.page.view ?? 'written') === 'concert' ? 0 : (instrument?.semitones ?? 0));
  return (
    <div class="tune">
      <Drone />
      <h3>{say('tuner')}</h3>
      {ears.trouble && <Message tone="stop" live><p>{say(ears.trouble)} <a href={link('tools')}>{say('device_check')}</a></p></Message>}
      {ears.away && <Message tone="stop" live>{say('connection_gone')}</Message>}
      {ears.refusal && <Message tone="stop" live>{ears.refusal}</Message>}
      {ears.on ? <><Readout heard={ears.heard} large /><Level db={ears.db} word={levelWord(ears.db, ears.peak)} /></> : <p>{say('tuner_off')}</p>}
      <p class="row">
        {ears.on ? <Button onClick={act.close}>{say('microphone_off')}</Button> : <Button onClick={() => act.open(sourceChosen(person.page.device))} disabled={ears.opening}>{say('microphone_on')}</Button>}
        <span class="caption">{say('tune_headphones')}</span>
      </p>
    </div>
  );
}

/** The smallest first, one at a time, when somebody asks. */
function Hints({ hints }: { hints: string[] }) {
  const [shown, setShown] = useState(0);
  if (hints.length === 0) return null;
  return (
    <div class="hints">
      <ol aria-live="polite">{hints.slice(0, shown).map((h) => <li key={h}>{h}</li>)}</ol>
      {shown < hints.length && <p class="row"><Button onClick={() => setShown(shown + 1)}>{say(shown === 0 ? 'a_hint' : 'another_hint')}</Button></p>}
    </div>
  );
}

function Times({ times }: { times: ActivityDone[] }) {
  if (times.length === 0) return null;
  return (
    <section aria-labelledby="times">
      <div class="section-head"><h2 id="times">{say('what_you_wrote')}</h2><span class="caption">{say('done_times', { n: times.length })}</span></div>
      <ul class="times">
        {times.map((t) => (
          <li key={t.id}>
            <h3>{day(t.performed_at)}</h3>
            {t.answers.length === 0 && <p class="caption">{say('done_without_words')}</p>}
            <dl>{t.answers.map((a) => <div key={a.ask}><dt>{a.ask}</dt><dd>{a.answer}</dd></div>)}</dl>
          </li>
        ))}
      </ul>
    </section>
  );
}
