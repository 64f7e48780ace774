import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseMail } from './parse.ts';

const fixture = (name: string) =>
  parseMail(fileURLToPath(new URL(`./fixtures/${name}.eml`, import.meta.url)));
const dir = mkdtempSync(join(tmpdir(), 'mail-parse-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('mails as they come', () => {
  it('reads a charset that does not exist', async () => {
    const mail = await fixture('garbage-charset');
    expect(mail.from?.address).toBe('jose@cliente.test');
    expect(mail.text).toContain('Minha conex');
    expect(mail.text).not.toContain('\0');
  });
  it('keeps what can be read of broken MIME', async () => {
    const mail = await fixture('broken-mime');
    expect(mail.from?.address).toBe('maria@cliente.test');
    expect(mail.subject).toBe('MIME quebrado');
  });
  it('turns HTML into words: no tag, script or style comes through', async () => {
    const { text } = await fixture('html-only');
    expect(text).toContain('Olá mundo');
    expect(text).not.toMatch(/[<>]|alert|color/);
  });
  it('keeps winmail.dat as a file', async () => {
    const { attachments, text } = await fixture('winmail');
    expect(text.trim()).toBe('');
    expect(attachments.map((a) => a.filename)).toEqual(['winmail.dat']);
  });
  it('finds what a delivery report quotes', async () => {
    const mail = await fixture('bounce');
    expect(mail.attachments.map((a) => a.content.toString()).join()).toContain('<ORIGINAL>');
  });
  it('never throws, whatever the bytes', async () => {
    const file = join(dir, 'x.eml');
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 600 }),
        fc.constantFrom('', 'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n', 'From: <\r\n\r\n'),
        async (bytes, head) => {
          writeFileSync(file, Buffer.concat([Buffer.from(head), bytes]));
          const mail = await parseMail(file);
          expect(typeof mail.text).toBe('string');
        },
      ),
      { numRuns: 60 },
    );
  });
});
