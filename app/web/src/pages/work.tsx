// My work: the takes, newest first, each opening its result.
import { api } from '../api';
import { useLoaded } from '../load';
import { Button, Message, Waiting } from '../parts/controls';
import { Frame } from '../parts/frame';
import { link } from '../router';
import { day, percent, say } from '../words';

export function WorkPage() {
  const takes = useLoaded(() => api.takes(undefined, 50), []);
  return (
    <Frame page="work" title={say('my_work')}>
      <h1>{say('my_work')}</h1>
      <p class="lead">{say('my_work_lead')}</p>
      {takes.trouble && <Message tone="stop" live>{takes.trouble} <Button onClick={takes.again}>{say('again')}</Button></Message>}
      {!takes.value && !takes.trouble && <Waiting />}
      {takes.value?.takes.length === 0 && <p>{say('no_work')} <a href={link('today')}>{say('see_today')}</a></p>}
      <ul class="rows">
        {takes.value?.takes.map((t) => (
          <li key={t.id}>
            <span>
              <span class="row-title">{t.title}</span>
              <span class="row-context">{day(t.performed_at)}, {say(t.counted ? 'counted' : 'practice_take')}</span>
            </span>
            <span class="row-state">{t.score === null ? say('not_scored') : `${percent(t.score)} %`}</span>
            <a class="button outlined" href={`#/result/${t.id}`} aria-label={`${say('look')}: ${t.title}, ${day(t.performed_at)}`}>{say('look')}</a>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
