import { describe, expect, it } from 'vitest';
import type { CustomerFacts } from './customers.ts';
import { createSearch, type SearchDeps } from './search.ts';
import type { Customer } from './store.ts';

const CPF = '529.982.247-25';

function rig(askErp: SearchDeps['askErp'], waitMs = 1_000) {
  const known: Customer[] = [];
  const faults: unknown[] = [];
  const search = createSearch({
    customers: {
      search: () => Promise.resolve([...known]),
      upsert: (companyId, source, facts) => {
        known.push({ ...facts, _id: facts.externalId, companyId, source, updatedAt: new Date(0) });
        return Promise.resolve();
      },
    },
    askErp,
    source: 'erp',
    onFault: (error) => void faults.push(error),
    waitMs,
  });
  const asker = { companyId: 'c', userId: 'ana', signal: new AbortController().signal };
  return { known, faults, search: (text: string) => search(asker, text, 10) };
}
const maria: CustomerFacts = {
  externalId: '1001',
  name: 'Maria Souza',
  document: '52998224725',
  personType: 'PF',
  phones: [],
  emails: [],
  keys: [],
};

describe('the search box', () => {
  it.each([
    [CPF, 'document', '52998224725'],
    ['Maria@Cliente.test', 'email', 'maria@cliente.test'],
    ['(11) 98765-4321', 'phone', '+5511987654321'],
  ])('asks the ERP by %s when nobody here is known', async (text, by, value) => {
    const asked: string[][] = [];
    const r = rig((_company, ...key) => {
      asked.push(key);
      return Promise.resolve([maria]);
    });
    expect((await r.search(text)).map((one) => one.name)).toEqual(['Maria Souza']);
    expect(asked).toEqual([[by, value]]);
    await r.search(text);
    expect(asked).toHaveLength(1);
  });

  it('does not bother it with words', async () => {
    const r = rig(() => {
      throw new Error('asked');
    });
    expect(await r.search('maria souza')).toEqual([]);
  });

  it('does without one, and with one that fails', async () => {
    expect(await rig(() => undefined).search(CPF)).toEqual([]);
    const r = rig(() => Promise.reject(new Error('unreachable')));
    expect(await r.search(CPF)).toEqual([]);
    expect(r.faults).toHaveLength(1);
  });

  it('answers without one that is slow, and knows for the next time what came late', async () => {
    let answer: (found: readonly CustomerFacts[]) => void = () => undefined;
    const late = new Promise<readonly CustomerFacts[]>((resolve) => {
      answer = resolve;
    });
    const r = rig(() => late, 1);
    expect(await r.search(CPF)).toEqual([]);
    answer([maria]);
    await new Promise<void>((done) => setImmediate(done));
    expect(await r.search(CPF)).toHaveLength(1);
  });

  it('reads the searches of one person one after another, those of two side by side, and none that nobody waits for', async () => {
    const read: string[] = [];
    let answer: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (answer = resolve));
    const search = createSearch({
      customers: {
        search: async (_company, text) => {
          read.push(text);
          await gate;
          return [];
        },
        upsert: () => Promise.resolve(),
      },
      askErp: () => undefined,
      source: 'erp',
      onFault: () => undefined,
    });
    const gone = new AbortController();
    const ask = (userId: string, text: string, { signal } = new AbortController()) =>
      search({ companyId: 'c', userId, signal }, text, 10);
    const all = [ask('ana', 'ana 1'), ask('ana', 'ana 2', gone), ask('ana', 'ana 3'), ask('rui', 'rui 1')];
    expect(read).toEqual(['ana 1', 'rui 1']);
    gone.abort();
    answer();
    await Promise.all(all);
    expect(read).toEqual(['ana 1', 'rui 1', 'ana 3']);
  });
});
