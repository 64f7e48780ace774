import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../platform/log/index.ts';
import { systemClock } from '../../shared/clock.ts';
import { createMailParser } from './parser.ts';

const dir = mkdtempSync(join(tmpdir(), 'html-mails-'));
const parser = createMailParser({ clock: systemClock, logger: silentLogger(), deadlineMs: 60_000 });
afterAll(async () => {
  await parser.stop();
  rmSync(dir, { recursive: true, force: true });
});
let count = 0;
/** As the import reads it: in the thread, with its limit of memory. */
async function read(type: string, body: string) {
  const file = join(dir, `${++count}.eml`);
  writeFileSync(
    file,
    `From: Maria <maria@cliente.test>\r\nSubject: oi\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n${body}`,
  );
  const outcome = await parser.parse(file);
  if (!outcome.ok) throw new Error(outcome.fault);
  expect(outcome.fault).toBeUndefined();
  return { text: outcome.mail.text, files: outcome.mail.attachments.map(({ filename }) => filename) };
}
const mixed = 'multipart/mixed; boundary=x1';
const html = 'text/html; charset=utf-8';
const part = (type: string, body: string) => `--x1\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;

describe('mails in HTML', () => {
  it('as one part of several', async () => {
    const file = part('image/png; name=a.png\r\nContent-Disposition: attachment', 'x');
    const { text, files } = await read(
      mixed,
      `${part(html, '<p>Solu&ccedil;&atilde;o n&atilde;o chegou</p><p>linha 2</p><a href="http://x.test/boleto">boleto</a>')}${file}--x1--\r\n`,
    );
    expect(text).toBe('Solução não chegou\n\nlinha 2\n\nboleto (http://x.test/boleto)');
    expect(files).toEqual(['a.png']);
  });
  it('alone, with a table', async () => {
    const { text } = await read(
      html,
      '<table><tr><td>Nome</td><td>Maria</td></tr><tr><td>CPF</td><td>111.222.333-44</td></tr></table><h1>Chave aB3xY</h1>',
    );
    expect(text).toBe('Nome | Maria\nCPF | 111.222.333-44\n\nChave aB3xY');
  });
  it('with a picture inside, which is a file', async () => {
    const read1 = await read(html, '<p>oi</p><img src="data:image/png;base64,iVBORw0KGgo=">');
    expect(read1).toEqual({ text: 'oi\n\n[imagem-1.png]', files: ['imagem-1.png'] });
  });
  it('with a picture beside, by its name', async () => {
    const picture = part(
      'image/png; name=print.png\r\nContent-ID: <p1@x>\r\nContent-Disposition: inline',
      'x',
    );
    const { text, files } = await read(
      'multipart/related; boundary=x1',
      `${part(html, 'veja <img src="cid:p1@x" alt="image001">')}${picture}--x1--\r\n`,
    );
    expect(text).toBe('veja [print.png]');
    expect(files).toEqual(['print.png']);
  });
  it('beside the same words in plain: those are shown', async () => {
    const { text } = await read(
      'multipart/alternative; boundary=x1',
      `${part('text/plain', 'em texto')}${part(html, '<b>em HTML</b>')}--x1--\r\n`,
    );
    expect(text).toBe('em texto');
  });
  it.each([
    ['brackets', '<'.repeat(60_000)],
    ['divisions', `${'<div>'.repeat(200_000)}fim`],
    ['tables', `${'<table><tr><td>'.repeat(60_000)}fim`],
    ['links', '<a href="http://x.test">x'.repeat(500_000)],
    ['cells', `<table>${'<tr><td>x'.repeat(2_000_000)}`],
    ['a picture of 20 MB', `<img src="data:image/png;base64,${'A'.repeat(20_000_000)}">fim`],
  ])('of very many %s is read in full, within the limit of memory', async (_name, body) => {
    const { text } = await read(html, body);
    expect(text).not.toBe('');
  });
});
