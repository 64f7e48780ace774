import { act } from './people.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import type { Interaction } from '../../src/interactions/index.ts';
import type { Agent } from '../../src/agents/index.ts';
import { QUEUE_DEFAULTS } from '../../src/queue/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../../src/shared/ids.ts';
import { createCore, type Core } from './core-rig.ts';
import { memoryGround, type Ground } from './ground.ts';
import {
  createDice,
  createManualClock,
  faulty,
  type ClockFault,
  type Dice,
  type ManualClock,
} from './manual-time.ts';
import type { Disk, Gate } from './memory-disk.ts';

export const COMPANY = 'exemplo' as CompanyId;
export const QUEUES = ['suporte', 'financeiro'] as const;
const START = Date.parse('2026-11-23T12:00:00Z');
/** Ms by which somebody sets the wall clock. */
const WALL_STEPS = [-86_400_000, -3_600_000, -3_000, -1, 1, 3_000, 3_600_000, 86_400_000];

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
  /** Contacts as this process knows them. */
  readonly known: Map<InteractionId, Interaction>;
}

export interface Decision {
  readonly hold: string;
  readonly queued: readonly Interaction[];
  readonly agents: ReadonlyMap<string, Agent>;
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
  /** Alarms ring early and late, and somebody sets the wall clock (default: all on time). */
  readonly badClocks?: boolean;
  /** A clock that breaks its promises, planted to see that the checks find it. */
  readonly clockFault?: ClockFault;
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
  /** Called when routing decides for a hold, with what its process knows at that instant. */
  readonly onDecision: (listener: (decision: Decision) => void) => void;
  readonly onCrash: (listener: () => void) => void;
  readonly badClocks: boolean;
  /** A number that grows: names of arrivals and messages. */
  readonly serial: () => number;
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function createWorld(seed: number, options: WorldOptions): Promise<World> {
  const dice = createDice(seed);
  // Most alarms ring on time; the others up to 3 % early or 30 % late.
  const rings = (ms: number): number =>
    ms * dice.pick([1, 1, 0.97 + dice.roll() * 0.03, 1 + dice.roll() * 0.3]);
  const clock = createManualClock(START, options.badClocks === true ? rings : undefined);
  const ground = options.ground ?? memoryGround(false);
  const { disk, inOrder } = ground;
  const told: Acknowledged = { opened: new Set(), accepted: new Map() };
  const agentIds = Array.from({ length: options.operators }, (_, i) => `op${i}` as AgentId);
  const pending: Pending[] = [];
  const nextOne = (): number => (inOrder ? 0 : dice.below(pending.length));
  let crashed: () => void = () => undefined;
  let check: (label: string) => void = () => undefined;
  let listener: (decision: Decision) => void = () => undefined;
  const decided = (hold: string, { known, core }: Process): void =>
    listener({
      hold,
      queued: [...known.values()].filter(({ state }) => state.name === 'queued'),
      agents: new Map(core.agents.all().map((agent) => [agent.id, agent])),
    });
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
    const own: Process = {
      alive: true,
      started: false,
      clock: faulty(clock.fork(), dice, options.clockFault),
      known: new Map(),
      core: undefined as never,
    };
    const stores = ground.stores(gateOf(() => own));
    own.core = createCore({
      stores,
      clock: own.clock,
      random: dice,
      logger: silentLogger(),
      publisher: { toUser: () => undefined, toQueue: () => undefined, toSupervisors: () => undefined },
      timeZone: () => 'America/Sao_Paulo',
      aloneOnStore: true,
      decided: (hold) => decided(hold, own),
    });
    own.core.interactions.onCommit((contact) => void own.known.set(contact.id, contact));
    void own.core.start().then(() => {
      own.started = true;
      for (const contact of world.contacts())
        if (!own.known.has(contact.id)) own.known.set(contact.id, contact);
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
    onDecision: (fn) => void (listener = fn),
    onCrash: (fn) => void (crashed = fn),
    badClocks: options.badClocks === true,
    serial: () => serial++,
    contacts: () => [...disk.interactions.values()].map((stored) => stored.interaction),
    async step() {
      await tick();
      if (pending.length > 0 && dice.chance(0.75)) await runSome();
      else if (options.crashes && dice.chance(0.01)) await world.crash();
      else if (options.badClocks === true && dice.chance(0.02)) clock.setWall(dice.pick(WALL_STEPS));
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
      crashed();
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
