import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAccessStore } from '../../src/access/store.ts';
import { openStore, type Store } from '../../src/platform/store/index.ts';
import { auditKinds } from '../../src/platform/store/migrations/audit-kinds.ts';
import type { CompanyId } from '../../src/shared/ids.ts';
import { storeEngines, titleOf } from '../support/stores.ts';

const C = 'c1' as CompanyId;
const old = (id: string, action: string) => ({
  ...{ _id: id, companyId: C, at: new Date('2026-11-27T12:00:00Z'), action, data: {} },
  ...{ actor: { kind: 'user', id: 'ana', name: 'Ana' }, target: { kind: 'customer', id: 'x' } },
});

describe.each(
  storeEngines().map((engine) => ({ engine, title: titleOf('lines of an older version', engine) })),
)('$title', ({ engine }) => {
  if (!engine.present) {
    it.skip('is not asked');
    return;
  }
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  const open = async (): Promise<Store> => {
    await engine.setUp();
    ends.push(() => engine.tearDown());
    const dataDir = mkdtempSync(join(tmpdir(), 'ramal-audit-'));
    ends.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const store = await (engine.embedded ? openStore({ kind: 'embedded', dataDir }) : engine.open());
    ends.push(() => store.stop());
    return store;
  };

  it('learn whether somebody only looked; what nobody does any more was done', async () => {
    const { connection } = await open();
    await connection
      .collection('audits')
      .insertMany([
        old('1', 'customer.read'),
        old('2', 'queue.changed'),
        old('3', 'interaction.close'),
        old('4', 'recording.listen'),
      ] as never);
    // Twice: a crash in the middle begins it again.
    for (const _time of [1, 2]) await auditKinds.up(connection);
    const { audit } = createAccessStore(connection);
    const found = async (kind: 'act' | 'look') =>
      (await audit.list(C, { kind }, { limit: 10 })).map(({ _id }) => _id);
    expect(await found('act')).toEqual(['3', '2']);
    expect(await found('look')).toEqual(['4', '1']);
  });

  it('learn it all, where they are more than one batch', async () => {
    const { connection } = await open();
    const lines = Array.from({ length: 501 }, (_, at) => old(String(at).padStart(3, '0'), 'customer.read'));
    await connection.collection('audits').insertMany(lines as never);
    await auditKinds.up(connection);
    expect(await connection.collection('audits').countDocuments({ kind: 'look' })).toBe(501);
  });
});
