import { describe, expect, it } from 'vitest';
import { channel } from '../contracts/common.ts';
import { interactionState } from '../contracts/interaction.ts';
import { ulid, type CompanyId } from '../shared/ids.ts';
import { listQuery } from './filters.ts';

const company = 'c1' as CompanyId;
const at = (iso: string): Date => new Date(iso);
const idOf = (iso: string): string =>
  ulid(
    at(iso).getTime(),
    Uint8Array.from({ length: 10 }, () => 7),
  );

describe('a list of contacts', () => {
  it('of a day is one range of ids: the first instant belongs to it, the last does not', () => {
    const { _id: range } = listQuery(
      company,
      { from: at('2026-11-26T03:00:00Z'), to: at('2026-11-27T03:00:00Z') },
      { order: 'newest' },
    ) as { _id: { $gte: string; $lt: string } };
    const isInside = (iso: string): boolean => idOf(iso) >= range.$gte && idOf(iso) < range.$lt;
    expect(isInside('2026-11-26T03:00:00.000Z')).toBe(true);
    expect(isInside('2026-11-27T02:59:59.999Z')).toBe(true);
    expect(isInside('2026-11-26T02:59:59.999Z')).toBe(false);
    expect(isInside('2026-11-27T03:00:00.000Z')).toBe(false);
  });

  it('goes on where the page before ended, in either order', () => {
    const after = idOf('2026-11-26T12:00:00Z');
    const to = at('2026-11-27T00:00:00Z');
    expect(listQuery(company, { to }, { order: 'newest', after })).toMatchObject({ _id: { $lt: after } });
    expect(listQuery(company, {}, { order: 'oldest', after })).toEqual({
      companyId: company,
      _id: { $gt: after },
    });
  });

  it('by person, reason and direction asks the store for just these', () => {
    const filter = { agentId: 'u1', disposition: 'suporte.lentidao', direction: 'inbound' } as const;
    // State and channel name all their values: the index that has them before the id gives the order too.
    expect(listQuery(company, filter, { order: 'newest' })).toEqual({
      companyId: company,
      'agent.id': 'u1',
      disposition: 'suporte.lentidao',
      direction: 'inbound',
      channel: { $in: channel.options },
      'state.name': { $in: interactionState.options },
    });
  });
});
