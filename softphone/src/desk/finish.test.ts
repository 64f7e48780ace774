import { describe, expect, it } from 'vitest';
import { NOTE_MOST } from '../../../src/contracts/interaction.ts';
import { pt } from '../i18n/pt/index.ts';
import { closingOf, followUps, summaryFault } from './finish.ts';

const choice = (followUp: string, length: number) => ({
  ...{ subject: 'suporte', reason: 'lentidao' },
  ...{ followUp, closingNote: 'x'.repeat(length) },
});

describe('the summary of a close', () => {
  it('is refused with its length and the limit, never cut', () => {
    expect(summaryFault(pt, choice('none', NOTE_MOST))).toBeNull();
    expect(summaryFault(pt, choice('none', 6000))).toBe('No máximo 4000 caracteres; aqui há 6000.');
    expect(closingOf(pt, choice('none', 6000))?.note).toHaveLength(6000);
  });

  it.each(followUps)('of a limit that leaves room for the next step: %s', (followUp) => {
    const fits = (length: number): boolean => summaryFault(pt, choice(followUp, length)) === null;
    const most = Array.from({ length: 101 }, (_none, back) => NOTE_MOST - back).find(fits) ?? 0;
    expect(closingOf(pt, choice(followUp, most))?.note).toHaveLength(NOTE_MOST);
  });
});
