import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/platform/store/index.ts';
import {
  createProtocols,
  createProtocolStore,
  type Protocol,
  type ProtocolStore,
} from '../../src/protocols/index.ts';
import type { CompanyId } from '../../src/shared/ids.ts';
import { createManualClock } from '../simulation/manual-time.ts';
import { storeEngines, titleOf } from '../support/stores.ts';

const START = Date.parse('2026-11-23T12:00:00Z');

describe.each(storeEngines())('$name', (engine) => {
  describe.skipIf(!engine.present)(titleOf('protocol numbers', engine), () => {
    let store: Store;
    let protocols: ProtocolStore;

    beforeAll(async () => {
      await engine.setUp();
      store = await engine.open();
      protocols = createProtocolStore(store.connection);
      await store.ensureIndexes();
    });
    afterAll(async () => {
      await store.stop();
      await engine.tearDown();
    });

    it('gives 10,000 numbers to 10,000 openings at once, in the month of the company', {
      timeout: 60_000,
    }, async () => {
      const clock = createManualClock(Date.parse('2026-12-01T02:30:00Z'));
      const company = 'ten-thousand' as CompanyId;
      const desk = createProtocols({
        store: protocols,
        clock,
        timeZone: () => 'America/Sao_Paulo',
      });
      const open = (i: number) => desk.open({ companyId: company, openKey: `k${i}` });
      const numbers = await Promise.all(Array.from({ length: 10_000 }, (_, i) => open(i)));
      const unique = new Set(numbers.map((protocol) => protocol.number));
      expect(unique.size).toBe(10_000);
      expect([...unique].every((number) => /^202611\d{10}$/.test(number))).toBe(true);
      expect([...unique].sort().at(-1)).toBe('2026110000010000');
    });

    it('records the hole that a crash left in the numbers', async () => {
      const clock = createManualClock(START);
      const company = 'holes' as CompanyId;
      const deps = { store: protocols, clock, timeZone: () => 'America/Sao_Paulo' };
      await createProtocols(deps).open({ companyId: company, openKey: 'a' });
      await protocols.take(
        { id: `${company}:202611:regular`, companyId: company, month: '202611', kind: 'regular' },
        1,
      );
      const again = createProtocols(deps);
      await again.start();
      expect((await again.open({ companyId: company, openKey: 'b' })).number).toBe('2026110000000003');
      const known = await protocols.numbersBetween(
        company,
        '2026110000000001' as Protocol['number'],
        '2026110000000003' as Protocol['number'],
      );
      expect([...known].sort()).toEqual(['2026110000000001', '2026110000000002', '2026110000000003']);
      expect(await again.get(company, '2026110000000002')).toBeNull();
    });
  });
});
