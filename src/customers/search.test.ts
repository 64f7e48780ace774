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
  return { known, faults, search: (text: string) => search('c', text, 10) };
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
});
