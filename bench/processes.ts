import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A port of 127.0.0.1 that nobody has at this moment. */
export async function freePort(kind: 'udp' | 'tcp'): Promise<number> {
  const socket = kind === 'udp' ? createSocket('udp4') : createServer();
  const listening = once(socket, 'listening');
  if ('bind' in socket) socket.bind(0, '127.0.0.1');
  else socket.listen(0, '127.0.0.1');
  await listening;
  const address = socket.address();
  const closed = once(socket, 'close');
  socket.close();
  await closed;
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Tries until it works; after `withinMs` the last error is told with what was waited for. */
export async function until<T>(attempt: () => Promise<T>, withinMs: number, what: string): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline)
        throw new Error(`waited ${withinMs / 1000} s for ${what}`, { cause: error });
      await pause(100);
    }
  }
}

/** Resolves when the process is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
