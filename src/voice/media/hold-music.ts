import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from './g711.ts';
import { WAVE, wavHeader } from './wav.ts';

/** Bumped when the music changes, so that an old file is not taken for the new one. */
const EDITION = 1;
const RATE = 8000;
const BEAT = RATE / 2;
/** Chords as semitones above A2 (110 Hz): Fmaj7, C, Dm7, Am7 and so on, soft and without end. */
const CHORDS: readonly (readonly number[])[] = [
  [8, 12, 15, 19],
  [3, 10, 15, 19],
  [5, 12, 15, 20],
  [0, 12, 15, 19],
  [8, 12, 17, 20],
  [3, 10, 15, 22],
  [10, 14, 17, 22],
  [3, 7, 15, 19],
];
const PATTERN: readonly number[] = [0, 2, 1, 3, 2, 1, 3, 2];

/** Our own music on hold, about 32 s that loop without a seam. Written once into `folder`; returns the path. */
export function ensureHoldMusic(folder: string): Promise<string> {
  return ensure(folder, `hold-music-${EDITION}.wav`, composeMusic);
}

/** A soft double note every four seconds: "you are still connected". Returns the path. */
export function ensureComfortTone(folder: string): Promise<string> {
  return ensure(folder, `comfort-tone-${EDITION}.wav`, () => {
    const out = new Float64Array(4 * RATE);
    addNote(out, 0, 440, 0.06);
    addNote(out, RATE / 4, 554.37, 0.06);
    return out;
  });
}

async function ensure(folder: string, name: string, compose: () => Float64Array): Promise<string> {
  const path = join(folder, name);
  if (
    await stat(path).then(
      () => true,
      () => false,
    )
  )
    return path;
  await mkdir(folder, { recursive: true });
  const samples = Int16Array.from(compose(), (v) => Math.round(Math.max(-1, Math.min(1, v)) * 32_767));
  const data = encode(samples, 'PCMU');
  // Written aside first: a crash leaves no half of it under the name.
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, Buffer.concat([wavHeader(WAVE.mulaw, 1, RATE, data.length), data]));
  await rename(aside, path);
  return path;
}

function composeMusic(): Float64Array {
  const out = new Float64Array(CHORDS.length * PATTERN.length * BEAT);
  CHORDS.forEach((chord, bar) => {
    const start = bar * PATTERN.length * BEAT;
    addNote(out, start, pitch(chord[0] ?? 0), 0.07);
    PATTERN.forEach((step, beat) => {
      addNote(out, start + beat * BEAT, pitch((chord[step] ?? 0) + 12), 0.05);
    });
  });
  return out;
}

const pitch = (semitones: number): number => 110 * 2 ** (semitones / 12);

/** A plucked note with two harmonics; its tail wraps round the end, which makes the loop seamless. */
function addNote(out: Float64Array, start: number, hz: number, amplitude: number): void {
  const length = Math.min(out.length, 2 * RATE);
  const w = (2 * Math.PI * hz) / RATE;
  for (let i = 0; i < length; i++) {
    const attack = Math.min(1, i / 160);
    const release = Math.min(1, (length - i) / 800);
    const envelope = amplitude * attack * release * Math.exp(-i / (0.7 * RATE));
    const at = (start + i) % out.length;
    const wave = Math.sin(w * i) + 0.35 * Math.sin(2 * w * i) + 0.12 * Math.sin(3 * w * i);
    out[at] = (out[at] ?? 0) + envelope * wave;
  }
}
