import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../platform/log/index.ts';
import { systemClock } from '../../shared/clock.ts';
import type { ParsedMail } from './parse.ts';
import { createMailParser } from './parser.ts';

const dir = mkdtempSync(join(tmpdir(), 'mail-hostile-'));
/** The limits of the product. */
const parser = createMailParser({ clock: systemClock, logger: silentLogger() });
afterAll(async () => {
  await parser.stop();
  rmSync(dir, { recursive: true, force: true });
});

const HEAD = 'From: Maria <maria@cliente.test>\r\nTo: suporte@exemplo.test\r\nSubject: oi\r\n';
const HTML = `${HEAD}Content-Type: text/html\r\n\r\n`;
const mixed = (boundary: string) => `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`;
const many = (count: number, one: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join('');
const encodedAs = (how: string) => `${HEAD}Content-Transfer-Encoding: ${how}\r\n\r\n`;

interface Hostile {
  readonly mail: () => string;
  readonly read?: (mail: ParsedMail) => unknown;
  readonly want?: unknown;
}
const HOSTILE: Readonly<Record<string, Hostile>> = {
  '1,000 named parts': {
    mail: () =>
      `${HEAD}${mixed('b')}${many(1000, (i) => `--b\r\nContent-Type: text/plain; name=f${i}\r\n\r\nx\r\n`)}--b--`,
    read: ({ attachments }) => attachments.length,
    want: 1000,
  },
  '200,000 parts': {
    mail: () => `${HEAD}${mixed('b')}${'--b\r\n\r\nx\r\n'.repeat(200_000)}--b--`,
    read: ({ notices }) => notices,
    want: ['tooManyParts'],
  },
  '5,000 levels': {
    mail: () => `${HEAD}${many(5000, (i) => `${mixed(`b${i}`)}--b${i}\r\n`)}\r\noi`,
    read: ({ notices, attachments }) => [notices, attachments.length],
    want: [['tooDeep'], 1],
  },
  '100,000 header fields, the sender last': {
    mail: () => `${many(100_000, (i) => `X-${i}: y\r\n`)}${HEAD}\r\noi`,
    read: ({ text, subject }) => [text, subject],
    want: ['oi', 'oi'],
  },
  'a header field of a million lines': {
    mail: () => `X: y\r\n${' z\r\n'.repeat(1_000_000)}${HEAD}\r\noi`,
    read: ({ text }) => text,
    want: 'oi',
  },
  '100,000 addresses': {
    mail: () => `To: ${many(100_000, (i) => `"N ${i}" <a${i}@x.test>,\r\n `)}b@x.test\r\n${HEAD}\r\noi`,
    read: ({ to, text }) => [to.length, text],
    want: [100, 'oi'],
  },
  'brackets, comments and words without an end in headers': {
    mail: () =>
      `Cc: ${'<('.repeat(500_000)}\r\nX: ${'=?a?b?'.repeat(200_000)}\r\nReferences: ${'<'.repeat(500_000)}\r\n${HEAD}\r\noi`,
    read: ({ text, cc }) => [text, cc],
    want: ['oi', []],
  },
  '100,000 pieces of a file name': {
    mail: () => `${HEAD}Content-Type: text/plain${many(100_000, (i) => `; name*${i}*=utf-8''a`)}\r\n\r\noi`,
    read: ({ text }) => text,
    want: 'oi',
  },
  '24 MB of line breaks between delimiters': {
    mail: () => `${HEAD}${mixed('b')}--b\r\n\r\n${'\n'.repeat(24_000_000)}`,
  },
  'millions of lines that begin like a delimiter': {
    mail: () => `${HEAD}${mixed('b')}--b\r\n\r\noi\r\n${'--c\r\n'.repeat(3_000_000)}`,
  },
  '20 MB of blanks in quoted-printable': {
    mail: () => `${encodedAs('quoted-printable')}${'= '.repeat(10_000_000)}x`,
  },
  'base64 padded after every byte': { mail: () => `${encodedAs('base64')}${'YQ==\r\n'.repeat(1_000_000)}` },
  'lines that flow for ever': {
    mail: () => `${HEAD}Content-Type: text/plain; format=flowed\r\n\r\n${'a \r\n'.repeat(2_000_000)}`,
  },
  'bytes of no charset': { mail: () => `${HEAD}\r\n${'\xff'.repeat(20_000_000)}` },
  '60,000 times <': { mail: () => HTML + '<'.repeat(60_000) },
  '200,000 nested div': { mail: () => `${HTML}${'<div>'.repeat(200_000)}oi` },
  '60,000 rows of a table': { mail: () => `${HTML}${'<table><tr><td>'.repeat(60_000)}oi` },
};

describe('what strangers send on purpose', () => {
  it.each(Object.entries(HOSTILE))(
    '%s: ends, and the next mail is read',
    { timeout: 120_000 },
    async (name, hostile) => {
      const file = join(dir, 'hostile.eml');
      const next = join(dir, 'next.eml');
      writeFileSync(file, hostile.mail(), 'latin1');
      writeFileSync(next, `${HEAD}\r\nCaiu.`);
      const [first, second] = await Promise.all([parser.parse(file), parser.parse(next)]);
      if (!first.ok) throw new Error(`${name}: ${first.fault}`);
      expect(first.mail.from?.address).toBe('maria@cliente.test');
      if (hostile.read !== undefined) expect(hostile.read(first.mail)).toEqual(hostile.want);
      expect(second).toMatchObject({ ok: true, mail: { text: 'Caiu.' } });
    },
  );
});
