import { describe, expect, it } from 'vitest';
import { createLogger, scrub } from './index.ts';

function capture(pii: boolean) {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  return { lines, log: createLogger({ level: 'debug', pii, destination }) };
}

describe('log', () => {
  it('drops what stands under pii unless it is asked for', () => {
    const quiet = capture(false);
    quiet.log.info(
      { pii: { phone: '+5511987654321' }, queue: 'suporte', deep: { pii: 'Maria' } },
      'call queued',
    );
    expect(quiet.lines[0]).toMatchObject({ level: 'info', msg: 'call queued', queue: 'suporte', deep: {} });
    expect(JSON.stringify(quiet.lines)).not.toMatch(/Maria|98765/);
    const open = capture(true);
    open.log.info({ pii: { phone: '+5511987654321' } }, 'call queued');
    expect(JSON.stringify(open.lines)).toContain('+5511987654321');
  });

  it('never prints secrets, not even with pii on', () => {
    const { lines, log } = capture(true);
    log.child({ token: 'abc' }).warn({ body: { password: 'hunter2', ha1: 'f00', name: 'x' } }, 'login');
    expect(JSON.stringify(lines)).not.toMatch(/hunter2|abc|f00/);
    expect(lines[0]).toMatchObject({ token: '[secret]', body: { password: '[secret]', name: 'x' } });
  });

  it.each([
    'no answer for maria@cliente.test today',
    'caller 5511987654321 refused',
    'caller +5511987654321 refused',
    'customer 529.982.247-25 twice',
    'customer 52998224725 twice',
    'firm 12.ABC.345/01DE-35 unknown',
  ])('removes personal data from a message: %s', (message) => {
    const { lines, log } = capture(false);
    log.error({ err: new Error(message) }, message);
    expect(lines[0]?.['msg']).toContain('[removed]');
    expect(JSON.stringify(lines)).not.toMatch(/maria@|98765|529\.|52998|ABC/);
  });

  it('leaves ordinary words and numbers alone', () => {
    const text =
      'listening on 127.0.0.1:5060 after 132 ms, version 1.11, 2026-11-22T10:00:00.000Z, id 01KAN4E0Q7';
    expect(scrub(text)).toBe(text);
  });

  it.each([
    ['a@b.co1x@c.com', '[removed][removed]'],
    ['x@@y.test ok', 'x@@y.test ok'],
    ['x@y z@w.test,', 'x@y [removed],'],
    ['<maria@cliente.com.br>', '<[removed]>'],
  ])('finds every e-mail of a text: %s', (text, clean) => {
    expect(scrub(text)).toBe(clean);
  });

  it('keeps code, type and stack of an error', () => {
    const { lines, log } = capture(false);
    log.error({ err: Object.assign(new TypeError('broken'), { code: 'E_X' }) }, 'failed');
    expect(lines[0]?.['err']).toMatchObject({ type: 'TypeError', code: 'E_X', message: 'broken' });
  });
});
