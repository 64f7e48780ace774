/** The media process dies under the whole product: its calls end with a BYE, are on the record, and new ones work. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { contacts, phoneIs } from '../support/contacts.ts';
import { eventually, ONLY_QUEUE, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { sipp, baresip } = programs;

/** The child of the product that carries its sound. */
function mediaPid(product: Product): number {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
      const isOurs = Number(parent) === product.pid();
      if (isOurs && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('media.worker'))
        return Number(name);
    } catch {
      // It ended meanwhile.
    }
  }
  throw new Error('the product has no media process');
}

describe.skipIf(sipp === undefined || baresip === undefined)(
  'the media process is killed under the product (sipp, baresip)',
  () => {
    let product: Product;
    const calls: SippCall[] = [];
    const phones: Baresip[] = [];

    beforeAll(async () => {
      product = await startProduct({}, { 'principal.yaml': ONLY_QUEUE });
    }, 60_000);
    afterEach(async () => {
      for (const call of calls.splice(0)) call.stop();
      await Promise.all(phones.splice(0).map((phone) => phone.stop()));
    });
    afterAll(() => product.end());

    const call = async (caller: string): Promise<SippCall> => {
      const placed = await sippCall(sipp ?? '', { sipPort: product.sipPort, caller, calls: 1, perSecond: 1 });
      calls.push(placed);
      return placed;
    };
    const ofState = (state: string, count: number): Promise<InteractionView[]> =>
      eventually(
        `${count} × ${state}`,
        () => contacts(product, `state=${state}&channel=voice`),
        (items) => items.length === count,
      );

    it('ends the calls with their cause on the record; the next call is served', {
      timeout: 60_000,
    }, async () => {
      const account = await product.api<{ username: string; password: string }>(
        'bruno',
        'GET',
        '/api/v1/me/softphone',
      );
      phones.push(
        await startBaresip(baresip ?? '', {
          server: `127.0.0.1:${product.sipPort}`,
          user: account.username,
          password: account.password,
          hz: 1200,
          answer: 'auto',
        }),
      );
      await product.api('bruno', 'PUT', '/api/v1/me/presence', { state: 'available' });
      await phoneIs(product, 'bruno', true);
      await call('+5511987654321');
      const [talking] = await ofState('active', 1);
      await call('+5511987650000');
      const [waiting] = await ofState('queued', 1);

      process.kill(mediaPid(product), 'SIGKILL');

      const [missed] = await ofState('missed', 1);
      expect(missed?.id).toBe(waiting?.id);
      const [spoken] = await ofState('wrapUp', 1);
      expect(spoken?.id).toBe(talking?.id);
      const ready = await eventually(
        'readyz',
        async () => await (await fetch(`${product.url}/readyz`)).text(),
        (text) => text.includes('started again 1×'),
        10_000,
      );
      expect(ready).toContain('SIGKILL');
      await call('+5511987651111');
      await ofState('queued', 1);
    });
  },
);
