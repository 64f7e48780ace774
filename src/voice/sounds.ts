import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '../speech/index.ts';
import { ensureComfortTone, ensureHoldMusic } from './media/index.ts';

const RATE = 8_000;

/** Brazilian ringing tone: 425 Hz, 1 s on, 4 s off (ITU-T E.180, supplement 2). */
function ringbackWav(): Buffer {
  const samples = new Float32Array(RATE * 5);
  for (let i = 0; i < RATE; i++) samples[i] = 0.16 * Math.sin((2 * Math.PI * 425 * i) / RATE);
  return encodeWav({ sampleRate: RATE, samples });
}

export interface SoundPaths {
  readonly musicPath: string;
  readonly comfortPath: string;
  readonly ringbackPath: string;
}

/** Writes the sounds that every server needs where they are missing; answers their paths. */
export async function prepareSounds(dir: string): Promise<SoundPaths> {
  await mkdir(dir, { recursive: true });
  const ringbackPath = join(dir, 'ringback-1.wav');
  if ((await stat(ringbackPath).catch(() => undefined)) === undefined)
    await writeFile(ringbackPath, ringbackWav());
  return { musicPath: await ensureHoldMusic(dir), comfortPath: await ensureComfortTone(dir), ringbackPath };
}
