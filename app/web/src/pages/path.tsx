// The path: units in order, their gates, what is missing to open the next.
import { useState } from 'preact/hooks';
import { api } from '../api';
import type { Course, Path, PathUnit, UnitDrill } from '../api_types';
import { useLoaded } from '../load';
import { Activities } from '../parts/activities';
import { Button, Message, Segments, Waiting } from '../parts/controls';
import { Frame } from '../parts/frame';
import { usePerson } from '../person';
import { link } from '../router';
import { SignIcon } from '../score/signs';
import { percent, say } from '../words';
import { GateRow } from './today';

export function PathPage({ course }: { course: string }) {
  const person = usePerson();
  const courses = useLoaded(() => api.courses(), []);
  const [chosen, setChosen] = useState(course);
  const path = useLoaded(() => api.path(chosen || undefined), [chosen, person.me.settings.instrument]);
  return (
    <Frame page="path" title={path.value?.title ?? say('path')}>
      {path.trouble && <Message tone="stop" live>{path.trouble} <Button onClick={path.again}>{say('again')}</Button></Message>}
      {!path.value && !path.trouble && <Waiting />}
      {path.value && <Units path={path.value} courses={courses.value ?? []} onCourse={setChosen} />}
    </Frame>
  );
}

function Units({ path, courses, onCourse }: { path: Path; courses: Course[]; onCourse: (id: string) => void }) {
  const at = Math.max(0, path.units.findIndex((u) => u.next));
  const name = usePerson().instruments.find((i) => i.id === path.instrument)?.name ?? path.instrument;
  return (
    <div class="columns">
      <div>
        {courses.length > 1 && <Segments name={say('course')} value={path.course} onChange={onCourse} options={courses.map((c) => ({ value: c.id, text: c.title }))} hideName />}
        <h1>{say('course_for', { course: path.title, instrument: name })}</h1>
        <p class="lead">{say('path_lead', { units: path.units.length, at: at + 1 })}</p>
        <ol class="units">{path.units.map((u, i) => <UnitRow key={u.unit} unit={u} number={i + 1} here={i === at} following={path.units[i + 1]} />)}</ol>
      </div>
      <aside class="legend" aria-labelledby="reading">
        <h2 id="reading">{say('reading_this_page')}</h2>
        <dl>
          <dt><Bar open /></dt><dd>{say('legend_open')}</dd>
          <dt><Bar open={false} /></dt><dd>{say('legend_end')}</dd>
          <dt><span class="cell reached">92</span></dt><dd>{say('legend_reached')}</dd>
          <dt><span class="cell not">88</span></dt><dd>{say('legend_not')}</dd>
          <dt><span class="cell over">–</span></dt><dd>{say('legend_over')}</dd>
        </dl>
      </aside>
    </div>
  );
}

/** A thin double bar is open, an end bar still asks for something. */
function Bar({ open }: { open: boolean }) {
  return (
    <svg class="gate-bar" width="14" height="24" viewBox="0 0 14 24" aria-hidden="true" focusable="false">
      <rect x="3" y="2" width="1.5" height="20" fill="currentColor" />
      <rect x="8" y="2" width={open ? 1.5 : 4} height="20" fill="currentColor" />
    </svg>
  );
}

function UnitRow({ unit, number, here, following }: { unit: PathUnit; number: number; here: boolean; following: PathUnit | undefined }) {
  const locked = unit.state === 'locked';
  const passed = unit.state === 'done' || unit.advance === true;
  return (
    <li class={`unit${here ? ' here' : ''}${locked ? ' locked' : ''}`} aria-current={here ? 'step' : undefined}>
      <span class="unit-number" aria-hidden="true">{number}</span>
      <div class="unit-head">
        <h2>{unit.title}</h2>
        <span class="unit-state">
          {unit.certify ? <><SignIcon sign="correct" size={16} /> {say('certified')}</> : here ? say('you_are_here') : locked ? say('not_open_yet') : passed ? say('way_open') : say('open_now')}
          {unit.review_due && <> · {say('review_due')}</>}
        </span>
      </div>
      {locked && <p class="caption">{unit.path_reasons.map((r) => r.text).join(' ')}</p>}
      {!locked && !here && <p class="caption">{say('unit_counts', { takes: unit.takes ?? 0, counted: unit.counted ?? 0 })}</p>}
      {here ? <Open unit={unit} following={following} /> : !locked && <Closed unit={unit} />}
      {!here && <p class="gate-line"><Bar open={passed} /> {passed ? say('open_word') : locked ? '' : say('still_asked')}</p>}
    </li>
  );
}

function Open({ unit, following }: { unit: PathUnit; following: PathUnit | undefined }) {
  return (
    <>
      <p class="prose">{unit.purpose}</p>
      <Activities unit={unit.unit} filled />
      <details><summary>{say('drills_of_unit')}</summary><Drills drills={unit.drills} /></details>
      <div class="gate-head">
        <Bar open={unit.advance === true} />
        <div>
          <h3>{following ? say('what_opens', { unit: following.title }) : say('what_closes')}</h3>
          <p class="caption">{say('gate_rule')}</p>
        </div>
      </div>
      <ul class="gate wide">{(unit.dimensions ?? []).map((d) => <GateRow key={d.name} d={d} unit={unit} />)}</ul>
      {unit.reasons.filter((r) => r['dimension'] === undefined).map((r) => <p class="caption" key={r.code}>{r.text}</p>)}
    </>
  );
}

/** A unit that is open and not the one to go on with: its activities are asked for when somebody looks. */
function Closed({ unit }: { unit: PathUnit }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{say('in_this_unit')}</summary>
      {open && <Activities unit={unit.unit} filled={false} />}
      <h3>{say('drills_of_unit')}</h3>
      <Drills drills={unit.drills} />
    </details>
  );
}

function Drills({ drills }: { drills: UnitDrill[] }) {
  return (
    <ul class="rows">
      {drills.map((d) => (
        <li key={d.id}>
          <span>
            <span class="row-title">{d.title}</span>
            <span class="row-context">{say('drill_takes', { n: d.takes })}{d.best === null ? '' : `, ${say('drill_best', { best: percent(d.best) })}`}</span>
          </span>
          <a class="button outlined" aria-label={`${say('practise')}: ${d.title}`} href={link('practise', { drill: d.id, seed: d.seed })}>
            {say('practise')}
          </a>
        </li>
      ))}
    </ul>
  );
}
