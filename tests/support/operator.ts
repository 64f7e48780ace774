import { io, type Socket } from 'socket.io-client';
import type { ServerEvent, ServerEventName } from '../../src/contracts/realtime.ts';
import type { Product } from './product.ts';

/** What one operator's desk was told, in the order of arrival. */
export interface Told {
  readonly name: string;
  readonly payload: unknown;
  readonly atMs: number;
}

/** An operator who is at work by the socket alone: what a desk of somebody else's making would see. */
export interface Operator {
  readonly told: readonly Told[];
  /** The first event of this name for which `test` holds, past or to come. */
  until<N extends ServerEventName>(
    name: N,
    test?: (payload: ServerEvent<N>) => boolean,
    limitMs?: number,
  ): Promise<ServerEvent<N>>;
  /** Its place in `told`. */
  indexOf<N extends ServerEventName>(name: N, test: (payload: ServerEvent<N>) => boolean): number;
  command(name: string, payload: unknown): Promise<{ ok: boolean; error?: { code: string } }>;
  close(): void;
}

export async function operatorAt(product: Product, user: string): Promise<Operator> {
  const token = await product.token(user);
  const socket: Socket = io(product.url, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  socket.onAny((name: string, payload: unknown) => {
    told.push({ name, payload, atMs: performance.now() });
    for (const look of [...waiting]) look();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
    // A server that dies between the connection and its answer says neither.
    socket.once('disconnect', (reason) =>
      reject(new Error(`${user} was cut off before the answer: ${reason}`)),
    );
  });
  // The payloads are those of the contract's schemas; the server is the one that checks them.
  const matches = <N extends ServerEventName>(
    entry: Told,
    name: N,
    test: (payload: ServerEvent<N>) => boolean,
  ): boolean => entry.name === name && test(entry.payload as ServerEvent<N>);
  return {
    told,
    until: (name, test = () => true, limitMs = 30_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          const names = told.map((t) => t.name).join(' ');
          reject(new Error(`${user} was not told ${name} ${test.toString()}; told: ${names}`));
        }, limitMs);
        const look = (): void => {
          const found = told.find((entry) => matches(entry, name, test));
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found.payload as ServerEvent<typeof name>);
        };
        waiting.add(look);
        look();
      }),
    indexOf: (name, test) => told.findIndex((entry) => matches(entry, name, test)),
    command: (name, payload) =>
      socket.timeout(10_000).emitWithAck(name, payload) as Promise<{ ok: boolean; error?: { code: string } }>,
    close: () => void socket.disconnect(),
  };
}
