import { describe, expect, it } from 'vitest';
import type { UndeliveredReply } from '../../../src/contracts/interaction.ts';
import { createUndelivered } from './undelivered.ts';

const reply = (id: string): UndeliveredReply => ({
  id,
  interactionId: `contact-${id}`,
  name: `Cliente ${id}`,
  protocol: '2026110000000001',
  queue: 'suporte',
  at: '2026-11-28T06:00:00.000Z',
});

function rig(...standing: UndeliveredReply[]) {
  const server = {
    standing,
    posted: [] as string[],
    reads: 0,
    refuses: false,
    before: () => Promise.resolve(),
  };
  const answer = async <T>(value: T): Promise<T> => {
    await server.before();
    if (server.refuses) throw new Error('refused');
    return value;
  };
  const heard = new Map<string, (payload: unknown) => void>();
  const store = createUndelivered({
    api: {
      get: (path: string) => {
        server.reads += 1;
        const from = Number(new URLSearchParams(path.split('?')[1]).get('cursor') ?? 0);
        const items = server.standing.slice(from, from + 100);
        const rest = server.standing.length > from + 100;
        return answer({ items, nextCursor: rest ? String(from + 100) : null });
      },
      post: (path: string) => {
        server.posted.push(path);
        return answer(undefined);
      },
    } as never,
    live: {
      on: (name: string, handler: never) => (heard.set(name, handler), () => heard.delete(name)),
    } as never,
  });
  const tell = async (name: string, payload: unknown): Promise<void> => {
    heard.get(name)?.(payload);
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  };
  const shown = (): string[] => store.replies.get().map(({ id }) => id);
  return { server, heard, store, tell, shown };
}

describe('undelivered replies', () => {
  it('are read when the desk opens, and again after a gap in what was told live', async () => {
    const { server, store, tell, shown, heard } = rig(reply('a'));
    store.start();
    await tell('none', {});
    expect(shown()).toEqual(['a']);
    server.standing = [reply('b'), reply('a')];
    await tell('resync', { reason: 'history' });
    expect(shown()).toEqual(['b', 'a']);
    store.stop();
    expect(heard.size).toBe(0);
  });

  it('come when one is told, and go when a colleague has put one aside or sent it again', async () => {
    const { server, store, tell, shown } = rig();
    store.start();
    await tell('message', { message: { id: 'other', status: 'sent' } });
    expect(server.reads).toBe(1);
    server.standing = [reply('a')];
    await tell('message', { message: { id: 'a', status: 'failed', undelivered: true } });
    expect(shown()).toEqual(['a']);
    server.standing = [];
    await tell('message', { message: { id: 'a', status: 'failed' } });
    expect(shown()).toEqual([]);
  });

  it('are put aside at the server, and then here', async () => {
    const { server, store, tell, shown } = rig(reply('b'), reply('a'));
    store.start();
    await tell('none', {});
    await store.dismiss(reply('a'));
    expect(server.posted).toEqual(['/api/v1/interactions/contact-a/messages/a/acknowledge']);
    expect(shown()).toEqual(['b']);
  });

  it('stand on when the server refuses to put one aside, and while it is away', async () => {
    const { server, store, tell, shown } = rig(reply('a'));
    store.start();
    await tell('none', {});
    server.refuses = true;
    await expect(store.dismiss(reply('a'))).rejects.toThrow('refused');
    await tell('resync', { reason: 'history' });
    expect(server.reads).toBe(2);
    expect(shown()).toEqual(['a']);
  });

  it('are those of the last question, also when an earlier one is answered after it', async () => {
    const { server, store, tell, shown } = rig();
    const answers: (() => void)[] = [];
    server.before = () => new Promise((resolve) => answers.push(resolve));
    store.start();
    server.standing = [reply('a')];
    await tell('resync', { reason: 'history' });
    answers[1]?.();
    await expect.poll(shown).toEqual(['a']);
    answers[0]?.();
    await tell('none', {});
    await tell('none', {});
    expect(shown()).toEqual(['a']);
  });

  it('are all read, page by page: each of them can be reached', async () => {
    const all = Array.from({ length: 250 }, (_, n) => reply(String(n)));
    const { server, store, shown } = rig(...all);
    store.start();
    await expect.poll(() => shown()).toHaveLength(250);
    expect(server.reads).toBe(3);
  });
});
