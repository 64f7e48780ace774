import { describe, expect, it } from 'vitest';
import type { CompanyId, ProtocolNumber } from '../../shared/ids.ts';
import { DEFAULT_TERMS, deadlineOf, JOIN_WINDOW_MS, joinable, patched, type Protocol } from './protocol.ts';

const DAY_MS = 86_400_000;
const AT = new Date('2026-11-23T12:00:00Z');
const LATER = new Date('2026-11-24T12:00:00Z');
const protocol = (more: Partial<Protocol> = {}): Protocol => ({
  number: '2026110000000001' as ProtocolNumber,
  companyId: 'c1' as CompanyId,
  version: 3,
  kind: 'regular',
  template: 1,
  openKey: 'k',
  customer: null,
  document: null,
  phones: [],
  type: 'request',
  subject: 'sem sinal',
  status: 'open',
  openedAt: AT,
  deadline: new Date(AT.getTime() + 10 * DAY_MS),
  lastTouchedAt: AT,
  concludedAt: null,
  interactions: 1,
  history: [],
  ...more,
});
const patch = (from: Protocol, change: Parameters<typeof patched>[1]) =>
  patched(from, change, 'sofia', LATER, DEFAULT_TERMS);

describe('the answer to a protocol', () => {
  it('is due in 7 calendar days for a complaint and in 10 for the rest (RGC)', () => {
    expect(DEFAULT_TERMS).toEqual({ complaintDays: 7, otherDays: 10 });
    expect(deadlineOf('complaint', AT, DEFAULT_TERMS)).toEqual(new Date(AT.getTime() + 7 * DAY_MS));
    for (const type of ['request', 'information', 'cancellation'] as const)
      expect(deadlineOf(type, AT, DEFAULT_TERMS)).toEqual(new Date(AT.getTime() + 10 * DAY_MS));
  });

  it('moves with the type, counted from the opening', () => {
    expect(patch(protocol(), { type: 'complaint' })).toMatchObject({
      type: 'complaint',
      version: 4,
      deadline: new Date(AT.getTime() + 7 * DAY_MS),
      history: [],
    });
  });
});

describe('a protocol', () => {
  it('is joined while it is open or answered, within a day', () => {
    expect(JOIN_WINDOW_MS).toBe(DAY_MS);
    const joined = (['open', 'answered', 'closed', 'cancelled'] as const).filter((status) =>
      joinable(protocol({ status })),
    );
    expect(joined).toEqual(['open', 'answered']);
  });

  it('keeps what a change does not name, and tells each change of its status', () => {
    const closed = patch(protocol(), { status: 'closed', reason: 'resolvido' });
    expect(closed).toEqual({
      ...protocol(),
      version: 4,
      status: 'closed',
      concludedAt: LATER,
      history: [{ at: LATER, by: 'sofia', from: 'open', to: 'closed', reason: 'resolvido' }],
    });
    expect(patch(protocol(), { subject: 'lento' })).toMatchObject({
      subject: 'lento',
      status: 'open',
      history: [],
    });
    expect(patch(protocol(), { status: 'answered' })).toMatchObject({
      concludedAt: null,
      history: [{ at: LATER, by: 'sofia', from: 'open', to: 'answered' }],
    });
    expect(
      patch(protocol({ history: [{ at: AT, by: 'x', from: 'open', to: 'answered' }] }), { status: 'open' }),
    ).toMatchObject({ history: [{ by: 'x' }] });
  });

  it('stays concluded since the first time, and is open again when the end is taken back', () => {
    expect(patch(protocol({ status: 'closed', concludedAt: AT }), { subject: 'x' })).toMatchObject({
      concludedAt: AT,
    });
    const again = patch(protocol({ status: 'closed', concludedAt: AT }), { status: 'open' });
    expect(again).toMatchObject({
      status: 'open',
      concludedAt: null,
      history: [{ at: LATER, by: 'sofia', from: 'closed', to: 'open' }],
    });
  });

  it('is cancelled with a reason, for good', () => {
    expect(patch(protocol(), { status: 'cancelled' })).toBe('protocol.cancelNeedsReason');
    expect(patch(protocol(), { status: 'cancelled', reason: '  ' })).toBe('protocol.cancelNeedsReason');
    expect(patch(protocol(), { status: 'cancelled', reason: 'engano' })).toMatchObject({
      status: 'cancelled',
      concludedAt: LATER,
    });
    const over = protocol({ status: 'cancelled' });
    expect(patch(over, { status: 'open' })).toBe('protocol.cancelled');
    expect(patch(over, { status: 'cancelled' })).toBe('protocol.cancelled');
  });
});
