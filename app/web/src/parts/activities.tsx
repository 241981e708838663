// The activities of a unit in their order: what each is, how long, whether it was done, and the way in.
import { api } from '../api';
import type { Activity, ActivityDone, Unit } from '../api_types';
import { useLoaded } from '../load';
import { activityLink, sayKind } from '../pages/activity';
import { SignIcon } from '../score/signs';
import { say } from '../words';
import { Button, Message, Waiting } from './controls';

/** How often an activity was done: one with a drill by takes of it, the others by being kept. */
export function timesDone(activity: Activity, unit: Unit, done: readonly ActivityDone[]): number {
  const drill = activity.drill ? (unit.drills.find((d) => d.id === activity.drill) ?? (unit.drills.length === 1 ? unit.drills[0] : undefined)) : undefined;
  return drill ? drill.takes : done.filter((d) => d.activity === activity.id).length;
}

export function Activities({ unit: id, filled }: { unit: string; filled: boolean }) {
  const unit = useLoaded(() => api.unit(id), [id]);
  const done = useLoaded(() => api.activities(id), [id]);
  const trouble = unit.trouble || done.trouble;
  if (trouble) return <Message tone="stop" live>{trouble} <Button onClick={() => (unit.again(), done.again())}>{say('again')}</Button></Message>;
  if (!unit.value || !done.value) return <Waiting />;
  const times = unit.value.activities.map((a) => timesDone(a, unit.value!, done.value!));
  const next = times.indexOf(0);
  return (
    <ol class="rows activities">
      {unit.value.activities.map((a, i) => (
        <li key={a.id}>
          <span>
            <span class="row-title">{a.title}</span>
            <span class="row-context">{sayKind(a.kind)} · {say('minutes', { n: a.minutes })}{times[i] ? <> · <SignIcon sign="correct" size={14} /> {say('done_times', { n: times[i]! })}</> : ''}</span>
          </span>
          <a class={`button ${filled && i === next ? 'filled' : 'outlined'}`} href={activityLink(a, id)} aria-label={`${say('open')}: ${a.title}`}>{say('open')}</a>
        </li>
      ))}
    </ol>
  );
}
