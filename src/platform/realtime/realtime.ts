import type { IncomingMessage } from 'node:http';
import { Server as IoServer, type Socket } from 'socket.io';
import { z } from 'zod';
import { type Ack, commandScopes, EVENTS_SCOPE } from '../../contracts/realtime.ts';
import type { Clock, Timer } from '../../shared/clock.ts';
import type { AuditWriter, Authenticator, HealthResult, HttpServer, Principal } from '../http/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import {
  type Connection,
  type ConnectionLimits,
  createConnectionLimits,
  PromptWebSocketServer,
} from '../net/index.ts';
import { joinCluster } from './cluster.ts';
import { createDispatcher, type Dispatcher, type SocketCommands } from './commands.ts';
import { createHub, type Hub, type HubLimits, type Wire } from './hub.ts';
import { type Audience, createPublisher, type Publisher } from './publisher.ts';

export interface RealtimeDeps {
  readonly http: HttpServer;
  readonly authenticator: Authenticator;
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** REDIS_URL: several copies of the server share events. */
  readonly redisUrl?: string | undefined;
  readonly limits?: HubLimits;
}

/** First connection of a user came (true), last one went (false). The 60 s of grace are the agents' to count. */
export type ConnectionHandler = (principal: Principal, connected: boolean) => void;
/** Something came from one of the user's connections, be it only the answer to a heartbeat. */
export type AliveHandler = (principal: Principal) => void;

/** A word to the other copies of the process: at most once, in any order, to those that are there. */
export interface Copies {
  tell(word: object): void;
  /** What the others told; as it came, to be checked. */
  onTold(listener: (word: unknown) => void): void;
}

export interface Realtime {
  readonly publisher: Publisher;
  /** Undefined when this process is the only one (no Redis). */
  readonly copies: Copies | undefined;
  addCommands(commands: SocketCommands): void;
  onConnection(handler: ConnectionHandler): void;
  onAlive(handler: AliveHandler): void;
  /** Cuts the sockets of one session, or of a user, on every copy. */
  endSession(credentialId: string): void;
  endUser(userId: string): void;
  /** Looks at a user's sessions again: new role or queues count at once on this copy, within a minute on others. */
  refreshUser(userId: string): void;
  health(): Promise<HealthResult>;
  stop(): Promise<void>;
}

interface SocketData {
  principal: Principal;
  token: string;
}

interface Peers {
  publish: (audience: Audience, event: string, json: string) => void;
  word: (word: object) => void;
}

type Nothing = Record<string, never>;
type AnySocket = Socket<Nothing, Nothing, Peers, SocketData>;
type Io = IoServer<Nothing, Nothing, Peers, SocketData>;

const handshake = z.object({
  token: z.string().min(1).max(512),
  lastSeq: z.number().int().nonnegative().optional(),
});

/** Each connection is asked this often whether it is there; every client library answers by itself, unless its page is frozen. */
const HEARTBEAT_MS = 5_000;
/** Sessions are looked at again this often, which also keeps the session of a living desk from idling out. */
const RECHECK_MS = 60_000;
const COMMANDS_PER_SECOND = 50;
/** A connection without a living token lasts this long. */
const PROVE_MS = 10_000;

export async function createRealtime(deps: RealtimeDeps): Promise<Realtime> {
  const io: Io = new IoServer({
    path: '/socket.io',
    serveClient: false,
    destroyUpgrade: false,
    wsEngine: PromptWebSocketServer,
    perMessageDeflate: false,
    maxHttpBufferSize: 256 * 1024,
    pingInterval: HEARTBEAT_MS,
    pingTimeout: 10_000,
    // A socket that brings no living token is closed (contract.md, "Everywhere": strangers' sockets end in seconds).
    connectTimeout: PROVE_MS,
    // Long polling passes here as well as WebSockets.
    allowRequest: (request, decide) => {
      const ours = deps.http.admitsOrigin(request);
      decide(ours ? null : 'origin.refused', ours);
    },
  });
  const cluster = deps.redisUrl === undefined ? undefined : await joinCluster(deps.redisUrl, deps.log);
  if (cluster !== undefined) io.adapter(cluster.adapter);
  io.attach(deps.http.server);
  deps.http.addDoors([EVENTS_SCOPE, ...Object.values(commandScopes)].map(doorOf));
  const strangers = limitStrangers(io, deps);
  const hub = createHub(deps.clock, deps.limits);
  const dispatcher = createDispatcher(deps.log, deps.audit);
  const handlers: ConnectionHandler[] = [];
  const aliveHandlers: AliveHandler[] = [];
  if (cluster !== undefined)
    io.on('publish', (audience, event, json) => hub.deliverText(audience, event, json));
  io.use(gate(deps.authenticator));
  io.on('connection', (socket: AnySocket) => {
    welcome(socket, hub, dispatcher, deps, (principal, here) => {
      for (const handler of handlers) handler(principal, here);
    });
    socket.conn.on('packet', () => {
      for (const handler of aliveHandlers) handler(socket.data.principal);
    });
  });
  deps.metrics.gauge('ramal_sockets', 'Open Socket.IO connections', [], (gauge) =>
    gauge.set(hub.connected()),
  );
  const recheck = createRecheck(hub, deps);
  const rechecker = recheckEvery(io, hub, recheck, deps.clock);

  return {
    publisher: createPublisher((audience, event, payload) => {
      const json = JSON.stringify(payload);
      hub.deliverText(audience, event, json);
      if (cluster !== undefined) io.serverSideEmit('publish', audience, event, json);
    }),
    copies:
      cluster === undefined
        ? undefined
        : {
            tell: (word) => void io.serverSideEmit('word', word),
            onTold: (listener) => void io.on('word', listener),
          },
    addCommands: (commands) => dispatcher.add(commands),
    onConnection: (handler) => void handlers.push(handler),
    onAlive: (handler) => void aliveHandlers.push(handler),
    endSession: (credentialId) => io.in(`session:${credentialId}`).disconnectSockets(true),
    endUser: (userId) => io.in(`user:${userId}`).disconnectSockets(true),
    refreshUser: (userId) => {
      for (const id of io.sockets.adapter.rooms.get(`user:${userId}`) ?? []) {
        const socket = io.sockets.sockets.get(id);
        if (socket !== undefined) recheck(socket);
      }
    },
    health: () => {
      const ok = cluster?.healthy() ?? true;
      if (cluster !== undefined)
        return Promise.resolve(
          ok
            ? { ok, detail: 'redis', facts: [{ says: 'redis' }] }
            : { ok, detail: 'redis is away', facts: [{ says: 'redisAway' }] },
        );
      const count = hub.connected();
      return Promise.resolve({
        ok,
        detail: `in process, ${count} sockets`,
        facts: [{ says: 'screens', values: { count } }],
      });
    },
    stop: async () => {
      rechecker.cancel();
      strangers.stop();
      // Not io.close(): that would close the HTTP listener too, which has its own owner.
      io.disconnectSockets(true);
      io.engine.close();
      await cluster?.stop();
    },
  };
}

const doorOf = (scope: string | undefined) => (scope === undefined ? {} : { scope });

interface EngineSocket {
  readonly request: IncomingMessage;
  once(event: 'close', handler: () => void): unknown;
  close(discard: boolean): void;
}

interface EngineConnection extends Connection {
  readonly engine: object;
}

/** Connections without a living token: a hundred an address, seconds each. */
function limitStrangers(io: Io, { clock, http }: RealtimeDeps): ConnectionLimits<EngineConnection> {
  const proven = new WeakSet<object>();
  const limits = createConnectionLimits<EngineConnection>({
    clock,
    isProven: ({ engine }) => proven.has(engine),
    proveMs: PROVE_MS,
  });
  io.engine.on('connection', (engine: EngineSocket) => {
    const address = http.clientAddress(engine.request);
    const connection = { engine, address, close: () => engine.close(true) };
    limits.add(connection);
    engine.once('close', () => limits.remove(connection));
  });
  io.on('connection', (socket) => proven.add(socket.conn));
  return limits;
}

/** Nobody passes without a living token; the reason reaches the client as connect_error. */
function gate(authenticator: Authenticator) {
  return (socket: AnySocket, next: (error?: Error) => void): void => {
    const auth = handshake.safeParse(socket.handshake.auth);
    if (!auth.success) {
      next(refusal('auth.required'));
      return;
    }
    authenticator.authenticate(auth.data.token).then(
      (principal) => {
        if (principal === undefined) {
          next(refusal('auth.invalid'));
          return;
        }
        if (!hearsEvents(principal)) {
          next(refusal('auth.scope'));
          return;
        }
        socket.data.principal = principal;
        socket.data.token = auth.data.token;
        next();
      },
      () => next(refusal('server.error')),
    );
  };
}

const hearsEvents = ({ via, scopes }: Principal): boolean =>
  via === 'session' || scopes.includes(EVENTS_SCOPE);

function refusal(code: string): Error {
  return Object.assign(new Error(code), { data: { code } });
}

function welcome(
  socket: AnySocket,
  hub: Hub,
  dispatcher: Dispatcher,
  deps: RealtimeDeps,
  onConnection: ConnectionHandler,
): void {
  const { principal } = socket.data;
  void socket.join([`session:${principal.credentialId}`, `user:${principal.userId}`]);
  const wire: Wire = { send: (text) => void socket.conn.send(text) };
  const lastSeq = handshake.safeParse(socket.handshake.auth).data?.lastSeq;
  socket.on('disconnect', () => {
    if (hub.leave(principal, wire)) onConnection(socket.data.principal, false);
  });
  const allow = rate(deps.clock);
  const address = deps.http.clientAddress(socket.request);
  socket.onAny((name: string, ...args: unknown[]) => {
    const ack = args.at(-1);
    const answer = (result: Ack): void => {
      if (typeof ack === 'function') (ack as (result: Ack) => void)(result);
    };
    if (!allow()) {
      answer({ ok: false, error: { code: 'rate.limited', message: 'Too many commands in one second.' } });
      return;
    }
    const payload = typeof args[0] === 'function' ? undefined : args[0];
    const who = { ...socket.data.principal, address };
    // dispatch never rejects: failures are part of its answer.
    void dispatcher.dispatch(name, who, payload).then(answer);
  });
  if (hub.join(principal, wire, lastSeq)) onConnection(principal, true);
}

function rate(clock: Clock): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(clock.steady() / 1000);
    if (now !== second) [second, count] = [now, 0];
    count += 1;
    return count <= COMMANDS_PER_SECOND;
  };
}

function createRecheck(hub: Hub, deps: RealtimeDeps): (socket: AnySocket) => void {
  const check = async (socket: AnySocket): Promise<void> => {
    const principal = await deps.authenticator.authenticate(socket.data.token);
    if (principal === undefined || !hearsEvents(principal)) {
      socket.disconnect(true);
      return;
    }
    socket.data.principal = principal;
    hub.refresh(principal);
  };
  return (socket) => {
    check(socket).catch((error: unknown) => deps.log.warn({ err: error }, 'session check of a socket'));
  };
}

function recheckEvery(io: Io, hub: Hub, recheck: (socket: AnySocket) => void, clock: Clock): Timer {
  let timer: Timer;
  const plan = (): Timer =>
    clock.after(RECHECK_MS, () => {
      timer = plan();
      hub.sweep();
      for (const socket of io.sockets.sockets.values()) recheck(socket);
    });
  timer = plan();
  return { cancel: () => timer.cancel() };
}
