import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocolReach } from '../../src/platform/store/migrations/protocol-reach.ts';
import { openStore, type Store } from '../../src/platform/store/index.ts';
import { createProtocolStore, type ProtocolStore } from '../../src/protocols/index.ts';
import type { CompanyId, ProtocolNumber } from '../../src/shared/ids.ts';

const C1 = 'c1' as CompanyId;
const number = (last: number): ProtocolNumber => `202611${String(last).padStart(10, '0')}` as ProtocolNumber;

describe('protocols of a list, by where their contacts stand', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ramal-reach-'));
  let store: Store;
  let protocols: ProtocolStore;
  beforeAll(async () => {
    store = await openStore({ kind: 'embedded', dataDir });
    protocols = createProtocolStore(store.connection);
    await store.ensureIndexes();
    for (let i = 1; i <= 4; i++)
      await protocols.insert({
        number: number(i),
        companyId: i === 4 ? ('c2' as CompanyId) : C1,
        openKey: `k${i}`,
        version: 1,
        status: 'open',
      } as never);
  });
  afterAll(async () => {
    await store.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const found = async (within: readonly string[] | undefined, limit = 10, before?: string) =>
    (
      await protocols.search(
        C1,
        within === undefined ? {} : { within },
        before === undefined ? { limit } : { limit, before },
      )
    ).map((protocol) => protocol.number);

  it('newest first, each once however many of its places match, page by page', async () => {
    await protocols.stand(C1, number(1), ['agent:ana', 'queue:suporte']);
    await protocols.stand(C1, number(2), ['queue:financeiro']);
    await protocols.stand(C1, number(3), ['queue:financeiro', 'queue:suporte']);
    const words = ['agent:ana', 'queue:suporte', 'queue:financeiro'];
    expect(await found(words)).toEqual([number(3), number(2), number(1)]);
    expect(await found(words, 1)).toEqual([number(3)]);
    expect(await found(words, 1, number(3))).toEqual([number(2)]);
    expect(await found(['queue:financeiro'])).toEqual([number(3), number(2)]);
    expect(await found(['queue:ouvidoria'])).toEqual([]);
    expect(await found(undefined)).toHaveLength(3);
  });

  it('a change of the record leaves its places alone, and they are no part of it', async () => {
    const before = await protocols.load(C1, number(2));
    expect(before).not.toHaveProperty('reach');
    await protocols.stand(C1, number(2), ['queue:retencao']);
    expect(await protocols.replace(1, { ...before!, version: 2, subject: 'Outro' })).toBe(true);
    expect(await found(['queue:retencao'])).toEqual([number(2)]);
  });

  it('protocols of an earlier release learn it once, and twice is the same', async () => {
    const contacts = store.connection.collection<{ _id: string } & Record<string, unknown>>('interactions');
    const place = { companyId: C1, protocol: number(1), queue: 'retencao', agent: { id: 'bruno' } };
    await contacts.insertOne({ _id: 'a', ...place });
    await contacts.insertOne({ _id: 'b', ...place, agent: null, queue: null });
    for (let turn = 0; turn < 2; turn++) {
      await protocolReach.up(store.connection);
      expect(await found(['agent:bruno'])).toEqual([number(1)]);
      expect(await found(['queue:retencao'])).toEqual([number(2), number(1)]);
    }
  });
});
