import { describe, expect, it } from 'vitest';
import { isProtocolNumber, monthReader, numberOf, spokenProtocol } from './number.ts';

describe('protocol number', () => {
  it('has the month of the company, not of the server', () => {
    const newYear = new Date('2027-01-01T01:00:00Z');
    expect(monthReader('America/Sao_Paulo')(newYear)).toBe('202612');
    expect(monthReader('UTC')(newYear)).toBe('202701');
  });

  it('is 16 digits, the ombudsman in a range of its own', () => {
    expect(numberOf('202611', 'regular', 0)).toBe('2026110000000001');
    expect(numberOf('202611', 'ombudsman', 0)).toBe('2026119000000001');
    expect(isProtocolNumber('2026110000000001')).toBe(true);
    for (const no of ['2026130000000001', '202611000000001', '2026-1100000000', '20261100000000011'])
      expect(isProtocolNumber(no)).toBe(false);
  });

  it('is spoken digit by digit in groups', () => {
    expect(spokenProtocol('2026110000000123')).toBe('2 0 2 6, 1 1, 0 0 0, 0 0 0, 0 1 2 3');
  });
});
