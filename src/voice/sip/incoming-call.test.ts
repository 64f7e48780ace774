import { describe, expect, it } from 'vitest';
import { callerOf } from './incoming-call.ts';

const NUMBER = '"Maria" <sip:+5511987654321@trunk.test>;tag=1';
const trunk = (trustsAssertedIdentity: boolean) => ({ trustsAssertedIdentity }) as never;
const caller = (headers: Readonly<Record<string, string>>, trusts = false) =>
  callerOf({ get: (name: string) => headers[name] } as never, trunk(trusts));
const NOBODY = { user: '', name: undefined };

describe('who calls', () => {
  it('is the one of From, or of the asserted identity of a trunk that we trust', () => {
    expect(caller({ from: NUMBER })).toEqual({ user: '+5511987654321', name: 'Maria' });
    const asserted = { from: NUMBER, 'p-asserted-identity': '<tel:+551133334444>' };
    expect(caller(asserted).user).toBe('+5511987654321');
    expect(caller(asserted, true).user).toBe('+551133334444');
  });

  it.each([
    ['Privacy: id', { from: NUMBER, privacy: 'id' }],
    ['Privacy: id in quotation marks', { from: NUMBER, privacy: '"id"' }],
    ['Privacy: user', { from: NUMBER, privacy: 'header;user;critical' }],
    [
      'an asserted identity that is not to be shown',
      { from: NUMBER, 'p-asserted-identity': NUMBER, privacy: 'id' },
    ],
    ['no address', { from: '"Maria" <sip:maria@anonymous.invalid>;tag=1' }],
    ['no address of a user either', { from: 'Anonymous <sip:c8oqz84zk7z@privacy.anonymous.invalid>' }],
    ['no address, with the dot of the root', { from: '"Maria" <sip:maria@anonymous.invalid.>' }],
    ['Privacy: full', { from: NUMBER, privacy: 'full' }],
    [
      'Remote-Party-ID',
      { from: NUMBER, 'remote-party-id': `${NUMBER.split(';')[0]!};party=calling;privacy=full` },
    ],
    ['Privacy: a list as some gateways write it', { from: NUMBER, privacy: 'header, ID' }],
    [
      'Remote-Party-ID, of the address alone',
      { from: NUMBER, 'remote-party-id': '<sip:1@t.test>;privacy="uri"' },
    ],
  ])('is nobody by %s', (_what, headers) => {
    expect(caller(headers, true)).toEqual(NOBODY);
  });

  it('is shown when privacy is asked for nothing of theirs', () => {
    for (const privacy of ['none', 'session', ''])
      expect(caller({ from: NUMBER, privacy }).user).toBe('+5511987654321');
  });
});
