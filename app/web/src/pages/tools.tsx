// Tools: tuner, metronome, device check. One microphone for the page, opened when somebody asks for it.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import type { Device, LiveEvent, Message as Told } from '../api_types';
import { Click } from '../live/click';
import { Link } from '../live/link';
import { loudness, Microphone, type Applied, microphones, MicrophoneTrouble } from '../live/microphone';
import { useLoaded } from '../load';
import { midiName } from '../music/pitch';
import { Button, Message, Segments } from '../parts/controls';
import { Frame } from '../parts/frame';
import { BeatRow, type Heard, Level, levelWord, Readout } from '../parts/meters';
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

interface Ears {
  on: boolean;
  opening: boolean;
  trouble: Word | null;
  away: boolean;
  applied: Applied | null;
  rate: number;
  db: number;
  peak: number;
  heard: Heard | null;
  checked: { messages: Told[]; ok: boolean } | null;
  refusal: string;
}

const quiet: Ears = { on: false, opening: false, trouble: null, away: false, applied: null, rate: 0, db: -120, peak: -120, heard: null, checked: null, refusal: '' };

/** The microphone and the server's ear, without an item. */
function useEars(semitones: number): [Ears, { open(device: string | undefined): void; close(): void }] {
  const [ears, setEars] = useState(quiet);
  const held = useRef<{ microphone: Microphone | null; link: Link | null; round: number }>({ microphone: null, link: null, round: 0 });
  const change = (c: Partial<Ears>): void => setEars((e) => ({ ...e, ...c }));
  const close = (): void => {
    held.current.round++;
    held.current.link?.close();
    held.current.microphone?.close();
    held.current.link = null;
    held.current.microphone = null;
    setEars(quiet);
  };
  useEffect(() => close, []);
  const hear = (e: LiveEvent): void => {
    if (e.event === 'pitch') {
      if (!e.voiced || e.midi === undefined) change({ heard: null });
      else change({ heard: { ...midiName(e.midi - semitones), cents: e.cents ?? 0 } });
    } else if (e.event === 'checked') change({ checked: e });
    else if (e.event === 'error') change({ refusal: e.error.text });
    else if (e.event === 'bye') change({ refusal: e.text });
  };
  const open = (device: string | undefined): void => {
    close();
    const round = held.current.round;
    change({ opening: true });
    Microphone.open(device).then(
      (microphone) => {
        if (round !== held.current.round) return microphone.close();
        const link = new Link(microphone.rate);
        held.current.microphone = microphone;
        held.current.link = link;
        let base: number | null = null;
        let last = 0;
        microphone.onTrouble = (trouble) => change({ trouble });
        microphone.onChunk = (chunk) => {
          base ??= chunk.frame;
          link.sound(chunk.frame - base, chunk.samples);
          const now = performance.now();
          if (now - last < 80) return;
          last = now;
          const { rms, peak } = loudness(chunk.samples);
          setEars((e) => ({ ...e, db: Math.max(rms, e.db - 4), peak: Math.max(peak, e.peak - 1) }));
        };
        link.onEvent = hear;
        link.onAway = (away) => change({ away });
        link.onLost = () => {
          base = null;
          link.say({ do: 'check', rate_hz: microphone.rate, device: microphone.applied.device });
        };
        link.open();
        link.say({ do: 'check', rate_hz: microphone.rate, device: microphone.applied.device });
        setEars({ ...quiet, on: true, applied: microphone.applied, rate: microphone.rate, trouble: microphone.muted ? 'mic_muted' : null });
        return undefined;
      },
      (error: unknown) => {
        if (round === held.current.round) setEars({ ...quiet, trouble: error instanceof MicrophoneTrouble ? error.word : 'mic_unknown' });
      },
    );
  };
  return [ears, { open, close }];
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

/** A tone to tune against. */
function Drone() {
  const [note, setNote] = useState<number | null>(null);
  const playing = useRef<{ context: AudioContext; gain: GainNode } | null>(null);
  const stop = (): void => {
    const p = playing.current;
    playing.current = null;
    if (!p) return;
    p.gain.gain.setTargetAtTime(0, p.context.currentTime, 0.03);
    setTimeout(() => void p.context.close(), 200);
  };
  useEffect(() => stop, []);
  const sound = (midi: number | null): void => {
    stop();
    setNote(midi);
    if (midi === null) return;
    const context = new AudioContext();
    const gain = context.createGain();
    gain.gain.setTargetAtTime(0.12, context.currentTime, 0.03);
    gain.connect(context.destination);
    [1, 0.5, 0.33, 0.2].forEach((level, k) => {
      const o = context.createOscillator();
      const g = context.createGain();
      g.gain.value = level;
      o.frequency.value = 440 * 2 ** ((midi - 69) / 12) * (k + 1);
      o.connect(g).connect(gain);
      o.start();
    });
    playing.current = { context, gain };
  };
  return (
    <div class="drone">
      <h3 id="drone">{say('drone')}</h3>
      <div class="row wrap" role="group" aria-labelledby="drone">
        {[58, 60, 62, 64, 65, 67, 69].map((m) => {
          const n = midiName(m, -1);
          return <Button key={m} pressed={note === m} onClick={() => sound(note === m ? null : m)}>{n.name}</Button>;
        })}
      </div>
    </div>
  );
}

function DeviceCheck({ ears, onOpen, onDevice }: { ears: Ears; onOpen: () => void; onDevice: (id: string) => void }) {
  const person = usePerson();
  const [list, setList] = useState<{ id: string; name: string }[]>([]);
  const own = useLoaded<Device[]>(() => api.devices(), []);
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
      {own.value && own.value.length > 0 && <details><summary>{say('machine_microphones')}</summary><ul class="plain">{own.value.map((d) => <li key={d.id}>{d.name}</li>)}</ul></details>}
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
