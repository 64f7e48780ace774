import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMail, type ParsedMail } from './parse.ts';

/**
 * Mails as programs build them, of random structure, are read exactly; mails that were damaged at random are read somehow.
 * `MAIL_FUZZ_SECONDS=600 npx vitest run src/channels/email/fuzz.test.ts` looks for long, from a seed of its own.
 */
const seconds = Number(process.env['MAIL_FUZZ_SECONDS'] ?? 0);
const seed = Number(process.env['MAIL_FUZZ_SEED'] ?? (seconds > 0 ? Date.now() % 2 ** 31 : 20_261_126));
const TIMEOUT_MS = seconds * 1000 + 120_000;
let mails = 0;
const rounds = <T>(few: number): fc.Parameters<T> =>
  seconds > 0
    ? // The plugin looks at no values; its type does not say so.
      ({
        seed,
        numRuns: Number.MAX_SAFE_INTEGER,
        plugins: [fc.interruptAfterTimeLimit(seconds * 500)],
      } as unknown as fc.Parameters<T>)
    : { seed, numRuns: few };
const tell = (): void => {
  if (seconds > 0) process.stdout.write(`mails read: ${mails}, seed ${seed}\n`);
  mails = 0;
};
const read = (bytes: Buffer): ParsedMail => {
  mails += 1;
  return readMail(bytes);
};

type Leaf = { readonly words: string; readonly charset: string; readonly encoding: string };
type Node =
  | ({ readonly kind: 'plain' } & Leaf)
  | { readonly kind: 'file'; readonly name: string; readonly content: Uint8Array; readonly encoding: string }
  | { readonly kind: 'mixed' | 'related'; readonly children: readonly Node[] }
  | { readonly kind: 'alternative'; readonly plain: Leaf; readonly other: Node };

const words = fc
  .string({ unit: fc.constantFrom(...Array.from('abc çãé-=_.?\n>')), minLength: 1, maxLength: 40 })
  .map((text) => `w${text}w`);
const leaf = fc.record({
  words,
  charset: fc.constantFrom('utf-8', 'UTF-8', '', 'windows-1252', 'iso-8859-1'),
  encoding: fc.constantFrom('8bit', 'base64', 'quoted-printable', 'BASE64'),
});
const file = fc.record({
  kind: fc.constant('file' as const),
  name: fc
    .string({ unit: fc.constantFrom(...Array.from('abcçã -.1')), minLength: 1, maxLength: 20 })
    .map((name) => `f${name}.pdf`),
  content: fc.uint8Array({ minLength: 1, maxLength: 60 }),
  encoding: fc.constantFrom('base64', 'quoted-printable'),
});
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaf.map((one): Node => ({ kind: 'plain', ...one })),
    file,
    fc.record({
      kind: fc.constantFrom('mixed' as const, 'related' as const),
      children: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('alternative' as const), plain: leaf, other: tie('node') }),
  ),
}));

const bytesOf = ({ words: text, charset }: Leaf): Buffer =>
  charset.startsWith('w') || charset.startsWith('i')
    ? Buffer.from(Array.from(text.replaceAll('\n', '\r\n'), (char) => char.charCodeAt(0)))
    : Buffer.from(text.replaceAll('\n', '\r\n'));

function encoded(content: Buffer, encoding: string): string {
  if (/base64/i.test(encoding))
    return content
      .toString('base64')
      .replace(/.{1,60}/g, '$&\r\n')
      .trimEnd();
  if (encoding !== 'quoted-printable') return content.toString('latin1');
  return Array.from(content.toString('latin1'), (char) =>
    /[a-z\n\r]/.test(char) ? char : `=${(char.charCodeAt(0) + 256).toString(16).slice(-2).toUpperCase()}`,
  )
    .join('')
    .replace(/[\r\n]/g, (char) => (char === '\r' ? '=0D' : '=0A'))
    .replace(/(?:=..|.){1,20}/g, '$&=\r\n')
    .replace(/=\r\n$/, '');
}

let boundaries = 0;
function written(one: Node): string {
  if (one.kind === 'plain') {
    const charset = one.charset === '' ? '' : `; charset="${one.charset}"`;
    return `Content-Type: text/plain${charset}\r\nContent-Transfer-Encoding: ${one.encoding}\r\n\r\n${encoded(bytesOf(one), one.encoding)}`;
  }
  if (one.kind === 'file') {
    const name = encodeURIComponent(one.name);
    return (
      `Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*=utf-8''${name}\r\n` +
      `Content-Transfer-Encoding: ${one.encoding}\r\n\r\n${encoded(Buffer.from(one.content), one.encoding)}`
    );
  }
  const boundary = `=_b${++boundaries}`;
  const children: readonly Node[] =
    one.kind === 'alternative' ? [{ kind: 'plain', ...one.plain }, one.other] : one.children;
  return (
    `Content-Type: multipart/${one.kind};\r\n boundary="${boundary}"\r\n\r\nThis is MIME.\r\n` +
    children.map((child) => `--${boundary}\r\n${written(child)}\r\n`).join('') +
    `--${boundary}--\r\n`
  );
}

/** Of two renderings: the last one that is all plain words, else the first. */
const shownOf = ({ plain, other }: Extract<Node, { kind: 'alternative' }>): string[] => {
  const last = wordsIn(other);
  return last.length > 0 ? last : [plain.words];
};
const wordsIn = (one: Node): string[] =>
  one.kind === 'plain'
    ? [one.words]
    : one.kind === 'file'
      ? []
      : one.kind === 'alternative'
        ? shownOf(one)
        : one.children.flatMap(wordsIn);
const filesIn = (one: Node): { name: string; content: Uint8Array }[] =>
  one.kind === 'file'
    ? [one]
    : one.kind === 'plain'
      ? []
      : one.kind === 'alternative'
        ? filesIn(one.other)
        : one.children.flatMap(filesIn);

const HEAD = 'From: Maria <maria@cliente.test>\r\nSubject: oi\r\nMIME-Version: 1.0\r\n';

describe('mails of random structure', () => {
  it('are read exactly as they were built', { timeout: TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(node, (one) => {
        const mail = read(Buffer.from(HEAD + written(one), 'latin1'));
        expect(mail.notices.filter((notice) => notice !== 'renderingsDiffer')).toEqual([]);
        expect(mail.notices.length > 0).toBe(mail.otherText !== '');
        expect(mail.text).toBe(wordsIn(one).join('\n\n'));
        expect(mail.attachments.map(({ filename, content }) => [filename, content.toString('hex')])).toEqual(
          filesIn(one).map(({ name, content }) => [name, Buffer.from(content).toString('hex')]),
        );
      }),
      rounds(300),
    );
    tell();
  });
});

const FIXTURES = new URL('./fixtures/', import.meta.url);
const REAL = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => readFileSync(new URL(name, FIXTURES)));
const BUILT = Buffer.from(
  HEAD +
    written({
      kind: 'mixed',
      children: [
        {
          kind: 'alternative',
          plain: { words: 'olá', charset: 'utf-8', encoding: 'quoted-printable' },
          other: { kind: 'plain', words: 'olá', charset: 'iso-8859-1', encoding: 'base64' },
        },
        { kind: 'file', name: 'a.pdf', content: new Uint8Array(40), encoding: 'base64' },
      ],
    }),
  'latin1',
);

/** Pieces that mean something to a reader of mails. */
const PIECES = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  '--',
  '--b',
  '--=_b1',
  '--=_b1--\r\n',
  ':',
  ';',
  '"',
  '\\',
  '(',
  ')',
  '<',
  '>',
  '@',
  ',',
  '=?utf-8?B?',
  '?=',
  '=?x?Q?=?=',
  '=',
  '=0',
  '==',
  '\xff',
  '\xc3',
  '\x1b$',
  '\xff\xfe',
  ' ',
  '\t',
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: message/rfc822\r\n\r\n',
  'Content-Type: text/html; charset=utf-7\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'boundary=',
  "filename*0*=utf-8''%",
  '; charset=utf-16',
  '; format=flowed; delsp=yes',
  '<div>',
  '&#x110000;',
];
const damage = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.oneof(fc.constant(0), fc.nat({ max: 60 })),
    put: fc.oneof(
      fc.constantFrom(...PIECES),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.tuple(fc.constantFrom(...PIECES), fc.nat({ max: 40 })).map(([piece, times]) => piece.repeat(times)),
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('damaged mails', () => {
  it('are read somehow, and what is told of them is clean', { timeout: TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(fc.constantFrom(...REAL, BUILT), damage, (original, changes) => {
        let text = original.toString('latin1');
        for (const { at, drop, put } of changes) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + put + text.slice(from + drop);
        }
        const mail = read(Buffer.from(text, 'latin1'));
        expect(mail.whole).toBe(true);
        expect(mail.text).not.toMatch(/\0|[\ud800-\udbff](?![\udc00-\udfff])/);
        expect(mail.subject).not.toMatch(/[\r\n\0]/);
        for (const { address } of [mail.from, ...mail.replyTo, ...mail.to, ...mail.cc].flatMap(
          (one) => one ?? [],
        ))
          expect(address).toMatch(/^(?:[^\s@]+|"(?:[^"\\\n\r\t]|\\.)+")@[^\s@]+$/);
        const kept = mail.attachments.reduce((sum, { content }) => sum + content.length, 0);
        expect(kept).toBeLessThanOrEqual(text.length);
      }),
      rounds(1500),
    );
    tell();
  });
});
