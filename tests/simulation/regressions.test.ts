import { describe, expect, it } from 'vitest';
import { createManualClock } from './manual-time.ts';
import { newDisk, type Disk } from './memory-disk.ts';
import { ANA, arrive, boot, COMPANY, prepare, START, waiting } from './scripted.ts';

/** A moment that the test brings about. */
function moment(): { readonly reached: Promise<void>; readonly reach: () => void } {
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return { reached, reach };
}

const never = new Promise<void>(() => undefined);
const turns = async (count = 20): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

const stateOf = (disk: Disk, id: string) => disk.interactions.get(id)?.interaction.state;
const outboxOf = (disk: Disk, id: string) =>
  disk.interactions.get(id)?.outbox.map((entry) => entry.version) ?? [];

/**
 * Each of these was a bug that random lives (core.test.ts) found. A seed says nothing once the code takes another number of
 * steps, so each is told here step by step.
 */
describe('bugs that the simulation found', () => {
  it('a claim slept past its hold, which was swept, and then took the contact without capacity', async () => {
    const disk = newDisk();
    const clock = createManualClock(START);
    const asleep = await boot(disk, { clock });
    const caller = await waiting(asleep);
    const { reached: woken, reach: wake } = moment();
    let slept = false;
    asleep.before = (operation) => {
      if (operation !== 'contacts.replace' || slept) return undefined;
      slept = true;
      return woken;
    };
    // The hold is written; the contact's write is on its way, for half a minute.
    await asleep.core.agents.setPresence(COMPANY, ANA, 'available');
    await turns();
    expect(slept).toBe(true);
    expect(disk.agents.get(ANA)?.work).toHaveLength(1);
    clock.advance(26_000);
    const other = await boot(disk, { clock });
    await other.core.idle();
    expect(disk.agents.get(ANA)?.work, 'swept: no contact stood behind it').toEqual([]);
    wake();
    await turns();
    await asleep.core.idle();
    await other.core.idle();
    const state = stateOf(disk, caller.id);
    const backing = disk.agents.get(ANA)?.work.map((work) => work.token) ?? [];
    expect(state?.name === 'offered' ? backing : [], 'whoever is offered is backed').toEqual(
      state?.name === 'offered' ? [state.claim.hold] : [],
    );
    expect(disk.interactions.get(caller.id)?.interaction.voided).toHaveLength(1);
  });

  it('of two quick transitions the second settled the outbox without what the first had not carried out', async () => {
    const disk = newDisk();
    const { core } = await boot(disk);
    const { reached: carried, reach: carry } = moment();
    const ran: string[] = [];
    core.interactions.onEffect('queue.changed', async (_effect, _interaction, key) => {
      ran.push(key);
      if (ran.length === 1) await carried;
    });
    const { interaction } = await core.interactions.open({
      companyId: COMPANY,
      channel: 'voice',
      direction: 'inbound',
      contact: { address: '+5511987654321' },
      idempotencyKey: 'quick',
      identity: 'unknown',
    });
    const { id } = interaction;
    await core.interactions.apply(COMPANY, id, { type: 'enqueued', queue: 'suporte' });
    await core.interactions.apply(COMPANY, id, { type: 'requeued', priority: 2 });
    await turns();
    expect(outboxOf(disk, id), 'the first is still under way').toContain(2);
    carry();
    await core.idle();
    expect(outboxOf(disk, id)).toEqual([]);
    expect(ran.map((key) => key.split(':')[1])).toEqual(['2', '3']);
    expect([...disk.journal.keys()].filter((key) => key.startsWith(id))).toHaveLength(3);
  });

  it('after a restart a new transition dropped what the old process had left in the outbox', async () => {
    const disk = newDisk();
    const old = await boot(disk, { doomed: true });
    const caller = await waiting(old);
    // The old process dies with version 3 decided and neither told nor done.
    old.before = (operation) =>
      ['contacts.insertJournal', 'contacts.settle'].includes(operation) ? never : undefined;
    old.core.interactions.onEffect('queue.changed', () => never);
    await old.core.interactions.apply(COMPANY, caller.id, { type: 'requeued', priority: 1 });
    await turns();
    expect(outboxOf(disk, caller.id)).toEqual([3]);

    const { reached: recovered, reach: recover } = moment();
    const fresh = prepare(disk, {
      before: (operation) => (operation === 'contacts.unsettled' ? recovered : undefined),
    });
    const ran: string[] = [];
    fresh.core.interactions.onEffect('queue.changed', (_effect, _interaction, key) =>
      Promise.resolve(void ran.push(key.split(':')[1] ?? '')),
    );
    const started = fresh.core.start();
    // Before it has looked at what is left, the contact changes again.
    await fresh.core.interactions.apply(COMPANY, caller.id, { type: 'requeued', priority: 2 });
    await fresh.core.interactions.idle();
    expect(ran).toEqual(['3', '4']);
    expect(outboxOf(disk, caller.id)).toEqual([]);
    expect(disk.journal.get(`${caller.id}:00000003`)).toMatchObject({ kind: 'requeued' });
    recover();
    await started;
  });

  it('one operator for a queue: what timed out never came back to the one who did not answer', async () => {
    const disk = newDisk();
    const { core, clock } = await boot(disk);
    await core.agents.ensure({ id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] });
    await core.agents.setSoftphone(ANA, true);
    await core.agents.setPresence(COMPANY, ANA, 'available');
    const caller = await arrive(core, '1');
    expect(stateOf(disk, caller.id)?.name).toBe('offered');
    clock.advance(20_000);
    await turns();
    await core.idle();
    expect(stateOf(disk, caller.id)?.name).toBe('queued');
    expect(disk.agents.get(ANA)?.presence).toMatchObject({ state: 'paused', reason: 'noAnswer' });
    await core.agents.setPresence(COMPANY, ANA, 'available');
    await core.idle();
    expect(stateOf(disk, caller.id)).toMatchObject({ name: 'offered', claim: { agentId: ANA } });
    await core.router.accept(COMPANY, caller.id, ANA);
    expect(stateOf(disk, caller.id)?.name).toBe('active');
  });
});
