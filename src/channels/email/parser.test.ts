import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../platform/log/index.ts';
import { systemClock } from '../../shared/clock.ts';
import { createMailParser, type MailParser, type ParserOptions } from './parser.ts';

const dir = mkdtempSync(join(tmpdir(), 'mail-parser-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const parsers: MailParser[] = [];
afterEach(async () => {
  for (const parser of parsers.splice(0)) await parser.stop();
});
const parserWith = (options: Partial<ParserOptions> = {}) => {
  const parser = createMailParser({ clock: systemClock, logger: silentLogger(), ...options });
  parsers.push(parser);
  return parser;
};
/** A thread that does what the file says: hang, eat memory, die, or read it. */
const odd = new URL('./fixtures/odd.worker.ts', import.meta.url);
let files = 0;
const mail = (body: string): string => {
  const file = join(dir, `${++files}.eml`);
  writeFileSync(file, `From: Maria <maria@cliente.test>\r\nSubject: oi\r\n\r\n${body}`);
  return file;
};

describe('the thread that reads mails', () => {
  it.each([
    ['hang', 'parserDeadline'],
    ['eat', 'parserMemory'],
    ['die', 'parserFailed'],
    ['throw', 'parserFailed'],
  ])('what makes it %s is read in plain, told as %s, and the next mail goes on', async (what, fault) => {
    const parser = parserWith({ entry: odd, deadlineMs: what === 'hang' ? 500 : 60_000, heapMb: 32 });
    const [first, next] = await Promise.all([parser.parse(mail(what)), parser.parse(mail('Caiu.'))]);
    expect(first).toMatchObject({ ok: true, fault, mail: { text: what } });
    expect(next).toMatchObject({
      ok: true,
      mail: { text: 'Caiu.', from: { address: 'maria@cliente.test' } },
    });
    expect(next).not.toHaveProperty('fault');
    expect(parser.state()).toMatchObject({ busyMs: null, waiting: 0, faults: 1 });
  });
  it('what fails in plain too is told, not waited for', async () => {
    const parser = parserWith({ entry: odd });
    const outcomes = await Promise.all([parser.parse(mail('die always')), parser.parse(mail('Caiu.'))]);
    expect(outcomes[0]).toMatchObject({ ok: false, fault: 'parserFailed' });
    expect(outcomes[1]).toMatchObject({ ok: true });
  });
  it('a stop in the middle ends the thread and whoever waits', async () => {
    const parser = parserWith({ entry: odd, deadlineMs: 60_000 });
    const waiting = [parser.parse(mail('hang')), parser.parse(mail('Caiu.'))].map((p) => p.catch(String));
    await parser.stop();
    expect(await Promise.all(waiting)).toEqual(Array(2).fill('Error: the mail parser was stopped'));
  });
});
