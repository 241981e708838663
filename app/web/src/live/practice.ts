// One practice session in the page: microphone, socket and click, held together by one clock. Frames are those of the sound
// that is sent, counted since the last open; `base` joins them to the audio clock.
import type { CardOpened, LiveEvent, Open } from '../api_types';
import { midiName } from '../music/pitch';
import type { TracePoint } from '../score/lane';
import type { Judged } from '../score/signs';
import { byeText } from './bye';
import { Click } from './click';
import { delayOf } from './delay';
import { Link } from './link';
import { type Applied, loudness, Microphone, MicrophoneTrouble } from './microphone';
import { CardClock } from './card_clock';
import { Pulse } from './pulse';
import { nothingShown, type Shown } from './shown';
import type { Source } from './source';
import { RoomEar } from './room_ear';

const deafEvery = 50; // chunks of 20 ms
const heardDb = -55; // louder is no cable's own noise: the microphone is back

export type What = Pick<Open, 'drill' | 'again' | 'seed' | 'level' | 'tempo_bpm' | 'measures' | 'settings'>;

export class Practice {
  onShow: (shown: Shown) => void = () => undefined;
  onCursor: (beat: number | null) => void = () => undefined;
  onTrace: (point: TracePoint) => void = () => undefined;
  onNewTake: () => void = () => undefined;

  private shown: Shown = nothingShown;
  private microphone: Microphone | null = null;
  private card: CardClock | null = null; // in place of a microphone
  private link: Link | null = null;
  private click: Click | null = null;
  private what: What | null = null;
  private base: number | null = null;
  private roundTripS = 0;
  private readonly pulse = new Pulse();
  private animation = 0;
  private lastLevel = 0;
  private startWhenOpen = false;
  private done = false;
  private peak = -120;
  private deafChunks = 0;
  private readonly ear = new RoomEar();
  private telling = 0;
  private refused = false; // nothing was opened: no place, no card
  private stopped = ''; // what was said of a microphone that gave nothing
  private chosen: boolean[] = []; // what was said of counting and not answered yet, in order
  private counts = false; // what the server said last

  /** Open the microphone and the socket, and tell what will be played. */
  async open(what: What, source: Source): Promise<void> {
    this.what = what;
    if (this.microphone?.gone || this.refused) this.letGo();
    if (this.microphone || this.card) return this.reopen(what);
    this.show({ phase: 'opening', trouble: null, refusal: '' });
    if (source.kind === 'card') {
      this.card = new CardClock(source.card);
      return this.join(0);
    }
    try {
      const microphone = await Microphone.open(source.device);
      if (this.done) return microphone.close();
      this.microphone = microphone;
    } catch (error) {
      this.startWhenOpen = false;
      this.show({ phase: 'closed', trouble: error instanceof MicrophoneTrouble ? error.word : 'mic_unknown' });
      return;
    }
    const microphone = this.microphone;
    microphone.onTrouble = (trouble) => this.show({ trouble });
    microphone.onChunk = (chunk) => {
      this.base ??= chunk.frame;
      this.pass(chunk.frame - this.base, chunk.samples, microphone.deaf);
      this.level(chunk.samples);
    };
    this.show({ applied: microphone.applied, ...(microphone.muted ? { trouble: 'mic_muted' as const } : {}) });
    this.join(microphone.rate);
  }

  /** @param rate of the sound that is sent; 0: none is */
  private join(rate: number): void {
    const link = new Link(rate);
    link.onEvent = (e) => this.hear(e);
    link.onAway = (away) => this.show({ away });
    link.onLost = () => this.what && this.reopen(this.what);
    this.link = link;
    link.open();
    if (this.what) this.reopen(this.what);
  }

  /** Listen with something else from now on. */
  change(source: Source): void {
    const { what } = this;
    if (!what) return;
    this.letGo();
    this.show({ ...nothingShown, counts: this.shown.counts });
    void this.open(what, source);
  }

  /** On to the server. Of a microphone that is muted or away only the time goes on: what nobody heard is missing, not silence. */
  private pass(place: number, samples: Float32Array, deaf: boolean): void {
    if (!deaf) {
      this.deafChunks = 0;
      this.link?.sound(place, samples);
      return;
    }
    if (!this.shown.unheard && (this.shown.phase === 'listen' || this.shown.phase === 'count_in')) this.show({ unheard: true });
    if (this.deafChunks++ % deafEvery === deafEvery - 1) this.link?.sound(place + samples.length - 1, samples.subarray(samples.length - 1));
  }

  /** Another item, tempo or loop with the same microphone. */
  reopen(what: What): void {
    this.what = what;
    if ((!this.microphone && !this.card) || !this.link) return;
    this.base = null;
    this.refused = false;
    this.chosen = [];
    this.stopClick();
    this.show({ phase: 'opening', judged: new Map(), verdict: null, kept: null, messages: [], refusal: '', asks: [], lost: false, cut: false });
    if (this.microphone) this.openMicrophone(what, this.microphone, this.link);
    else if (this.card) this.link.say({ do: 'open', card: this.card.wish, ...what });
  }

  private openMicrophone(what: What, microphone: Microphone, link: Link): void {
    const { applied, rate } = microphone;
    const measured = delayOf(applied);
    const roundTrip = measured?.latency_s ?? microphone.roundTripS;
    this.roundTripS = roundTrip ?? 0;
    this.show({ delay: measured });
    link.say({
      do: 'open',
      rate_hz: rate,
      ...what,
      device: applied.device.slice(0, 160),
      ...(applied.echo === null ? {} : { echo_cancellation: applied.echo }),
      ...(applied.noise === null ? {} : { noise_suppression: applied.noise }),
      ...(applied.gain === null ? {} : { auto_gain_control: applied.gain }),
      ...(roundTrip === null ? {} : { latency_s: roundTrip }),
      ...(measured ? { latency_spread_s: measured.spread_s } : {}),
    });
  }

  close(): void {
    this.done = true;
    this.letGo();
  }

  private letGo(): void {
    this.stopClick();
    this.link?.close();
    this.microphone?.close();
    this.link = null;
    this.microphone = null;
    this.card = null;
    this.refused = false;
  }

  get isOpen(): boolean {
    return (this.microphone !== null || this.card !== null) && !this.refused;
  }

  private get hz(): number {
    return this.card?.rate ?? this.microphone?.rate ?? 48000;
  }

  get context(): AudioContext | null {
    return this.microphone?.context ?? null;
  }

  start(): void {
    void this.microphone?.context.resume();
    const phase = this.shown.phase;
    if (phase === 'opening' || phase === 'closed') this.startWhenOpen = true;
    else this.link?.say({ do: 'start' });
  }

  /** The next round of a loop: after a verdict the session goes to its next take first, and begins it then. */
  round(): void {
    this.startWhenOpen = this.shown.phase === 'feedback';
    this.start();
  }

  stop(): void {
    this.link?.say({ do: 'stop' });
  }

  again(): void {
    const phase = this.shown.phase;
    if (phase === 'count_in' || phase === 'listen') this.link?.say({ do: 'restart' });
    else this.start();
  }

  cancel(): void {
    this.startWhenOpen = false;
    this.link?.say({ do: 'cancel' });
  }

  mark(): void {
    this.link?.say({ do: 'mark' });
  }

  /** Stands on the page at once; the server's word follows, and holds once the take begins. */
  count(on: boolean): void {
    if (!this.link) return;
    if (this.shown.phase === 'feedback') this.link.say({ do: 'start' }); // to the next take, before its count-in
    this.link.say({ do: 'counts', on });
    this.chosen.push(on);
    this.show({ counts: on });
  }

  colours(on: boolean): void {
    this.link?.say({ do: 'colour', on });
  }

  before(goal: string, score: number | null): void {
    this.link?.say({ do: 'before', goal, ...(score === null ? {} : { score }) });
    this.answered('before');
  }

  rate(score: number): void {
    this.link?.say({ do: 'rate', score });
    this.answered('rating');
  }

  after(cause: string, next: string): void {
    this.link?.say({ do: 'after', cause, next });
    this.answered('after');
  }

  private answered(what: Shown['asks'][number]): void {
    this.show({ asks: this.shown.asks.filter((a) => a !== what) });
  }

  /** What moves quickly is shown together, 25 times a second at most; what changes the state, and a verdict, at once. Feedback without its
   *  verdict is not worth a picture: that comes right behind it. */
  private show(changes: Partial<Shown>): void {
    this.shown = { ...this.shown, ...changes };
    if (('phase' in changes && changes.phase !== 'feedback') || changes.verdict) this.tell();
    else if (this.telling === 0) this.telling = window.setTimeout(() => this.tell(), 40);
  }

  private tell(): void {
    window.clearTimeout(this.telling);
    this.telling = 0;
    if (!this.done) this.onShow(this.shown);
  }

  private level(samples: Float32Array): void {
    const rate = this.hz;
    if (this.ear.hear(samples, rate, this.shown.heard !== null) && this.ear.heard !== this.shown.room) this.show({ room: this.ear.heard });
    const { rms, peak } = loudness(samples);
    if (this.stopped && rms > heardDb) {
      this.show({ messages: this.shown.messages.filter((m) => m !== this.stopped) });
      this.stopped = '';
    }
    this.peak = Math.max(peak, this.peak - 1);
    const now = performance.now();
    if (now - this.lastLevel < 80) return;
    this.lastLevel = now;
    this.show({ levelDb: Math.max(rms, this.shown.levelDb - 4), peakDb: this.peak });
  }

  private hear(e: LiveEvent): void {
    if (e.event === 'level' || e.event === 'pitch') this.card?.told(e.frame); // of the newest sound
    switch (e.event) {
      case 'opened':
        if (e.card) this.cardIsOpen(e.card);
        this.show({ asked: e.asked, mayCount: e.counts });
        break;
      case 'card':
        this.show({ refusal: e.lost ? e.text : '' });
        break;
      case 'level':
        if (this.card) this.cardLevel(e.rms_db, e.peak_db);
        break;
      case 'beat':
        if (this.card) this.show({ beat: { bar: e.bar, beat: e.beat, beatsInBar: this.pulse.beats } });
        break;
      case 'resumed':
        this.show({ phase: e.state });
        break;
      case 'state':
        this.state(e);
        break;
      case 'cue':
        this.cue(e);
        break;
      case 'pitch':
        this.pitch(e);
        break;
      case 'position':
        this.against(this.pulse.position(e, this.hz));
        break;
      case 'note':
        if (this.shown.colour) this.judge(e.index, { pitch: e.pitch, timing: e.timing, cents: e.cents ?? null, onset_error_ms: e.onset_error_ms ?? null });
        break;
      case 'lost':
      case 'found':
        this.show({ lost: e.event === 'lost' });
        break;
      case 'message':
        if (this.shown.unheard && e.message.code === 'sound_gap') break; // said already, with its cause
        if (e.message.code === 'sound_stopped') this.stopped = e.text;
        if (!this.shown.messages.includes(e.text)) this.show({ messages: [...this.shown.messages, e.text] });
        break;
      case 'ask':
        this.show({ asks: [...this.shown.asks.filter((a) => a !== e.what), e.what] });
        break;
      case 'mark':
        this.show({ marks: this.shown.marks + 1 });
        break;
      case 'result':
        this.show({ verdict: e.verdict, predicted: e.predicted ?? null, rated: e.rated ?? null, cut: e.cut ?? false, judged: new Map(e.verdict.notes.map((n) => [n.index, n])) });
        break;
      case 'kept':
        this.show({ kept: e.id, cut: e.cut ?? this.shown.cut });
        break;
      case 'error':
        this.startWhenOpen = false;
        this.chosen = [];
        if (this.shown.phase === 'opening') this.refused = true; // nothing was opened: it is asked for anew
        this.show({ refusal: e.error.text, counts: this.counts, ...(this.refused ? { phase: 'closed' as const } : {}) });
        break;
      case 'bye':
        this.show({ refusal: byeText(e) });
        break;
      default:
        break;
    }
  }

  private state(e: Extract<LiveEvent, { event: 'state' }>): void {
    const playing = e.state === 'count_in' || e.state === 'listen';
    const fresh = e.state === 'count_in' || (e.state === 'listen' && e.before !== 'count_in');
    this.counts = e.counts;
    if (playing) this.chosen = [];
    else if (e.state === e.before && this.chosen[0] === e.counts) this.chosen.shift();
    this.show({
      phase: e.state, counts: this.chosen.at(-1) ?? e.counts, colour: e.colour,
      ...(fresh ? { judged: new Map(), verdict: null, kept: null, messages: [], lost: false, behind: 0, marks: 0, unheard: false, refusal: '', cut: false } : {}),
    });
    if (fresh) {
      this.pulse.begin();
      this.onNewTake();
    }
    if (!playing) this.stopClick();
    else if (this.animation === 0) this.animate();
    if (e.state === 'prepare' && this.startWhenOpen) {
      this.startWhenOpen = false;
      this.link?.say({ do: 'start' });
    }
  }

  private cue(e: Extract<LiveEvent, { event: 'cue' }>): void {
    this.stopClick();
    const microphone = this.microphone;
    if (e.model) return;
    this.pulse.cue(e);
    if (e.metronome && microphone) { // the card's own click sounds where the card is
      // to be captured at that frame the first click leaves a round trip earlier
      const captured = ((this.base ?? 0) + e.frame) / microphone.rate + e.metronome.start_s;
      this.click = new Click(microphone.context, e.metronome, captured - this.roundTripS);
      this.click.onBeat = (beat) => this.show({ beat });
    }
    this.animate();
  }

  /** @param behind beats behind the click */
  private against(behind: number): void {
    if (behind > 0 && this.shown.behind === 0) this.onNewTake(); // what was drawn beside the notes that the click had reached
    if (behind !== this.shown.behind) this.show({ behind });
  }

  private pitch(e: Extract<LiveEvent, { event: 'pitch' }>): void {
    const playing = this.shown.phase === 'listen' || this.shown.phase === 'count_in';
    if (!e.voiced || e.midi === undefined) {
      if (this.shown.heard) this.show({ heard: null });
      if (playing) this.onTrace({ beat: this.pulse.ofPlayer(e.frame, this.hz), midi: null });
      return;
    }
    const midi = e.midi + (e.cents ?? 0) / 100;
    const line = this.shown.asked?.prompt.line;
    const shift = -(this.shown.asked?.instrument?.semitones ?? 0);
    const fifths = line?.measures?.[0]?.fifths ?? 0;
    const off = typeof e.target_cents === 'number' && Math.abs(e.target_cents) < 150 ? e.target_cents : (e.cents ?? 0);
    const name = midiName(e.midi + (this.concert ? 0 : shift), fifths);
    this.show({ heard: { ...name, cents: off } });
    if (playing && !this.pulse.lingers(e.frame, this.hz, midi, line?.notes ?? []))
      this.onTrace({ beat: this.pulse.ofPlayer(e.frame, this.hz), midi, ...(this.pulse.follows && typeof e.target_cents === 'number' ? { cents: e.target_cents } : {}) });
  }

  /** Whether note names are told as they sound. */
  concert = false;

  private judge(index: number, judged: Judged): void {
    const all = new Map(this.shown.judged);
    if (judged.pitch === null && judged.timing === null) all.delete(index);
    else all.set(index, judged);
    this.show({ judged: all });
  }

  private animate(): void {
    cancelAnimationFrame(this.animation);
    const step = (): void => {
      const frame = this.frameNow();
      if (frame === null || this.done) return;
      this.onCursor(this.pulse.ofClick(frame, this.hz));
      this.animation = requestAnimationFrame(step);
    };
    this.animation = requestAnimationFrame(step);
  }

  /** The frame that is captured when what sounds now comes back. */
  private frameNow(): number | null {
    if (this.card) return this.card.now();
    const microphone = this.microphone;
    if (!microphone) return null;
    const heardS = microphone.context.currentTime + this.roundTripS - (microphone.context.outputLatency || 0);
    return heardS * microphone.rate - (this.base ?? 0);
  }

  /** The card's own names and delay stand where a microphone's do. */
  private cardIsOpen(card: CardOpened): void {
    this.card?.open(card.rate_hz);
    const applied: Applied = { device: card.input, deviceId: '', echo: null, noise: null, gain: null };
    this.show({ card, applied, delay: card.latency_s === null ? null : { latency_s: card.latency_s, spread_s: 0, at: '' } });
  }

  private cardLevel(rms: number, peak: number): void {
    if (this.ear.block(rms, peak, this.shown.heard !== null) && this.ear.heard !== this.shown.room) this.show({ room: this.ear.heard });
    this.show({ levelDb: Math.max(rms, this.shown.levelDb - 4), peakDb: peak });
  }

  private stopClick(): void {
    this.click?.stop();
    this.click = null;
    cancelAnimationFrame(this.animation);
    this.animation = 0;
    this.onCursor(null);
    if (this.shown.beat) this.show({ beat: null });
  }
}
