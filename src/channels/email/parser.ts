import type { Worker } from 'node:worker_threads';
import type { Logger } from '../../platform/log/index.ts';
import { spawnWorker } from '../../platform/worker.ts';
import type { Clock, Timer } from '../../shared/clock.ts';
import type { ParsedMail } from './parse.ts';
import { fromWire, type WireMail } from './wire.ts';

/** whole: everything. plain: headers and the body as it came, by code that is linear in the mail's length. */
export type ParseMode = 'whole' | 'plain';

export interface ParseTask {
  readonly id: number;
  readonly file: string;
  readonly mode: ParseMode;
}
export type ParseAnswer =
  | { readonly kind: 'ready' }
  | { readonly id: number; readonly kind: 'read'; readonly mail: WireMail }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };

/** Why a mail could not be read: stable codes, stored with a mail that is set aside. */
export type ParseFault = 'parserDeadline' | 'parserMemory' | 'parserFailed';
export const PARSE_FAULTS: readonly ParseFault[] = ['parserDeadline', 'parserMemory', 'parserFailed'];

export type ParseOutcome =
  | { readonly ok: true; readonly mail: ParsedMail; readonly fault?: ParseFault }
  | { readonly ok: false; readonly fault: ParseFault };
/** `readMs`: how long the thread was at it, without the time in line. */
export type TimedOutcome = ParseOutcome & { readonly readMs: number };

export interface ParserState {
  /** How long the mail at work is being read, ms; null: none is. */
  readonly busyMs: number | null;
  readonly waiting: number;
  /** Since the start: mails that were too much for the full reading, and threads that had to be replaced. */
  readonly faults: number;
  readonly replaced: number;
}

/**
 * Reads mails in a thread of its own, one after another, each with a deadline and all with a limit of memory. What is too much is
 * read once more in plain; what is too much even so is told as such. A thread that hangs or dies is replaced (ADR 0014).
 */
export interface MailParser {
  /** Never rejects for what stands in the mail; rejects when the parser was stopped. */
  parse(file: string, mode?: ParseMode): Promise<TimedOutcome>;
  state(): ParserState;
  stop(): Promise<void>;
}

export interface ParserOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** For one reading, ms. */
  readonly deadlineMs?: number;
  /** Of the thread's heap, MB; the bytes of the mail itself (25 MB at most) lie outside of it. */
  readonly heapMb?: number;
  readonly entry?: URL;
}

const DEADLINE_MS = 10_000;
/** Loading the modules is not the mail's fault; on a busy machine it takes seconds. */
const START_MS = 60_000;
const HEAP_MB = 192;

const STOPPED = 'the mail parser was stopped';

interface Thread {
  readonly worker: Worker;
  /** Its modules are loaded. */
  ready: boolean;
}

const openThread = ({ entry, heapMb = HEAP_MB }: ParserOptions): Worker =>
  spawnWorker(entry ?? new URL('./parse.worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMb, stackSizeMb: 4 },
  });

const outcomeOf = (answer: Exclude<ParseAnswer, { kind: 'ready' }>): ParseOutcome =>
  answer.kind === 'read' ? { ok: true, mail: fromWire(answer.mail) } : { ok: false, fault: 'parserFailed' };

interface Reading {
  readonly task: ParseTask;
  readonly done: (outcome: TimedOutcome) => void;
  readonly fail: (error: Error) => void;
}

export function createMailParser(options: ParserOptions): MailParser {
  const { clock, logger, deadlineMs = DEADLINE_MS } = options;
  const waiting: Reading[] = [];
  let current: (Reading & { readonly since: number; begunAt?: number }) | undefined;
  let thread: Thread | undefined;
  let timer: Timer | undefined;
  let stopped = false;
  let lastId = 0;
  let faults = 0;
  let replaced = 0;

  const settle = (outcome: ParseOutcome): void => {
    timer?.cancel();
    const finished = current;
    current = undefined;
    finished?.done(timed(outcome, finished.begunAt, clock.steady()));
    pump();
  };
  /** The thread is given up; what it was reading failed by this fault. */
  const giveUp = (fault: ParseFault): void => {
    const lost = thread;
    thread = undefined;
    replaced += 1;
    void lost?.worker.terminate();
    logger.warn({ fault }, 'the thread that reads mails was replaced');
    settle({ ok: false, fault });
  };
  const begin = (): void => {
    if (current === undefined || thread === undefined) return;
    timer?.cancel();
    timer = clock.after(thread.ready ? deadlineMs : START_MS, () => giveUp('parserDeadline'));
    if (!thread.ready) return;
    current.begunAt = clock.steady();
    thread.worker.postMessage(current.task);
  };
  const start = (): Thread => {
    const own: Thread = { worker: openThread(options), ready: false };
    const lost = (fault: ParseFault): void => {
      if (thread === own) giveUp(fault);
    };
    const answered = (answer: ParseAnswer): void => {
      if (thread !== own) return;
      if (answer.kind === 'ready') {
        own.ready = true;
        begin();
      } else if (answer.id === current?.task.id) settle(outcomeOf(answer));
    };
    listenTo(own.worker, answered, lost);
    return own;
  };
  const pump = (): void => {
    if (stopped || current !== undefined) return;
    const next = waiting.shift();
    // An idle thread keeps no program alive; one at work does.
    if (next === undefined) {
      thread?.worker.unref();
      return;
    }
    current = { ...next, since: clock.steady() };
    thread ??= start();
    thread.worker.ref();
    begin();
  };
  const read = (file: string, mode: ParseMode): Promise<TimedOutcome> =>
    stopped
      ? Promise.reject(new Error(STOPPED))
      : new Promise((done, fail) => {
          waiting.push({ task: { id: ++lastId, file, mode }, done, fail });
          pump();
        });

  return {
    async parse(file, mode = 'whole') {
      const first = await read(file, mode);
      if (first.ok || mode === 'plain') return first;
      faults += 1;
      return together(first, await read(file, 'plain'));
    },
    state() {
      const busyMs = current === undefined ? null : clock.steady() - current.since;
      return { busyMs, waiting: waiting.length, faults, replaced };
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      const lost = thread;
      thread = undefined;
      const open = [current, ...waiting.splice(0)];
      current = undefined;
      for (const one of open) one?.fail(new Error(STOPPED));
      await lost?.worker.terminate();
    },
  };
}

const timed = (outcome: ParseOutcome, begunAt: number | undefined, now: number): TimedOutcome => ({
  ...outcome,
  readMs: now - (begunAt ?? now),
});

/** Of a full reading that failed, and the plain one after it. */
function together(first: TimedOutcome & { readonly ok: false }, plain: TimedOutcome): TimedOutcome {
  const readMs = first.readMs + plain.readMs;
  return plain.ok ? { ...plain, fault: first.fault, readMs } : { ...first, readMs };
}

function listenTo(
  worker: Worker,
  answered: (answer: ParseAnswer) => void,
  lost: (fault: ParseFault) => void,
): void {
  worker.on('message', answered);
  worker.on('error', (error: unknown) => lost(isMemory(error) ? 'parserMemory' : 'parserFailed'));
  worker.on('exit', () => lost('parserFailed'));
}

const isMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
