import { afterEach } from 'vitest';
import type { Interaction } from '../../src/interactions/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { QUEUE_DEFAULTS, type Neighbours, type Word } from '../../src/queue/index.ts';
import type { AgentId, CompanyId } from '../../src/shared/ids.ts';
import { createCore, type Core, type CoreStores } from './core-rig.ts';
import { createDice, createManualClock, type ManualClock } from './manual-time.ts';
import { type Disk } from './memory-disk.ts';
import { memoryStores } from './memory-stores.ts';

export const COMPANY = 'exemplo' as CompanyId;
export const ANA = 'ana' as AgentId;
export const START = Date.parse('2026-11-23T12:00:00Z');

/** One process over a disk, with a log of what it asks of the stores and of what it shows to desks. */
export interface Rig {
  readonly core: Core;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly log: string[];
  /** Called before each operation: what it throws is the disk's refusal, and the operation waits for its promise. */
  before: (operation: string) => Promise<void> | undefined;
}

type Seen = Pick<Rig, 'log' | 'before'>;

/** Processes that the test lets live to the end; one that dies is only forgotten. */
const cores: Core[] = [];
afterEach(async () => {
  for (const core of cores.splice(0)) await core.stop();
});

function logged<S extends object>(name: string, store: S, seen: Seen): S {
  return new Proxy(store, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      const operation = `${name}.${String(property)}`;
      return async (...args: unknown[]) => {
        seen.log.push(operation);
        const wait = seen.before(operation);
        if (wait !== undefined) await wait;
        const answer: unknown = await Reflect.apply(member, target, args);
        seen.log.push(`${operation} done`);
        return answer;
      };
    },
  });
}

interface Boot {
  readonly inOrder?: boolean;
  readonly clock?: ManualClock;
  /** It will die: nobody stops it. */
  readonly doomed?: boolean;
  readonly before?: Rig['before'];
  readonly neighbours?: Neighbours;
  /** Two processes that make ids must not make the same ones. */
  readonly seed?: number;
}

/** A process that has not started yet. */
export function prepare(disk: Disk, options: Boot = {}): Rig {
  const { inOrder = false, clock = createManualClock(START) } = options;
  disk.queues.set(`${COMPANY}:suporte`, {
    ...QUEUE_DEFAULTS,
    companyId: COMPANY,
    key: 'suporte',
    name: 'Suporte',
  });
  const seen: Seen = { log: [], before: options.before ?? (() => undefined) };
  const plain = memoryStores(disk, undefined, inOrder);
  const stores: CoreStores = {
    ...plain,
    agents: logged('agents', plain.agents, seen),
    interactions: logged('contacts', plain.interactions, seen),
  };
  const core = createCore({
    stores,
    clock,
    random: createDice(options.seed ?? 1),
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
    ...(options.neighbours === undefined ? {} : { neighbours: options.neighbours }),
  });
  if (options.doomed !== true) cores.push(core);
  return Object.assign(seen, { core, clock });
}

export async function boot(disk: Disk, options: Boot = {}): Promise<Rig> {
  const rig = prepare(disk, options);
  await rig.core.start();
  return rig;
}

/** Ana has a phone and is on a break; one caller waits. */
export async function waiting({ core }: Rig): Promise<Interaction> {
  await core.agents.ensure({ id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] });
  await core.agents.setSoftphone(ANA, true);
  await core.agents.setPresence(COMPANY, ANA, 'paused', 'break');
  return arrive(core, '1');
}

export async function arrive(core: Core, key: string): Promise<Interaction> {
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

/** Processes that hear each other, one turn later. */
export function neighbourhood(): { readonly words: Word[]; member(): Neighbours } {
  const words: Word[] = [];
  const members: ((word: Word) => void)[][] = [];
  return {
    words,
    member() {
      const own: ((word: Word) => void)[] = [];
      members.push(own);
      return {
        onTold: (listener) => void own.push(listener),
        tell(word) {
          words.push(word);
          for (const other of members)
            if (other !== own) setImmediate(() => other.forEach((listener) => listener(word)));
        },
      };
    },
  };
}
