import { expect, it } from 'vitest';
import { manualClock } from '../../tests/sip/sip-manual-clock.ts';
import { createPhones } from './phones.ts';
import type { RegistrationChange } from './ports.ts';

const HOUR_MS = 3_600_000;

it.each([
  ['an hour', HOUR_MS, HOUR_MS],
  ['a year', 365 * 24 * HOUR_MS, 24 * HOUR_MS],
])(
  'a phone that asks to be left alone for %s is asked again then, or after a day',
  async (_long, askedMs, ms) => {
    const clock = manualClock();
    let register: (change: RegistrationChange) => void = () => undefined;
    const asked: string[] = [];
    const phones = createPhones(
      {
        onRegistration: (handler) => void (register = handler),
        answers(username) {
          asked.push(username);
          return Promise.resolve(true);
        },
      },
      clock,
      () => undefined,
    );
    register({
      ...{ username: 'ana', contacts: 1, userAgent: 'baresip' },
      peer: { transport: 'udp', address: '127.0.0.1', port: 5062 },
    });
    phones.lose('ana', 'refuses', askedMs);
    clock.advance(ms - 1);
    expect([asked, phones.get('ana')]).toEqual([[], undefined]);
    clock.advance(1);
    expect(asked).toEqual(['ana']);
    await Promise.resolve();
    expect(phones.get('ana')).toMatchObject({ username: 'ana' });
    phones.stop();
  },
);
