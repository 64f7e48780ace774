import { describe, expect, it } from 'vitest';
import { ago } from '../../../tests/e2e/desk-time.ts';
import { interactionOf, presenceOf } from '../../../tests/e2e/desk-world.ts';
import { boardFilterIn, boardPath, contactsOnBoard, doingOfPerson, phoneOf } from './board-rows.ts';

const queued = (id: string, channel: 'voice' | 'email', secondsAgo: number, queue = 'suporte') =>
  interactionOf({
    id,
    channel,
    queue,
    state: 'queued',
    timestamps: { arrivedAt: ago(secondsAgo), queuedAt: ago(secondsAgo) },
  });

describe('the contacts of the board', () => {
  const mails = Array.from({ length: 39 }, (_, i) => queued(`m${i}`, 'email', 9_000 - i));
  const caller = queued('v', 'voice', 5);
  const all = [...mails, queued('f', 'voice', 60, 'financeiro'), caller];

  it('stand calls first: one caller is above 39 mails that came before', () => {
    const ids = contactsOnBoard(all, { channel: null, queue: null }).map((one) => one.id);
    expect(ids.slice(0, 3)).toEqual(['f', 'v', 'm0']);
    expect(ids).toHaveLength(41);
  });

  it('are narrowed to a channel and a queue, which stand in the address', () => {
    const filter = boardFilterIn('?channel=voice&queue=suporte');
    expect(contactsOnBoard(all, filter).map((one) => one.id)).toEqual(['v']);
    expect(boardPath(filter)).toBe('/painel?channel=voice&queue=suporte');
    expect(boardFilterIn('?channel=fax&queue=')).toEqual({ channel: null, queue: null });
    expect(boardPath({ channel: null, queue: null })).toBe('/painel');
  });
});

describe('what a person of the board does', () => {
  const [TALKS, ENDED, THERE] = [ago(30), ago(7), ago(90)] as const;
  const busy = presenceOf({ load: { text: 0, voice: true }, work: ['v1'] });
  const call = interactionOf({ id: 'v1', channel: 'voice', state: 'active', connectedAt: TALKS });

  it.each([
    ['on a call, since it was answered', busy, call, { kind: 'onCall', since: Date.parse(TALKS) }],
    [
      'in its wrap-up, since it ended',
      busy,
      { ...call, state: 'wrapUp' as const, endedAt: ENDED },
      { kind: 'wrapUp', since: Date.parse(ENDED) },
    ],
    ['ringing, which is no call yet', { ...busy, work: [] }, call, { kind: 'ringing', since: null }],
    [
      'what its presence says, with that time',
      presenceOf({ load: { text: 30, voice: false }, since: THERE }),
      call,
      { kind: 'presence', since: Date.parse(THERE) },
    ],
  ])('%s', (_what, person, contact, doing) => {
    expect(doingOfPerson(person, { [contact.id]: contact })).toEqual(doing);
  });
});

describe('a person’s telephone on the board', () => {
  it('that refuses calls is told apart from none', () => {
    expect(phoneOf({ softphone: true })).toBe('registered');
    expect(phoneOf({ softphone: false, softphoneRefuses: true })).toBe('refuses');
    expect(phoneOf({ softphone: false })).toBe('notRegistered');
  });
});
