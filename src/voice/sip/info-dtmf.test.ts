import { describe, expect, it } from 'vitest';
import { readInfo } from './info-dtmf.ts';

const info = (type: string | undefined, body: string, headers: Readonly<Record<string, string>> = {}) =>
  readInfo({ body, get: (name) => (name === 'content-type' ? type : headers[name]) });
const pressed = (type: string, body: string) => info(type, body).pressed;

const part = (type: string, body: string, boundary = 'b1'): string =>
  `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
const mixed = (...parts: readonly string[]) =>
  info('multipart/mixed;boundary=b1', `${parts.join('')}--b1--\r\n`);
const RELAY = part('application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n');
const ISUP = part('application/isup;version=itu-t92+', '\u0001\u0010');

describe('keys by INFO', () => {
  it.each([
    ['application/dtmf-relay', 'Signal=#\r\nDuration=100', '#', 100],
    ['application/dtmf', '11', '#', 250],
    ['Application/DTMF-Relay; charset=utf-8', 'Duration=100\nSignal = 12 ', 'A', 100],
    ['application/dtmf-relay', 'Signal=Star', '*', 250],
    ['application/dtmf-relay', 'Signal=5;Duration=160', '5', 160],
    ['application/dtmf-relay', 'Signal="4"\r\nDuration="90"', '4', 90],
    ['application/dtmf-relay', 'Signal= *\r\nDuration= 160 ms', '*', 160],
    ['application/dtmf', 'd=7', '7', 250],
    ['application/dtmf', 'Signal=9\r\nDuration=120', '9', 120],
  ])('as gateways write them: %s %j', (type, body, digit, durationMs) => {
    expect(pressed(type, body)).toEqual({ digit, durationMs });
  });

  it('are none where nothing names one', () => {
    expect(pressed('application/dtmf-relay', 'Signal=hf')).toBeUndefined();
    expect(pressed('text/plain', '1')).toBeUndefined();
  });

  it.each([
    ['application/dtmf-relay', 'Signal=5;Duration=160', 200],
    ['application/dtmf-relay', '', 200],
    ['application/dtmf-relay', 'Signal=', 400],
    ['application/dtmf-relay', '5 was pressed', 400],
    ['application/dtmf-relay', '5', 400],
    ['text/plain', '5', 415],
    [undefined, '5', 415],
  ])('%s with %j is answered %i', (type, body, status) => {
    expect(info(type, body).status).toBe(status);
  });

  it('are not read compressed, nor in a package', () => {
    expect(info('application/dtmf', '5', { 'content-encoding': 'gzip' })).toEqual({
      status: 415,
      headers: { 'Accept-Encoding': 'identity' },
    });
    expect(info('application/dtmf', '', { 'content-encoding': 'gzip' }).status).toBe(200);
    expect(info('application/dtmf', '5', { 'info-package': 'x' }).status).toBe(469);
  });
});

describe('keys by INFO in a multipart (RFC 5621 §3.1)', () => {
  const five = { status: 200, headers: {}, pressed: { digit: '5', durationMs: 160 } };

  it.each([
    ['alone', [RELAY]],
    ['after ISUP', [ISUP, RELAY]],
    ['before ISUP', [RELAY, ISUP]],
    ['told twice, as one key', [RELAY, part('application/dtmf', '5')]],
    ['told first in a way that nobody reads', [part('application/dtmf', 'flash'), RELAY]],
    [
      'one level deeper',
      [
        part(
          'multipart/alternative;boundary=in',
          `${part('application/dtmf-relay', 'Signal=5\r\nDuration=160', 'in')}--in--`,
        ),
      ],
    ],
  ])('%s', (_, parts) => {
    expect(mixed(...parts)).toEqual(five);
  });

  it('application/dtmf is read there too', () => {
    expect(mixed(ISUP, part('application/dtmf', '#')).pressed).toEqual({ digit: '#', durationMs: 250 });
  });

  it('names no key: 400 where one should be, 415 with what is read where none is', () => {
    expect(mixed(part('application/dtmf-relay', 'Signal='))).toEqual({ status: 400, headers: {} });
    expect(mixed(ISUP)).toEqual({
      status: 415,
      headers: { Accept: 'application/dtmf-relay, application/dtmf, multipart/mixed' },
    });
    expect(info('multipart/mixed', 'Signal=5').status).toBe(415);
  });

  it('is read to the depth and the number of parts that are the limit, and no further', () => {
    const behind = (count: number) => mixed(...Array<string>(count).fill(ISUP), RELAY).status;
    expect([behind(31), behind(32)]).toEqual([200, 415]);
    const inside = (levels: number): number => {
      let body = part('application/dtmf', '5', `n${levels - 1}`);
      for (let i = levels - 1; i > 0; i--) body = part(`multipart/mixed;boundary=n${i}`, body, `n${i - 1}`);
      return info('multipart/mixed;boundary=n0', body).status;
    };
    expect([inside(1), inside(4), inside(5)]).toEqual([200, 200, 415]);
  });

  it('ends where its bytes end when it was cut off, and a boundary within a line is none', () => {
    expect(info('multipart/mixed;boundary=b1', `${ISUP}${RELAY}`)).toEqual(five);
    const isup = part('application/isup', `x--b1\r\nContent-Type: application/dtmf\r\n\r\n7`);
    expect(mixed(isup, RELAY)).toEqual(five);
  });

  it('costs little, however many parts there are and however deep', () => {
    const last = part('application/dtmf', '5');
    expect(mixed('--b1\r\n\r\n'.repeat(30_000), last).status).toBe(415);
    let nested = part('application/dtmf', '5', 'n9');
    for (let i = 9; i > 0; i--) nested = part(`multipart/mixed;boundary=n${i}`, nested, `n${i - 1}`);
    expect(info('multipart/mixed;boundary=n0', nested).status).toBe(415);
  });
});
