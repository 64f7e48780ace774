import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../tests/simulation/manual-time.ts';
import { availableAgent } from '../../tests/support/available-agent.ts';
import { silentLogger } from '../platform/log/index.ts';
import { AppError } from '../shared/errors.ts';
import { RETRY_MS } from '../shared/deadlines.ts';
import type { Agent } from './domain/agent.ts';
import { createDesks } from './desks.ts';
import type { Roster } from './roster.ts';

const AT = new Date('2026-11-23T12:00:00Z');

function rig(agent: Agent) {
  const clock = createManualClock(AT.getTime());
  const store = { agent, refuses: null as Error | null, writes: 0 };
  const roster = {
    must: (_company: string, _id: string, change: (agent: Agent) => Agent) => {
      if (store.refuses !== null) return Promise.reject(store.refuses);
      store.agent = change(store.agent);
      store.writes += 1;
      return Promise.resolve(store.agent);
    },
  } as unknown as Roster;
  const desks = createDesks({ roster, clock, logger: silentLogger() });
  const wait = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await new Promise(setImmediate);
  };
  return { desks, store, wait, clock };
}

const full = new AppError('store.full', 507, 'No space.');

describe('the desks of an operator', () => {
  const ana = availableAgent(AT);

  it('a loss that the store refuses is written when it takes it', async () => {
    const { desks, store, wait } = rig(ana);
    await desks.deskOpened(ana.companyId, ana.id);
    store.refuses = full;
    await desks.deskClosed(ana.companyId, ana.id);
    await wait(RETRY_MS);
    expect(store.agent.lostAt).toBeNull();
    store.refuses = null;
    await wait(RETRY_MS);
    expect(store.agent.lostAt).toEqual(new Date(AT.getTime() + 2 * RETRY_MS));
  });

  it('what is written then is how the sockets stand then', async () => {
    const { desks, store, wait, clock } = rig({ ...ana, desk: false });
    store.refuses = full;
    await desks.deskOpened(ana.companyId, ana.id);
    await desks.deskClosed(ana.companyId, ana.id);
    await desks.deskOpened(ana.companyId, ana.id);
    store.refuses = null;
    await wait(RETRY_MS);
    expect(store.agent).toMatchObject({ desk: true, lostAt: null });
    expect(store.writes).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('of two tabs the last one counts', async () => {
    const { desks, store } = rig(ana);
    await desks.deskOpened(ana.companyId, ana.id);
    await desks.deskOpened(ana.companyId, ana.id);
    await desks.deskClosed(ana.companyId, ana.id);
    expect(store.agent.lostAt).toBeNull();
    await desks.deskClosed(ana.companyId, ana.id);
    expect(store.agent.lostAt).toEqual(AT);
  });

  it('a desk that was heard and falls silent is lost, and found with its next word', async () => {
    const { desks, store, wait, clock } = rig({ ...ana, desk: false });
    await desks.deskOpened(ana.companyId, ana.id);
    desks.deskAlive(ana.companyId, ana.id);
    await wait(9_000);
    desks.deskAlive(ana.companyId, ana.id);
    await wait(9_999);
    expect(store.agent.lostAt).toBeNull();
    await wait(1);
    expect(store.agent.lostAt).toEqual(new Date(AT.getTime() + 19_000));
    desks.deskAlive(ana.companyId, ana.id);
    expect(store.agent).toMatchObject({ desk: true, lostAt: null });
    await desks.deskClosed(ana.companyId, ana.id);
    expect(clock.pending).toBe(0);
    desks.deskAlive(ana.companyId, ana.id);
    expect(clock.pending).toBe(0);
  });

  it('a desk that was silent and comes back by a new socket is there at once', async () => {
    const { desks, store, wait } = rig(ana);
    await desks.deskOpened(ana.companyId, ana.id);
    desks.deskAlive(ana.companyId, ana.id);
    await wait(10_000);
    await desks.deskClosed(ana.companyId, ana.id);
    expect(store.agent.lostAt).toEqual(new Date(AT.getTime() + 10_000));
    await desks.deskOpened(ana.companyId, ana.id);
    expect(store.agent.lostAt).toBeNull();
  });

  it('what rang before the restart was not seen at a desk that comes long after it', async () => {
    const work = {
      ...{ interactionId: 'i' as never, token: 't', weight: 15, counts: true, expiresAt: null },
      ...({ channel: 'email', phase: 'hold' } as const),
    };
    for (const [waited, unseen] of [
      [9_999, undefined],
      [10_000, true],
    ] as const) {
      const { desks, store, wait } = rig({ ...ana, lostAt: AT, work: [work] });
      await wait(waited);
      await desks.deskOpened(ana.companyId, ana.id);
      expect(store.agent.work[0]?.unseen).toBe(unseen);
    }
  });

  it('who is offline loses no desk', async () => {
    const offline = { ...ana, presence: { ...ana.presence, state: 'offline' } } as const;
    const { desks, store } = rig(offline);
    await desks.deskOpened(ana.companyId, ana.id);
    await desks.deskClosed(ana.companyId, ana.id);
    expect(store.agent).toEqual(offline);
  });

  it('what rang while it was away was not seen there; F5 is no absence', async () => {
    const hold = { ...{ interactionId: 'i' as never, token: 't', weight: 25 }, counts: true } as const;
    const ringing = { ...hold, phase: 'hold', expiresAt: null } as const;
    const work = [
      { ...ringing, channel: 'email' },
      { ...ringing, channel: 'voice' },
      { ...hold, channel: 'sms', phase: 'work', expiresAt: null },
    ] as const;
    const unseen = () => store.agent.work.map((one) => one.unseen === true);
    const { desks, store, wait } = rig({ ...ana, work, softphone: { up: true, autoAnswer: true } });
    await desks.deskOpened(ana.companyId, ana.id);
    desks.deskAlive(ana.companyId, ana.id);
    await wait(3_000);
    await desks.deskClosed(ana.companyId, ana.id);
    await wait(3_000);
    await desks.deskOpened(ana.companyId, ana.id);
    expect(store.agent.lostAt).toBeNull();
    expect(unseen()).toEqual([false, false, false]);
    desks.deskAlive(ana.companyId, ana.id);
    await wait(11_000);
    store.agent = { ...store.agent, softphone: { up: true, autoAnswer: false } };
    desks.deskAlive(ana.companyId, ana.id);
    expect(unseen()).toEqual([true, false, false]);
    await desks.deskClosed(ana.companyId, ana.id);
    await wait(10_000);
    store.agent = { ...store.agent, softphone: { up: true, autoAnswer: true } };
    await desks.deskOpened(ana.companyId, ana.id);
    expect(unseen()).toEqual([true, true, false]);
  });

  it('who is no operator has none, and nothing is tried again', async () => {
    const { desks, store, clock } = rig(ana);
    store.refuses = new AppError('agent.notFound', 404, 'There is no such operator.');
    await desks.deskOpened(ana.companyId, ana.id);
    expect(clock.pending).toBe(0);
  });

  it('nothing is tried after the stop', async () => {
    const { desks, store, clock } = rig(ana);
    store.refuses = full;
    await desks.deskOpened(ana.companyId, ana.id);
    desks.deskAlive(ana.companyId, ana.id);
    desks.stop();
    expect(clock.pending).toBe(0);
  });
});
