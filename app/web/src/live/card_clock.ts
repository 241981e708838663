// The clock of the machine's own sound card, told by the frames that the server's events bear: they come a little late, some later, so the
// earliest of the last moments is believed.
import type { CardWish } from '../api_types';

const pastMs = 4000;

export class CardClock {
  rate = 48000;
  private moments: { frame: number; ms: number }[] = [];

  constructor(readonly wish: CardWish) {}

  open(rate: number): void {
    this.rate = rate;
    this.moments = [];
  }

  /** An event was about the newest sound. */
  told(frame: number): void {
    const ms = performance.now();
    if (frame < (this.moments.at(-1)?.frame ?? 0)) this.moments = []; // another stream
    this.moments = [...this.moments.filter((t) => ms - t.ms < pastMs), { frame, ms }];
  }

  /** The frame that the card has now; null: nothing was told yet. */
  now(): number | null {
    if (this.moments.length === 0) return null;
    const ms = performance.now();
    return Math.max(...this.moments.map((t) => t.frame + ((ms - t.ms) / 1000) * this.rate));
  }
}
