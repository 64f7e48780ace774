import { parentPort } from 'node:worker_threads';
import { parseMail, parsePlain } from './parse.ts';
import type { ParseAnswer, ParseTask } from './parser.ts';
import { toWire } from './wire.ts';

/** The thread that reads what strangers send: nothing of it can hold up a call (ADR 0014). */
parentPort?.on('message', ({ id, file, mode }: ParseTask) => {
  const work = mode === 'whole' ? parseMail(file) : parsePlain(file);
  work.then(
    (mail) => parentPort?.postMessage({ id, kind: 'read', mail: toWire(mail) } satisfies ParseAnswer),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ id, kind: 'failed', message } satisfies ParseAnswer);
    },
  );
});
parentPort?.postMessage({ kind: 'ready' } satisfies ParseAnswer);
