import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TrunkStatusView } from '../../src/contracts/trunk.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { ACCOUNT, type Carrier, sippCarrier } from '../support/sipp-carrier.ts';

const { sipp } = programs;

describe.skipIf(sipp === undefined)(
  'a carrier that we register with, as its administrator sees it (sipp)',
  () => {
    let product: Product;
    const carriers: Carrier[] = [];
    beforeAll(async () => {
      product = await startProduct();
    }, 60_000);
    afterEach(() => {
      for (const carrier of carriers.splice(0)) carrier.stop();
    });
    afterAll(() => product.end());

    async function trunkAt(carrier: Carrier, name: string): Promise<string> {
      carriers.push(carrier);
      const { id } = await product.api<{ id: string }>('admin', 'POST', '/api/v1/admin/trunks', {
        ...{ name, channels: 2, direction: 'both' },
        registration: { ...ACCOUNT, registrar: `sip:127.0.0.1:${carrier.port}` },
      });
      return id;
    }
    const stands = (id: string, state: string): Promise<TrunkStatusView> =>
      eventually(
        `the registration ${state}`,
        () => product.api<TrunkStatusView>('admin', 'GET', `/api/v1/admin/trunks/${id}/status`),
        ({ registration }) => registration?.state === state,
        15_000,
      );

    it('says what it was refused for, and leaves what it was given when the server stops', async () => {
      const closed = await sippCarrier(sipp ?? '', [
        { says: 'challenge' },
        { says: { status: 403, reason: 'Account Closed' } },
      ]);
      const refused = await trunkAt(closed, 'Encerrada');
      const { registration } = await stands(refused, 'failed');
      expect(registration).toMatchObject({ status: 403, reason: 'Account Closed' });
      expect(await closed.ended).toBe(0);

      const open = await sippCarrier(sipp ?? '', [
        { expires: 600, says: 'challenge' },
        { says: { grants: 4 } },
        { expires: 600, says: 'challenge' },
        { says: { grants: 600 } },
        { expires: 0, says: 'challenge' },
        { expires: 0, says: { grants: 0 } },
      ]);
      await stands(await trunkAt(open, 'Em dia'), 'registered');
      // The second one came by itself, within the four seconds of the first.
      await eventually(
        'the refresh',
        () => Promise.resolve(open.trace()),
        (trace) => (trace.match(/^SIP\/2\.0 200 OK/gm) ?? []).length === 2,
        15_000,
      );
      expect(await product.stop()).toBe(0);
      expect(await open.ended).toBe(0);
    }, 60_000);
  },
);
