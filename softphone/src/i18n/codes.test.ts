import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../session/api.ts';
import { errorText } from '../ui/errors.ts';
import { en } from './en/index.ts';
import { pt } from './pt/index.ts';

const source = join(import.meta.dirname, '../../../src');

/** Rooms whose failures are told on the server's terminal or in its log, to whoever starts it; no desk hears of them. */
const TERMINAL = new Set([
  'admin',
  'backup',
  'command',
  'data',
  'desk',
  'golive',
  'jobs',
  'metrics',
  'redis',
  'secrets',
  'sip',
  'speech',
  'store',
  'tls',
]);

const code = String.raw`[a-z][A-Za-z]*\.[a-z][A-Za-z]*`;
/** Where a code is born: an error, a member `code`, a refusal, a table with its status, a type that lists refusals. */
const births: readonly RegExp[] = [
  /new \w*Error\(\s*([^,;]*)/g,
  /\b(?:code|error): ('[^']+')/g,
  /\b(?:refuse|build)\(\s*(?:\d+, )?('[^']+')/g,
  /^ *('[^']+'): \[\d{3},/gm,
  /^ *\d{3}: \[('[^']+'),/gm,
  /\btype \w*(?:Error|ErrorCode|Refusal|Fault)\b[^=]*=([^;]*);/g,
  /\): \w*Refusal \| undefined \{([\s\S]*?)\n\}/g,
];

function codesIn(text: string): string[] {
  return births.flatMap((birth) =>
    [...text.matchAll(birth)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(new RegExp(`'(${code})'`, 'g'))].map((one) => one[1] ?? ''),
    ),
  );
}

/** Every code that the server can answer; those that are put together (`${kind}.exists`) are spelled out here. */
function allCodes(): string[] {
  const kinds = ['did', 'trunk', 'calendar'].flatMap((kind) => [`${kind}.exists`, `${kind}.unknown`]);
  const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|cli)\.ts$/.test(file))
    .flatMap((file) => codesIn(readFileSync(join(source, file), 'utf8')));
  return [...new Set([...found, ...kinds])].filter((one) => !TERMINAL.has(one.split('.')[0] ?? '')).sort();
}

describe('what the server refuses', () => {
  const codes = allCodes();

  it('is found in the source, however it is written there', () => {
    for (const one of [
      'offer.taken',
      'interaction.stillTalking',
      'agent.onCall',
      'wrapUp.limit',
      'request.tooLarge',
    ])
      expect(codes).toContain(one);
    expect(
      codesIn(`throw denied\n  ? new AppError('a.one', 409, '')\n  : new AppError('b.two', 409, '');`),
    ).toEqual(['a.one', 'b.two']);
    expect(codesIn(`new AppError(stopping ? 'a.one' : 'b.two', 503, '')`)).toEqual(['a.one', 'b.two']);
  });

  it.each([
    ['pt-BR', pt],
    ['en', en],
  ] as const)('has words in %s', (_language, { errors }) => {
    const known: Readonly<Record<string, string>> = errors.byCode;
    expect(codes.filter((one) => (known[one] ?? '') === '')).toEqual([]);
  });

  it("is never told in the server's own English", () => {
    const said = (status: number, one: string): string =>
      errorText(pt, new ApiError(status, one, 'This is not possible in the state of the contact.'));
    expect(said(409, 'later.invented')).toBe('O servidor não aceitou (later.invented).');
    expect(said(403, 'later.invented')).toBe(pt.errors.forbidden);
    expect(said(503, 'later.invented')).toBe(pt.errors.server);
  });
});
