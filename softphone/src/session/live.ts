import { io, type Socket } from 'socket.io-client';
import {
  serverEvents,
  type Ack,
  type ServerEvent,
  type ServerEventName,
} from '../../../src/contracts/realtime.ts';
import { createStore, type ReadStore } from '../ui/store.ts';

export type LiveState =
  | { kind: 'off' }
  | { kind: 'connecting' }
  | { kind: 'on' }
  | { kind: 'lost'; since: number };

/** Live updates of the server; missed ones are replayed by `lastSeq`, or `resync` asks to fetch anew (contract.md). */
export interface Live {
  state: ReadStore<LiveState>;
  start: () => void;
  on: <N extends ServerEventName>(name: N, handler: (payload: ServerEvent<N>) => void) => () => void;
  watchBoard: (on: boolean) => void;
  stop: () => void;
}

export interface LiveDeps {
  token: () => string | null;
  onUnauthorized: () => void;
  /** Connected, and no event was seen yet: read the state anew. */
  onUnnumbered: () => void;
  now: () => number;
  connect?: typeof io;
}

const eventNames = Object.keys(serverEvents) as ServerEventName[];

export function createLive(deps: LiveDeps): Live {
  const state = createStore<LiveState>({ kind: 'off' });
  const handlers = new Map<ServerEventName, Set<(payload: never) => void>>();
  let socket: Socket | null = null;
  let lastSeq: number | undefined;
  let watching = false;
  let comeBack: number | undefined;

  const receive = (name: ServerEventName, raw: unknown): void => {
    const seq = seqOf(raw);
    if (seq !== null) lastSeq = seq;
    const parsed = serverEvents[name].safeParse(raw);
    if (!parsed.success) return;
    for (const handler of handlers.get(name) ?? []) (handler as (payload: unknown) => void)(parsed.data);
  };

  const start = (): void => {
    if (socket) return;
    state.set({ kind: 'connecting' });
    const opened = (deps.connect ?? io)({
      path: '/socket.io',
      auth: (give) => give({ token: deps.token(), ...(lastSeq === undefined ? {} : { lastSeq }) }),
      transports: ['websocket', 'polling'],
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    socket = opened;
    opened.on('connect', () => {
      state.set({ kind: 'on' });
      if (watching) opened.emit('board:watch', { on: true }, () => undefined);
      // Nothing can be replayed before the first number: what came between the first list and now would be lost.
      if (lastSeq === undefined) deps.onUnnumbered();
    });
    opened.on('disconnect', (reason) => {
      state.set({ kind: 'lost', since: deps.now() });
      // Socket.IO comes back by itself from all but this one: the server closed us on purpose, e.g. to restart.
      if (reason === 'io server disconnect') comeBack = window.setTimeout(() => opened.connect(), 1000);
    });
    opened.on('connect_error', (error) => {
      if (/unauthori[sz]ed|auth\./i.test(error.message)) deps.onUnauthorized();
      else if (state.get().kind !== 'lost') state.set({ kind: 'lost', since: deps.now() });
    });
    for (const name of eventNames) opened.on(name, (raw: unknown) => receive(name, raw));
  };

  return {
    state,
    start,
    on: (name, handler) => {
      const set = handlers.get(name) ?? new Set();
      handlers.set(name, set);
      set.add(handler);
      return () => void set.delete(handler);
    },
    watchBoard: (on) => {
      watching = on;
      if (socket?.connected) socket.emit('board:watch', { on }, (_answer: Ack) => undefined);
    },
    stop: () => {
      window.clearTimeout(comeBack);
      socket?.disconnect();
      socket = null;
      lastSeq = undefined;
      watching = false;
      state.set({ kind: 'off' });
    },
  };
}

function seqOf(raw: unknown): number | null {
  if (typeof raw !== 'object' || raw === null || !('seq' in raw)) return null;
  return typeof raw.seq === 'number' ? raw.seq : null;
}
