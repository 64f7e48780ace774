import { describe, expect, it } from 'vitest';
import { unheardIn } from './unheard.ts';

const AT = '2026-11-27T12:00:00.000Z';

describe('what of the other side cannot be heard', () => {
  it('the carrier, while a call of ours rings; nothing once it is answered', () => {
    expect(unheardIn({ direction: 'outbound' })).toBe('carrier');
    expect(unheardIn({ direction: 'outbound', connectedAt: AT })).toBeNull();
  });

  it('nobody, in a call that came in and is not joined yet, and without a call', () => {
    expect(unheardIn({ direction: 'inbound' })).toBeNull();
    expect(unheardIn(null)).toBeNull();
  });

  it('a customer who went silent, but on hold nobody expects to hear anything', () => {
    const silent = { direction: 'inbound', connectedAt: AT, customerSilentSince: AT } as const;
    expect(unheardIn(silent)).toBe('customer');
    expect(unheardIn({ ...silent, direction: 'outbound' })).toBe('customer');
    expect(unheardIn({ ...silent, onHold: true })).toBeNull();
  });
});
