import { describe, expect, it } from 'vitest';
import { replyAllOf, type ReplyAllFacts, type Said } from './reply-all.ts';

const MAILBOX = 'suporte@exemplo.test';
const MARIA = 'maria@cliente.test';
const first: Said = {
  direction: 'inbound',
  to: [MAILBOX],
  cc: ['chefe@emp.test'],
  replyCc: ['chefe@emp.test'],
};
const answer: Said = { direction: 'outbound', to: [MARIA], cc: ['Chefe@emp.test', 'nova@emp.test'] };

/** A mail that names the number alone. */
const guessed = (more: Partial<ReplyAllFacts>): string[] =>
  replyAllOf({
    writer: MARIA,
    copied: [],
    trusted: false,
    before: [first, answer],
    contact: MARIA,
    ours: new Set([MAILBOX]),
    ...more,
  });

describe('whom an answer goes to by default', () => {
  it('a mail that proves what it answers names them, and puts others out', () => {
    const facts = { trusted: true, writer: 'chefe@emp.test', copied: [MARIA, 'rui@emp.test', MAILBOX] };
    expect(guessed(facts)).toEqual(['chefe@emp.test', 'rui@emp.test']);
  });
  it('one of the conversation who names a number alone is first, and the others stay', () => {
    expect(guessed({ writer: 'nova@emp.test' })).toEqual(['nova@emp.test', 'chefe@emp.test']);
    expect(guessed({ writer: 'chefe@emp.test', before: [first] })).toEqual(['chefe@emp.test']);
  });
  it('a number alone brings nobody in and puts nobody out', () => {
    const copied = ['eve@stranger.test', 'nova@emp.test'];
    expect(guessed({ copied })).toEqual(['nova@emp.test', 'chefe@emp.test']);
    expect(guessed({ writer: 'eve@stranger.test' })).toEqual(['chefe@emp.test', 'nova@emp.test']);
    expect(guessed({ copied: ['eve@stranger.test'], before: [] })).toEqual([]);
  });
  it('a stranger’s copies are no part of the conversation for the next mail either', () => {
    const forged: Said = {
      direction: 'inbound',
      to: [MAILBOX],
      cc: ['eve@stranger.test'],
      replyCc: ['chefe@emp.test'],
    };
    expect(guessed({ before: [first, answer, forged], writer: 'eve@stranger.test' })).toEqual([
      'chefe@emp.test',
    ]);
  });
  it('who was put out since stays out, until they write themselves', () => {
    const without: Said = { direction: 'inbound', to: [MAILBOX] };
    expect(guessed({ before: [first, answer, without] })).toEqual([]);
    expect(guessed({ before: [first, answer, without], writer: 'nova@emp.test' })).toEqual(['nova@emp.test']);
  });
  it('whom the contact before was with takes part in the one that goes on from it', () =>
    expect(guessed({ writer: 'nova@emp.test', contact: 'nova@emp.test', formerContact: MARIA })).toEqual([
      MARIA,
      'chefe@emp.test',
    ]));
  it('neither a mailbox of ours nor an address that nobody reads gets one', () =>
    expect(guessed({ trusted: true, copied: [MAILBOX, 'no-reply@emp.test'] })).toEqual([]));
});
