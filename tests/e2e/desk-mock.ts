import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { Server, type Socket } from 'socket.io';
import type { CustomerContext } from '../../src/contracts/context.ts';
import type { InteractionView, TimelineEntry } from '../../src/contracts/interaction.ts';
import type { Board, PresenceView } from '../../src/contracts/realtime.ts';

/** A server with the desk's wire contract and nothing behind it: the browser tests say what happens and see what was asked. */
export interface MockServer {
  url: string;
  requests: { method: string; path: string; body: unknown; headers: IncomingMessage['headers'] }[];
  world: World;
  emit(event: string, payload: object): void;
  waitFor(method: string, path: RegExp): Promise<{ body: unknown }>;
  /** Nothing is replayed here: wait for the desk before telling it something. */
  waitForDesks(count: number): Promise<void>;
  dropSockets(): void;
  stop(): Promise<void>;
}

export interface World {
  password: string;
  locked: boolean;
  role: 'operator' | 'supervisor' | 'admin';
  /** May make companies. */
  installer?: boolean;
  presence: PresenceView;
  interactions: InteractionView[];
  timelines: Record<string, TimelineEntry[]>;
  contexts: Record<string, CustomerContext>;
  customers: object[];
  board: Board;
  admin: Record<string, object[]>;
  mails: object[];
  /** Fields that the server refuses, by method and route. */
  refuse?: Record<string, { path: string; message: string }[]>;
}

type Answer = [status: number, body?: unknown];

const dist = join(import.meta.dirname, '../../softphone/dist');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const problem = (status: number, code: string): Answer => [
  status,
  { type: 'about:blank', title: code, status, code },
];

export async function startMock(world: World): Promise<MockServer> {
  const requests: MockServer['requests'] = [];
  const waiters: (() => void)[] = [];
  let seq = 0;
  const http = createServer((request, response) => void serve(request, response));
  const io = new Server(http, { path: '/socket.io' });
  io.use((socket, next) =>
    next(socket.handshake.auth['token'] === 'tok' ? undefined : new Error('unauthorized')),
  );
  const wakeAll = (): void => {
    for (const wake of waiters.splice(0)) wake();
  };
  io.on('connection', (socket: Socket) => {
    wakeAll();
    socket.on('board:watch', (_payload: unknown, ack: (answer: object) => void) => ack({ ok: true }));
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/')) return file(url.pathname, response);
    const body = await json(request);
    requests.push({
      method: request.method ?? '',
      path: url.pathname + url.search,
      body,
      headers: request.headers,
    });
    wakeAll();
    const [status, answer] = api(world, request, url, body);
    response.writeHead(status, {
      'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  };
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    requests,
    world,
    emit: (event, payload) => {
      seq += 1;
      io.emit(event, { ...payload, seq });
    },
    waitFor: async (method, path) => {
      for (;;) {
        const found = requests.find((one) => one.method === method && path.test(one.path));
        if (found) return found;
        await new Promise<void>((resolve) => waiters.push(resolve));
      }
    },
    waitForDesks: async (count) => {
      // Sockets past the handshake: an open transport alone would miss what is emitted now.
      while (io.of('/').sockets.size < count) await new Promise<void>((resolve) => waiters.push(resolve));
    },
    dropSockets: () => io.disconnectSockets(true),
    stop: async () => {
      await io.close();
      http.closeAllConnections();
    },
  };
}

async function file(path: string, response: ServerResponse): Promise<void> {
  const name = extname(path) === '' ? '/index.html' : path;
  try {
    const content = await readFile(join(dist, name));
    response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}

async function json(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

function api(world: World, request: IncomingMessage, url: URL, body: unknown): Answer {
  const route = `${request.method ?? ''} ${url.pathname.replace('/api/v1', '')}`;
  if (route === 'POST /auth/login') return login(world, body as { username: string; password: string });
  if (route === 'GET /simulator') return [200, { did: '+551140004000' }];
  if (route === 'GET /simulator/mailbox') return list(world.mails);
  if (request.headers.authorization !== 'Bearer tok') return problem(401, 'auth.required');
  const faults = world.refuse?.[route];
  if (faults !== undefined) return refused(faults);
  const change = /^PATCH \/admin\/(\w+)\/(\w+)$/.exec(route);
  if (change) return changed(world, change[1] ?? '', change[2] ?? '', body as object);
  const admin = /^GET \/admin\/(?:api-keys\/)?([\w-]+)$/.exec(route)?.[1];
  if (admin !== undefined) return list(world.admin[admin] ?? []);
  const trunk = /^GET \/admin\/trunks\/(\w+)\/status$/.exec(route)?.[1];
  if (trunk !== undefined) return trunkStatus(world, trunk);
  const aside = setAside(world, route);
  if (aside !== undefined) return aside;
  const answer = routes[route];
  return answer ? answer(world, url.searchParams, body) : detail(world, route);
}

function trunkStatus(world: World, id: string): Answer {
  const found = (world.admin['trunk-status'] ?? []).find((one) => (one as { id: string }).id === id);
  return found === undefined ? problem(404, 'trunk.unknown') : [200, found];
}

/** Mails set aside: `world.admin.aside`. */
function setAside(world: World, route: string): Answer | undefined {
  const match = /^(GET|POST) \/admin\/mailboxes\/set-aside(?:\/(\w+))?(\/queue)?$/.exec(route);
  if (match === null) return undefined;
  const mails = world.admin['aside'] ?? [];
  if (match[2] === undefined) return list(mails);
  const found = mails.find((mail) => (mail as { id: string }).id === match[2]);
  if (found === undefined) return problem(404, 'mail.notFound');
  if (match[3] === undefined) return [200, found];
  world.admin['aside'] = mails.filter((mail) => mail !== found);
  return [200, { id: match[2], interactionId: 'e1' }];
}

const refused = (errors: { path: string; message: string }[]): Answer => [
  422,
  { type: 'about:blank', title: 'request.invalid', status: 422, code: 'request.invalid', errors },
];

function changed(world: World, kind: string, id: string, change: object): Answer {
  const rows = (world.admin[kind] ?? []) as { id?: string }[];
  world.admin[kind] = rows.map((row) => (row.id === id ? { ...row, ...change } : row));
  return [200, {}];
}

const list = (items: unknown[]): Answer => [200, { items, nextCursor: null }];

const routes: Record<string, (world: World, search: URLSearchParams, body: unknown) => Answer> = {
  'GET /me': (world) => [200, userOf(world)],
  'PUT /me/presence': (world, _search, body) => setPresence(world, body),
  'GET /me/breaks': () =>
    list([{ reason: 'break', times: 1, usedMs: 240_000, budgetMs: 600_000, leftMs: 360_000 }]),
  'GET /me/softphone': () => problem(503, 'voice.unavailable'),
  'GET /interactions': (world, search) => list(wanted(world, search)),
  'GET /queues': (world) => list(world.board.queues),
  'GET /queues/targets': (world) => list(world.board.queues),
  'GET /agents': (world) => list([world.presence, ...world.board.people.slice(1)]),
  'GET /board': (world) => [200, world.board],
  'GET /customers': (world) => list(world.customers),
};

function setPresence(world: World, body: unknown): Answer {
  world.presence = { ...world.presence, ...(body as object), since: new Date().toISOString() };
  return [200, world.presence];
}

function wanted(world: World, search: URLSearchParams): InteractionView[] {
  const states = search.get('state')?.split(',');
  const customer = search.get('customer');
  const protocol = search.get('protocol');
  const channel = search.get('channel');
  return world.interactions.filter(
    (one) =>
      (states?.includes(one.state) ?? true) &&
      (channel === null || one.channel === channel) &&
      (customer === null || one.customer?.id === customer) &&
      (protocol === null || one.protocol === protocol),
  );
}

function detail(world: World, route: string): Answer {
  const customer = /^GET \/customers\/(\w+)(\/context)?$/.exec(route);
  if (customer) {
    if (customer[2] !== undefined) return [200, Object.values(world.contexts)[0]];
    return [200, world.customers[0]];
  }
  const match = /^(GET|POST) \/interactions\/(\w+)(\/\w+)?$/.exec(route);
  const one = world.interactions.find((each) => each.id === match?.[2]);
  if (!match || !one) return route.startsWith('GET') ? problem(404, 'unknown') : [200, {}];
  if (match[1] === 'GET')
    return [
      200,
      { ...one, timeline: world.timelines[one.id] ?? [], context: world.contexts[one.id] ?? null },
    ];
  return [200, one];
}

const userOf = (world: World): object => ({
  id: 'u1',
  name: 'Ana Ribeiro',
  username: 'ana',
  role: world.role,
  installer: world.installer === true,
  queues: ['suporte', 'financeiro', 'retencao', 'ouvidoria'],
});

function login(world: World, form: { username: string; password: string }): Answer {
  if (world.locked) return problem(429, 'auth.locked');
  if (form.password !== world.password) return problem(401, 'auth.invalid');
  return [200, { token: 'tok', user: userOf(world) }];
}
