// Runs on the audio thread: gathers 20 ms of microphone, mixed to one channel, and posts it with its place on the audio
// clock. It keeps nothing else and waits for nobody.
declare const sampleRate: number;
declare const currentFrame: number;
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
  abstract process(inputs: Float32Array[][]): boolean;
}
declare function registerProcessor(name: string, kind: new () => AudioWorkletProcessor): void;

class Capture extends AudioWorkletProcessor {
  private readonly size = Math.max(128, Math.round(sampleRate / 50));
  private chunk = new Float32Array(this.size);
  private filled = 0;
  private first = 0;

  override process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0];
    const length = channels?.[0]?.length ?? 128;
    for (let i = 0; i < length; i++) {
      if (this.filled === 0) this.first = currentFrame + i;
      let sum = 0;
      if (channels && channels.length > 0) {
        for (const channel of channels) sum += channel[i] ?? 0;
        sum /= channels.length;
      }
      this.chunk[this.filled++] = sum;
      if (this.filled === this.size) {
        this.port.postMessage({ frame: this.first, samples: this.chunk }, [this.chunk.buffer]);
        this.chunk = new Float32Array(this.size); // what was posted is no longer ours
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('capture', Capture);
export {};
