// Whether somebody who plays against the click stays behind it: told while they play, since the notes are followed and judged all the same.
const earLagS = 0.15; // of the newest sound to the place it is told for
const leastBeats = 0.75; // less is rhythm, and told of each note
const sureAfter = 2; // places in a row

export class Behind {
  private before = 0;
  private times = 0;

  /** A place was told. @param quarters that the click is ahead of it @return beats behind, as long as it holds; 0 with the click */
  told(quarters: number, quarterBpm: number, quartersABeat: number): number {
    const beats = (quarters - (earLagS * quarterBpm) / 60) / quartersABeat;
    const now = beats < leastBeats ? 0 : Math.round(beats);
    this.times = now === this.before ? this.times + 1 : 1;
    this.before = now;
    return this.times >= sureAfter ? now : 0;
  }
}
