import { afterEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/interactions/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { QUEUE_DEFAULTS } from '../../src/queue/index.ts';
import type { AgentId, CompanyId } from '../../src/shared/ids.ts';
import { createCore, type Core, type CoreStores } from './core-rig.ts';
import { createDice, createManualClock } from './manual-time.ts';
import { memoryStores, newDisk, type Disk } from './memory-stores.ts';

const COMPANY = 'exemplo' as CompanyId;
const ANA = 'ana' as AgentId;
const START = Date.parse('2026-11-23T12:00:00Z');

/** One process over a disk, with a log of what it asks of the stores and of what it shows to desks. */
interface Rig {
  readonly core: Core;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly log: string[];
  /** Asked before each operation; what it throws is the disk's refusal. */
  refuse: (operation: string) => void;
}

const cores: Core[] = [];
afterEach(async () => {
  for (const core of cores.splice(0)) await core.stop();
});

function logged<S extends object>(name: string, store: S, rig: { log: string[]; refuse: Rig['refuse'] }): S {
  return new Proxy(store, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      const operation = `${name}.${String(property)}`;
      return async (...args: unknown[]) => {
        rig.log.push(operation);
        rig.refuse(operation);
        const answer: unknown = await Reflect.apply(member, target, args);
        rig.log.push(`${operation} done`);
        return answer;
      };
    },
  });
}

async function boot(disk: Disk, inOrder: boolean): Promise<Rig> {
  disk.queues.set(`${COMPANY}:suporte`, {
    ...QUEUE_DEFAULTS,
    companyId: COMPANY,
    key: 'suporte',
    name: 'Suporte',
  });
  const seen = { log: [] as string[], refuse: (): void => undefined } as {
    log: string[];
    refuse: Rig['refuse'];
  };
  const plain = memoryStores(disk, undefined, inOrder);
  const stores: CoreStores = {
    ...plain,
    agents: logged('agents', plain.agents, seen),
    interactions: logged('contacts', plain.interactions, seen),
  };
  const clock = createManualClock(START);
  const core = createCore({
    stores,
    clock,
    random: createDice(1),
    logger: silentLogger(),
    publisher: {
      toUser: (_company, user, event) => {
        if (event === 'offer') seen.log.push(`${event} → ${user}`);
      },
      toQueue: () => undefined,
      toSupervisors: () => undefined,
    },
    timeZone: () => 'America/Sao_Paulo',
    aloneOnStore: inOrder,
  });
  cores.push(core);
  await core.start();
  return Object.assign(seen, { core, clock });
}

/** Ana has a phone and is on a break; one caller waits. */
async function waiting({ core }: Rig): Promise<Interaction> {
  await core.agents.ensure({ id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] });
  await core.agents.setSoftphone(ANA, true);
  await core.agents.setPresence(COMPANY, ANA, 'paused', 'break');
  return arrive(core, '1');
}

async function arrive(core: Core, key: string): Promise<Interaction> {
  const { interaction } = await core.interactions.open({
    companyId: COMPANY,
    channel: 'voice',
    direction: 'inbound',
    contact: { address: `+551198765432${key}` },
    idempotencyKey: key,
    identity: 'unknown',
  });
  await core.interactions.apply(COMPANY, interaction.id, { type: 'enqueued', queue: 'suporte' });
  await core.idle();
  return interaction;
}

const ready = async ({ core }: Rig): Promise<void> => {
  await core.agents.setPresence(COMPANY, ANA, 'available');
  await core.idle();
};

const upTo = (log: readonly string[], event: string): string[] => {
  const end = log.indexOf(event);
  return end < 0 ? [...log] : log.slice(0, end + 1);
};

describe('from ready to the offer', () => {
  it('takes one write of the operator, then one of the contact, and no read', async () => {
    const rig = await boot(newDisk(), false);
    await waiting(rig);
    rig.log.length = 0;
    await ready(rig);
    expect(upTo(rig.log, 'offer → ana')).toEqual([
      'agents.replace',
      'agents.replace done',
      'contacts.replace',
      'contacts.replace done',
      // The line of the journal is on its way; the offer does not wait for it.
      'contacts.insertJournal',
      'offer → ana',
    ]);
  });

  it('is one group commit over a store that keeps order, and nothing is shown before both are on the disk', async () => {
    const rig = await boot(newDisk(), true);
    await waiting(rig);
    rig.log.length = 0;
    await ready(rig);
    expect(upTo(rig.log, 'offer → ana')).toEqual([
      'agents.replace',
      'contacts.replace',
      'agents.replace done',
      'contacts.replace done',
      'contacts.insertJournal',
      'offer → ana',
    ]);
  });

  it('gives the next caller in the write that ends the work before', async () => {
    const disk = newDisk();
    const rig = await boot(disk, true);
    const first = await waiting(rig);
    await ready(rig);
    await rig.core.router.accept(COMPANY, first.id, ANA);
    const second = await arrive(rig.core, '2');
    await rig.core.interactions.apply(COMPANY, first.id, { type: 'agentEnded' });
    await rig.core.idle();
    rig.log.length = 0;
    const by = { kind: 'agent', id: ANA } as const;
    await rig.core.interactions.apply(COMPANY, first.id, { type: 'closed', disposition: 'fim', by });
    await rig.core.idle();
    expect(rig.log.filter((entry) => entry === 'agents.replace')).toHaveLength(1);
    expect(disk.agents.get(ANA)?.work.map((work) => work.interactionId)).toEqual([second.id]);
    expect(rig.log).toContain('offer → ana');
  });

  it('shows nothing when the disk refused the hold and took the offer: taken back, and offered once it can be', async () => {
    const disk = newDisk();
    const rig = await boot(disk, true);
    const caller = await waiting(rig);
    rig.log.length = 0;
    rig.refuse = (operation) => {
      if (operation === 'agents.replace') throw new Error('the disk is full');
    };
    await expect(ready(rig)).rejects.toThrow('the disk is full');
    await rig.core.idle();
    expect(rig.log).not.toContain('offer → ana');
    expect(disk.interactions.get(caller.id)?.interaction.state.name).toBe('queued');
    expect(disk.journal.get(`${caller.id}:00000004`)).toMatchObject({
      kind: 'offerRevoked',
      data: { reason: 'notHeld' },
    });
    rig.refuse = () => undefined;
    await ready(rig);
    expect(rig.log).toContain('offer → ana');
    expect(disk.interactions.get(caller.id)?.outbox).toEqual([]);
  });

  it('makes an offer anew after a start when no operator backs it', async () => {
    const disk = newDisk();
    const before = await boot(disk, true);
    const caller = await waiting(before);
    await ready(before);
    const held = disk.interactions.get(caller.id)?.interaction.state;
    // The process ended between the two writes, and the disk kept the second only.
    const agent = disk.agents.get(ANA);
    if (agent !== undefined) disk.agents.set(ANA, { ...agent, work: [] });
    const after = await boot(disk, true);
    await after.core.agents.setSoftphone(ANA, true);
    await after.core.idle();
    const now = disk.interactions.get(caller.id)?.interaction.state;
    expect(held).toMatchObject({ name: 'offered' });
    expect(now).toMatchObject({ name: 'offered' });
    expect(now?.name === 'offered' && held?.name === 'offered' && now.claim.hold !== held.claim.hold).toBe(
      true,
    );
    expect(disk.agents.get(ANA)?.work).toHaveLength(1);
  });
});

describe('two processes over one store', () => {
  it('what is known of a record is never believed when it would write nothing', async () => {
    const disk = newDisk();
    const a = await boot(disk, false);
    const caller = await waiting(a);
    const b = await boot(disk, false);
    await a.core.agents.setSoftphone(ANA, true);
    await ready(a);
    const state = disk.interactions.get(caller.id)?.interaction.state;
    if (state?.name !== 'offered') throw new Error('not offered');
    // B has never heard of this hold and this offer.
    await expect(b.core.router.accept(COMPANY, caller.id, ANA)).resolves.toMatchObject({
      agent: { id: ANA },
    });
    await b.core.idle();
    expect(disk.agents.get(ANA)?.work).toMatchObject([{ token: state.claim.hold, phase: 'work' }]);
    // A believes that it still rings.
    await a.core.interactions.apply(COMPANY, caller.id, { type: 'agentEnded' });
    await a.core.interactions.apply(COMPANY, caller.id, {
      type: 'closed',
      disposition: 'fim',
      by: { kind: 'system' },
    });
    await a.core.idle();
    expect(disk.agents.get(ANA)?.work).toEqual([]);
  });
});
