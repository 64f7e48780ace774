import { describe, expect, it } from 'vitest';
import { engineSaying } from '../../../src/contracts/engines.ts';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';
import { engineText } from './engine-text.ts';

const holes = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('what an engine tells', () => {
  it.each(engineSaying.options)('%s has words in both languages, with the same values', (says) => {
    expect(pt.engines.says[says]).not.toBe('');
    expect(en.engines.says[says]).not.toBe('');
    expect(holes(pt.engines.says[says])).toEqual(holes(en.engines.says[says]));
  });

  it('is said with its values, one after the other, and never in the English of the log', () => {
    const facts = [
      { says: 'media' as const, values: { endpoints: 2, free: 900 } },
      { says: 'mediaRestarted' as const, values: { times: 1, seconds: 40 } },
    ];
    expect(engineText(pt, { facts })).toBe(
      'pontas de som em uso: 2, portas RTP livres: 900; iniciado de novo 1×, a última queda há 40 s',
    );
    expect(engineText(pt, {})).toBe('');
  });
});
