import { describe, expect, it } from 'vitest';
import { failureCodes, failureWords } from '../../../contracts/failures.ts';
import { withQuote } from './quote.ts';
import { GIVE_UP_MS, isRelayWide, nextTry } from './retry.ts';

const HOUR = 3_600_000;

describe('a mail that did not go out', () => {
  it('waits longer and longer, never more than half an hour, for three days', () => {
    let now = 0;
    let waiting = { tries: 0, giveUpAt: GIVE_UP_MS };
    const delays: number[] = [];
    for (;;) {
      const after = nextTry(waiting, 'smtp.unreachable', now);
      if (after === 'giveUp') break;
      delays.push(after.delayMs);
      now += after.delayMs;
      waiting = after.next;
    }
    expect(now).toBe(72 * HOUR);
    expect(delays[0]).toBe(30_000);
    expect(Math.max(...delays)).toBe(HOUR / 2);
    expect(delays.length).toBeGreaterThan(100);
  });
  it('a wrong password burns nothing: its three days begin when it is mended', () => {
    const waiting = { tries: 4, giveUpAt: 5 * HOUR };
    const after = nextTry(waiting, 'smtp.auth', 100 * HOUR);
    expect(after).toMatchObject({ next: { tries: 4, giveUpAt: 100 * HOUR + GIVE_UP_MS } });
  });
  it('knows what is the whole relay’s and what is one mail’s', () => {
    expect(['smtp.unreachable', 'smtp.auth', 'smtp.tls', 'smtp.rejectsUs'].every(isRelayWide)).toBe(true);
    expect(['smtp.451', 'smtp.550', 'mail.bounced'].some(isRelayWide)).toBe(false);
  });
  it('every code has words in both languages, unknown ones too', () => {
    for (const code of [...failureCodes, 'smtp.421', 'smtp.571', 'smtp.???'])
      for (const status of ['failed', 'queued'] as const) {
        const { pt, en } = failureWords(code, status);
        expect(pt).toMatch(/\.$/);
        expect(en).toMatch(/\.$/);
        expect(pt).not.toBe(en);
      }
    expect(failureWords('smtp.unreachable', 'queued').pt).toContain('3 dias');
  });
  it('three days are promised where time runs, and only there', () => {
    for (const code of failureCodes) {
      const after = nextTry({ tries: 0, giveUpAt: GIVE_UP_MS }, code, 100 * HOUR);
      const { pt, en } = failureWords(code, 'queued');
      expect([pt.includes('3 dias'), en.includes('3 days')], code).toEqual(Array(2).fill(after === 'giveUp'));
    }
  });
});

describe('the words that are answered', () => {
  const quoted = {
    text: 'linha 1\n> antiga',
    at: new Date('2026-11-26T17:00:00Z'),
    name: 'Maria',
    address: 'm@c.test',
  };
  it('stand below the answer, each line marked', () =>
    expect(withQuote('Olá', quoted, 'America/Sao_Paulo')).toBe(
      'Olá\n\nEm 26/11/2026 às 14:00, Maria <m@c.test> escreveu:\n> linha 1\n>> antiga',
    ));
  it('are cut, and absent when there are none', () => {
    expect(withQuote('Olá', undefined, 'America/Sao_Paulo')).toBe('Olá');
    const long = withQuote('Olá', { ...quoted, text: 'x\n'.repeat(5000) }, 'America/Sao_Paulo');
    expect(long.length).toBeLessThan(10_000);
    expect(long).toMatch(/\[…\]$/);
  });
});
