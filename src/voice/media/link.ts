import type { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/errors.ts';
import type { Digit } from '../ports.ts';
import type { Command, FromThread, Reply, ToThread } from './protocol.ts';

/** Events of one endpoint, as the thread tells them. */
export interface EndpointEvents {
  digit(digit: Digit): void;
  silence(watch: number): void;
  /** The thread died: this endpoint is gone. */
  lost(): void;
}

/** One media thread seen from the main loop: calls with one answer each, and events by endpoint. */
export interface Link {
  call(command: Command): Promise<Reply>;
  listen(id: string, events: EndpointEvents): void;
  forget(id: string): void;
  readonly alive: boolean;
}

export interface LinkOptions {
  readonly worker: Worker;
  readonly onLog: (level: 'warn' | 'error', message: string, error: string) => void;
  /** Once, when the thread ended without being asked to. */
  readonly onCrash: (error: Error) => void;
}

export function createLink({ worker, onLog, onCrash }: LinkOptions): Link {
  const waiting = new Map<number, { resolve: (value: Reply) => void; reject: (error: Error) => void }>();
  const endpoints = new Map<string, EndpointEvents>();
  let next = 1;
  let alive = true;
  let stopping = false;
  /** Calls made while the thread's code still loads. */
  let queued: ToThread[] | undefined = [];

  function end(why: string): void {
    if (!alive) return;
    alive = false;
    const error = new AppError(stopping ? 'media.stopped' : 'media.crashed', 503, why);
    for (const call of waiting.values()) call.reject(error);
    waiting.clear();
    if (!stopping) {
      for (const events of [...endpoints.values()]) events.lost();
      onCrash(error);
    }
    endpoints.clear();
  }

  function receive(message: FromThread): void {
    switch (message.type) {
      case 'ready':
        for (const early of queued ?? []) worker.postMessage(early);
        queued = undefined;
        return;
      case 'reply':
      case 'failure': {
        const call = waiting.get(message.call);
        waiting.delete(message.call);
        if (message.type === 'reply') call?.resolve(message.value);
        else {
          const { code, status, message: text } = message.failure;
          call?.reject(new AppError(code, status, text));
        }
        return;
      }
      case 'digit':
        endpoints.get(message.id)?.digit(message.digit);
        return;
      case 'silence':
        endpoints.get(message.id)?.silence(message.watch);
        return;
      case 'log':
        onLog(message.level, message.message, message.error);
        return;
      case 'crash':
        end(message.message);
        return;
    }
  }

  worker.on('message', receive);
  worker.on('error', (error) => end(String(error)));
  worker.on('exit', (code) => end(`the media thread ended with code ${code}`));

  return {
    call(command) {
      if (!alive) return Promise.reject(new AppError('media.crashed', 503, 'the media thread is down'));
      if (command.op === 'stop') stopping = true;
      const call = next++;
      return new Promise((resolve, reject) => {
        waiting.set(call, { resolve, reject });
        if (queued === undefined) worker.postMessage({ call, command });
        else queued.push({ call, command });
      });
    },
    listen: (id, events) => void endpoints.set(id, events),
    forget: (id) => void endpoints.delete(id),
    get alive() {
      return alive;
    },
  };
}
