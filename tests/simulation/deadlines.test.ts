import { describe, expect, it } from 'vitest';
import type { Core } from './core-rig.ts';
import { createManualClock } from './manual-time.ts';
import { newDisk, type Disk } from './memory-disk.ts';
import { ANA, arrive, boot, COMPANY, START, type Rig } from './scripted.ts';

const DAY_MS = 86_400_000;
/** An operating system whose alarms ring a little early. */
const early = (delayMs: number): number => delayMs * 0.97;

const stateOf = (disk: Disk, id: string) => disk.interactions.get(id)?.interaction.state;
const ana = (disk: Disk) => disk.agents.get(ANA);

async function anaWorks({ core }: Pick<Rig, 'core'>): Promise<void> {
  await core.agents.ensure({ id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] });
  await core.agents.setSoftphone(ANA, true);
  await core.agents.deskOpened(COMPANY, ANA);
  await core.agents.setPresence(COMPANY, ANA, 'available');
}

/** A mail in Ana's hands whose customer waits for the answer. */
async function mailInHand(core: Core): Promise<string> {
  const { interaction } = await core.interactions.open({
    companyId: COMPANY,
    channel: 'email',
    direction: 'inbound',
    contact: { address: 'maria@cliente.example' },
    idempotencyKey: 'mail',
    identity: 'unknown',
  });
  await core.interactions.apply(COMPANY, interaction.id, { type: 'enqueued', queue: 'suporte' });
  await core.idle();
  await core.router.accept(COMPANY, interaction.id, ANA);
  await core.idle();
  return interaction.id;
}

async function world(rings = early) {
  const disk = newDisk();
  const clock = createManualClock(START, rings);
  const rig = await boot(disk, { clock });
  await anaWorks(rig);
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await rig.core.idle();
  };
  return { disk, clock, pass, core: rig.core };
}

/** What somebody does to the wall clock while a deadline runs. */
const STEPS = [0, -3_000, -DAY_MS, 3_000, DAY_MS];

describe('deadlines under alarms that ring early and a wall clock that is set', () => {
  it.each(STEPS)(
    'a lost desk is offline after 60 s, no sooner and no later (clock set by %i ms)',
    async (by) => {
      const { disk, clock, pass, core } = await world();
      const mail = await mailInHand(core);
      await core.agents.deskClosed(COMPANY, ANA);
      await pass(1_000);
      clock.setWall(by);
      await pass(58_998);
      expect(ana(disk)?.presence.state).toBe('available');
      await pass(5);
      expect(ana(disk)).toMatchObject({
        presence: { state: 'offline', reason: 'deskLost', lostMs: 60_000, returned: 1 },
        desk: false,
        lostAt: null,
        work: [],
      });
      expect(stateOf(disk, mail)?.name).toBe('queued');
    },
  );

  it.each(STEPS)('an offer rings 20 s, no less and no more (clock set by %i ms)', async (by) => {
    const { disk, clock, pass, core } = await world();
    const caller = await arrive(core, '1');
    await pass(1_000);
    clock.setWall(by);
    // A change of the record meanwhile does not begin the time again.
    await core.interactions.apply(COMPANY, caller.id, { type: 'recordingStarted' });
    await pass(18_998);
    expect(stateOf(disk, caller.id)?.name).toBe('offered');
    await pass(5);
    expect(stateOf(disk, caller.id)?.name).toBe('queued');
    expect(ana(disk)?.presence).toMatchObject({ state: 'paused', reason: 'noAnswer' });
  });

  it.each(STEPS)('a wrap-up lasts 30 s, no less and no more (clock set by %i ms)', async (by) => {
    const { disk, clock, pass, core } = await world();
    const caller = await arrive(core, '1');
    await core.router.accept(COMPANY, caller.id, ANA);
    await core.interactions.apply(COMPANY, caller.id, { type: 'agentEnded' });
    await core.idle();
    await pass(1_000);
    clock.setWall(by);
    await pass(28_998);
    expect(stateOf(disk, caller.id)?.name).toBe('wrapUp');
    await pass(5);
    expect(stateOf(disk, caller.id)?.name).toBe('closed');
    expect(ana(disk)?.work).toEqual([]);
  });

  it('a wrap-up that is extended ends at its new end, no sooner and no later', async () => {
    const { disk, pass, core } = await world();
    const caller = await arrive(core, '1');
    await core.router.accept(COMPANY, caller.id, ANA);
    await core.interactions.apply(COMPANY, caller.id, { type: 'agentEnded' });
    await core.idle();
    await pass(10_000);
    const actor = { kind: 'agent', id: ANA } as const;
    await core.interactions.apply(COMPANY, caller.id, {
      ...{ type: 'wrapUpExtended', byMs: 30_000, maxMs: 120_000, actor },
    });
    await pass(29_998);
    expect(stateOf(disk, caller.id)?.name).toBe('wrapUp');
    await pass(5);
    expect(stateOf(disk, caller.id)?.name).toBe('closed');
  });

  it.each(STEPS)('a hold that nobody confirmed is looked at after 25 s (clock set by %i ms)', async (by) => {
    const { disk, clock, pass, core } = await world();
    await core.agents.hold(COMPANY, ANA, {
      interactionId: 'gone' as never,
      channel: 'voice',
      weight: 0,
      token: 'orphan',
      expiresAt: new Date(clock.now() + 25_000),
    });
    await pass(1_000);
    clock.setWall(by);
    await pass(23_990);
    expect(ana(disk)?.work).toHaveLength(1);
    await pass(20);
    expect(ana(disk)?.work).toEqual([]);
  });

  it('what could not be carried out is tried again until it is', async () => {
    const disk = newDisk();
    const clock = createManualClock(START, early);
    const rig = await boot(disk, { clock });
    await anaWorks(rig);
    const caller = await arrive(rig.core, '1');
    let refusals = 3;
    rig.before = (operation) => {
      if (operation === 'contacts.replace' && refusals-- > 0) throw new Error('the disk is full');
      return undefined;
    };
    for (let second = 0; second < 30; second++) {
      clock.advance(1_000);
      await rig.core.idle();
    }
    expect(stateOf(disk, caller.id)?.name).toBe('queued');
  });
});

describe('what happens while a desk is lost', () => {
  const meanwhile: readonly (readonly [string, (core: Core) => Promise<unknown>])[] = [
    ['an offer that nobody answers', (core) => arrive(core, '1')],
    [
      'a pause that a supervisor forces',
      (core) => core.agents.setPresence(COMPANY, ANA, 'paused', 'forced', 'sofia'),
    ],
    [
      'a call for duty that a supervisor forces',
      (core) => core.agents.setPresence(COMPANY, ANA, 'available', 'voltar', 'sofia'),
    ],
    ['a last click that came through', (core) => core.agents.setPresence(COMPANY, ANA, 'paused', 'break')],
    ['a socket that closes again', (core) => core.agents.deskClosed(COMPANY, ANA)],
    ['a softphone that goes', (core) => core.agents.setSoftphone(ANA, false)],
  ];

  it.each(meanwhile)('%s does not clear the loss: offline at 60 s, text given back', async (_what, act) => {
    const { disk, pass, core } = await world();
    const mail = await mailInHand(core);
    await core.agents.deskClosed(COMPANY, ANA);
    await pass(10_000);
    await act(core);
    await core.idle();
    await pass(25_000);
    await pass(24_998);
    expect(ana(disk)?.presence.state).not.toBe('offline');
    await pass(5);
    expect(ana(disk)).toMatchObject({ presence: { state: 'offline' }, desk: false, work: [] });
    expect(stateOf(disk, mail)?.name).toBe('queued');
  });

  it('a desk that comes back clears it', async () => {
    const { disk, pass, core } = await world();
    await core.agents.deskClosed(COMPANY, ANA);
    await pass(59_000);
    await core.agents.deskOpened(COMPANY, ANA);
    await pass(120_000);
    expect(ana(disk)).toMatchObject({ presence: { state: 'available' }, desk: true });
  });

  it('going offline ends it: whoever comes back later has 60 s again', async () => {
    const { disk, pass, core } = await world();
    await core.agents.deskClosed(COMPANY, ANA);
    await pass(10_000);
    await core.agents.setPresence(COMPANY, ANA, 'offline');
    await core.agents.setPresence(COMPANY, ANA, 'available');
    await pass(120_000);
    expect(ana(disk)?.presence.state).toBe('available');
  });
});

describe('deadlines that an earlier process left', () => {
  /** A call rings at Ana; then the process ends for so long. */
  async function restarted(downMs: number, wallBy = 0) {
    const disk = newDisk();
    const clock = createManualClock(START, early);
    const before = await boot(disk, { clock, inOrder: true });
    await anaWorks(before);
    const caller = await arrive(before.core, '1');
    await before.core.stop();
    clock.advance(downMs);
    clock.setWall(wallBy);
    const { core } = await boot(disk, { clock, inOrder: true, seed: 2 });
    const pass = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await core.idle();
    };
    await pass(1);
    return { disk, core, pass, caller };
  }
  const journal = (disk: Disk, id: string) =>
    [...disk.journal.values()].filter((line) => line.interactionId === id).map((line) => line.kind);

  it('an offer that ran out while the server was down is no missing answer: offered anew, nobody paused', async () => {
    const { disk, core, pass, caller } = await restarted(30_000);
    expect(journal(disk, caller.id)).toContain('offerRevoked');
    expect(journal(disk, caller.id)).not.toContain('offerTimedOut');
    expect(ana(disk)?.presence).toMatchObject({ state: 'available' });
    await core.agents.setSoftphone(ANA, true);
    await pass(200);
    expect(stateOf(disk, caller.id)).toMatchObject({ name: 'offered', claim: { agentId: ANA } });
  });

  it('nor is one that would end before the desks are back', async () => {
    const { disk, caller } = await restarted(15_500);
    expect(journal(disk, caller.id)).toContain('offerRevoked');
  });

  it('one that desks can still answer goes on, and then counts', async () => {
    const { disk, core, pass, caller } = await restarted(10_000);
    expect(stateOf(disk, caller.id)?.name).toBe('offered');
    await core.agents.setSoftphone(ANA, true);
    await core.agents.deskOpened(COMPANY, ANA);
    await pass(9_990);
    expect(stateOf(disk, caller.id)?.name).toBe('offered');
    await pass(20);
    expect(journal(disk, caller.id)).toContain('offerTimedOut');
    expect(ana(disk)?.presence).toMatchObject({ state: 'paused', reason: 'noAnswer' });
  });

  it('but not against a desk that did not come back', async () => {
    const { disk, pass, caller } = await restarted(10_000);
    await pass(10_010);
    expect(journal(disk, caller.id)).not.toContain('offerTimedOut');
    expect(ana(disk)?.presence).toMatchObject({ state: 'available' });
  });

  it('a clock that was set back meanwhile costs no more than the whole time', async () => {
    const { disk, pass, caller } = await restarted(1_000, -DAY_MS);
    await pass(19_900);
    expect(stateOf(disk, caller.id)?.name).toBe('offered');
    await pass(200);
    expect(stateOf(disk, caller.id)?.name).toBe('queued');
  });

  it('a desk that was connected has 60 s to come back, also when the clock was set back', async () => {
    const { disk, pass } = await restarted(1_000, -DAY_MS);
    expect(ana(disk)?.lostAt).not.toBeNull();
    await pass(59_990);
    expect(ana(disk)?.presence.state).not.toBe('offline');
    await pass(20);
    expect(ana(disk)?.presence.state).toBe('offline');
  });
});
