// WAVs for the browser's fake microphone, which plays its file round and round: a marker tone, silence, then the take. The
// marker tells by the sound that is sent where the file stands.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFolder, run } from './room.mjs';

const noiseRate = 48000;
export const markerHz = 6000;
export const markerAtS = 0.25;
const markerS = 0.06;
const restS = 7; // from the marker to the take: time for the cue and the count-in
const tailS = 3;

function readWav(path) {
  const bytes = readFileSync(path);
  let at = 12;
  let format = null;
  while (at + 8 <= bytes.length) {
    const kind = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (kind === 'fmt ') format = { tag: bytes.readUInt16LE(at + 8), channels: bytes.readUInt16LE(at + 10), rate: bytes.readUInt32LE(at + 12), bits: bytes.readUInt16LE(at + 22) };
    if (kind === 'data') {
      const n = Math.floor(size / (format.bits / 8) / format.channels);
      const out = new Float32Array(n);
      for (let i = 0; i < n; i++) {
        const p = at + 8 + i * format.channels * (format.bits / 8);
        out[i] = format.bits === 16 ? bytes.readInt16LE(p) / 32768 : format.bits === 24 ? bytes.readIntLE(p, 3) / 8388608 : format.tag === 3 ? bytes.readFloatLE(p) : bytes.readInt32LE(p) / 2147483648;
      }
      return { rate: format.rate, samples: out };
    }
    at += 8 + size + (size & 1);
  }
  throw new Error(`${path}: no sound in it`);
}

function writeWav(path, samples, rate) {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((s, i) => bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, s)) * 32767), 44 + 2 * i));
  writeFileSync(path, bytes);
}

/** A take of a prompt as a player would give it. @return where the file is, and where in it the music begins */
export async function takeWav(folder, name, prompt, instrument, seed, options = []) {
  const item = join(folder, `${name}.json`);
  const plain = join(folder, `${name}-plain.wav`);
  const truthFile = join(folder, `${name}-truth.json`);
  writeFileSync(item, JSON.stringify(prompt));
  await run(join(buildFolder, 'tests/corpus/corpus_make'), [plain, '--prompt', item, '--instrument', instrument, '--seed', String(seed), '--human', '--truth', truthFile, ...options]);
  const truth = JSON.parse(readFileSync(truthFile, 'utf8'));
  const take = readWav(plain);
  const { rate } = take;
  const begin = Math.round((markerAtS + restS) * rate);
  const all = new Float32Array(begin + take.samples.length + Math.round(tailS * rate));
  const amount = 0.5;
  noise(all, 0.0004); // no room is digitally silent
  for (let i = 0; i < markerS * rate; i++) all[Math.round(markerAtS * rate) + i] = amount * Math.sin((2 * Math.PI * markerHz * i) / rate);
  let peak = 0.001;
  for (const s of take.samples) peak = Math.max(peak, Math.abs(s));
  take.samples.forEach((s, i) => (all[begin + i] += (s / peak) * 0.5));
  const file = join(folder, `${name}.wav`);
  writeWav(file, all, rate);
  return { file, lengthS: all.length / rate, musicS: begin / rate + firstOnset(truth), truth };
}

/** A take for the sound card of the tests: raw floats at 48 kHz. @return the file, and how long after the first click its first sample sounds */
export async function cardTake(folder, prompt, instrument, seed) {
  const item = join(folder, 'card.json');
  const plain = join(folder, 'card.wav');
  const truthFile = join(folder, 'card-truth.json');
  writeFileSync(item, JSON.stringify(prompt));
  await run(join(buildFolder, 'tests/corpus/corpus_make'), [plain, '--prompt', item, '--instrument', instrument, '--seed', String(seed), '--human', '--rate', '48000', '--lead-in', '0', '--truth', truthFile]);
  const { samples } = readWav(plain);
  const file = join(folder, 'card.raw');
  writeFileSync(file, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  const { beats } = prompt.line.measures[0];
  return { file, startS: (beats * 60) / prompt.tempo_bpm - firstOnset(JSON.parse(readFileSync(truthFile, 'utf8'))) };
}

/** Where the beat of the first note stands, human unsteadiness left out. */
function firstOnset(truth) {
  const s = truth.notes[0]?.steady_s;
  if (typeof s !== 'number') throw new Error('the truth tells no first onset');
  return s;
}

function noise(all, amount) {
  let seed = 1;
  for (let i = 0; i < all.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    all[i] += (seed / 2 ** 32 - 0.5) * amount;
  }
}

/** Nothing but a room's faint noise. */
export function silentWav(folder, seconds = 20) {
  const all = new Float32Array(seconds * noiseRate);
  noise(all, 0.0004);
  const file = join(folder, 'silent.wav');
  writeWav(file, all, noiseRate);
  return { file, lengthS: seconds };
}
