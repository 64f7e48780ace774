import type { Worker } from 'node:worker_threads';
import { AppError } from '../shared/errors.ts';
import { spawnWorker } from '../platform/worker.ts';

interface Common {
  readonly id: number;
  /** The file to write. */
  readonly target: string;
}
export type SynthTask =
  | (Common & {
      readonly kind: 'text';
      readonly text: string;
      readonly voice: string;
      /** Words a minute. */
      readonly rate: number;
      /** Silence after the last word, ms. */
      readonly tailMs: number;
    })
  | (Common & { readonly kind: 'convert'; readonly source: string });
export type SynthAnswer =
  | { readonly id: number; readonly ok: true }
  | { readonly id: number; readonly ok: false; readonly message: string };

type NewTask = SynthTask extends infer T ? (T extends SynthTask ? Omit<T, 'id'> : never) : never;

/** One thread, one task at a time; a waiting caller goes before everything that is only warmed up. */
export interface Synth {
  run(task: NewTask, urgency: 'now' | 'later'): Promise<void>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly task: SynthTask;
  readonly done: (error?: Error) => void;
}

const failed = (why: string) => new AppError('speech.failed', 500, `The speech engine failed: ${why}`);

/** The thread starts with the first task and again after it died. Rejects with `speech.failed`. */
export function createSynth(): Synth {
  const now: Waiting[] = [];
  const later: Waiting[] = [];
  let current: Waiting | undefined;
  let worker: Worker | undefined;
  let stopped = false;
  let lastId = 0;

  const settle = (error?: Error) => {
    const finished = current;
    current = undefined;
    finished?.done(error);
    pump();
  };
  const start = (): Worker => {
    const thread = spawnWorker(new URL('./synth.worker.ts', import.meta.url));
    thread.on('message', (answer: SynthAnswer) => {
      if (answer.id !== current?.task.id) return;
      settle(answer.ok ? undefined : failed(answer.message));
    });
    const died = (why: string) => {
      if (worker !== thread) return;
      worker = undefined;
      settle(failed(why));
    };
    thread.on('error', (error: unknown) => died(error instanceof Error ? error.message : 'thread error'));
    thread.on('exit', () => died('its thread ended'));
    return thread;
  };
  const pump = () => {
    if (stopped || current !== undefined) return;
    current = now.shift() ?? later.shift();
    // An idle thread keeps no program alive; one at work does.
    if (current === undefined) {
      worker?.unref();
      return;
    }
    worker ??= start();
    worker.ref();
    worker.postMessage(current.task);
  };

  return {
    run: (task, urgency) =>
      new Promise((resolve, reject) => {
        if (stopped) {
          reject(failed('it was stopped'));
          return;
        }
        const done = (error?: Error) => (error === undefined ? resolve() : reject(error));
        (urgency === 'now' ? now : later).push({ task: { ...task, id: ++lastId }, done });
        pump();
      }),
    async stop() {
      stopped = true;
      const thread = worker;
      worker = undefined;
      const open = [current, ...now.splice(0), ...later.splice(0)];
      current = undefined;
      for (const waiting of open) waiting?.done(failed('it was stopped'));
      await thread?.terminate();
    },
  };
}
