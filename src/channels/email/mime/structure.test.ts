import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStructure, type Part, type Stray } from './structure.ts';

const tree = (mail: string) => {
  const bytes = Buffer.from(mail.replaceAll('\n', '\r\n'), 'latin1');
  const { root, rest } = readStructure(bytes);
  const told = (one: Part | Stray): unknown =>
    one.kind === 'stray'
      ? { [one.where]: text(one) }
      : one.content.length > 0
        ? { [one.type.value]: one.content.map(told) }
        : { [one.type.value]: text(one) };
  const text = ({ from, to }: { from: number; to: number }) =>
    bytes.toString('latin1', from, to).replaceAll('\r\n', '\n');
  return { told: told(root), rest: rest === undefined ? undefined : text(rest), root };
};
const mixed = (boundary: string) => `Content-Type: multipart/mixed; boundary="${boundary}"\n\n`;
const part = (words: string, type = 'text/plain') => `Content-Type: ${type}\n\n${words}\n`;

describe('the parts of a mail', () => {
  it('are what stands between the delimiters; the last line break is the delimiter’s', () => {
    expect(
      tree(`${mixed('b')}before\n--b\n${part('one\n')}--b  \n${part('two')}--b--\nbehind\n`).told,
    ).toEqual({
      'multipart/mixed': [
        { preamble: 'before' },
        { 'text/plain': 'one\n' },
        { 'text/plain': 'two' },
        { epilogue: 'behind\n' },
      ],
    });
  });
  it('an outer delimiter ends an inner multipart that nobody closed', () => {
    const inner = `--out\n${mixed('in').replace('mixed', 'alternative')}--in\n${part('words')}`;
    expect(tree(`${mixed('out')}${inner}--out\n${part('file', 'application/pdf')}--out--\n`).told).toEqual({
      'multipart/mixed': [
        { 'multipart/alternative': [{ 'text/plain': 'words' }] },
        { 'application/pdf': 'file' },
      ],
    });
  });
  it('count behind a closing delimiter too', () => {
    expect(tree(`${mixed('b')}--b\n${part('one')}--b--\n\n--b\n${part('two')}--b--\n`).told).toEqual({
      'multipart/mixed': [{ 'text/plain': 'one' }, { 'text/plain': 'two' }],
    });
  });
  it('of two multiparts with one boundary, the inner one is meant until it is closed', () => {
    const inner = `--b\n${mixed('b')}--b\n${part('one')}--b--\n`;
    expect(tree(`${mixed('b')}${inner}--b\n${part('two')}--b--\n`).told).toEqual({
      'multipart/mixed': [{ 'multipart/mixed': [{ 'text/plain': 'one' }] }, { 'text/plain': 'two' }],
    });
  });
  it.each([
    ['a boundary that no line has', `${mixed('yyy')}--x\n${part('one')}--x--`],
    ['no boundary', `Content-Type: multipart/mixed\n\n--x\n${part('one')}--x--`],
    ['an empty boundary', `Content-Type: multipart/mixed; boundary=""\n\n--\n${part('one')}----`],
  ])('with %s, all of the body is told', (_what, mail) => {
    expect(JSON.stringify(tree(mail).told)).toMatch(/Content-Type: text\/plain.*one/);
  });
  it.each([
    ['a part without a blank line', `${mixed('b')}--b\nhello: world is no field name here\nwords\n--b--`],
    [
      'a header that goes over into a delimiter',
      `Content-Type: multipart/mixed; boundary=b\n--b\n\nwords\n--b--`,
    ],
    ['a part that is its header alone', `${mixed('b')}--b\nContent-Type: text/plain\n--b\n\nwords\n--b--`],
    ['a mail without a header', 'words\n'],
    ['a mail without a blank line', 'Subject: x\nwords have no colon\n'],
    ['a mail cut off in the middle', `${mixed('b')}--b\n${part('words')}`],
    ['a mailbox file’s first line', 'From maria Thu Nov 26\nSubject: x\n\nwords'],
  ])('%s loses no words', (_what, mail) => {
    expect(JSON.stringify(tree(mail).told)).toContain('words');
  });
  it('beyond the limits are told as one piece', () => {
    const many = tree(`${mixed('b')}${`--b\n${part('x')}`.repeat(1001)}--b--\n`);
    expect(many.root.content).toHaveLength(1000);
    expect(many.rest).toBe(`--b\n${part('x')}--b--\n`);
    const deep = tree(
      `${Array.from({ length: 31 }, (_, i) => `${mixed(`b${i}`)}--b${i}\n`).join('')}${part('words')}`,
    );
    const innermost = (one: Part): Part => {
      const [first] = one.content;
      return first?.kind === 'part' ? innermost(first) : one;
    };
    expect(innermost(deep.root)).toMatchObject({ tooDeep: true, content: [] });
  });
  it('every byte of a body is in a part, a stray piece or a delimiter, whatever the bytes', () => {
    const line = fc.constantFrom(
      '--a',
      '--a--',
      '--b',
      '--b--',
      '--',
      'words',
      '',
      'Content-Type: multipart/mixed; boundary=a',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: text/plain',
      ' folded',
      'X: y',
      '--a \t',
      '--ab',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.constantFrom('\r\n', '\n')), { maxLength: 40 }), (lines) => {
        const bytes = Buffer.from(
          lines.map(([words, end], i) => `${words === 'words' ? `w${i}.` : words}${end}`).join(''),
        );
        const { root } = readStructure(bytes);
        const seen: string[] = [];
        const walk = (one: Part | Stray): void => {
          expect(one.from).toBeLessThanOrEqual(one.to);
          if (one.kind === 'stray' || one.content.length === 0)
            seen.push(bytes.toString('latin1', one.from, one.to));
          else one.content.forEach(walk);
          if (one.kind === 'part') seen.push(bytes.toString('latin1', one.start, one.from));
        };
        walk(root);
        const all = seen.join('\n');
        for (const [i, [words]] of lines.entries()) if (words === 'words') expect(all).toContain(`w${i}.`);
      }),
      { numRuns: 300, seed: 1126 },
    );
  });
});
