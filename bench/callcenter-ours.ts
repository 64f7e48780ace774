import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import type { Contender } from './callcenter.ts';
import { createBenchPhone } from './sip-phone.ts';
import { ended, freePort, until } from './processes.ts';

const DID = '+551140004000';
const QUEUE = 'suporte';
const CHANNELS = 2000;

type Json = Record<string, unknown>;
type Call = (method: string, path: string, body?: Json) => Promise<Json>;

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly sipPort: number;
  readonly password: string;
}

/** The whole product from its source, on its own folder and ports. */
async function launch(dir: string): Promise<Server> {
  const [http, sip, smtp, erp] = await Promise.all(
    (['tcp', 'udp', 'tcp', 'tcp'] as const).map((kind) => freePort(kind)),
  );
  const password = randomBytes(12).toString('hex');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('../src/main.ts', import.meta.url))],
    {
      env: {
        PATH: process.env['PATH'],
        DATA_DIR: join(dir, 'data'),
        HTTP_PORT: String(http),
        SIP_PORT: String(sip),
        SMTP_PORT: String(smtp),
        SAMPLE_ERP_PORT: String(erp),
        RTP_PORT_MIN: '30000',
        RTP_PORT_MAX: '39999',
        SEED_PASSWORD: password,
        LOG_LEVEL: 'warn',
      },
      // tsx is found from the repository, also by the server's threads.
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log = createWriteStream(join(dir, 'server.log'));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const url = `http://127.0.0.1:${http}`;
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error('the server ended');
      if (!(await fetch(`${url}/readyz`)).ok) throw new Error('not ready');
    },
    60_000,
    'the server to be ready',
  );
  return { child, url, sipPort: sip ?? 0, password };
}

function caller(url: string, token?: string): Call {
  return async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Json;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${String(answer['code'])}`);
    return answer;
  };
}

async function login(server: Server, username: string): Promise<{ token: string; call: Call }> {
  const body = { username, password: server.password };
  const { token } = await caller(server.url)('POST', '/auth/login', body);
  return { token: String(token), call: caller(server.url, String(token)) };
}

/** Room for all callers on the demo trunk, and colleagues who are there but have no phone. */
async function prepare(admin: Call, password: string, busy: number): Promise<void> {
  const { items } = (await admin('GET', '/admin/trunks')) as { items: { id: string }[] };
  await admin('PATCH', `/admin/trunks/${items[0]?.id ?? ''}`, { channels: CHANNELS });
  for (let i = 0; i < busy; i++) {
    const user = { username: `colega${i}`, name: `Colega ${i}`, role: 'operator', queues: [QUEUE], password };
    const { id } = await admin('POST', '/admin/users', user);
    await until(
      () => admin('PUT', `/agents/${String(id)}/presence`, { state: 'available' }),
      5_000,
      'a new operator to be known',
    );
  }
}

/** The operator's desk: the socket on which presence is set and offers come. */
async function openDesk(server: Server, token: string): Promise<Socket> {
  const socket = io(server.url, { auth: { token }, transports: ['websocket'] });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('connect_error', reject);
  });
  return socket;
}

const setPresence = async (desk: Socket, state: 'available' | 'paused'): Promise<void> => {
  const reason = state === 'paused' ? { reason: 'break' } : {};
  const answer = (await desk.emitWithAck('presence:set', { state, ...reason })) as { ok: boolean };
  if (!answer.ok) throw new Error(`presence:set ${state}: ${JSON.stringify(answer)}`);
};

export async function createOurs(dir: string, busy: number): Promise<Contender> {
  const server = await launch(dir);
  const admin = await login(server, 'admin');
  await prepare(admin.call, server.password, busy);
  const ana = await login(server, 'ana');
  const account = (await ana.call('GET', '/me/softphone')) as { username: string; password: string };
  const phone = await createBenchPhone();
  await phone.register({ ...account, server: server.sipPort, domain: `127.0.0.1:${server.sipPort}` });
  const desk = await openDesk(server, ana.token);
  await setPresence(desk, 'paused');
  return {
    name: 'our server',
    sipPort: server.sipPort,
    extension: DID,
    pid: server.child.pid ?? 0,
    async waiting() {
      return Number((await admin.call('GET', `/queues/${QUEUE}/live`))['waiting']);
    },
    async trial(withinMs) {
      let deskAt = Number.NaN;
      const offered = () => (deskAt = performance.now());
      desk.once('offer', offered);
      const ringing = phone.ring(withinMs);
      const from = performance.now();
      const set = setPresence(desk, 'available');
      const ring = await ringing;
      await set;
      ring?.decline();
      await setPresence(desk, 'paused');
      desk.off('offer', offered);
      return ring === undefined ? undefined : { wireMs: ring.at - from, deskMs: deskAt - from };
    },
    async stop() {
      desk.close();
      phone.stop();
      // Hundreds of callers vanish with the run: there is nobody left to be polite to.
      server.child.kill('SIGKILL');
      await ended(server.child);
    },
  };
}
