import { describe, expect, it } from 'vitest';
import { AppError } from '../shared/errors.ts';
import { callerIdOf, createCallCap, DEFAULT_DIALING, destinationOf, type DialingRules } from './dialing.ts';

const answer = (to: string, rules: DialingRules = DEFAULT_DIALING): string => {
  try {
    return destinationOf(to, rules);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === 'call.destinationNotAllowed'
      ? `refused: ${String(error.details['why'])}`
      : error.code;
  }
};

describe('where a company may call', () => {
  it.each([
    ['+5511987654321', '+5511987654321'],
    ['(11) 3333-4444', '+551133334444'],
    ['0 15 11 98765-4321', '+5511987654321'],
    ['0800 123 4567', '08001234567'],
    ['+55 800 123 4567', '08001234567'],
    ['4004-1234', '40041234'],
    ['+1 212 555 0100', 'refused: country'],
    ['001 212 555 0100', 'refused: country'],
    ['+351 21 123 4567', 'refused: country'],
    ['0300 123 4567', 'refused: premium'],
    ['0303 123 4567', 'refused: premium'],
    ['0500 123 4567', 'refused: premium'],
    ['0900 123 4567', 'refused: premium'],
    ['+55 0900 123456', 'refused: premium'],
    ['55 900 1234567', 'refused: premium'],
    ['900 123 4567', 'refused: premium'],
    ['190', 'refused: special'],
    ['192', 'refused: special'],
    ['10315', 'refused: special'],
    ['(11) 98765-432', 'call.digitMissing'],
    ['+55 11 9876-5432', 'call.digitMissing'],
    ['*72 11987654321', 'call.badNumber'],
    ['sip:1@example.org', 'call.badNumber'],
    ['', 'call.badNumber'],
  ])('by default in Brazil and without premium: %s is %s', (to, expected) => {
    expect(answer(to)).toBe(expected);
  });

  it('as the company sets it', () => {
    const open = { countries: ['+55', '+1', '+351'], premium: true, callsPerMinute: 10 };
    expect(answer('+1 212 555 0100', open)).toBe('+12125550100');
    expect(answer('0900 123 4567', open)).toBe('09001234567');
    expect(answer('+1 900 555 0100', { ...open, premium: false })).toBe('refused: premium');
    expect(answer('190', open)).toBe('refused: special');
    const local = { ...open, countries: ['+5511'] };
    expect(answer('+5511987654321', local)).toBe('+5511987654321');
    expect(answer('+5521987654321', local)).toBe('refused: country');
    expect(answer('+5511987654321', { ...open, countries: [] })).toBe('refused: country');
    expect(answer('08001234567', { ...open, countries: [] })).toBe('refused: country');
  });

  it('only with numbers of its own, however they are written', () => {
    const owned = ['+551140004000', '+551133334444'];
    expect(callerIdOf(undefined, owned)).toBeUndefined();
    expect(callerIdOf('(11) 3333-4444', owned)).toBe('+551133334444');
    for (const from of ['190', '+5511999990000', 'anonymous', '', '+551140004000;cpc=x', '+911140004000'])
      expect(() => callerIdOf(from, owned)).toThrow(
        expect.objectContaining({
          code: 'call.fromNotOwned',
          status: 422,
          details: { numbers: owned },
        }) as Error,
      );
  });

  it('and never with one that a digit would have to be put into', () => {
    expect(() => callerIdOf('(11) 98765-432', ['+5511998765432'])).toThrow('own numbers only');
  });

  it('so many times a minute for each person', () => {
    let now = 0;
    const cap = createCallCap({ steady: () => now });
    cap.count('ana', 2);
    now = 30_000;
    cap.count('ana', 2);
    cap.count('bruno', 2);
    expect(() => cap.count('ana', 2)).toThrow(
      expect.objectContaining({ code: 'call.tooMany', status: 429 }) as Error,
    );
    now = 60_000;
    cap.count('ana', 2);
  });
});
