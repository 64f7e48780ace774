import { describe, expect, it } from 'vitest';
import { assertMayReadMetrics, type PrivatePages, seesDetails } from './private-pages.ts';

const TOKEN = 'figures-of-this-server';
const asker = (ip: string, headers: Record<string, string> = {}) => ({ ip, headers });
const pages = (over: Partial<PrivatePages> = {}): PrivatePages => ({
  production: true,
  metricsToken: undefined,
  behindProxy: false,
  ...over,
});
const codeOf = (act: () => void): string => {
  try {
    act();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const metrics = (who: ReturnType<typeof asker>, over: Partial<PrivatePages> = {}) =>
  codeOf(() => assertMayReadMetrics(pages(over), who));

describe('figures of the server', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'without a token are read from this machine: %s',
    (ip) => expect(metrics(asker(ip))).toBe('ok'),
  );

  it.each(['192.0.2.1', '10.0.0.5', '2001:db8::1', '::ffff:192.0.2.1', ''])(
    'without a token are closed to every other address: %s',
    (ip) => expect(metrics(asker(ip))).toBe('metrics.private'),
  );

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])(
    'are not lent to everybody by a proxy on this machine that is not trusted: %s',
    (mark) => {
      expect(metrics(asker('127.0.0.1', { [mark]: '192.0.2.1' }))).toBe('metrics.private');
      // Behind a trusted proxy the address is already the client's.
      expect(metrics(asker('127.0.0.1', { [mark]: '127.0.0.1' }), { behindProxy: true })).toBe('ok');
    },
  );

  it('with a token need it, from this machine too', () => {
    const set = { metricsToken: TOKEN };
    expect(metrics(asker('127.0.0.1'), set)).toBe('metrics.token');
    expect(metrics(asker('192.0.2.1', { authorization: `Bearer ${TOKEN}` }), set)).toBe('ok');
    for (const wrong of [`Bearer ${TOKEN}x`, 'Bearer ', `Basic ${TOKEN}`, TOKEN])
      expect(metrics(asker('192.0.2.1', { authorization: wrong }), set)).toBe('metrics.token');
  });
});

describe('details of the engines', () => {
  it('are told to this machine and to whoever may read the figures; in development to all', () => {
    const stranger = asker('192.0.2.1');
    expect(seesDetails(pages(), stranger)).toBe(false);
    expect(seesDetails(pages(), asker('127.0.0.1'))).toBe(true);
    expect(seesDetails(pages({ production: false }), stranger)).toBe(true);
    const reader = asker('192.0.2.1', { authorization: `Bearer ${TOKEN}` });
    expect(seesDetails(pages({ metricsToken: TOKEN }), reader)).toBe(true);
    expect(seesDetails(pages(), reader)).toBe(false);
  });
});
