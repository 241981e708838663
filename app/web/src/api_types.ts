// What the server sends, as docs/api.md and app/serve/api.schema.json say it. Members the pages do not use are left out.
import type { Prompt } from './music/line';

export type Role = 'student' | 'teacher' | 'admin';

/** A code with its parameters, and the sentence for people. */
export interface Message {
  code: string;
  text: string;
  [parameter: string]: unknown;
}

export interface Hello {
  version: string;
  first_run: boolean;
  needs_code: boolean;
  secure: boolean;
  room: string;
}

/** What the pages keep for a person. */
export interface PageSettings {
  colour?: boolean; // notes take colour while they are played
  view?: 'written' | 'concert';
  click?: boolean;
  keys?: boolean; // single-letter keys work
  theme?: 'light' | 'dark';
  large?: boolean; // larger notation
  device?: string; // the microphone's id in this browser
  rate?: boolean; // the player rates a take before its result is told
}

export interface Settings {
  instrument?: string | null;
  level?: number;
  page?: PageSettings;
}

export interface Me {
  id: string;
  name: string;
  login: string;
  roles: Role[];
  csrf: string;
  settings: Settings;
}

export interface InstrumentRow {
  id: string;
  name: string;
  family: string;
  clef: string;
  clef2: string; // "" none
  sung: boolean;
  unpitched: boolean;
  fixed_pitch: boolean;
  letters: number;
  semitones: number;
}

export interface Course {
  id: string;
  title: string;
  purpose: string;
  units: number;
  begun: boolean;
}

export interface Step {
  kind: 'next' | 'review' | 'practise';
  course: string;
  unit: string;
  unit_title: string;
  drill: string;
  title: string;
  seed: number;
  level: number;
  why: Message[];
}

export interface Today {
  instrument: string | null;
  needs_instrument: boolean;
  steps: Step[];
  takes_today: number;
}

export interface GateCell {
  score: number | null;
  reached: boolean;
}

export interface GateDimension {
  name: string;
  target: number;
  reached: boolean;
  waived: boolean;
  last: GateCell[];
  passed_over: number;
  moving_average: number | null;
}

export interface UnitDrill {
  id: string;
  title: string;
  kind: string;
  takes: number;
  best: number | null;
  seed: number;
}

export interface PathUnit {
  unit: string;
  level: string;
  advance?: boolean;
  certify?: boolean;
  tested_out?: boolean;
  review_due?: boolean;
  counted?: number;
  takes?: number;
  passed_over?: number;
  dimensions?: GateDimension[];
  reasons: Message[];
  title: string;
  purpose: string;
  state: 'locked' | 'open' | 'done';
  next: boolean;
  needs: string[];
  path_reasons: Message[];
  drills: UnitDrill[];
}

export interface Path {
  course: string;
  title: string;
  instrument: string;
  units: PathUnit[];
}

export interface Activity {
  id: string;
  kind: string;
  title: string;
  why: string;
  text: string;
  reading: string | null; // a text of the course
  drill: string | null;
  minutes: number;
  before: string[];
  during: string[];
  after: string[];
  hints: string[];
}

export interface Unit extends PathUnit {
  course: string;
  objectives: { id: string; text: string }[];
  activities: Activity[];
}

/** One time that an activity was done. */
export interface ActivityDone {
  id: string;
  activity: string;
  unit: string;
  performed_at: string;
  answers: { ask: string; answer: string }[];
}

export interface Drill {
  id: string;
  title: string;
  course: string | null;
  unit: string | null;
  seed: number;
  level: number;
  instrument: InstrumentRow | null;
  prompt: Prompt;
  may_count: boolean;
}

export type PitchLabel = 'correct' | 'sharp' | 'flat' | 'wrong' | 'missed' | 'unsure' | null;
export type TimingLabel = 'on_time' | 'early' | 'late' | 'unsure' | null;
export type LengthLabel = 'ok' | 'short' | 'long' | 'unsure' | null;

export interface VerdictNote {
  index: number;
  measure: string;
  beat: number;
  expected: { midi: number | null; onset_beats: number; onset_s: number | null; duration_s: number | null };
  pitch: PitchLabel;
  timing: TimingLabel;
  length: LengthLabel;
  credit: number | null;
  played_midi: number | null;
  cents: number | null;
  onset_s: number | null;
  offset_s: number | null;
  onset_error_ms: number | null;
  confidence: number | null;
}

export interface Dimension {
  score: number | null;
  assessed: number | null;
  low?: number;
  high?: number;
  value?: number;
  unit?: string;
}

export interface Verdict {
  schema: string;
  score: number | null;
  passed: boolean | null;
  assessed: number;
  tempo_bpm: number | null;
  tuning_cents: number | null;
  octave_shift?: number;
  dimensions: Record<string, Dimension>;
  notes: VerdictNote[];
  extras?: { onset_s: number; midi: number | null }[];
  incidents?: (Message & { kind?: string })[];
  advice?: Message[];
  take?: { duration_s: number; warnings: Message[] };
}

export interface TakeRow {
  id: string;
  drill: string;
  title: string;
  unit: string | null;
  seed: number;
  performed_at: string;
  counted: boolean;
  score: number | null;
  assessed: number;
  has_sound: boolean;
  instrument: string | null;
}

export interface Take extends TakeRow {
  verdict: Verdict;
  asked: Drill;
}

/** Pitch every step_s seconds as a fractional MIDI number; null where none sounds. */
export interface Track {
  step_s: number;
  midi: (number | null)[];
}

export type LiveState = 'idle' | 'prepare' | 'study' | 'count_in' | 'listen' | 'judge' | 'feedback';

export interface Metronome {
  quarter_bpm: number;
  beats: number[]; // length of each beat of a bar, in quarters
  parts: number; // clicks in a quarter
  swing: number;
  count_in: number; // bars
  start_s: number; // of the first click, after the take's first frame
  silent: boolean;
  count_in_only: boolean;
}

interface Told {
  at_s: number;
  frame: number;
}

interface Followed extends Told {
  take_s?: number;
  index: number;
  onset_beats?: number;
  tempo_bpm?: number;
  shift?: number;
}

/** How late a machine hears itself. Null: too few of the probes came back. */
export interface Calibrated {
  event: 'calibrated';
  latency_s: number | null;
  spread_s: number | null;
  probes: number;
  heard: number;
  rhythm: boolean; // may be judged against a click
  ok: boolean;
  messages: Message[];
}

export type LiveEvent =
  | (Told & { event: 'state'; state: LiveState; before: LiveState; counts: boolean; colour: boolean; follows: boolean; study_s?: number })
  | (Told & { event: 'cue'; music_frame: number; model: boolean; accompanied: boolean; metronome: Metronome | null })
  | (Told & { event: 'beat'; bar: number; beat: number; accent: boolean; sounds: boolean })
  | (Told & { event: 'level'; rms_db: number; peak_db: number; clipped: boolean })
  | (Told & { event: 'pitch'; voiced: boolean; f0_hz?: number; midi?: number; cents?: number; target_cents?: number | null })
  | (Followed & { event: 'position' })
  | (Followed & {
      event: 'note';
      kind: 'provisional' | 'revised' | 'confirmed';
      pitch: PitchLabel;
      timing: TimingLabel;
      cents?: number | null;
      onset_error_ms?: number | null;
    })
  | (Told & { event: 'jump'; index: number; from_index: number })
  | (Told & { event: 'lost' | 'found' })
  | (Told & { event: 'message'; message: { code: string }; text: string })
  | (Told & { event: 'ask'; what: 'before' | 'rating' | 'after'; required: boolean })
  | (Told & { event: 'mark'; take_s: number; index: number; text: string })
  | (Told & { event: 'result'; verdict: Verdict; predicted?: number | null; rated?: number | null; cut?: boolean })
  | { event: 'opened'; take: string; asked: Drill; counts: boolean; card: CardOpened | null }
  | { event: 'card'; lost: boolean; text: string }
  | { event: 'heard'; next_frame: number; missing: number }
  | { event: 'resumed'; take: string; next_frame: number; state: LiveState; asked?: Drill }
  | { event: 'kept'; id: string; counted: boolean; cut?: boolean }
  | { event: 'checked'; messages: Message[]; ok: boolean }
  | Calibrated
  | { event: 'pong'; t?: number }
  | { event: 'error'; error: { code: string; text: string } }
  | { event: 'bye'; reason: string; text: string };

/** The sound card of the server's own machine, by names of GET /api/devices; left out: as the system chooses. */
export interface CardWish {
  input?: string;
  output?: string;
  api?: string;
}

export interface CardOpened {
  input: string;
  output: string;
  api: string;
  rate_hz: number;
  latency_s: number | null; // null: never measured
  sounds: boolean;
}

export interface Device {
  name: string;
  api: string;
  inputs: number;
  outputs: number;
  rate_hz: number;
  default_input: boolean;
  default_output: boolean;
}

export interface Devices {
  offered: boolean;
  text: string; // why not
  busy: boolean;
  devices: Device[];
}

export interface Open {
  do: 'open';
  rate_hz?: number; // of the sound that is sent
  card?: CardWish; // or none is
  drill?: string;
  again?: string; // the id of a take: what that one was asked
  seed?: number;
  level?: number;
  tempo_bpm?: number;
  measures?: string; // "3-4", a loop
  device?: string;
  echo_cancellation?: boolean | null;
  noise_suppression?: boolean | null;
  auto_gain_control?: boolean | null;
  latency_s?: number;
  latency_spread_s?: number; // of a delay that was measured
  settings?: { rate_first?: boolean; no_colour?: boolean; click?: boolean; silent_click?: boolean; no_count_in?: boolean; asking?: 'once' | 'each' | 'never' };
}

export type LiveDo =
  | Open
  | { do: 'check'; rate_hz?: number; card?: CardWish; device?: string; probe?: boolean }
  | { do: 'probe'; frame: number }
  | { do: 'counts' | 'colour'; on: boolean }
  | { do: 'before'; goal?: string; strategy?: string; spot?: string; score?: number }
  | { do: 'rate'; score: number }
  | { do: 'after'; cause?: string; next?: string }
  | { do: 'start' | 'stop' | 'restart' | 'cancel' }
  | { do: 'mark'; frame?: number; text?: string }
  | { do: 'resume'; take: string }
  | { do: 'ping'; t?: number };
