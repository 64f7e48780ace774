import { describe, expect, it } from 'vitest';
import type { AgentId } from '../../src/shared/ids.ts';
import { newDisk } from './memory-disk.ts';
import { ANA, arrive, boot, COMPANY, neighbourhood, waiting, type Rig } from './scripted.ts';

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
    const rig = await boot(newDisk());
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
    const rig = await boot(newDisk(), { inOrder: true });
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
    const rig = await boot(disk, { inOrder: true });
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
    const rig = await boot(disk, { inOrder: true });
    const caller = await waiting(rig);
    rig.log.length = 0;
    rig.before = (operation) => {
      if (operation === 'agents.replace') throw new Error('the disk is full');
      return undefined;
    };
    await expect(ready(rig)).rejects.toThrow('the disk is full');
    await rig.core.idle();
    expect(rig.log).not.toContain('offer → ana');
    expect(disk.interactions.get(caller.id)?.interaction.state.name).toBe('queued');
    expect(disk.journal.get(`${caller.id}:00000004`)).toMatchObject({
      kind: 'offerRevoked',
      data: { reason: 'notHeld' },
    });
    rig.before = () => undefined;
    await ready(rig);
    expect(rig.log).toContain('offer → ana');
    expect(disk.interactions.get(caller.id)?.outbox).toEqual([]);
  });

  it('nothing more is claimed for an operator whose hold is on its way, so the next in line keeps its turn', async () => {
    const disk = newDisk();
    const rig = await boot(disk);
    const { agents, interactions, queues } = rig.core;
    const bia = 'bia' as AgentId;
    for (const id of [ANA, bia]) {
      await agents.ensure({ id, companyId: COMPANY, name: id, queues: ['suporte'] });
      await agents.setSoftphone(id, true);
    }
    await ready(rig);
    let write = (): void => undefined;
    const written = new Promise<void>((resolve) => (write = resolve));
    let holds = 0;
    rig.before = (operation) => (operation === 'agents.replace' && holds++ === 0 ? written : undefined);
    /** Nobody waits for what hangs on the disk. */
    const comes = async (key: string) => {
      const { interaction } = await interactions.open({
        ...{ companyId: COMPANY, channel: 'voice', direction: 'inbound', idempotencyKey: key },
        ...{ contact: { address: `+551198765432${key}` }, identity: 'unknown' },
      });
      await interactions.apply(COMPANY, interaction.id, { type: 'enqueued', queue: 'suporte' });
      return interaction.id;
    };
    const [first, second, third] = [await comes('1'), await comes('2'), await comes('3')];
    expect(holds).toBe(1);
    // A change of the queue looks at everybody in it anew.
    await queues.patch(COMPANY, 'suporte', { wrapUpMs: 10_000 });
    await agents.setPresence(COMPANY, bia, 'available');
    write();
    await rig.core.idle();
    const at = [first, second, third].map((id) => disk.interactions.get(id)?.interaction.state);
    expect(at).toMatchObject([
      { name: 'offered', claim: { agentId: ANA } },
      { name: 'offered', claim: { agentId: bia } },
      { name: 'queued' },
    ]);
  });

  it('makes an offer anew after a start when no operator backs it', async () => {
    const disk = newDisk();
    const before = await boot(disk, { inOrder: true });
    const caller = await waiting(before);
    await ready(before);
    const held = disk.interactions.get(caller.id)?.interaction.state;
    // The process ended between the two writes, and the disk kept the second only.
    const agent = disk.agents.get(ANA);
    if (agent !== undefined) disk.agents.set(ANA, { ...agent, work: [] });
    const after = await boot(disk, { inOrder: true });
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

describe("from a customer's next message to the desk", () => {
  it('takes one turn of reads and one write', async () => {
    const rig = await boot(newDisk(), { inOrder: true });
    const from = '+5511987654321';
    const write = async (idempotencyKey: string) => {
      const { interaction, continued } = await rig.core.interactions.open({
        companyId: COMPANY,
        channel: 'whatsapp',
        direction: 'inbound',
        contact: { address: from },
        idempotencyKey,
        identity: 'unknown',
        thread: from,
      });
      const said = {
        direction: 'inbound',
        author: { kind: 'customer' },
        from,
        to: ['nós'],
        text: 'oi',
      } as const;
      await rig.core.interactions.addMessage(COMPANY, interaction.id, said, { idempotencyKey });
      return continued;
    };
    rig.core.interactions.onMessage(() => rig.log.push('message → desk'));
    expect(await write('m1')).toBe(false);
    await rig.core.idle();
    rig.log.length = 0;
    expect(await write('m2')).toBe(true);
    expect(upTo(rig.log, 'message → desk')).toEqual([
      'contacts.byKey',
      'contacts.messages',
      'contacts.byOpenThread',
      'contacts.byKey done',
      'contacts.messages done',
      'contacts.byOpenThread done',
      'contacts.insertMessage',
      'contacts.insertMessage done',
      'message → desk',
    ]);
    // Delivered again: the same message, told to nobody twice.
    rig.log.length = 0;
    await write('m2');
    expect(rig.log).not.toContain('message → desk');
  });
});

describe('two processes over one store', () => {
  it('what is known of a record is never believed when it would write nothing', async () => {
    const disk = newDisk();
    const a = await boot(disk);
    const caller = await waiting(a);
    const b = await boot(disk);
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

  it('each routes to operators and takes contacts that only the other has changed', async () => {
    const disk = newDisk();
    const near = neighbourhood();
    const a = await boot(disk, { neighbours: near.member() });
    const b = await boot(disk, { neighbours: near.member(), seed: 2 });
    const state = (id: string) => disk.interactions.get(id)?.interaction.state.name;
    // Ana is known to A only; the call comes in at B, where nobody is.
    const caller = await waiting(a);
    await ready(a);
    expect(state(caller.id)).toBe('offered');
    await expect.poll(() => b.core.router.live(COMPANY, 'suporte').offered).toBe(1);
    await a.core.router.accept(COMPANY, caller.id, ANA);
    const second = await arrive(b.core, '2');
    expect(state(second.id)).toBe('queued');
    // The work ends at A, whose index has never seen the second call itself.
    await a.core.interactions.apply(COMPANY, caller.id, { type: 'agentEnded' });
    const by = { kind: 'system' } as const;
    await a.core.interactions.apply(COMPANY, caller.id, { type: 'closed', disposition: 'fim', by });
    await expect.poll(() => state(second.id)).toBe('offered');
    expect(disk.agents.get(ANA)?.work).toHaveLength(1);
    // Nobody answers: every process has the timer, the first event wins.
    a.clock.advance(20_000);
    b.clock.advance(20_000);
    await expect.poll(() => state(second.id)).toBe('queued');
    await expect.poll(() => b.core.agents.get(COMPANY, ANA)?.presence.reason).toBe('noAnswer');
    // A word about a word would never end.
    const told = near.words.length;
    await b.core.agents.setPresence(COMPANY, ANA, 'paused', 'break');
    await expect.poll(() => a.core.agents.get(COMPANY, ANA)?.presence.reason).toBe('break');
    expect(near.words.length - told).toBe(1);
  });

  it('who has gone away at the one accepts nothing at the other, whichever takes the offer back first', async () => {
    const disk = newDisk();
    const near = neighbourhood();
    const a = await boot(disk, { neighbours: near.member() });
    const b = await boot(disk, { neighbours: near.member(), seed: 2 });
    const caller = await waiting(a);
    await ready(a);
    await expect.poll(() => b.core.router.live(COMPANY, 'suporte').offered).toBe(1);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    a.before = (operation) => (operation === 'contacts.replace' ? held : undefined);
    const gone = a.core.agents.setPresence(COMPANY, ANA, 'offline');
    await expect.poll(() => b.core.agents.get(COMPANY, ANA)?.presence.state).toBe('offline');
    await expect(b.core.router.accept(COMPANY, caller.id, ANA)).rejects.toMatchObject({
      code: 'offer.expired',
    });
    go();
    await gone;
    await a.core.idle();
    expect(disk.interactions.get(caller.id)?.interaction).toMatchObject({
      state: { name: 'queued' },
      timestamps: { acceptedAt: null },
    });
  });
});
