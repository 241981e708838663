// What is kept for a person: instrument, look, keys; and the way out.
import { useState } from 'preact/hooks';
import { Button, Message, Segments, Switch } from '../parts/controls';
import { Frame } from '../parts/frame';
import { SoundSource } from '../parts/sound_source';
import { usePerson } from '../person';
import { say } from '../words';

export function SettingsPage() {
  const person = usePerson();
  const { page, keepPage } = person;
  const [trouble, setTrouble] = useState('');
  const choose = (id: string): void => {
    person.keepInstrument(id).catch((e: unknown) => setTrouble(e instanceof Error ? e.message : String(e)));
  };
  return (
    <Frame page="settings" title={say('settings')}>
      <h1>{say('settings')}</h1>
      <p class="lead">{say('signed_in_as', { name: person.me.name, login: person.me.login })}</p>
      {trouble && <Message tone="stop" live>{trouble}</Message>}
      <p class="field"><label for="instrument">{say('instrument')}</label>
        <select id="instrument" value={person.me.settings.instrument ?? ''} onChange={(e) => choose(e.currentTarget.value)}>
          {!person.me.settings.instrument && <option value="">{say('instrument_none')}</option>}
          {person.instruments.map((i) => <option key={i.id} value={i.id}>{i.name}</option>)}
        </select></p>
      <Segments name={say('theme')} value={page.theme ?? 'system'} onChange={(v) => keepPage(v === 'system' ? { theme: undefined as never } : { theme: v })}
        options={[{ value: 'system' as const, text: say('theme_system') }, { value: 'light' as const, text: say('theme_light') }, { value: 'dark' as const, text: say('theme_dark') }]} />
      <Segments name={say('view')} value={page.view ?? 'written'} onChange={(view) => keepPage({ view })}
        options={[{ value: 'written', text: say('view_written') }, { value: 'concert', text: say('view_concert') }]} />
      <Switch on={page.colour !== false} onChange={(colour) => keepPage({ colour })} title={say('colours')}>{say('colours_note')}</Switch>
      <Switch on={page.rate === true} onChange={(rate) => keepPage({ rate })} title={say('rate_first')}>{say('rate_first_note')}</Switch>
      <Switch on={page.large === true} onChange={(large) => keepPage({ large })} title={say('large_notes')}>{say('large_notes_note')}</Switch>
      <Switch on={page.keys !== false} onChange={(keys) => keepPage({ keys })} title={say('single_keys')}>{say('single_keys_note')}</Switch>
      <section class="settings-part" aria-labelledby="sound"><div class="section-head"><h2 id="sound">{say('sound_heading')}</h2></div><SoundSource again={null} onChange={() => undefined} /></section>
      <section class="settings-part" aria-labelledby="out"><div class="section-head"><h2 id="out">{say('sign_out')}</h2></div><p>{say('sign_out_note')}</p>
        <p class="row"><Button onClick={person.signOut}>{say('sign_out')}</Button></p></section>
    </Frame>
  );
}
