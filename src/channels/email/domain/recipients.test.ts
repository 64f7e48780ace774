import { describe, expect, it } from 'vitest';
import { whatBecame } from './outcome.ts';
import { failedRecipients, recipientsOf } from './recipients.ts';
import { reportOf } from './report.ts';

const MARIA = 'maria@cliente.test';
const ANA = 'ana@cliente.test';
const original = (address: string) => `Original-Recipient: rfc822; ${address}`;
const final = (address: string) => `Final-Recipient: rfc822; ${address}`;

describe('recipients of a report without a blank line between them', () => {
  const read = (...lines: string[]) =>
    recipientsOf(lines.join('\r\n')).map(({ forms, action }) => [action, ...forms]);
  it.each([
    ['final ones alone', final(MARIA), 'Action: failed', final(ANA), 'Action: delivered'],
    [
      'behind fields of the mail',
      'Reporting-MTA: dns; a',
      final(MARIA),
      'Action: failed',
      final(ANA),
      'Action: delivered',
    ],
    ['with a folded field', final(MARIA), 'Action:', '  failed', final(ANA), 'Action: delivered'],
  ])('are told apart: %s', (_how, ...lines) =>
    expect(read(...lines)).toEqual([
      ['failed', MARIA],
      ['delivered', ANA],
    ]),
  );
  it.each([
    ['before', [original('m@in.test'), final(MARIA), 'Action: failed', original('a@in.test'), final(ANA)]],
    ['behind', [final(MARIA), original('m@in.test'), 'Action: failed', final(ANA), original('a@in.test')]],
  ])('have their own original one: %s', (_where, lines) =>
    expect(read(...lines, 'Action: delivered')).toEqual([
      ['failed', 'm@in.test', MARIA],
      ['delivered', 'a@in.test', ANA],
    ]),
  );
  it('an original one is of the one that it stands next to', () => {
    const second = read(final(MARIA), 'Action: failed', original('a@in.test'), final(ANA), 'Action: failed');
    expect(second.at(-1)).toEqual(['failed', 'a@in.test', ANA]);
    const bare = read(final(MARIA), original('m@in.test'), final(ANA), 'Action: failed');
    expect(bare).toEqual([['failed', ANA]]);
  });
});

const qmail = (...paragraphs: string[]) =>
  [
    'Hi. This is the qmail-send program at mx.test.',
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up. Sorry it didn't work out.",
    '',
    ...paragraphs,
    '--- Below this line is a copy of the message.',
    '',
    `<${MARIA}>:`,
    'in the copy',
  ].join('\r\n');
const noSuch = (address: string) =>
  `<${address}>:\r\n192.0.2.1 does not like recipient.\r\nRemote host said: 550 5.1.1 unknown\r\n`;

describe('recipients of a report in words', () => {
  const facts = (text: string, headers: Record<string, string> = {}) => ({
    header: (name: string) => headers[name],
    envelopeFrom: '',
    from: 'mailer-daemon@mx.test',
    subject: 'failure notice',
    text,
    references: [],
    parts: [],
  });
  const became = (text: string) => whatBecame({ to: MARIA, cc: [ANA] }, reportOf(facts(text))!);
  it('are read with what the server said, and not out of the copy', () =>
    expect(failedRecipients(facts(qmail(noSuch(ANA), noSuch('<broken@x.test'))))).toEqual([
      {
        address: ANA,
        forms: [ANA],
        action: 'failed',
        status: '5.1.1',
        diagnostic: '192.0.2.1 does not like recipient. Remote host said: 550 5.1.1 unknown',
      },
    ]));
  it.each(['Received: from mx.test', 'Return-Path: <>', 'RECEIVED: by mx.test', '------ copy'])(
    'a copy begins with %j',
    (line) =>
      expect(
        failedRecipients(facts(`<${ANA}>:\n550\n\n${line}\n\n<${MARIA}>:\nin the copy`)).map(
          ({ address }) => address,
        ),
      ).toEqual([ANA]),
  );
  it.each([
    ['452 4.2.2 over quota, given up', '4.2.2'],
    ['550 5.1.1 unknown', '5.1.1'],
    ['250 2.0.0 then nothing', null],
    ['host mx[5.4.3.21] said: 550 no such user', null],
    ['host [192.4.2.2] said no (#5.1.1).', '5.1.1'],
  ])('%j says the status %j', (said, status) =>
    expect(failedRecipients(facts(`<${ANA}>: ${said}`))).toMatchObject([{ status, diagnostic: said }]),
  );
  it('a header that names them goes first', () =>
    expect(
      failedRecipients(facts(qmail(noSuch(ANA)), { 'x-failed-recipients': MARIA })).map((one) => one.address),
    ).toEqual([MARIA]));
  it('a copy that came back fails nothing; the main one does, and so does one that nobody knows', () => {
    expect(became(qmail(noSuch(ANA)))).toBeUndefined();
    expect(became(qmail(noSuch(ANA), noSuch(MARIA)))).toBe('failed');
    expect(became(qmail(noSuch(ANA), noSuch('x@elsewhere.test')))).toBe('failed');
    expect(became(qmail('Nobody is named.'))).toBe('failed');
    expect(became(`The mail system\n\n<${ANA}>: host mx said: 550\n<${MARIA}>: host mx said: 550`)).toBe(
      'failed',
    );
  });
  it('a delay in words fails nobody', () => {
    const delay = reportOf({ ...facts(`<${MARIA}>: deferred`), subject: 'Delayed mail' })!;
    expect(delay).toMatchObject({ kind: 'delayed', recipients: [] });
    expect(whatBecame({ to: MARIA, cc: [] }, delay)).toBeUndefined();
  });
});
