import { silentLogger } from '../../src/platform/log/index.ts';
import type { Interaction, InteractionEvent } from '../../src/interactions/index.ts';
import { QUEUE_DEFAULTS } from '../../src/queue/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../../src/shared/ids.ts';
import { createCore, type Core } from './core-rig.ts';
import { memoryGround, type Ground } from './ground.ts';
import { createDice, createManualClock, type Dice, type ManualClock } from './manual-time.ts';
import type { Disk, Gate } from './memory-stores.ts';

export const COMPANY = 'exemplo' as CompanyId;
export const QUEUES = ['suporte', 'financeiro'] as const;
const START = Date.parse('2026-11-23T12:00:00Z');

interface Pending {
  readonly process: Process;
  /** Runs the operation on the disk; answers only when the process still lives. */
  readonly run: (answer: boolean) => Promise<void>;
}

interface Process {
  core: Core;
  alive: boolean;
  readonly clock: ReturnType<ManualClock['fork']>;
  started: boolean;
}

/** What the outside was told and may rely on. */
export interface Acknowledged {
  readonly opened: Set<InteractionId>;
  readonly accepted: Map<InteractionId, AgentId>;
}

export interface WorldOptions {
  readonly operators: number;
  readonly crashes: boolean;
  readonly steps: number;
  /** Default: memory, where operations take effect in any order. */
  readonly ground?: Ground;
}

/**
 * One company with random operators and customers over a disk whose every operation waits for the dice: any two may
 * change order, and the process may die between an operation and its answer, or before it.
 */
export interface World {
  readonly seed: number;
  readonly disk: Disk;
  readonly dice: Dice;
  readonly clock: ManualClock;
  readonly told: Acknowledged;
  readonly agentIds: readonly AgentId[];
  readonly core: () => Core;
  /** One random step. */
  readonly step: () => Promise<void>;
  readonly crash: () => Promise<void>;
  /** Runs operations until nothing moves without time passing. */
  readonly settle: () => Promise<void>;
  /** Something an outsider asks for; it may never be answered. */
  readonly ask: (task: (core: Core) => Promise<unknown>) => void;
  readonly contacts: () => readonly Interaction[];
  /** Called after each operation on the disk. */
  readonly watch: (check: (label: string) => void) => void;
  /** A number that grows: names of arrivals and messages. */
  readonly serial: () => number;
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function createWorld(seed: number, options: WorldOptions): Promise<World> {
  const dice = createDice(seed);
  const clock = createManualClock(START);
  const ground = options.ground ?? memoryGround(false);
  const { disk, inOrder } = ground;
  const told: Acknowledged = { opened: new Set(), accepted: new Map() };
  const agentIds = Array.from({ length: options.operators }, (_, i) => `op${i}` as AgentId);
  const pending: Pending[] = [];
  const nextOne = (): number => (inOrder ? 0 : dice.below(pending.length));
  let check: (label: string) => void = () => undefined;
  let serial = 0;
  let process: Process;

  const gateOf =
    (owner: () => Process): Gate =>
    (operation) =>
      new Promise((resolve, reject) => {
        pending.push({
          process: owner(),
          async run(answer) {
            try {
              const result = await operation();
              if (answer) resolve(result);
            } catch (error) {
              if (answer) reject(error instanceof Error ? error : new Error(String(error)));
            }
          },
        });
      });

  const boot = (): Process => {
    const own: Process = { alive: true, started: false, clock: clock.fork(), core: undefined as never };
    const stores = ground.stores(gateOf(() => own));
    own.core = createCore({
      stores,
      clock: own.clock,
      random: dice,
      logger: silentLogger(),
      publisher: { toUser: () => undefined, toQueue: () => undefined, toSupervisors: () => undefined },
      timeZone: () => 'America/Sao_Paulo',
      aloneOnStore: true,
    });
    void own.core.start().then(() => {
      own.started = true;
    });
    return own;
  };

  const runSome = async (): Promise<void> => {
    const count = ground.atOnce > 1 ? 1 + dice.below(ground.atOnce) : 1;
    await Promise.all(pending.splice(nextOne(), count).map((operation) => operation.run(true)));
    check('answered');
  };

  const settle = async (): Promise<void> => {
    for (;;) {
      await tick();
      if (pending.length === 0) return;
      await runSome();
    }
  };

  const ask: World['ask'] = (task) => {
    const asked = process;
    if (asked.started) task(asked.core).catch(() => undefined);
  };

  const world: World = {
    seed,
    disk,
    dice,
    clock,
    told,
    agentIds,
    core: () => process.core,
    settle,
    ask,
    watch: (fn) => void (check = fn),
    serial: () => serial++,
    contacts: () => [...disk.interactions.values()].map((stored) => stored.interaction),
    async step() {
      await tick();
      if (pending.length > 0 && dice.chance(0.75)) await runSome();
      else if (options.crashes && dice.chance(0.01)) await world.crash();
      else if (dice.chance(0.2)) clock.next(60_000);
      else act(world);
    },
    async crash() {
      process.alive = false;
      process.clock.kill();
      // What was on its way to the disk may have arrived or not; nobody hears of it.
      for (const operation of pending.splice(0))
        if (dice.chance(0.5)) {
          await operation.run(false);
          check('unanswered, at a crash');
        } else if (inOrder) break;
      process = boot();
      await tick();
    },
  };

  for (const key of QUEUES) await ground.seed({ ...QUEUE_DEFAULTS, companyId: COMPANY, key, name: key });
  process = boot();
  await settle();
  for (const id of agentIds)
    ask((core) =>
      core.agents.ensure({
        id,
        companyId: COMPANY,
        name: id,
        queues: dice.chance(0.8) ? [...QUEUES] : [dice.pick(QUEUES)],
        skills: dice.chance(0.3) ? { ingles: 1 + dice.below(3) } : {},
      }),
    );
  await settle();
  return world;
}

/** What customers and operators do; each picks something that may make sense, and some things that do not. */
function act(world: World): void {
  const { dice } = world;
  const roll = dice.roll();
  if (roll < 0.25) {
    arrive(world);
    return;
  }
  if (roll < 0.4) {
    atPresence(world);
    return;
  }
  const contacts = world.contacts();
  if (contacts.length > 0) onContact(world, dice.pick(contacts));
}

function arrive({ ask, dice, told, serial }: World): void {
  const key = `arrival-${serial()}`;
  const voice = dice.chance(0.5);
  const address = `+55119876543${dice.below(40)}`;
  const channel = voice ? 'voice' : dice.pick(['whatsapp', 'email', 'sms'] as const);
  const queue = dice.pick(QUEUES);
  const command = {
    companyId: COMPANY,
    channel,
    direction: 'inbound',
    contact: { address },
    idempotencyKey: key,
    identity: 'unknown',
    ...(voice ? {} : { thread: address }),
  } as const;
  ask(async (core) => {
    const { interaction } = await core.interactions.open(command);
    told.opened.add(interaction.id);
    if (voice)
      await core.interactions.apply(COMPANY, interaction.id, { type: 'flowStarted', flow: 'principal' });
    await core.interactions.apply(COMPANY, interaction.id, {
      type: 'enqueued',
      queue,
      priority: dice.chance(0.1) ? 1 : 0,
      skills: dice.chance(0.15) ? ['ingles'] : [],
    });
  });
  // The same arrival told twice, as webhooks are.
  if (dice.chance(0.2)) ask((core) => core.interactions.open(command));
}

function atPresence({ ask, dice, agentIds }: World): void {
  const id = dice.pick(agentIds);
  const roll = dice.roll();
  if (roll < 0.6) ask((core) => core.agents.setPresence(COMPANY, id, 'available'));
  else if (roll < 0.7) ask((core) => core.agents.setPresence(COMPANY, id, 'paused', 'break'));
  else if (roll < 0.75) ask((core) => core.agents.setPresence(COMPANY, id, 'offline'));
  else ask((core) => core.agents.setSoftphone(id, dice.chance(0.85), { autoAnswer: true }));
}

function onContact(world: World, contact: Interaction): void {
  const { ask, dice, told, agentIds } = world;
  const { state, id } = contact;
  const apply = (event: InteractionEvent): void => ask((core) => core.interactions.apply(COMPANY, id, event));
  switch (state.name) {
    case 'offered': {
      const agentId = dice.chance(0.9) ? state.claim.agentId : dice.pick(agentIds);
      if (dice.chance(0.8))
        ask(async (core) => {
          await core.router.accept(COMPANY, id, agentId);
          told.accepted.set(id, agentId);
        });
      else if (dice.chance(0.5)) ask((core) => core.router.reject(COMPANY, id, agentId));
      else apply({ type: 'customerLeft', by: 'customer' });
      return;
    }
    case 'active': {
      onActive(world, contact, apply);
      return;
    }
    case 'wrapUp':
      if (dice.chance(0.7)) apply({ type: 'closed', disposition: 'resolvido', by: { kind: 'system' } });
      return;
    case 'queued':
      if (dice.chance(0.1)) apply({ type: 'customerLeft', by: dice.chance(0.8) ? 'customer' : 'server' });
      else if (dice.chance(0.05))
        apply({ type: 'requeued', queue: dice.pick(QUEUES), priority: dice.below(3) });
      else if (dice.chance(0.05)) ask((core) => core.router.take(COMPANY, id, dice.pick(agentIds)));
      return;
    case 'inFlow':
    case 'arriving':
      if (dice.chance(0.1)) apply({ type: 'customerLeft', by: 'customer' });
      else if (dice.chance(0.3)) apply({ type: 'enqueued', queue: dice.pick(QUEUES) });
      return;
    case 'closed':
    case 'abandoned':
    case 'missed':
    case 'callbackScheduled':
      return;
  }
}

function onActive(world: World, contact: Interaction, apply: (event: InteractionEvent) => void): void {
  const { dice, ask, agentIds } = world;
  const { id } = contact;
  const roll = dice.roll();
  if (roll < 0.08) {
    apply({ type: 'transferred', to: { type: 'queue', id: dice.pick(QUEUES) }, mode: 'blind' });
    return;
  }
  if (roll < 0.12) {
    apply({
      type: 'transferred',
      to: { type: 'agent', id: dice.pick(agentIds) },
      mode: 'blind',
      until: new Date(world.clock.now() + 20_000),
    });
    return;
  }
  if (roll < 0.16) {
    apply({ type: 'agentLost' });
    return;
  }
  if (roll < 0.18) {
    apply({ type: 'requeued' });
    return;
  }
  if (contact.channel === 'voice') {
    if (roll < 0.3) {
      apply({ type: 'connected' });
      return;
    }
    if (roll < 0.36) {
      apply({ type: dice.chance(0.5) ? 'held' : 'resumed' });
      return;
    }
    if (roll < 0.7) {
      apply({ type: 'agentEnded' });
      return;
    }
    if (roll < 0.85) {
      apply({ type: 'customerLeft', by: 'customer' });
      return;
    }
    if (roll < 0.88) {
      apply({ type: 'missed', cause: 'engineLost' });
      return;
    }
    apply({ type: 'closed', disposition: 'cedo', by: { kind: 'system' } });
    return;
  }
  const agent = roll < 0.5;
  if (roll < 0.8)
    ask((core) =>
      core.interactions.addMessage(
        COMPANY,
        id,
        {
          direction: agent ? 'outbound' : 'inbound',
          author: { kind: agent ? 'agent' : 'customer' },
          from: 'a',
          to: ['b'],
          text: 'oi',
        },
        { idempotencyKey: `m-${world.serial()}` },
      ),
    );
  else apply({ type: 'closed', disposition: 'resolvido', by: { kind: 'system' } });
}
