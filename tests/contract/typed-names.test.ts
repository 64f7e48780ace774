import { describe, expect, it } from 'vitest';
import { line, nameLine, prose } from '../../src/contracts/common.ts';
import { fault } from '../../src/contracts/field-words.ts';

describe('a line that people type', () => {
  it('loses the marks that turn it around or hide in it, and keeps joiners of words and emoji', () => {
    expect(line(80).parse('Almoço \u202e)zudem\u2066\u200b ')).toBe('Almoço )zudem');
    expect(line(80).parse('👩\u200d💻')).toBe('👩\u200d💻');
    expect(line(3).parse('ab\u202ec')).toBe('abc');
    expect(line(80).parse('\u200b Ana \u2066 ')).toBe('Ana');
  });
  it('is refused when there is nothing else in it', () => {
    const refusal = (text: string) =>
      line(80)
        .safeParse(text)
        .error?.issues.map(({ message }) => message);
    expect(refusal('\u202e\u200b')).toEqual([fault('notBlank')]);
    expect(refusal('a\u0000b')).toEqual([fault('noControls')]);
    for (const end of ['\u2028', '\u2029']) expect(refusal(`a${end}b`)).toEqual([fault('noControls')]);
  });
});

const why = (
  schema: { safeParse: (value: string) => { error?: { issues: { message: string }[] } } },
  text: string,
) => schema.safeParse(text).error?.issues.map(({ message }) => message);

describe('what is typed where something must be', () => {
  it.each(['', '   ', '\u00a0\u3000', '\u202e\u200b', '\u2800'])(
    '%j is refused with one sentence',
    (text) => {
      for (const schema of [line(80), nameLine(80), prose(80)])
        expect(why(schema, text)).toEqual([fault('notBlank')]);
      expect(why(line(80, 0), text)).toBeUndefined();
      expect(why(nameLine(80, 0), text)).toBeUndefined();
    },
  );
});

describe('a name', () => {
  it.each(['.', '-', '???', '🙂', '\u0301.', '. . .'])('%j alone names nobody', (text) => {
    expect(why(nameLine(80), text)).toEqual([fault('nameless')]);
    expect(why(nameLine(80, 0), text)).toEqual([fault('nameless')]);
  });
  it.each(['A', '7', 'É.', '王', 'Maria 🙂', '¿Quién?', 'ⅷ'])('%j is one', (text) => {
    expect(nameLine(80).parse(text)).toBe(text);
  });
});
