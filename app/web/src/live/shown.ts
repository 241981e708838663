// What the page shows of a practice session.
import type { CardOpened, Drill, LiveState, Verdict } from '../api_types';
import type { Heard } from '../parts/meters';
import type { Judged } from '../score/signs';
import type { Word } from '../words';
import type { Beat } from './click';
import type { Delay } from './delay';
import type { Applied } from './microphone';
import { type RoomHeard, roomUnheard } from './room_ear';

/** What the page shows; a new object at each change. */
export interface Shown {
  phase: LiveState | 'closed' | 'opening';
  asked: Drill | null;
  mayCount: boolean;
  counts: boolean;
  colour: boolean;
  trouble: Word | null; // of the microphone
  away: boolean; // the connection is gone
  refusal: string; // the server's words
  messages: string[];
  asks: ('before' | 'rating' | 'after')[];
  applied: Applied | null;
  card: CardOpened | null; // the machine's own; its clicks sound there
  delay: Delay | null; // measured with this microphone
  room: RoomHeard;
  levelDb: number;
  peakDb: number;
  heard: Heard | null;
  beat: Beat | null;
  judged: ReadonlyMap<number, Judged>;
  verdict: Verdict | null;
  predicted: number | null; // said before the take, and after it before the verdict
  rated: number | null;
  cut: boolean;
  kept: string | null;
  lost: boolean; // what is played fits nowhere
  behind: number; // beats behind the click; 0: with it, or there is none
  marks: number;
  unheard: boolean; // the microphone was muted or away for a part of the take
}

export const nothingShown: Shown = {
  phase: 'closed', asked: null, mayCount: false, counts: false, colour: true, trouble: null, away: false, refusal: '', messages: [],
  asks: [], applied: null, card: null, delay: null, room: roomUnheard, levelDb: -120, peakDb: -120, heard: null, beat: null, judged: new Map(), verdict: null, predicted: null, rated: null, cut: false, kept: null,
  lost: false, behind: 0, marks: 0, unheard: false,
};
