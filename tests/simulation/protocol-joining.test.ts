import { describe, expect, it } from 'vitest';
import { createProtocols } from '../../src/protocols/index.ts';
import type { CustomerId } from '../../src/shared/ids.ts';
import { createManualClock } from './manual-time.ts';
import { newDisk } from './memory-disk.ts';
import { memoryStores } from './memory-stores.ts';
import { COMPANY, START } from './scripted.ts';

const maria = { id: 'k1' as CustomerId, name: 'Maria' };
const HOUR_MS = 3_600_000;

function desk() {
  const clock = createManualClock(START);
  const { protocols: store } = memoryStores(newDisk());
  const protocols = createProtocols({ store, clock, timeZone: () => 'America/Sao_Paulo' });
  let serial = 0;
  const comes = (more: { readonly customer?: typeof maria | null; readonly hint?: string } = {}) =>
    protocols.joinOrOpen({
      companyId: COMPANY,
      openKey: `k${serial++}`,
      customer: more.customer === undefined ? maria : more.customer,
      ...(more.hint === undefined ? {} : { hint: more.hint }),
    });
  return { clock, protocols, comes };
}

describe('which open protocol a new contact joins', () => {
  it('the only one that its customer had open within a day', async () => {
    const { clock, comes } = desk();
    const first = await comes();
    clock.advance(23 * HOUR_MS);
    expect(await comes()).toMatchObject({ joined: true, number: first.number });
    clock.advance(25 * HOUR_MS);
    expect((await comes()).joined).toBe(false);
  });

  it('none of several: nobody knows which one it is about, the newest least of all', async () => {
    const { protocols, comes } = desk();
    const first = await comes();
    const second = await protocols.open({ companyId: COMPANY, openKey: 'other', customer: maria });
    const third = await comes();
    expect(third.joined).toBe(false);
    expect([first.number, second.number]).not.toContain(third.number);
    expect(await comes({ hint: first.number })).toMatchObject({ joined: true, number: first.number });
  });

  it('none for whom nobody knows', async () => {
    const { comes } = desk();
    await comes();
    expect((await comes({ customer: null })).joined).toBe(false);
    expect((await comes({ customer: { id: 'k2' as CustomerId, name: 'João' } })).joined).toBe(false);
  });
});
