// Plays a sound and tells where it is, by the audio's own clock.
export class Player {
  onTime: (seconds: number | null) => void = () => undefined;
  onEnd: () => void = () => undefined;
  private readonly audio = new Audio();
  private animation = 0;

  constructor() {
    this.audio.preload = 'auto';
    this.audio.onended = () => this.ended();
  }

  /** @param from seconds @return a promise that is refused when the sound cannot be had */
  async play(url: string, from: number): Promise<void> {
    if (this.audio.src !== new URL(url, location.href).href) {
      this.audio.src = url;
      await new Promise<void>((done, failed) => {
        this.audio.onloadedmetadata = () => done();
        this.audio.onerror = () => failed(new Error(url));
      });
    }
    this.audio.currentTime = from;
    await this.audio.play();
    cancelAnimationFrame(this.animation);
    const step = (): void => {
      this.onTime(this.audio.currentTime);
      this.animation = requestAnimationFrame(step);
    };
    step();
  }

  get playing(): boolean {
    return !this.audio.paused && !this.audio.ended;
  }

  get seconds(): number {
    return this.audio.currentTime;
  }

  get length(): number {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : 0;
  }

  stop(): void {
    this.audio.pause();
    this.ended();
  }

  close(): void {
    cancelAnimationFrame(this.animation);
    this.onTime = () => undefined;
    this.onEnd = () => undefined;
    this.audio.pause();
    this.audio.removeAttribute('src');
  }

  private ended(): void {
    cancelAnimationFrame(this.animation);
    this.onEnd();
  }
}
