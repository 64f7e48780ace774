import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../tests/sip/sip-manual-clock.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import { createAuditTrail, ONE_LOOK_MS, type AuditTrail, type PersonActor } from './audit.ts';
import type { AccessStore } from './store.ts';
import type { AuditRecord } from './types.ts';

const ana: PersonActor = {
  ...{ companyId: 'c1' as CompanyId, userId: 'ana' as AgentId, name: 'Ana' },
  ...{ via: 'session', address: '10.0.0.1' },
};
const look = { action: 'customer.read', target: { kind: 'customer', id: 'k1' } } as const;

describe('looks', () => {
  let lines: AuditRecord[];
  let clock: ReturnType<typeof manualClock>;
  let trail: AuditTrail;
  beforeEach(() => {
    lines = [];
    clock = manualClock();
    const insert = (line: AuditRecord): Promise<void> => Promise.resolve(void lines.push(line));
    trail = createAuditTrail({
      ...{ clock, newId: () => String(lines.length) },
      store: { audit: { insert } } as unknown as AccessStore,
    });
  });

  it('again and again are one line, until the time is over', async () => {
    await trail.once(ana, look);
    clock.advance(ONE_LOOK_MS - 1);
    await trail.once(ana, look);
    expect(lines).toHaveLength(1);
    clock.advance(1);
    await trail.once(ana, look);
    expect(lines).toHaveLength(2);
  });

  it('from two addresses are two lines', async () => {
    for (const address of ['10.0.0.1', '203.0.113.9', '10.0.0.1'])
      await trail.once({ ...ana, address }, look);
    expect(lines.map(({ actor }) => actor.address)).toEqual(['10.0.0.1', '203.0.113.9']);
  });

  it('of two people, or at two things, are two lines', async () => {
    await trail.once(ana, look);
    await trail.once({ ...ana, userId: 'rui' as AgentId, name: 'Rui' }, look);
    await trail.once(ana, { ...look, target: { kind: 'customer', id: 'k2' } });
    expect(lines).toHaveLength(3);
  });
});
