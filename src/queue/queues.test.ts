import { describe, expect, it } from 'vitest';
import { QUEUE_DEFAULTS, type QueueConfig } from './domain/config.ts';
import { createQueues } from './queues.ts';
import type { QueueStore } from './store.ts';

const C = 'c1';
const queue = (key: string, name: string, companyId = C): QueueConfig => ({
  ...QUEUE_DEFAULTS,
  ...{ companyId, key, name, version: 1 },
});

/** The queues of a store that has these; `meanwhile`: what another process did, while this one was inserting. */
async function known(stored: readonly QueueConfig[], meanwhile?: () => Promise<unknown>) {
  const renames: boolean[] = [];
  const store: QueueStore = {
    all: () => Promise.resolve(stored),
    async insert() {
      if (meanwhile === undefined) return 'inserted';
      const first = meanwhile;
      meanwhile = undefined;
      await first();
      return 'duplicate';
    },
    replace(_from, _next, renamed = false) {
      renames.push(renamed);
      return Promise.resolve(true);
    },
  };
  const queues = createQueues(store);
  await queues.start();
  return { queues, renames };
}

describe('the name of a queue', () => {
  const stored = [queue('suporte', 'Suporte técnico'), queue('outra', 'Vendas', 'c2')];
  const taken = { code: 'queue.nameTaken', details: { fields: ['name'] } };

  it('is its own: written otherwise it is no other’s, and another company may have it', async () => {
    const { queues, renames } = await known(stored);
    await queues.patch(C, 'suporte', { name: 'SUPORTE  Tecnico' });
    expect(queues.get(C, 'suporte')).toMatchObject({ name: 'SUPORTE  Tecnico', version: 2 });
    await queues.create(C, 'vendas', { name: 'Vendas' });
    await expect(queues.create(C, 'novas', { name: ' vendas' })).rejects.toMatchObject(taken);
    await expect(queues.patch(C, 'vendas', { name: 'suporte técnico' })).rejects.toMatchObject(taken);
    await queues.patch(C, 'vendas', { name: 'Vendas novas' });
    // Only another name has to be free in the store, too.
    expect(renames).toEqual([false, true]);
  });

  it('that two have from earlier days hinders no other change of theirs', async () => {
    const { queues, renames } = await known([queue('a', 'Suporte'), queue('b', 'suporte')]);
    expect(await queues.patch(C, 'b', { ringMs: 30_000 })).toMatchObject({ ringMs: 30_000, version: 2 });
    expect(renames).toEqual([false]);
  });

  it.each([
    ['name', 'queue.nameTaken', { key: 'b', name: 'Cobrança' }],
    ['key', 'queue.exists', { key: 'a', name: 'Cobrança' }],
  ] as const)('or its %s, of two who create at once, is the first one’s', async (field, code, first) => {
    const { queues } = await known([], () => queues.create(C, first.key, { name: first.name }));
    await expect(queues.create(C, 'a', { name: 'cobranca' })).rejects.toMatchObject({
      code,
      details: { fields: [field] },
    });
    expect(queues.list(C).map(({ key }) => key)).toEqual([first.key]);
  });
});
