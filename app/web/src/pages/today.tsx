// Today: one next thing, why, and what else there is. Never empty.
import { useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import type { ActivityDone, Drill, PathUnit, Step, Today, Unit } from '../api_types';
import { useLoaded } from '../load';
import { readLine } from '../music/line';
import { instrumentOf } from '../instrument';
import { timesDone } from '../parts/activities';
import { Button, Message, Waiting } from '../parts/controls';
import { Frame } from '../parts/frame';
import { GateMeter } from '../parts/meters';
import { usePerson } from '../person';
import { go, link } from '../router';
import { activityLink } from './activity';
import { Score, type ScoreHandle } from '../score/score';
import type { Judged } from '../score/signs';
import { say } from '../words';

export function stepLink(step: Step): string {
  return link('practise', { drill: step.drill, seed: step.seed, level: step.level });
}

export function TodayPage() {
  const person = usePerson();
  const today = useLoaded(() => api.today(), [person.me.settings.instrument]);
  const [chosen, setChosen] = useState(0);
  const title = today.value?.needs_instrument ? say('choose_instrument') : say('today');
  return (
    <Frame page="today" title={title}>
      {today.trouble && <Message tone="stop" live>{today.trouble} <Button onClick={today.again}>{say('again')}</Button></Message>}
      {!today.value && !today.trouble && <Waiting />}
      {today.value?.needs_instrument && <ChooseInstrument onDone={today.again} />}
      {today.value && !today.value.needs_instrument && <Next today={today.value} chosen={chosen} onOther={() => setChosen((chosen + 1) % today.value!.steps.length)} />}
    </Frame>
  );
}

/** Asked once: what is played. */
export function ChooseInstrument({ onDone }: { onDone: () => void }) {
  const person = usePerson();
  const [trouble, setTrouble] = useState('');
  const families = [...new Set(person.instruments.map((i) => i.family))];
  const choose = (id: string): void => {
    person.keepInstrument(id).then(onDone, (e: unknown) => setTrouble(e instanceof Error ? e.message : String(e)));
  };
  return (
    <section aria-labelledby="choose">
      <p class="eyebrow">{say('first_things')}</p>
      <h1 id="choose">{say('choose_instrument')}</h1>
      <p class="lead">{say('choose_instrument_lead')}</p>
      {trouble && <Message tone="stop" live>{trouble}</Message>}
      {families.map((family) => (
        <div class="family" key={family}>
          <h2>{say(`family_${family}` as 'family_voice')}</h2>
          <p class="row wrap">
            {person.instruments.filter((i) => i.family === family).map((i) => <Button key={i.id} onClick={() => choose(i.id)}>{i.name}</Button>)}
          </p>
        </div>
      ))}
    </section>
  );
}

function Next({ today, chosen, onOther }: { today: Today; chosen: number; onOther: () => void }) {
  const step = today.steps[chosen] ?? today.steps[0]!;
  const drill = useLoaded(() => api.drill(step.drill, step.seed, step.level), [step.drill, step.seed, step.level]);
  const path = useLoaded(() => api.path(step.course), [step.course]);
  const gate = path.value?.units.find((u) => u.unit === step.unit);
  const unit = useLoaded(() => api.unit(step.unit), [step.unit]);
  const done = useLoaded(() => api.activities(step.unit), [step.unit]);
  // together: nothing moves under the hand that is about to press
  const there = [drill, path, unit, done].every((asked) => asked.value !== null || asked.trouble !== '');
  const reviews = today.steps.filter((s) => s.kind === 'review' && s !== step);
  const others = today.steps.filter((s) => s.kind !== 'review' && s !== step);
  return (
    <div class="columns">
      <div>
        <section class="next" aria-labelledby="next">
          <p class="eyebrow">{say('next_for_you')} · {step.unit_title}</p>
          <h1 id="next">{step.title}</h1>
          {!there && <Waiting />}
          {there && drill.value && <Preview drill={drill.value} />}
          {there && drill.trouble && <Message tone="stop">{drill.trouble}</Message>}
          {there && <p class="lead">{step.why.filter((w) => w['dimension'] === undefined).map((w) => w.text).join(' ') || say('why_next')}</p>}
          {there && gate && <Gate unit={gate} />}
          {there && unit.value && done.value && <First unit={unit.value} done={done.value} drill={step.drill} />}
          {there && (
            <p class="row">
              <Button kind="filled" onClick={() => go('practise', { drill: step.drill, seed: step.seed, level: step.level })}>{say('practise')}</Button>
              {today.steps.length > 1 && <Button onClick={onOther}>{say('something_else')}</Button>}
            </p>
          )}
        </section>
        <Steps id="reviews" title={say('due_for_review')} note={reviews.length > 0 ? say('reviews_note', { n: reviews.length }) : ''} steps={reviews}
          empty={say('no_reviews')} action={say('review')} />
      </div>
      <aside>
        <Steps id="others" title={say('also_open')} note="" steps={others} empty={say('nothing_else')} action={say('open')} />
        <section aria-labelledby="done">
          <h2 id="done">{say('played_today')}</h2>
          <p>{today.takes_today === 0 ? say('no_takes_today') : say('takes_today', { n: today.takes_today })} <a href={link('work')}>{say('see_my_work')}</a></p>
        </section>
      </aside>
    </div>
  );
}

/** What of the unit comes before this drill and was never done. */
function First({ unit, done, drill }: { unit: Unit; done: ActivityDone[]; drill: string }) {
  const at = unit.activities.findIndex((a) => a.drill === drill);
  const first = unit.activities.slice(0, Math.max(0, at)).find((a) => timesDone(a, unit, done) === 0);
  return first ? <p>{say('before_this')} <a href={activityLink(first, unit.unit)}>{first.title}</a>, {say('minutes', { n: first.minutes })}.</p> : null;
}

function Steps({ id, title, note, steps, empty, action }: { id: string; title: string; note: string; steps: Step[]; empty: string; action: string }) {
  return (
    <section aria-labelledby={id}>
      <div class="section-head"><h2 id={id}>{title}</h2><span class="caption">{note}</span></div>
      {steps.length === 0 && <p class="caption">{empty}</p>}
      <ul class="rows">
        {steps.map((s) => (
          <li key={s.drill + s.seed}>
            <span><span class="row-title">{s.title}</span><span class="row-context">{s.unit_title}</span></span>
            <a class="button outlined" href={stepLink(s)} aria-label={`${action}: ${s.title}`}>{action}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Gate({ unit }: { unit: PathUnit }) {
  const dimensions = unit.dimensions ?? [];
  if (dimensions.length === 0) return null;
  return <ul class="gate" aria-label={say('gate_of', { unit: unit.title })}>{dimensions.map((d) => <GateRow key={d.name} d={d} unit={unit} />)}</ul>;
}

export function GateRow({ d, unit }: { d: NonNullable<PathUnit['dimensions']>[number]; unit: PathUnit }) {
  // the cells beside it show how many there are already; what else is asked the server says
  const reason = unit.reasons.find((r) => r['dimension'] === d.name);
  const more = reason?.code === 'gate_more_takes' ? Number(reason['more']) : 1;
  return <GateMeter d={d} needed={more} reason={d.reached || reason?.code === 'gate_more_takes' ? undefined : reason?.text} />;
}

/** The first system of what is asked. */
function Preview({ drill }: { drill: Drill }) {
  const handle = useRef<ScoreHandle>(null);
  const line = useMemo(() => readLine(drill.prompt), [drill]);
  const instrument = useMemo(() => instrumentOf(drill.instrument), [drill]);
  return (
    <div class="preview">
      <Score line={line} instrument={instrument} view="written" judged={noVerdicts} handle={handle} lane={false} large={false} narrow octaveFree={false} />
    </div>
  );
}

const noVerdicts: ReadonlyMap<number, Judged> = new Map();
