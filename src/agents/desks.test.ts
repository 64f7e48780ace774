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
    desks.stop();
    expect(clock.pending).toBe(0);
  });
});
