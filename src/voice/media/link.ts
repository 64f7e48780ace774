import { systemClock } from '../../shared/clock.ts';
import type { ChildProcess } from 'node:child_process';
import { AppError } from '../../shared/errors.ts';
import type { Digit } from '../ports.ts';
import type { Command, FromMedia, Reply, ToMedia } from './protocol.ts';
import { startWatchdog } from './watchdog.ts';

/** Events of one endpoint, as the media process tells them. */
export interface EndpointEvents {
  digit(digit: Digit): void;
  silence(watch: number): void;
  /** The process died: this endpoint is gone. */
  lost(): void;
}

/** One media process seen from the main loop: calls with one answer each, and events by endpoint. */
export interface Link {
  call(command: Command): Promise<Reply>;
  listen(id: string, events: EndpointEvents): void;
  forget(id: string): void;
  /** It has come up and has not ended. */
  readonly ready: boolean;
  readonly alive: boolean;
  /** Ends the process at once, whatever it does; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface LinkOptions {
  readonly child: ChildProcess;
  /** Milliseconds without an answer after which the process counts as hung and is killed. */
  readonly hangMs: number;
  readonly onLog: (level: 'warn' | 'error', message: string, error: string) => void;
  /** Once, when the process ended without being asked to. */
  readonly onCrash: (error: Error) => void;
}

/** The end of what a dying native library said is worth keeping; what it says while it lives is not. */
const LAST_WORDS = 2_000;
/** Loading takes a fraction of a second; on a machine that is all but standing still, some. */
const START_MS = 30_000;

/** Commands that wait for their one answer. */
function createPending() {
  const waiting = new Map<number, { resolve: (value: Reply) => void; reject: (error: Error) => void }>();
  let next = 1;
  return {
    add(send: (call: number) => void): Promise<Reply> {
      const call = next++;
      return new Promise((resolve, reject) => {
        waiting.set(call, { resolve, reject });
        send(call);
      });
    },
    settle(message: Extract<FromMedia, { type: 'reply' | 'failure' }>): void {
      const pending = waiting.get(message.call);
      waiting.delete(message.call);
      if (message.type === 'reply') pending?.resolve(message.value);
      else {
        const { code, status, message: text } = message.failure;
        pending?.reject(new AppError(code, status, text));
      }
    },
    rejectAll(error: Error): void {
      for (const call of waiting.values()) call.reject(error);
      waiting.clear();
    },
  };
}

export function createLink({ child, hangMs, onLog, onCrash }: LinkOptions): Link {
  const pending = createPending();
  const endpoints = new Map<string, EndpointEvents>();
  let alive = true;
  let stopping = false;
  let lastWords = '';
  /** Calls made while the process's code still loads. */
  let queued: ToMedia[] | undefined = [];
  let watchdog: { stop(): void } | undefined;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  const starting = systemClock.after(START_MS, () => end('the media process did not come up'));

  function end(why: string): void {
    if (!alive) return;
    alive = false;
    starting.cancel();
    watchdog?.stop();
    child.kill('SIGKILL');
    const error = new AppError(stopping ? 'media.stopped' : 'media.crashed', 503, why);
    pending.rejectAll(error);
    const lost = [...endpoints.values()];
    endpoints.clear();
    if (stopping) return;
    for (const events of lost) events.lost();
    onCrash(error);
  }

  // An error here is an ended process, and its end is told by its exit.
  const post = (message: ToMedia): boolean => child.send(message, () => undefined);

  function call(command: Command): Promise<Reply> {
    if (!alive) return Promise.reject(new AppError('media.crashed', 503, 'the media process is down'));
    if (command.op === 'stop') stopping = true;
    return pending.add((number) => {
      const message = { call: number, command };
      if (queued === undefined) post(message);
      else queued.push(message);
    });
  }

  function comeUp(): void {
    starting.cancel();
    for (const early of queued ?? []) post(early);
    queued = undefined;
    watchdog = startWatchdog(
      () => call({ op: 'health' }),
      hangMs,
      () => end(`the media process did not answer for ${hangMs} ms`),
    );
  }

  function receive(message: FromMedia): void {
    switch (message.type) {
      case 'ready':
        comeUp();
        break;
      case 'reply':
      case 'failure':
        pending.settle(message);
        break;
      case 'digit':
        endpoints.get(message.id)?.digit(message.digit);
        break;
      case 'silence':
        endpoints.get(message.id)?.silence(message.watch);
        break;
      case 'log':
        onLog(message.level, message.message, message.error);
        break;
      case 'crash':
        end(message.message);
        break;
    }
  }

  child.on('message', receive);
  child.stderr?.on('data', (data: Buffer) => (lastWords = (lastWords + data.toString()).slice(-LAST_WORDS)));
  child.on('error', (error) => end(String(error)));
  // Not 'exit': its last words may still be in the pipe then.
  child.on('close', (code, signal) =>
    end(`the media process ended (${signal ?? code}): ${lastWords.trim()}`),
  );

  return {
    call,
    listen: (id, events) => void endpoints.set(id, events),
    forget: (id) => void endpoints.delete(id),
    get ready() {
      return alive && queued === undefined;
    },
    get alive() {
      return alive;
    },
    kill() {
      stopping = true;
      end('the media process was ended');
      return gone;
    },
  };
}
