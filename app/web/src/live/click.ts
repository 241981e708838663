// The click: short tones on the audio clock, scheduled a little ahead. Beats are told at the moment they are heard.
import type { Metronome } from '../api_types';

export interface Beat {
  bar: number; // 1 is the first of the music; of a count-in of two bars -1 and 0
  beat: number; // from 1
  beatsInBar: number;
}

interface Tone {
  time: number;
  hz: number;
  loud: number;
  sounds: boolean;
  beat: Beat | null; // null: a part of a beat
}

const aheadS = 0.12;
const everyMs = 25;
const barHz = 1760;
const beatHz = 1175;
const partHz = 880;

/** Every click of a metronome, in order; for ever, or until the music of so many quarters has ended. */
function* tones(m: Metronome, startAt: number): Generator<Tone> {
  const quarterS = 60 / m.quarter_bpm;
  let time = startAt;
  for (let bar = 1 - m.count_in; ; bar++) {
    for (let b = 0; b < m.beats.length; b++) {
      const quarters = m.beats[b] ?? 1;
      const counting = bar < 1;
      const sounds = !m.silent && (counting || !m.count_in_only);
      yield { time, hz: b === 0 ? barHz : beatHz, loud: 1, sounds, beat: { bar, beat: b + 1, beatsInBar: m.beats.length } };
      const parts = counting ? 1 : Math.max(1, Math.round(m.parts * quarters));
      for (let part = 1; part < parts; part++) {
        const place = parts % 2 === 0 && part % 2 === 1 ? (part - 1 + 2 * m.swing) / parts : part / parts;
        yield { time: time + place * quarters * quarterS, hz: partHz, loud: 0.4, sounds, beat: null };
      }
      time += quarters * quarterS;
    }
  }
}

export class Click {
  onBeat: (beat: Beat) => void = () => undefined;
  private readonly timer: number;
  private readonly shown = new Set<number>();
  private readonly gain: GainNode;
  private readonly coming: Generator<Tone>;
  private next: Tone;

  /** @param startAt time of the audio clock at which the first click leaves for the loudspeaker */
  constructor(
    private readonly context: AudioContext,
    metronome: Metronome,
    startAt: number,
  ) {
    this.gain = context.createGain();
    this.gain.gain.value = 0.5;
    this.gain.connect(context.destination);
    this.coming = tones(metronome, startAt);
    this.next = this.coming.next().value as Tone;
    this.timer = window.setInterval(() => this.fill(), everyMs);
    this.fill();
  }

  stop(): void {
    window.clearInterval(this.timer);
    for (const t of this.shown) window.clearTimeout(t);
    const now = this.context.currentTime;
    this.gain.gain.cancelScheduledValues(now);
    this.gain.gain.setValueAtTime(0, now);
    setTimeout(() => this.gain.disconnect(), 200);
  }

  private fill(): void {
    const now = this.context.currentTime;
    while (this.next.time < now + aheadS) {
      const tone = this.next;
      this.next = this.coming.next().value as Tone;
      if (tone.time < now - 0.05) continue; // the page slept: what is past is left out
      if (tone.sounds) this.sound(tone, now);
      if (tone.beat) this.show(tone.beat, tone.time - now);
    }
  }

  private show(beat: Beat, inS: number): void {
    const heardAfter = inS + (this.context.outputLatency || 0);
    const timer = window.setTimeout(() => {
      this.shown.delete(timer);
      this.onBeat(beat);
    }, Math.max(0, heardAfter * 1000));
    this.shown.add(timer);
  }

  private sound(tone: Tone, now: number): void {
    const oscillator = this.context.createOscillator();
    const envelope = this.context.createGain();
    oscillator.frequency.value = tone.hz;
    const at = Math.max(tone.time, now);
    envelope.gain.setValueAtTime(0, at);
    envelope.gain.linearRampToValueAtTime(tone.loud, at + 0.001);
    envelope.gain.exponentialRampToValueAtTime(0.0005, at + 0.05);
    oscillator.connect(envelope).connect(this.gain);
    oscillator.start(at);
    oscillator.stop(at + 0.06);
    oscillator.onended = () => envelope.disconnect();
  }
}
