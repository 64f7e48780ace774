import { describe, expect, it } from 'vitest';
import { line } from '../../src/contracts/common.ts';

describe('a line that people type', () => {
  it('loses the marks that turn it around or hide in it, and keeps joiners of words and emoji', () => {
    expect(line(80).parse('Almoço \u202e)zudem\u2066\u200b ')).toBe('Almoço )zudem');
    expect(line(80).parse('👩\u200d💻')).toBe('👩\u200d💻');
    expect(line(3).parse('ab\u202ec')).toBe('abc');
  });
  it('is refused when there is nothing else in it', () => {
    expect(line(80).safeParse('\u202e\u200b').success).toBe(false);
    expect(line(80).safeParse('a\u0000b').success).toBe(false);
  });
});
