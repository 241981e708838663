// Tools: tuner, metronome, device check. One microphone for the page, opened when somebody asks for it.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Click } from '../live/click';
import { type Ears, useEars } from '../live/ears';
import { microphones } from '../live/microphone';
import { Button, Message, Segments } from '../parts/controls';
import { Drone } from '../parts/drone';
import { Frame } from '../parts/frame';
import { BeatRow, Level, levelWord, Readout } from '../parts/meters';
import { usePerson } from '../person';
import { SignIcon } from '../score/signs';
import { say, type Word } from '../words';

export function ToolsPage() {
  return (
    <Frame page="tools" title={say('tools')}>
      <h1>{say('tools')}</h1>
      <div class="tools">
        <MicrophoneTools />
        <MetronomeTool />
      </div>
    </Frame>
  );
}

function MicrophoneTools() {
  const person = usePerson();
  const instrument = person.instruments.find((i) => i.id === person.me.settings.instrument);
  const concert = (person.page.view ?? 'written') === 'concert';
  const [ears, act] = useEars(concert ? 0 : (instrument?.semitones ?? 0));
  const open = (): void => act.open(person.page.device);
  return (
    <>
      <section class="tool" aria-labelledby="tuner">
        <div class="section-head"><h2 id="tuner">{say('tuner')}</h2><span class="caption">{instrument && instrument.semitones !== 0 ? say(concert ? 'tuner_concert' : 'tuner_written', { instrument: instrument.name }) : say('tuner_a4')}</span></div>
        {ears.on ? <Readout heard={ears.heard} large /> : <p>{say('tuner_off')}</p>}
        <p class="row">
          {ears.on ? <Button onClick={act.close}>{say('microphone_off')}</Button> : <Button kind="filled" onClick={open} disabled={ears.opening}>{say('microphone_on')}</Button>}
        </p>
        <Drone />
      </section>
      <DeviceCheck ears={ears} onOpen={open} onDevice={(id) => (person.keepPage({ device: id }), act.open(id || undefined))} />
    </>
  );
}

function DeviceCheck({ ears, onOpen, onDevice }: { ears: Ears; onOpen: () => void; onDevice: (id: string) => void }) {
  const person = usePerson();
  const [list, setList] = useState<{ id: string; name: string }[]>([]);
  useEffect(() => void microphones().then(setList), [ears.on]);
  const word = ears.on ? levelWord(ears.db, ears.peak) : 'level_closed';
  const line = (on: boolean | null, bad: Word, good: Word, unknown: Word) => (
    <li>{on === null ? <SignIcon sign="none" size={18} /> : <SignIcon sign={on ? 'wrong' : 'correct'} size={18} />} {say(on === null ? unknown : on ? bad : good)}</li>
  );
  return (
    <section class="tool" aria-labelledby="check">
      <div class="section-head"><h2 id="check">{say('device_check')}</h2><span class="caption">{say('device_check_note')}</span></div>
      {ears.trouble && <Message tone="stop" live><p>{say(ears.trouble)}</p></Message>}
      {ears.away && <Message tone="stop" live>{say('connection_gone')}</Message>}
      {ears.refusal && <Message tone="stop" live>{ears.refusal}</Message>}
      <Level db={ears.db} word={word} />
      {ears.on && <p>{say(`${word}_do` as Word)}</p>}
      <div aria-live="polite">
        {ears.checked && (ears.checked.ok
          ? <p><SignIcon sign="correct" size={18} /> {say('check_ok')}</p>
          : ears.checked.messages.map((m) => <Message key={m.code}>{m.text}</Message>))}
      </div>
      {ears.applied && (
        <ul class="plain">
          {line(ears.applied.echo, 'echo_on', 'echo_off', 'echo_unknown')}
          {line(ears.applied.noise, 'noise_on', 'noise_off', 'noise_unknown')}
          {line(ears.applied.gain, 'gain_on', 'gain_off', 'gain_unknown')}
          <li class="caption">{say('microphone_now', { name: ears.applied.device || say('microphone_unnamed') })}, {say('rate_hz', { rate: ears.rate })}</li>
        </ul>
      )}
      <p class="field"><label for="device">{say('microphone')}</label>
        <select id="device" value={person.page.device ?? ''} onChange={(e) => onDevice(e.currentTarget.value)}>
          <option value="">{say('microphone_default')}</option>
          {list.filter((d) => d.id && d.id !== 'default').map((d) => <option key={d.id} value={d.id}>{d.name || say('microphone_unnamed')}</option>)}
        </select></p>
      {!ears.on && <p class="row"><Button onClick={onOpen} disabled={ears.opening}>{say('check_now')}</Button></p>}
    </section>
  );
}

const metres = { '2': [1, 1], '3': [1, 1, 1], '4': [1, 1, 1, 1], '6/8': [1.5, 1.5] } as const;

function MetronomeTool() {
  const [bpm, setBpm] = useState(80);
  const [metre, setMetre] = useState<keyof typeof metres>('4');
  const [parts, setParts] = useState<'1' | '2' | '3'>('1');
  const [silent, setSilent] = useState(false);
  const [on, setOn] = useState(false);
  const [beat, setBeat] = useState(-1);
  const taps = useRef<number[]>([]);
  const context = useMemo(() => ({ now: null as AudioContext | null }), []);
  useEffect(() => () => void context.now?.close(), []);
  useEffect(() => {
    if (!on) return setBeat(-1);
    context.now ??= new AudioContext();
    void context.now.resume();
    const beats = metres[metre].slice();
    const perBeat = beats[0] ?? 1;
    const click = new Click(context.now, {
      quarter_bpm: bpm * perBeat, beats, parts: metre === '6/8' ? (parts === '1' ? 1 : 2) : Number(parts), swing: 0.5, count_in: 0, start_s: 0, silent, count_in_only: false,
    }, context.now.currentTime + 0.1);
    click.onBeat = (b) => setBeat(b.beat - 1);
    return () => click.stop();
  }, [on, bpm, metre, parts, silent]);
  const tap = (): void => {
    const now = performance.now();
    taps.current = [...taps.current.filter((t) => now - t < 4000), now].slice(-6);
    const t = taps.current;
    if (t.length > 2) setBpm(Math.max(20, Math.min(300, Math.round((60000 * (t.length - 1)) / (t[t.length - 1]! - t[0]!)))));
  };
  return (
    <section class="tool" aria-labelledby="metronome">
      <div class="section-head"><h2 id="metronome">{say('metronome')}</h2></div>
      <BeatRow beats={metres[metre].length} strong={[0]} now={beat} />
      <div class="tempo">
        <Button onClick={() => setBpm(Math.max(20, bpm - 2))} label={say('slower')}>−</Button>
        <span class="tempo-mark" aria-live="polite">{say(metre === '6/8' ? 'tempo_mark_dotted' : 'tempo_mark', { bpm })}</span>
        <Button onClick={() => setBpm(Math.min(300, bpm + 2))} label={say('faster')}>+</Button>
        <Button onClick={tap}>{say('tap')}</Button>
      </div>
      <p class="field"><label for="bpm">{say('beats_a_minute')}</label><input id="bpm" type="range" min={20} max={300} value={bpm} onInput={(e) => setBpm(Number(e.currentTarget.value))} /></p>
      <Segments name={say('metre')} value={metre} onChange={setMetre} options={(Object.keys(metres) as (keyof typeof metres)[]).map((m) => ({ value: m, text: m }))} />
      <Segments name={say('parts')} value={parts} onChange={setParts} options={[{ value: '1', text: say('parts_1') }, { value: '2', text: say('parts_2') }, { value: '3', text: say('parts_3') }]} />
      <Segments name={say('click')} value={silent ? 'seen' : 'heard'} onChange={(v) => setSilent(v === 'seen')} options={[{ value: 'heard', text: say('click_heard') }, { value: 'seen', text: say('click_seen') }]} />
      <p class="row"><Button onClick={() => setOn(!on)}>{on ? say('stop') : say('start')}</Button></p>
    </section>
  );
}
