import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import { listenSmtp, type SmtpListener } from './smtp.ts';

describe('an address in an SMTP command', () => {
  let listener: SmtpListener;
  const seen: string[] = [];
  beforeAll(async () => {
    listener = await listenSmtp({
      host: '127.0.0.1',
      port: 0,
      clock: manualClock(),
      accepts: (address) => Promise.resolve(address.endsWith('@exemplo.test')),
      async store({ envelopeFrom, recipients }, stream) {
        stream.resume();
        await once(stream, 'end');
        seen.push(envelopeFrom, ...recipients);
        return 'stored';
      },
      onError: () => undefined,
    });
  });
  afterAll(() => listener.stop());

  /** One line after another, each when the one before was answered; the codes of all answers, the greeting first. */
  async function says(...lines: string[]): Promise<string[]> {
    seen.length = 0;
    const socket = connect(listener.port, '127.0.0.1');
    const codes: string[] = [];
    for (const line of [...lines, 'QUIT']) {
      const [answer] = (await once(socket, 'data')) as [Buffer];
      codes.push(answer.toString().slice(0, 3));
      socket.write(`${line}\r\n`);
    }
    socket.resume();
    await once(socket, 'close');
    return codes;
  }
  const mail = (from: string, to = '<suporte@exemplo.test>') =>
    says('HELO x', `MAIL FROM:${from}`, `RCPT TO:${to}`, 'DATA', 'Subject: x\r\n\r\noi\r\n.');

  it.each([
    ['<"a b"@q.test>', '"a b"@q.test'],
    ['<"a@b"@q.test> SIZE=10', '"a@b"@q.test'],
    ['<"a> SIZE=99999999999 b"@q.test>', '"a> SIZE=99999999999 b"@q.test'],
    [String.raw`<"a\"\\ b"@q.test>`, String.raw`"a\"\\ b"@q.test`],
    ['<@um.test,@dois.test:"a b"@q.test>', '"a b"@q.test'],
    ['<"a..b"@q.test>', '"a..b"@q.test'],
    ['<".a"@q.test>', '".a"@q.test'],
    ['<""@q.test>', '""@q.test'],
    ['<quoted@q.test>', 'quoted@q.test'],
    ['<>', ''],
  ])('MAIL FROM:%s is from %s', async (path, from) => {
    expect(await mail(path)).toEqual(['220', '250', '250', '250', '354', '250']);
    expect(seen).toEqual([from, 'suporte@exemplo.test']);
  });
  it.each(['<"suporte"@exemplo.test>', String.raw`<"su\porte"@exemplo.test>`])(
    'RCPT TO:%s is the mailbox without the quotation marks',
    async (to) => {
      expect(await mail('<"maria.s"@b.test>', to)).toContain('354');
      expect(seen).toEqual(['maria.s@b.test', 'suporte@exemplo.test']);
    },
  );
  it('a recipient may be quoted too', async () => {
    expect(await mail('<a@b.test>', '<"a b"@exemplo.test>')).toContain('354');
    expect(seen).toEqual(['a@b.test', '"a b"@exemplo.test']);
  });
  it.each([
    '<a b@q.test>',
    '<"a b@q.test>',
    '<"a b"c@q.test>',
    '<"a "b"@q.test>',
    '<"a b"@q.test',
    '<"a b"@q@r.test>',
    '<"a\u0001b"@q.test>',
    '<"a\u200bb"@q.test>',
    '<"a b">',
  ])('MAIL FROM:%j is answered 501', async (path) => {
    expect((await says('HELO x', `MAIL FROM:${path}`, 'NOOP')).at(2)).toBe('501');
  });
  it('nor are long ones that never end', async () => {
    for (const text of [`<${'"'.repeat(900)}`, `<"${'\\'.repeat(900)}`, `<${'@a,'.repeat(300)}`])
      expect((await says('HELO x', `MAIL FROM:${text}`, 'NOOP')).at(2)).toBe('501');
  });
});
