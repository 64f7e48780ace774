import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { z } from 'zod';
import { createApi, listOf, query } from './api.ts';
import { createDrafts } from './drafts.ts';
import { createSession } from './session.ts';
import { createSettings } from './settings.ts';
import { createPhoneTab, type Locks } from './tabs.ts';

const user = { id: 'u1', name: 'Ana', username: 'ana', role: 'operator', queues: [] };
const reply = (status: number, body: unknown, headers = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

function sessionWith(answer: (path: string) => Response | Promise<Response>) {
  const storage = memoryStorage();
  let tell: (key: string | null) => void = () => undefined;
  const api = createApi({
    fetch: (path) => Promise.resolve(answer(path as string)),
    token: () => storage.getItem('ramal.token'),
    language: () => 'pt-BR',
    onUnauthorized: () => session.expire(),
  });
  const session = createSession({
    api,
    storage,
    onStorage: (listener) => {
      tell = listener;
      return () => undefined;
    },
  });
  return { storage, session, otherTab: (key: string | null) => tell(key) };
}

describe('the session', () => {
  it('signs in, survives a reload, ends with 401', async () => {
    let status = 200;
    const { session } = sessionWith((path) =>
      path.endsWith('/login')
        ? reply(200, { token: 'tok', user })
        : reply(status, status === 200 ? user : { type: 'x', title: 'x', status, code: 'auth.required' }),
    );
    await session.login('ana', 'x');
    await session.start();
    expect(session.state.get()).toMatchObject({ kind: 'signedIn', user: { id: 'u1' } });
    status = 401;
    await session.start();
    expect(session.state.get()).toEqual({ kind: 'signedOut', notice: 'expired' });
    expect(session.token()).toBeNull();
  });

  it('learns of other queues, and says the same again when nothing is another', async () => {
    let me = user;
    const { session, storage } = sessionWith(() => reply(200, me));
    storage.setItem('ramal.token', 'tok');
    await session.start();
    const before = session.state.get();
    await session.refresh();
    expect(session.state.get()).toBe(before);
    me = { ...user, queues: ['vendas'] as never[] };
    expect(await session.refresh()).toMatchObject({ queues: ['vendas'] });
    expect(session.state.get()).toMatchObject({ kind: 'signedIn', user: { queues: ['vendas'] } });
  });

  it('is nobody else for an answer of another person, nor for none: that one is asked of the sign-in', async () => {
    let answer = (): Response => reply(200, user);
    const { session, storage } = sessionWith(() => answer());
    storage.setItem('ramal.token', 'tok');
    await session.start();
    const before = session.state.get();
    for (const other of [() => reply(200, { ...user, id: 'u2', name: 'Bruno' }), () => reply(503, {})]) {
      answer = other;
      expect(await session.refresh()).toBeNull();
      expect(session.state.get()).toBe(before);
    }
  });

  it('stays signed in when something else is refused', async () => {
    const { session, storage } = sessionWith(() =>
      reply(401, { type: 'x', title: 'x', status: 401, code: 'erp.refused' }),
    );
    storage.setItem('ramal.token', 'tok');
    await expect(session.changePassword('wrong', 'quatro cavalos verdes')).rejects.toMatchObject({
      code: 'erp.refused',
    });
    expect(session.token()).toBe('tok');
  });

  it('keeps the token when the server cannot be reached', async () => {
    const { session, storage } = sessionWith(() => Promise.reject(new TypeError('offline')));
    storage.setItem('ramal.token', 'tok');
    await session.start();
    expect(session.state.get()).toEqual({ kind: 'unreachable' });
    expect(session.token()).toBe('tok');
  });

  it('tells a locked account by its code', async () => {
    const { session } = sessionWith(() =>
      reply(429, { type: 'x', title: 't', status: 429, code: 'auth.locked' }, { 'retry-after': '900' }),
    );
    await expect(session.login('ana', 'x')).rejects.toMatchObject({
      code: 'auth.locked',
      retryAfterMs: 900_000,
    });
  });

  it('follows another tab that signed out, and what is refused afterwards is no expiry', () => {
    const { session, otherTab } = sessionWith(() => reply(200, user));
    otherTab('ramal.token');
    session.expire();
    expect(session.state.get()).toEqual({ kind: 'signedOut', notice: 'loggedOut' });
  });

  it('signing out is no expiry, whatever is refused meanwhile', async () => {
    const { session, storage } = sessionWith(() =>
      reply(401, { type: 'x', title: 'x', status: 401, code: 'auth.required' }),
    );
    storage.setItem('ramal.token', 'tok');
    const out = session.logout();
    session.expire();
    expect(session.state.get()).toEqual({ kind: 'signedOut', notice: 'loggedOut' });
    await out;
    session.expire();
    expect(session.state.get()).toEqual({ kind: 'signedOut', notice: 'loggedOut' });
  });
});

describe('what is kept in the browser', () => {
  it('drafts come back and go with the close', () => {
    const storage = memoryStorage();
    createDrafts(storage, 'u1').change('i1', { reply: 'oi' });
    const again = createDrafts(storage, 'u1');
    expect(again.of('i1').reply).toBe('oi');
    again.forget('i1', again.of('i1'));
    expect(createDrafts(storage, 'u1').of('i1').reply).toBe('');
  });

  it('broken settings fall back one by one', () => {
    const storage = memoryStorage();
    storage.setItem('ramal.settings', '{"language":"xx","ringVolume":0.2}');
    expect(createSettings(storage).store.get()).toMatchObject({
      language: 'pt-BR',
      ringVolume: 0.2,
      letterKeys: true,
    });
    storage.setItem('ramal.settings', 'no json');
    expect(createSettings(storage).store.get().scheme).toBe('auto');
  });

  it('lists leave out what cannot be read', () => {
    expect(
      listOf(z.object({ a: z.number() })).parse({ items: [{ a: 1 }, { b: 2 }], nextCursor: null }).items,
    ).toEqual([{ a: 1 }]);
    expect(query({ a: 1, b: null, c: '' })).toBe('?a=1');
  });
});

describe('the tab that owns the phone', () => {
  it('goes to the tab that takes it, and back when that one closes', async () => {
    const locks = fakeLocks();
    const one = createPhoneTab(locks, 'phone');
    const two = createPhoneTab(locks, 'phone');
    one.start();
    two.start();
    await settle();
    expect([one.state.get(), two.state.get()]).toEqual(['owner', 'waiting']);
    two.take();
    await settle();
    expect([one.state.get(), two.state.get()]).toEqual(['waiting', 'owner']);
    two.stop();
    await settle();
    expect(one.state.get()).toBe('owner');
  });
});

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** The part of Web Locks that matters: one holder, a queue, steal, abort. */
function fakeLocks(): Locks {
  type Waiting = { run: () => void; fail: (error: Error) => void };
  let holder: Waiting | null = null;
  let queue: Waiting[] = [];
  const next = (): void => {
    holder = queue.shift() ?? null;
    holder?.run();
  };
  const request = (_name: string, options: LockOptions, hold: () => unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const mine: Waiting = {
        run: () =>
          void Promise.resolve(hold()).then((value) => {
            resolve(value);
            if (holder === mine) next();
          }),
        fail: reject,
      };
      if (options.steal === true) {
        holder?.fail(new Error('stolen'));
        holder = mine;
        mine.run();
        return;
      }
      options.signal?.addEventListener('abort', () => {
        queue = queue.filter((one) => one !== mine);
        reject(new Error('aborted'));
      });
      queue.push(mine);
      if (!holder) next();
    });
  return { request } as unknown as Locks;
}
