import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Socket, io } from 'socket.io-client';
import {
  createHealth,
  createHttpServer,
  type HttpServer,
  type Principal,
} from '../../src/platform/http/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { createRealtime, type Realtime } from '../../src/platform/realtime/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { AgentId, CompanyId } from '../../src/shared/ids.ts';
import { auditLines } from '../support/audit-lines.ts';
import { programs } from '../support/programs.ts';

/** One suite for the engine in process and for several copies over Redis: what is published on one is heard on all. */
const company = 'c1' as CompanyId;
const people: Record<string, Principal> = Object.fromEntries(
  (
    [
      ['ana', 'operator', ['suporte']],
      ['bruno', 'operator', ['financeiro']],
      ['sup', 'supervisor', []],
    ] as const
  ).map(([name, role, queues]) => [
    name,
    {
      userId: name as AgentId,
      companyId: company,
      name,
      role,
      queues,
      via: 'session',
      scopes: [],
      credentialId: `session-${name}`,
    },
  ]),
);

interface Copy {
  readonly http: HttpServer;
  readonly realtime: Realtime;
  readonly url: string;
}

async function startCopy(redisUrl: string | undefined): Promise<Copy> {
  const metrics = createMetrics({ defaults: false });
  const authenticator = { authenticate: (token: string) => Promise.resolve(people[token]) };
  const log = silentLogger();
  const audit = auditLines();
  const health = createHealth(systemClock);
  const http = createHttpServer({ host: '127.0.0.1', port: 0, authenticator, audit, health, metrics, log });
  const common = { http, authenticator, audit, clock: systemClock, log, metrics };
  const realtime = await createRealtime({ ...common, redisUrl });
  const { url } = await http.start();
  return { http, realtime, url };
}

async function startRedis(program: string): Promise<{ url: string; child: ChildProcess }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const child = spawn(program, [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
  });
  return { url: `redis://127.0.0.1:${port}`, child };
}

const alert = (code: string) => ({ code, message: code, level: 'info' as const });

function suite(name: string, redis: string | undefined, copies: number): void {
  describe(name, () => {
    let all: Copy[] = [];
    let child: ChildProcess | undefined;
    const sockets: Socket[] = [];
    beforeAll(async () => {
      let url: string | undefined;
      if (redis !== undefined) ({ url, child } = await startRedis(redis));
      all = await Promise.all(Array.from({ length: copies }, () => startCopy(url)));
    });
    afterAll(async () => {
      for (const socket of sockets) socket.disconnect();
      for (const copy of all) {
        await copy.realtime.stop();
        await copy.http.stop(200);
      }
      child?.kill();
    });
    const first = (): Copy => all[0]!;
    const last = (): Copy => all.at(-1)!;

    /** Codes that a client hears until `end`. */
    async function listen(copy: Copy, token: string, lastSeq?: number) {
      const auth = { token, lastSeq };
      const socket = io(copy.url, { auth, transports: ['websocket'], forceNew: true, reconnection: false });
      sockets.push(socket);
      const heard: { code: string; seq: number }[] = [];
      const ended = new Promise<{ code: string; seq: number }[]>((resolve) => {
        socket.onAny((event: string, payload: { code?: string; seq: number }) => {
          heard.push({ code: payload.code ?? event, seq: payload.seq });
          if (payload.code === 'end') resolve(heard);
        });
      });
      await new Promise((resolve, reject) => {
        socket.once('connect', () => resolve(undefined));
        socket.once('connect_error', reject);
      });
      return { socket, heard, ended };
    }

    it('tells each audience, in order, numbered by one', async () => {
      const ana = await listen(first(), 'ana');
      const bruno = await listen(last(), 'bruno');
      const sup = await listen(last(), 'sup');
      const { publisher } = first().realtime;
      publisher.toUser(company, 'ana', 'alert', alert('user'));
      publisher.toQueue(company, 'suporte', 'alert', alert('queue'));
      publisher.toSupervisors(company, 'alert', alert('supervisors'));
      publisher.toCompany(company, 'alert', alert('company'));
      publisher.toCompany(company, 'alert', alert('end'));
      const codes = async (client: typeof ana) => (await client.ended).map((event) => event.code);
      expect(await codes(ana)).toEqual(['user', 'queue', 'company', 'end']);
      expect(await codes(bruno)).toEqual(['company', 'end']);
      expect(await codes(sup)).toEqual(['queue', 'supervisors', 'company', 'end']);
      const seqs = (await sup.ended).map((event) => event.seq);
      expect(seqs.map((seq) => seq - seqs[0]!)).toEqual([0, 1, 2, 3]);
    });

    it('replays on the copy that knows the user, and never skips silently on another', async () => {
      const client = await listen(first(), 'bruno');
      last().realtime.publisher.toUser(company, 'bruno', 'alert', alert('end'));
      const lastSeq = (await client.ended).at(-1)!.seq;
      client.socket.disconnect();
      last().realtime.publisher.toUser(company, 'bruno', 'alert', alert('missed'));
      last().realtime.publisher.toUser(company, 'bruno', 'alert', alert('end'));
      const same = await listen(first(), 'bruno', lastSeq);
      expect((await same.ended).map((event) => event.code)).toEqual(['missed', 'end']);
      if (copies === 1) return;
      const other = await listen(last(), 'bruno', lastSeq);
      last().realtime.publisher.toUser(company, 'bruno', 'alert', alert('end'));
      expect((await other.ended)[0]?.code).toBe('resync');
    });

    it('cuts a session wherever its sockets are', async () => {
      const client = await listen(first(), 'ana');
      const cut = new Promise((resolve) => client.socket.once('disconnect', resolve));
      last().realtime.endSession('session-ana');
      await cut;
      const again = await listen(first(), 'ana');
      const gone = new Promise((resolve) => again.socket.once('disconnect', resolve));
      last().realtime.endUser('ana');
      await gone;
    });

    it('carries a word to the other copies, not to itself', async () => {
      if (copies === 1) {
        expect(first().realtime.copies).toBeUndefined();
        return;
      }
      const own: unknown[] = [];
      first().realtime.copies?.onTold((word) => own.push(word));
      const heard = new Promise((resolve) => last().realtime.copies?.onTold(resolve));
      first().realtime.copies?.tell({ kind: 'agent', version: 3 });
      expect(await heard).toEqual({ kind: 'agent', version: 3 });
      expect(own).toEqual([]);
    });

    it('is well', async () => {
      expect((await first().realtime.health()).ok).toBe(true);
    });
  });
}

suite('live updates in process', undefined, 1);
if (programs.redis === undefined)
  describe.skip('live updates over Redis (redis-server is missing)', () => {});
else suite('live updates over Redis', programs.redis, 2);
