// What is listened with: the browser's microphone, or the machine's own sound card, where somebody sits at the machine that the room runs on.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import type { CardWish, Device, Devices } from '../api_types';
import { microphones } from '../live/microphone';
import { cardChosen, chooseCard } from '../live/source';
import { usePerson } from '../person';
import { say } from '../words';
import { Message, Segments } from './controls';

const notOffered: Devices = { offered: false, text: '', busy: false, devices: [] };

/** @param again what is looked at anew when it changes: names of microphones are told once one was allowed
 *  @param onChange another choice holds from now on */
export function SoundSource({ again, now, onChange }: { again: unknown; now?: string | undefined; onChange: () => void }) {
  const { page, keepPage } = usePerson();
  const [list, setList] = useState<{ id: string; name: string }[]>([]);
  const [devices, setDevices] = useState<Devices | null>(null);
  const [card, setCard] = useState(cardChosen());
  useEffect(() => void microphones().then(setList), [again]);
  useEffect(() => void api.devices().then(setDevices, () => setDevices(notOffered)), []);
  const choose = (wish: CardWish | null): void => {
    chooseCard(wish);
    setCard(wish);
    onChange();
  };
  return (
    <>
      {(devices?.offered || card) && (
        <Segments name={say('sound_source')} value={card ? 'card' : 'browser'} onChange={(v) => choose(v === 'card' ? {} : null)}
          options={[{ value: 'browser', text: say('source_browser') }, { value: 'card', text: say('source_card') }]} />
      )}
      {card ? (
        <>
          <p class="caption prose">{say('source_card_note')}</p>
          {devices && !devices.offered && <Message tone="stop">{devices.text || say('card_not_offered')}</Message>}
          {devices?.offered && <CardChoice devices={devices.devices} card={card} onChoose={choose} />}
        </>
      ) : (
        <p class="field"><label for="microphone">{say('microphone')}</label>
          <select id="microphone" value={page.device ?? ''} onChange={(e) => (keepPage({ device: e.currentTarget.value }), onChange())}>
            <option value="">{say('microphone_default')}</option>
            {list.filter((d) => d.id && d.id !== 'default').map((d) => <option key={d.id} value={d.id}>{d.name || say('microphone_unnamed')}</option>)}
          </select>
        </p>
      )}
      {now !== undefined && <p class="hint">{say('microphone_now', { name: now || say('microphone_unnamed') })}</p>}
    </>
  );
}

/** Microphone and loudspeaker belong to one sound system. */
function CardChoice({ devices, card, onChoose }: { devices: Device[]; card: CardWish; onChoose: (wish: CardWish) => void }) {
  const apis = [...new Set(devices.map((d) => d.api))];
  const key = (d: { api?: string; name?: string }): string => (d.name ? JSON.stringify([d.api ?? '', d.name]) : '');
  const find = (text: string): Device | undefined => devices.find((d) => key(d) === text);
  const told = (d: Device): string => (apis.length > 1 ? say('device_of', { name: d.name, api: d.api }) : d.name);
  const inputs = devices.filter((d) => d.inputs > 0);
  const outputs = devices.filter((d) => d.outputs > 0 && (!card.api || d.api === card.api));
  const wish = (input: Device | undefined, output: Device | undefined): CardWish => {
    const system = input?.api ?? output?.api;
    return { ...(input ? { input: input.name } : {}), ...(output && output.api === system ? { output: output.name } : {}), ...(system ? { api: system } : {}) };
  };
  const row = (id: string, name: string, chosen: string, from: Device[], onChange: (d: Device | undefined) => void) => (
    <p class="field"><label for={id}>{name}</label>
      <select id={id} value={chosen} onChange={(e) => onChange(find(e.currentTarget.value))}>
        <option value="">{say('microphone_default')}</option>
        {from.map((d) => <option key={key(d)} value={key(d)}>{told(d)}</option>)}
      </select></p>
  );
  const input = key({ api: card.api ?? '', name: card.input ?? '' });
  const output = key({ api: card.api ?? '', name: card.output ?? '' });
  return (
    <>
      {row('card-input', say('microphone'), input, inputs, (d) => onChoose(wish(d, find(output))))}
      {row('card-output', say('loudspeaker'), output, outputs, (d) => onChoose(wish(find(input), d)))}
    </>
  );
}
