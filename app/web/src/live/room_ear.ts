// What a page says of microphone and room before a take: too soft, too loud, noisy, or ready. Blocks of a tenth of a second; what
// sounds between the notes is the room.
import type { Word } from '../words';

export type RoomHeard = Extract<Word, 'room_waiting' | 'room_nothing' | 'room_soft' | 'room_loud' | 'room_noisy' | 'room_ready' | 'room_play'>;

export const roomUnheard: RoomHeard = 'room_waiting';

const blockS = 0.1;
const pastBlocks = 60;
const firstBlocks = 20; // nothing is said of less
const nothingDb = -75;
const quietDb = -45; // as the server's own check has them
const noisyDb = -45;
const standsOutDb = 10;
const cutDb = -0.3;

interface Block {
  db: number;
  peakDb: number;
  tone: boolean;
}

export class RoomEar {
  private past: Block[] = [];
  private sum = 0;
  private n = 0;
  private peak = 0;
  private tone = false;

  /** @param tone whether a pitch is heard now @return whether a block is full */
  hear(samples: Float32Array, rate: number, tone: boolean): boolean {
    for (const s of samples) {
      this.sum += s * s;
      this.peak = Math.max(this.peak, Math.abs(s));
    }
    this.n += samples.length;
    this.tone ||= tone;
    if (this.n < blockS * rate) return false;
    const db = (x: number): number => Math.max(-120, 20 * Math.log10(x + 1e-7));
    this.block(db(Math.sqrt(this.sum / this.n)), db(this.peak), this.tone);
    this.sum = this.n = this.peak = 0;
    this.tone = false;
    return true;
  }

  /** A tenth of a second that somebody else has measured. */
  block(db: number, peakDb: number, tone: boolean): true {
    this.past = [...this.past, { db, peakDb, tone }].slice(-pastBlocks);
    return true;
  }

  /** What holds of the last six seconds. */
  get heard(): RoomHeard {
    if (this.past.length < firstBlocks) return 'room_waiting';
    const loud = Math.max(...this.past.map((b) => b.db));
    if (loud < nothingDb) return 'room_nothing';
    if (this.past.some((b) => b.peakDb > cutDb)) return 'room_loud';
    const between = this.past.filter((b) => !b.tone).map((b) => b.db).sort((a, b) => a - b);
    const noise = between[Math.floor(between.length / 4)] ?? -120;
    if (between.length >= firstBlocks && noise > noisyDb) return 'room_noisy';
    if (loud < noise + standsOutDb) return 'room_play';
    return loud < quietDb ? 'room_soft' : 'room_ready';
  }
}
