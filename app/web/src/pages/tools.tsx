// Tools: tuner, metronome, device check. One microphone for the page, opened when somebody asks for it.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Calibrated } from '../api_types';
import { Click } from '../live/click';
import { delayOf, measureDelay } from '../live/delay';
import { type Ears, useEars } from '../live/ears';
import { type Applied, MicrophoneTrouble } from '../live/microphone';
import { cardChosen, sourceChosen } from '../live/source';
import { Button, Message, Segments } from '../parts/controls';
import { Drone } from '../parts/drone';
import { Frame } from '../parts/frame';
import { BeatRow, Level, levelWord, Readout } from '../parts/meters';
import { usePerson } from '../person';
import { SoundSource } from '../parts/sound_source';
import { SignIcon } from '../score/signs';
import { day, say, type Word } from '../words';

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
  const open = (): void => act.open(sourceChosen(person.page.device));
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
      <DeviceCheck ears={ears} onOpen={open} onClose={act.close} onSource={() => ears.on && act.close()} />
    </>
  );
}

function DeviceCheck({ ears, onOpen, onClose, onSource }: { ears: Ears; onOpen: () => void; onClose: () => void; onSource: () => void }) {
  const person = usePerson();
  const [round, setRound] = useState(0); // of choices
  const card = cardChosen() !== null;
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
          {!ears.card && line(ears.applied.echo, 'echo_on', 'echo_off', 'echo_unknown')}
          {!ears.card && line(ears.applied.noise, 'noise_on', 'noise_off', 'noise_unknown')}
          {!ears.card && line(ears.applied.gain, 'gain_on', 'gain_off', 'gain_unknown')}
          <li class="caption">{say('microphone_now', { name: ears.applied.device || say('microphone_unnamed') })}, {say('rate_hz', { rate: ears.rate })}</li>
        </ul>
      )}
      <SoundSource again={ears.on} onChange={() => (setRound(round + 1), onSource())} />
      {!ears.on && <p class="row"><Button onClick={onOpen} disabled={ears.opening}>{say('check_now')}</Button></p>}
      {card ? <p class="prose">{say(ears.card?.latency_s === null || !ears.card ? 'card_delay_how' : 'card_delay_known', { ms: ((ears.card?.latency_s ?? 0) * 1000).toFixed(0) })}</p> : <DelayTool onBegin={onClose} device={person.page.device} applied={ears.applied} />}
    </section>
  );
}

/** How late this machine hears itself, measured by probes. */
function DelayTool({ onBegin, device, applied }: { onBegin: () => void; device: string | undefined; applied: Applied | null }) {
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Calibrated | null>(null);
  const [trouble, setTrouble] = useState('');
  const here = useRef(true);
  useEffect(() => () => {
    here.current = false;
  }, []);
  const known = applied ? delayOf(applied) : null;
  const measure = (): void => {
    onBegin();
    setBusy(true);
    setFound(null);
    setTrouble('');
    measureDelay(device, () => !here.current).then(
      (c) => (setBusy(false), setFound(c)),
      (e: unknown) => {
        setBusy(false);
        setTrouble(e instanceof MicrophoneTrouble ? say(e.word) : say('delay_failed'));
      },
    );
  };
  const ms = (s: number): string => (s * 1000).toFixed(s < 0.01 ? 1 : 0);
  return (
    <div class="delay">
      <h3>{say('delay_title')}</h3>
      <p class="prose">{say('delay_what')}</p>
      <div aria-live="polite">
        {busy && <p>{say('delay_busy')}</p>}
        {trouble && <Message tone="stop" live>{trouble}</Message>}
        {found && found.latency_s !== null && found.spread_s !== null && <p>{found.rhythm && <SignIcon sign="correct" size={18} />} {say(found.rhythm ? 'delay_found' : 'delay_unsteady', { ms: ms(found.latency_s), spread: ms(found.spread_s) })}</p>}
        {found?.messages.map((m) => <Message key={m.code}>{m.text}</Message>)}
        {!busy && !found && known && <p class="caption">{say('delay_known', { ms: ms(known.latency_s), day: day(known.at) })}</p>}
      </div>
      <p class="row"><Button onClick={measure} disabled={busy}>{say('delay_measure')}</Button></p>
    </div>
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
