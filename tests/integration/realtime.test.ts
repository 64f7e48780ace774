import { afterEach, describe, expect, it } from 'vitest';
import { type Socket, io } from 'socket.io-client';
import { silentLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { createRealtime, type Realtime } from '../../src/platform/realtime/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { AppError } from '../../src/shared/errors.ts';
import { type AccessServer, startAccessServer } from '../support/access-server.ts';

interface World {
  readonly server: AccessServer;
  readonly realtime: Realtime;
  readonly open: (token: unknown, lastSeq?: number) => Promise<Client>;
}

interface Client {
  readonly socket: Socket;
  readonly events: [string, Record<string, unknown>][];
  /** Resolves when this many events came in all. */
  until(count: number): Promise<void>;
  command(name: string, payload: unknown): Promise<Record<string, unknown>>;
}

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(): Promise<World> {
  let realtime: Realtime | undefined;
  const server = await startAccessServer({
    before: async (http, access) => {
      realtime = await createRealtime({
        http,
        authenticator: access.authenticator,
        audit: access.audit,
        clock: systemClock,
        log: silentLogger(),
        metrics: createMetrics({ defaults: false }),
        limits: { events: 5, chars: 100_000, absentMs: 60_000 },
      });
    },
  });
  stops.push(() => server.stop());
  if (realtime === undefined) throw new Error('not started');
  const made = realtime;
  stops.push(() => made.stop());
  server.access.onSessionEnd((end) =>
    end.credentialId === undefined ? made.endUser(end.userId) : made.endSession(end.credentialId),
  );
  server.access.users.onChange((user) => made.refreshUser(user._id));
  return { server, realtime: made, open: (token, lastSeq) => open(server.url, token, lastSeq) };
}

async function open(url: string, token: unknown, lastSeq?: number): Promise<Client> {
  const socket = io(url, {
    auth: { token, lastSeq },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  stops.push(() => void socket.disconnect());
  const events: [string, Record<string, unknown>][] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  socket.onAny((name: string, payload: Record<string, unknown>) => {
    events.push([name, payload]);
    for (const waiter of waiters) if (events.length >= waiter.count) waiter.resolve();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    events,
    until: (count) =>
      new Promise((resolve) => (events.length >= count ? resolve() : waiters.push({ count, resolve }))),
    command: (name, payload) => socket.emitWithAck(name, payload) as Promise<Record<string, unknown>>,
  };
}

const alert = (code: string) => ({ code, message: code, level: 'info' as const });

describe('live updates', () => {
  it('refuses strangers', async () => {
    const { open } = await start();
    await expect(open('nobody')).rejects.toMatchObject({ data: { code: 'auth.invalid' } });
    await expect(open({ $ne: null })).rejects.toMatchObject({ data: { code: 'auth.required' } });
  });

  it('numbers events per user and tells each only what is meant for him', async () => {
    const { server, realtime, open } = await start();
    const ana = await open(await server.login('ana'));
    const boss = await open(await server.login('supervisor'));
    const { publisher } = realtime;
    const anaId = (await server.access.users.byUsername('ana'))!._id;
    publisher.toSupervisors(server.companyId, 'alert', alert('one'));
    publisher.toUser(server.companyId, anaId, 'alert', alert('two'));
    publisher.toQueue(server.companyId, 'suporte', 'alert', alert('three'));
    publisher.toQueue(server.companyId, 'vendas', 'alert', alert('four'));
    publisher.toCompany(server.companyId, 'alert', alert('five'));
    publisher.toCompany('another' as typeof server.companyId, 'alert', alert('never'));
    publisher.toCompany(server.companyId, 'alert', alert('end'));
    await Promise.all([ana.until(4), boss.until(5)]);
    expect(ana.events.map(([, e]) => e['code'])).toEqual(['two', 'three', 'five', 'end']);
    expect(boss.events.map(([, e]) => e['code'])).toEqual(['one', 'three', 'four', 'five', 'end']);
    const seqs = ana.events.map(([, e]) => e['seq'] as number);
    expect(seqs.map((seq) => seq - seqs[0]!)).toEqual([0, 1, 2, 3]);
  });

  it('hears that somebody is there also from who says nothing: each client answers a beat in seconds', async () => {
    const { server, realtime, open } = await start();
    const ana = (await server.access.users.byUsername('ana'))!._id;
    const heard = new Promise((resolve) => {
      realtime.onAlive(({ userId }) => {
        resolve(userId);
      });
    });
    await open(await server.login('ana'));
    expect(await heard).toBe(ana);
  }, 9_000);

  it('replays what a lost connection missed, and says resync when too much', async () => {
    const { server, realtime, open } = await start();
    const token = await server.login('ana');
    const say = (code: string) => realtime.publisher.toCompany(server.companyId, 'alert', alert(code));
    const first = await open(token);
    say('seen');
    await first.until(1);
    const lastSeq = first.events[0]![1]['seq'] as number;
    first.socket.disconnect();
    for (const code of ['a', 'b', 'c']) say(code);
    const second = await open(token, lastSeq);
    await second.until(3);
    expect(second.events.map(([, e]) => [e['code'], (e['seq'] as number) - lastSeq])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    for (const code of ['d', 'e', 'f']) say(code);
    const third = await open(token, lastSeq);
    await third.until(1);
    expect(third.events[0]).toEqual(['resync', { reason: 'history', seq: lastSeq + 6 }]);
    say('g');
    await third.until(2);
    expect(third.events[1]![1]['seq']).toBe(lastSeq + 7);
    const stranger = await open(token, 12);
    await stranger.until(1);
    expect(stranger.events[0]![0]).toBe('resync');
  });

  it('parses commands and answers failures with their code', async () => {
    const { server, realtime, open } = await start();
    realtime.addCommands({
      'offer:accept': async (principal, { interactionId }) => {
        if (interactionId === 'taken') throw new AppError('offer.taken', 409, 'Somebody was faster.');
        if (interactionId === 'bug') throw new Error('secret');
        return Promise.resolve({ by: principal.name });
      },
    });
    const ana = await open(await server.login('ana'));
    expect(await ana.command('offer:accept', { interactionId: 'i1' })).toEqual({ ok: true, by: 'Ana Lima' });
    const codes = async (name: string, payload: unknown) =>
      ((await ana.command(name, payload))['error'] as { code: string }).code;
    expect(await codes('offer:accept', { interactionId: 'taken' })).toBe('offer.taken');
    expect(await codes('offer:accept', { interactionId: 5 })).toBe('request.invalid');
    expect(await codes('offer:accept', undefined)).toBe('request.invalid');
    expect(await codes('offer:accept', { interactionId: 'bug' })).toBe('server.error');
    expect(await codes('offer:accept', { interactionId: 'i1', inteactionId: 'i2' })).toBe(
      'request.unknownField',
    );
    expect(await codes('offer:reject', { interactionId: 'i1' })).toBe('command.unknown');
    expect(await codes('__proto__', {})).toBe('command.unknown');
    expect(() => realtime.addCommands({ 'offer:accept': () => Promise.resolve() })).toThrow(/two handlers/);
  });

  it('tells the first and the last connection of a user, not the tabs between', async () => {
    const { server, realtime, open } = await start();
    const told: string[] = [];
    const gone = new Promise<void>((resolve) =>
      realtime.onConnection((principal, here) => {
        told.push(`${principal.name} ${here}`);
        if (!here) resolve();
      }),
    );
    const token = await server.login('ana');
    const [one, two] = [await open(token), await open(token)];
    one.socket.disconnect();
    two.socket.disconnect();
    await gone;
    expect(told).toEqual(['Ana Lima true', 'Ana Lima false']);
  });

  it('cuts the sockets of a session that ends, and follows new queues at once', async () => {
    const { server, realtime, open } = await start();
    const [one, two] = [await server.login('ana'), await server.login('ana')];
    const [first, second] = [await open(one), await open(two)];
    const cut = new Promise((resolve) => first.socket.once('disconnect', resolve));
    await server.call('POST', '/api/v1/auth/logout', { token: one });
    await cut;
    expect(second.socket.connected).toBe(true);
    const admin = await server.login('admin');
    const anaId = (await server.access.users.byUsername('ana'))!._id;
    await server.call('PATCH', `/api/v1/admin/users/${anaId}`, {
      token: admin,
      body: { queues: ['vendas'] },
    });
    await server.call('GET', '/api/v1/me', { token: two });
    realtime.publisher.toQueue(server.companyId, 'suporte', 'alert', alert('not hers'));
    realtime.publisher.toQueue(server.companyId, 'vendas', 'alert', alert('hers'));
    await second.until(2);
    expect(second.events.map(([name, e]) => [name, e['reason'] ?? e['code']])).toEqual([
      ['resync', 'reach'],
      ['alert', 'hers'],
    ]);
    const bye = new Promise((resolve) => second.socket.once('disconnect', resolve));
    await server.call('PATCH', `/api/v1/admin/users/${anaId}`, { token: admin, body: { active: false } });
    await bye;
  });

  it.each([true, false])(
    'replays nothing of queues that were taken away meanwhile, but says that they are others (told something: %s)',
    async (isToldSomething) => {
      const { server, realtime, open } = await start();
      const token = await server.login('ana');
      const say = (code: string) =>
        realtime.publisher.toQueue(server.companyId, 'suporte', 'alert', alert(code));
      const first = await open(token);
      say('seen');
      await first.until(1);
      const lastSeq = first.events[0]![1]['seq'] as number;
      const gone = new Promise<void>((resolve) => {
        realtime.onConnection((_who, here) => {
          if (!here) resolve();
        });
      });
      first.socket.disconnect();
      await gone;
      const admin = await server.login('admin');
      const anaId = (await server.access.users.byUsername('ana'))!._id;
      const change = { token: admin, body: { queues: ['vendas'] } };
      await server.call('PATCH', `/api/v1/admin/users/${anaId}`, change);
      if (isToldSomething) say('no longer hers');
      const second = await open(token, lastSeq);
      await second.until(1);
      expect(second.events[0]![0]).toBe('resync');
      expect(JSON.stringify(second.events)).not.toContain('no longer hers');
    },
  );

  it('holds back a client that floods commands', async () => {
    const { server, open } = await start();
    const ana = await open(await server.login('ana'));
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => ana.command('offer:reject', { interactionId: 'x' })),
    );
    expect(
      answers.filter((a) => (a['error'] as { code: string }).code === 'rate.limited').length,
    ).toBeGreaterThan(50);
  });
});
