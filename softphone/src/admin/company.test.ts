import { describe, expect, it } from 'vitest';
import { dialingBody, prefixesOf } from './company.ts';

describe('where a company calls', () => {
  it('is the beginning of a number, however it is written', () => {
    expect(prefixesOf(['+55', '55', '0055', '55 (11)', '+1-415'])).toEqual(['+55', '+5511', '+1415']);
    expect(prefixesOf(['5500', '+35100', '001'])).toEqual(['+5500', '+35100', '+1']);
  });

  it('loses nothing that was typed: what is no such beginning stays, to be refused', () => {
    expect(prefixesOf(['abc', '+', '+0', 'a55', '+1234567890123456'])).toEqual([
      'abc',
      '+',
      '+0',
      'a55',
      '+1234567890123456',
    ]);
  });

  it('is sent with a number of calls', () => {
    const typed = { countries: ['+55'], premium: false, callsPerMinute: '12' };
    expect(dialingBody(typed)).toEqual({ ...typed, callsPerMinute: 12 });
  });
});
