// The browser's microphone, asked for raw: without echo cancellation, noise suppression and gain control. What the browser
// really gave is read back, told to the player and sent with the take.
import type { Word } from '../words';

export interface Chunk {
  frame: number; // place of the first sample on the audio clock
  samples: Float32Array;
}

/** What the browser says it does to the sound; null where it does not say. */
export interface Applied {
  device: string;
  deviceId: string;
  echo: boolean | null;
  noise: boolean | null;
  gain: boolean | null;
}

/** Why there is no sound, as a word of the catalogue. */
export class MicrophoneTrouble extends Error {
  constructor(readonly word: Word) {
    super(String(word));
  }
}

const troubles: Record<string, Word> = {
  NotAllowedError: 'mic_refused',
  SecurityError: 'mic_refused',
  NotFoundError: 'mic_absent',
  OverconstrainedError: 'mic_other',
  NotReadableError: 'mic_busy',
  AbortError: 'mic_busy',
};

export class Microphone {
  onChunk: (chunk: Chunk) => void = () => undefined;
  onTrouble: (word: Word | null) => void = () => undefined;

  private constructor(
    readonly context: AudioContext,
    private readonly stream: MediaStream,
    private readonly node: AudioWorkletNode,
    private readonly source: MediaStreamAudioSourceNode,
    readonly applied: Applied,
  ) {
    node.port.onmessage = (e: MessageEvent<Chunk>) => this.onChunk(e.data);
    for (const track of stream.getAudioTracks()) {
      track.onmute = () => this.onTrouble('mic_muted');
      track.onunmute = () => this.onTrouble(null);
      track.onended = () => {
        this.gone = true;
        this.onTrouble('mic_gone');
      };
    }
    // Safari takes the audio away for a telephone call, others when the lid is closed
    context.onstatechange = () => {
      if (context.state === 'running') this.onTrouble(null);
      else if (context.state !== 'closed') {
        this.onTrouble('mic_paused');
        void context.resume();
      }
    };
  }

  get rate(): number {
    return this.context.sampleRate;
  }

  /** Loudspeaker and microphone together in seconds, as the browser tells it; null where it tells nothing. */
  get roundTripS(): number | null {
    const settings: MediaTrackSettings & { latency?: number } = this.stream.getAudioTracks()[0]?.getSettings() ?? {};
    const out = (this.context.baseLatency || 0) + (this.context.outputLatency || 0);
    return settings.latency === undefined && out === 0 ? null : (settings.latency ?? 0) + out;
  }

  /** Whether the device is away for good: it has to be opened again. */
  gone = false;

  /** Whether nothing comes from it that is worth hearing: what sounds meanwhile nobody heard. */
  get deaf(): boolean {
    return this.gone || this.muted;
  }

  /** Whether the microphone is switched off, at the device or in the system. */
  get muted(): boolean {
    return this.stream.getAudioTracks().some((t) => t.muted || !t.enabled);
  }

  static async open(deviceId?: string): Promise<Microphone> {
    if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneTrouble('mic_insecure');
    const constraints: MediaTrackConstraints = {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      channelCount: 1,
      ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
    };
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: constraints });
    } catch (error) {
      throw new MicrophoneTrouble(troubles[(error as DOMException).name] ?? 'mic_unknown');
    }
    // the context takes the system's own rate: Firefox joins no others, and the server resamples
    const context = new AudioContext({ latencyHint: 'interactive' });
    try {
      await context.audioWorklet.addModule('worklet.js');
      await context.resume();
    } catch {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
      throw new MicrophoneTrouble('mic_unknown');
    }
    const node = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
    const source = context.createMediaStreamSource(stream);
    source.connect(node);
    return new Microphone(context, stream, node, source, readBack(stream));
  }

  close(): void {
    this.node.port.onmessage = null;
    this.context.onstatechange = null;
    this.source.disconnect();
    for (const track of this.stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    void this.context.close();
  }
}

function readBack(stream: MediaStream): Applied {
  const track = stream.getAudioTracks()[0];
  const settings: MediaTrackSettings & { latency?: number } = track?.getSettings() ?? {};
  return {
    device: track?.label ?? '',
    deviceId: settings.deviceId ?? '',
    echo: typeof settings.echoCancellation === 'boolean' ? settings.echoCancellation : null,
    noise: settings.noiseSuppression ?? null,
    gain: settings.autoGainControl ?? null,
  };
}

/** The microphones this browser knows; names only after one was allowed. */
export async function microphones(): Promise<{ id: string; name: string }[]> {
  if (!navigator.mediaDevices?.enumerateDevices) return [];
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((d) => d.kind === 'audioinput').map((d) => ({ id: d.deviceId, name: d.label }));
}

/** Loudness of a chunk, dB of full scale. */
export function loudness(samples: Float32Array): { rms: number; peak: number } {
  let sum = 0;
  let peak = 0;
  for (const s of samples) {
    sum += s * s;
    peak = Math.max(peak, Math.abs(s));
  }
  const db = (x: number): number => Math.max(-120, 20 * Math.log10(x + 1e-7));
  return { rms: db(Math.sqrt(sum / Math.max(1, samples.length))), peak: db(peak) };
}
