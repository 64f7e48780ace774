import { describe, expect, it } from 'vitest';
import { readAddresses } from './addresses.ts';

const read = (value: string) => {
  const { people, unread } = readAddresses(value);
  return [people.map(({ address, name }) => (name === undefined ? address : `${name}|${address}`)), unread];
};

describe('addresses of a header', () => {
  it.each([
    ['Maria@Cliente.test', ['maria@cliente.test']],
    ['Maria Silva <maria@cliente.test>', ['Maria Silva|maria@cliente.test']],
    ['"Silva, Maria" <m@c.test>, b@c.test', ['Silva, Maria|m@c.test', 'b@c.test']],
    ['m@c.test (Maria (Vendas))', ['Maria (Vendas)|m@c.test']],
    ['"a \\"b\\" <x@y.test>" <m@c.test>', ['a "b" <x@y.test>|m@c.test']],
    ['"m"@c.test', ['m@c.test']],
    ['Ana <"Ana Souza"@C.test>', ['Ana|"ana souza"@c.test']],
    ['"a b"@q.test (casa), b@c.test', ['casa|"a b"@q.test', 'b@c.test']],
    ['"a\\ b"@q.test', ['"a b"@q.test']],
    ['"a\\"b\\\\c"@q.test', ['"a\\"b\\\\c"@q.test']],
    ['"a@b, (c)"@q.test', ['"a@b, (c)"@q.test']],
    ['"a..b"@q.test, ".a"@q.test', ['"a..b"@q.test', '".a"@q.test']],
    ['"a"."b".c@q.test', ['a.b.c@q.test']],
    ['a."b c"@q.test', ['"a.b c"@q.test']],
    ['(x)"a b"(y)@(z)q.test', ['x y z|"a b"@q.test']],
    ['"a b"@[192.0.2.1]', ['"a b"@[192.0.2.1]']],
    ['a@[IPv6:2001:db8::1]', ['a@[ipv6:2001:db8::1]']],
    ['fulano@empresa <fulano@empresa.test>', ['fulano@empresa|fulano@empresa.test']],
    ['Silva, Maria <m@c.test>', ['Silva, Maria|m@c.test']],
    ['suporte, m@c.test', ['m@c.test']],
    ['J. R. Silva <j@c.test>', ['J. R. Silva|j@c.test']],
    ['=?utf-8?Q?Silva,_Maria_(a)?= <m@c.test>', ['=?utf-8?Q?Silva,_Maria_(a)?=|m@c.test']],
    ['Amigos: a@c.test, B <b@c.test>;, c@c.test', ['a@c.test', 'B|b@c.test', 'c@c.test']],
    ['undisclosed-recipients:;', []],
    ['a@c.test, , A@C.test', ['a@c.test']],
    ['ana..souza.@docomo.test', ['ana..souza.@docomo.test']],
    ['a@[192.0.2.1]', ['a@[192.0.2.1]']],
    ['x <A13@r.test.>, a13@r.test', ['x|a13@r.test']],
    ['"a b"@q.test.', ['"a b"@q.test']],
    ['MAILER-DAEMON (Mail) <>', []],
    ['', []],
  ])('%j', (value, people) => {
    expect(read(value)).toEqual([people, false]);
  });
  it.each([
    ['Ana <ana . souza@cliente.test>', ['Ana|ana.souza@cliente.test']],
    ['ana (casa) . souza @ cliente . test', ['casa|ana.souza@cliente.test']],
    ['<@relay.test,@b.test:ana@c.test>', ['ana@c.test']],
    ['Ana\r\n <ana@c.test>', ['Ana|ana@c.test']],
  ])('obsolete forms are read as they were meant: %j', (value, people) => {
    expect(read(value)).toEqual([people, false]);
  });
  it.each([
    'ana souza@cliente.test',
    'Ana <ana souza@cliente.test>',
    '"Ana" ana@c.test',
    '<a@b.test> <c@d.test>',
    '<<a@b.test>>',
    '<a@b.test',
    'a@b@c.test',
    'a@',
    '@c.test',
    '""@c.test',
    '"a"b@c.test',
    '"a."b@c.test',
    '"a<b>"@c.test',
    'a@"c.test"',
    '[192.0.2.1]@c.test',
    'a@[casa]',
    'a@[192.0.2.1].test',
    `"${'a '.repeat(40)}"@c.test`,
    '<a,b@c.test>',
    '<a@b c.test>',
    '<a@b.test\0>',
  ])('what is no address is no guess: %j', (value) => {
    expect(read(value)).toEqual([[], true]);
  });
  it('looks at no more than people can read', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `"N ${i}" <a${i}@x.test>`).join(', ');
    expect(readAddresses(many).people).toHaveLength(100);
    expect(readAddresses('<'.repeat(1_000_000))).toEqual({ people: [], unread: true });
    expect(readAddresses('('.repeat(1_000_000)).people).toEqual([]);
  });
});
