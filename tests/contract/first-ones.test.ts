import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAccessStore } from '../../src/access/store.ts';
import { createMailStore } from '../../src/channels/email/store.ts';
import type { Store } from '../../src/platform/store/index.ts';
import { createProtocolStore } from '../../src/protocols/index.ts';
import type { CompanyId } from '../../src/shared/ids.ts';
import { storeEngines, titleOf } from '../support/stores.ts';

const AT = new Date('2026-11-26T12:00:00Z');
const COMPANY = 'c' as CompanyId;
const ROUNDS = 10;
const AT_ONCE = 8;
const together = <T>(run: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, i) => run(i)));

for (const engine of storeEngines())
  describe.skipIf(!engine.present)(titleOf('the first ones at once', engine), () => {
    let store: Store;
    let access: ReturnType<typeof createAccessStore>;
    let mails: ReturnType<typeof createMailStore>;
    let protocols: ReturnType<typeof createProtocolStore>;
    let round = 0;
    beforeAll(async () => {
      await engine.setUp();
      store = await engine.open();
      access = createAccessStore(store.connection);
      mails = createMailStore(store.connection);
      protocols = createProtocolStore(store.connection);
      await store.ensureIndexes();
    });
    beforeEach(() => {
      round = 0;
    });
    afterAll(async () => {
      await store.stop();
      await engine.tearDown();
    });

    it('a protocol number is given once, in the first moment of a month too', async () => {
      while (round++ < ROUNDS) {
        const id = `${COMPANY}:${round}`;
        const taken = await together(() =>
          protocols.take({ id, companyId: COMPANY, month: '202611', kind: 'regular' }, 1),
        );
        expect(taken.sort((a, b) => a - b)).toEqual(taken.map((_, i) => i));
      }
    });

    it('every guess of a password is counted, the first ones too', async () => {
      while (round++ < ROUNDS) {
        const id = `name ${round}`;
        await together(() => access.locks.count(id, id, AT));
        expect((await access.locks.get(id))?.attempts).toHaveLength(AT_ONCE);
      }
    });

    it('every upload of a window is counted, the first ones too', async () => {
      while (round++ < ROUNDS) {
        const window = { id: `window ${round}`, at: AT };
        await together(() => mails.countUpload(window, { files: 1, bytes: 10 }));
        expect(await mails.countUpload(window, { files: 0, bytes: 0 })).toMatchObject({
          files: AT_ONCE,
          bytes: AT_ONCE * 10,
        });
      }
    });
  });
