import { describe, expect, it } from 'vitest';
import { availableAgent } from '../../../tests/support/available-agent.ts';
import type { InteractionId } from '../../shared/ids.ts';
import {
  confirm,
  deskGone,
  DEFAULT_WEIGHTS,
  hold,
  noAnswer,
  PRESENCE_LOG_LENGTH,
  release,
  releaseLost,
  setCounts,
  setPresence,
  unheard,
  type Work,
} from './agent.ts';
import { breaksUsed } from './breaks.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const LATER = new Date('2026-11-23T13:00:00Z');
const ana = availableAgent(AT, {
  version: 5,
  turn: 3,
  presenceLog: [{ state: 'available', reason: null, at: AT }],
});
const work = (more: Partial<Work> = {}): Work => ({
  interactionId: 'i1' as InteractionId,
  channel: 'email',
  token: 't1',
  weight: 15,
  counts: true,
  phase: 'work',
  expiresAt: null,
  ...more,
});
const request = {
  interactionId: 'i2' as InteractionId,
  channel: 'email',
  weight: 15,
  token: 't2',
  expiresAt: LATER,
} as const;

describe('the weights of text', () => {
  it('are a quarter of an operator for chat, and 15 of 100 for a mail', () => {
    expect(DEFAULT_WEIGHTS).toEqual({ whatsapp: 25, sms: 25, webchat: 25, email: 15 });
  });
});

describe("the operator's record, field by field", () => {
  it('takes a hold: the work, the turn, the version, and nothing else', () => {
    expect(hold(ana, request)).toEqual({
      ...ana,
      version: 6,
      turn: 4,
      work: [{ ...request, counts: true, phase: 'hold' }],
    });
    expect(hold({ ...ana, work: [work()] }, { ...request, interactionId: 'i1' as InteractionId })).toBe(
      'agent.alreadyHeld',
    );
    expect(hold({ ...ana, active: false }, request)).toBe('agent.notAvailable');
    expect(hold({ ...ana, work: [work({ weight: 85 })] }, request)).toMatchObject({ version: 6 });
    expect(hold({ ...ana, work: [work({ weight: 86 })] }, request)).toBe('agent.full');
  });

  it('takes an own call in a pause, but one call only, and own text during a call', () => {
    const paused = setPresence(ana, 'paused', 'meal', LATER);
    const call = { ...request, channel: 'voice', weight: 0, own: true } as const;
    expect(hold(paused, call)).toMatchObject({ work: [{ token: 't2' }] });
    const onCall = { ...ana, work: [work({ channel: 'voice' })] };
    expect(hold(onCall, call)).toBe('agent.onCall');
    expect(hold(onCall, { ...request, own: true })).toMatchObject({ version: 6 });
    expect(hold(onCall, { ...request, own: false })).toBe('agent.onCall');
  });

  it('takes an own text in a pause, but not while away; a call of its own also then', () => {
    const away = setPresence(ana, 'offline', null, LATER);
    const text = { ...request, own: true };
    expect(hold(away, text)).toBe('agent.notAvailable');
    expect(hold({ ...ana, active: false }, text)).toBe('agent.notAvailable');
    expect(hold(setPresence(ana, 'paused', 'meal', LATER), text)).toMatchObject({ work: [{ token: 't2' }] });
    expect(hold(away, { ...text, channel: 'voice', weight: 0 })).toMatchObject({ work: [{ token: 't2' }] });
  });

  it('confirms and counts the work that is meant, once', () => {
    const other = work({ token: 't9', phase: 'hold', expiresAt: LATER });
    const held = { ...ana, work: [other, work({ phase: 'hold', expiresAt: LATER })] };
    const confirmed = confirm(held, 't1');
    expect(confirmed).toEqual({ ...held, version: 6, work: [other, work()] });
    expect(confirm(confirmed, 't1')).toBe(confirmed);
    expect(confirm(confirmed, 'unknown')).toBe(confirmed);
    const waits = setCounts(confirmed, 't1', false);
    expect(waits).toEqual({ ...confirmed, version: 7, work: [other, work({ counts: false })] });
    expect(setCounts(waits, 't1', false)).toBe(waits);
    expect(setCounts(waits, 'unknown', true)).toBe(waits);
  });

  it('is idle since the end of accepted work, not of an offer', () => {
    const both = { ...ana, work: [work(), work({ token: 't2', phase: 'hold' })] };
    expect(release(both, 't1', LATER)).toEqual({
      ...both,
      version: 6,
      idleSince: LATER,
      work: [both.work[1]],
    });
    expect(release(both, 't2', LATER)).toEqual({ ...both, version: 6, work: [both.work[0]] });
    expect(release(both, 'unknown', LATER)).toBe(both);
  });

  it('is idle since it became available, not since it said so again', () => {
    const paused = setPresence(ana, 'paused', 'meal', LATER);
    expect(paused).toMatchObject({
      presence: { state: 'paused', reason: 'meal', at: LATER },
      idleSince: AT,
      version: 6,
      presenceLog: [{ state: 'available' }, { state: 'paused', reason: 'meal', at: LATER }],
    });
    expect(paused.presence).not.toHaveProperty('by');
    expect(setPresence(paused, 'available', 'ignored', LATER)).toMatchObject({
      presence: { state: 'available', reason: null },
      idleSince: LATER,
    });
    expect(setPresence(ana, 'available', null, LATER)).toBe(ana);
    expect(setPresence(paused, 'paused', 'meal', LATER)).toBe(paused);
    expect(setPresence(paused, 'paused', 'break', LATER)).toMatchObject({ presence: { reason: 'break' } });
    expect(setPresence(ana, 'available', 'voltar', LATER, 'sofia')).toMatchObject({
      presence: { state: 'available', reason: 'voltar', by: 'sofia' },
      idleSince: AT,
    });
  });

  it('keeps the newest changes of presence', () => {
    let agent = ana;
    for (let i = 0; i < PRESENCE_LOG_LENGTH + 5; i++)
      agent = setPresence(agent, 'paused', `r${i}`, new Date(AT.getTime() + i));
    expect(PRESENCE_LOG_LENGTH).toBe(400);
    expect(agent.presenceLog).toHaveLength(400);
    expect(agent.presenceLog.at(-1)?.reason).toBe('r404');
  });

  it('offline that nobody chose says how long the desk was away and what went back to the queue', () => {
    const call = work({ channel: 'voice', token: 't2' });
    const answered = work({ token: 't3', counts: false });
    const lost = { ...ana, lostAt: AT, desk: true, work: [work(), call, answered, work({ phase: 'hold' })] };
    const told = { state: 'offline', reason: 'deskLost', at: LATER, lostMs: 45_000, returned: 1 };
    const gone = deskGone(lost, 45_000, LATER);
    expect(gone).toMatchObject({ desk: false, lostAt: null, presence: told, version: 6, idleSince: AT });
    expect(gone.presenceLog.at(-1)).toEqual(told);
    const ended = setPresence(lost, 'offline', 'Fim do turno', LATER, 'sofia');
    expect(ended.presence).toMatchObject({ by: 'sofia', returned: 1 });
    expect(setPresence(ended, 'offline', 'Feriado', LATER, 'sofia').presence).toMatchObject({ returned: 0 });
    expect(setPresence(lost, 'offline', null, LATER).presence).not.toHaveProperty('returned');
    expect(setPresence(lost, 'paused', 'forced', LATER, 'sofia').presence).not.toHaveProperty('returned');
    expect(setPresence(gone, 'available', null, LATER).presence).not.toHaveProperty('lostMs');
  });

  it('a call that went back because its line was lost is known until the next call, or a state that was chosen', () => {
    const call = work({ channel: 'voice' });
    const lost = releaseLost({ ...ana, work: [call] }, 't1', LATER);
    expect(lost).toMatchObject({ work: [], callReturnedAt: LATER, idleSince: LATER, version: 6 });
    expect(releaseLost(lost, 't1', new Date(0))).toBe(lost);
    expect(release({ ...ana, work: [call] }, 't1', LATER).callReturnedAt).toBeNull();
    expect(deskGone(lost, 45_000, LATER).callReturnedAt).toEqual(LATER);
    expect(setPresence(lost, 'paused', 'meal', LATER).callReturnedAt).toBeNull();
    const ringing = (channel: 'voice' | 'email') => ({ ...lost, work: [work({ channel, phase: 'hold' })] });
    expect(confirm(ringing('email'), 't1').callReturnedAt).toEqual(LATER);
    expect(confirm(ringing('voice'), 't1').callReturnedAt).toBeNull();
    const beside = [work({ phase: 'hold' }), work({ channel: 'voice', token: 't2' })];
    expect(confirm({ ...lost, work: beside }, 't1').callReturnedAt).toEqual(LATER);
    const again = { ...lost, work: [call] };
    expect(confirm(again, 't1')).toBe(again);
  });

  it('stays lost whatever is decided about it, until it is offline', () => {
    const lost = { ...ana, lostAt: AT };
    expect(setPresence(lost, 'paused', 'forced', LATER, 'sofia').lostAt).toEqual(AT);
    expect(setPresence(lost, 'available', null, LATER)).toBe(lost);
    expect(setPresence(lost, 'offline', null, LATER)).toMatchObject({
      lostAt: null,
      presence: { state: 'offline' },
    });
    expect(
      setPresence({ ...lost, presence: { state: 'offline', reason: null, at: AT } }, 'offline', null, LATER),
    ).toMatchObject({ lostAt: null, version: 6 });
    const ringing = { ...lost, work: [work({ phase: 'hold' })] };
    // It saw nothing of what rang: given back without a pause.
    expect(noAnswer(ringing, 't1', LATER)).toMatchObject({
      lostAt: AT,
      work: [],
      presence: ana.presence,
      version: 6,
    });
  });

  it('is not paused by an offer that rang while its desk was away', () => {
    const ringing = { ...ana, work: [work({ phase: 'hold', unseen: true })] };
    expect(noAnswer(ringing, 't1', LATER)).toMatchObject({ work: [], presence: ana.presence });
    const seen = { ...ana, work: [work({ phase: 'hold' })] };
    expect(noAnswer(seen, 't1', LATER).presence).toMatchObject({ state: 'paused', reason: 'noAnswer' });
  });

  it('tells why it could not answer: the desk was lost, or the telephone gone', () => {
    const call = work({ channel: 'voice', phase: 'hold' });
    const mute = { ...ana, softphone: { up: false, autoAnswer: false } };
    expect(unheard(ana, call)).toBeUndefined();
    expect(unheard(mute, call)).toBe('phoneGone');
    expect(unheard(mute, work({ phase: 'hold' }))).toBeUndefined();
    expect(unheard({ ...mute, lostAt: AT }, call)).toBe('deskLost');
    expect(unheard(ana, { ...call, unseen: true })).toBe('deskLost');
  });

  it('is paused by an offer that nobody answered only while it was available', () => {
    const paused = { ...setPresence(ana, 'paused', 'meal', AT), work: [work({ phase: 'hold' })] };
    expect(noAnswer(paused, 't1', LATER)).toMatchObject({
      work: [],
      presence: { reason: 'meal' },
      version: 7,
    });
    expect(noAnswer(ana, 'unknown', LATER)).toBe(ana);
  });
});

describe('breaks', () => {
  it('count from midnight, by reason, and name an unnamed pause a break', () => {
    const minute = (n: number): Date => new Date(AT.getTime() + n * 60_000);
    const log = [
      { state: 'paused', reason: null, at: minute(-10) },
      { state: 'available', reason: null, at: minute(5) },
      { state: 'paused', reason: 'break', at: minute(30) },
      { state: 'available', reason: null, at: minute(60) },
      { state: 'paused', reason: 'meal', at: minute(-30) },
      { state: 'available', reason: null, at: minute(-20) },
    ] as const;
    expect(breaksUsed(log, AT, minute(120))).toEqual([
      { reason: 'break', times: 2, usedMs: 35 * 60_000, budgetMs: 20 * 60_000, leftMs: 0 },
      { reason: 'meal', times: 0, usedMs: 0, budgetMs: 20 * 60_000, leftMs: 20 * 60_000 },
    ]);
  });
});
