import { readFile, rename, writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import loadEspeak, { type EspeakWorker } from '@echogarden/espeak-ng-emscripten';
import { normalise, PHONE_RATE, resample, trim } from './sound.ts';
import type { SynthAnswer, SynthTask } from './synth.ts';
import { decodeWav, encodeWav, type Sound } from './wav.ts';

/** The thread that makes sound files, so that no call hears the work of another's synthesis. */

let engine: Promise<EspeakWorker> | undefined;

async function speak(text: string, voice: string, rate: number): Promise<Sound> {
  engine ??= loadEspeak().then((module) => new module.eSpeakNGWorker());
  const worker = await engine;
  if (worker.set_voice(voice, voice) !== 0) throw new Error(`eSpeak NG has no voice ${voice}`);
  worker.set_rate(rate);
  const pieces: Int16Array[] = [];
  worker.synthesize(text, (audio) => {
    if (audio !== null) pieces.push(audio);
    return false;
  });
  const samples = new Float32Array(pieces.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const piece of pieces) {
    piece.forEach((s, i) => (samples[at + i] = s / 32768));
    at += piece.length;
  }
  return { sampleRate: worker.get_samplerate(), samples };
}

async function run(task: SynthTask): Promise<void> {
  const raw =
    task.kind === 'text'
      ? trim(await speak(task.text, task.voice, task.rate), task.tailMs)
      : decodeWav(await readFile(task.source));
  const file = encodeWav(normalise(resample(raw, PHONE_RATE)));
  // Renamed when whole: a reader never meets half a file, even after a crash.
  const partial = `${task.target}.${task.id}.part`;
  await writeFile(partial, file);
  await rename(partial, task.target);
}

parentPort?.on('message', (task: SynthTask) => {
  run(task).then(
    () => parentPort?.postMessage({ id: task.id, ok: true } satisfies SynthAnswer),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ id: task.id, ok: false, message } satisfies SynthAnswer);
    },
  );
});
