// A tone to tune against.
import { useEffect, useRef, useState } from 'preact/hooks';
import { midiName } from '../music/pitch';
import { say } from '../words';
import { Button } from './controls';

export function Drone() {
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
