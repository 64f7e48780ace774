import type { CustomerContext } from '../../src/contracts/context.ts';
import type { Board } from '../../src/contracts/realtime.ts';
import { createAgents, type Agents, type AgentStore } from '../../src/agents/index.ts';
import {
  createInteractions,
  type Interaction,
  type Interactions,
  type InteractionStore,
  type Publisher,
} from '../../src/interactions/index.ts';
import type { Logger } from '../../src/platform/log/index.ts';
import {
  createProtocols,
  type AnswerTerms,
  type Protocols,
  type ProtocolStore,
} from '../../src/protocols/index.ts';
import {
  bindAgentEffects,
  bindPublisher,
  createQueues,
  createRouter,
  type Neighbours,
  type Queues,
  type QueueStore,
  type Router,
} from '../../src/queue/index.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { createIds } from '../../src/shared/ids-factory.ts';
import type { Random } from '../../src/shared/random.ts';
import { createBoard, createDay, type Day, type LiveBoard } from '../../src/supervision/index.ts';

export interface CoreStores {
  readonly interactions: InteractionStore;
  readonly agents: AgentStore;
  readonly protocols: ProtocolStore;
  readonly queues: QueueStore;
}

export interface CoreDeps {
  readonly stores: CoreStores;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly publisher: Publisher;
  /** IANA time zone of a company. */
  readonly timeZone: (companyId: string) => string;
  readonly terms?: (companyId: string) => AnswerTerms;
  readonly contextNow?: (interaction: Interaction) => CustomerContext;
  readonly trunks?: (companyId: string) => Board['trunks'];
  readonly engines?: () => Board['engines'];
  /** No other process shares the store (embedded): holds of an earlier process are orphans at once. */
  readonly aloneOnStore: boolean;
  readonly neighbours?: Neighbours;
  /** Told of each hold at the instant in which routing decides for it, before anything is written. */
  readonly decided?: (hold: string) => void;
}

/** The heart of the product: contacts, protocols, operators, the queue, and the board, wired together. */
export interface Core {
  readonly interactions: Interactions;
  readonly protocols: Protocols;
  readonly agents: Agents;
  readonly queues: Queues;
  readonly router: Router;
  readonly day: Day;
  readonly board: LiveBoard;
  /** After every room has registered its effects. Routing goes on from what the store holds. */
  start(): Promise<void>;
  /** Resolves when nothing is under way in this process; for tests and a polite stop. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export function createCore(deps: CoreDeps): Core {
  const { stores, clock, random, logger, publisher, timeZone } = deps;
  const protocols = createProtocols({
    store: stores.protocols,
    clock,
    timeZone,
    ...(deps.terms === undefined ? {} : { terms: deps.terms }),
  });
  const interactions = createInteractions({ store: stores.interactions, clock, random, logger, protocols });
  const agents = createAgents({ store: stores.agents, clock, logger });
  const queues = createQueues(stores.queues);
  const day = createDay({
    contacts: interactions,
    settings: (companyId, queue) => queues.settings(companyId, queue),
    clock,
    timeZone,
    logger,
  });
  const ids = createIds(clock, random);
  const router = createRouter({
    contacts: interactions,
    operators: agents,
    queues,
    clock,
    logger,
    ids: () => {
      const id = ids();
      deps.decided?.(id);
      return id;
    },
    day,
    ...(deps.neighbours === undefined ? {} : { neighbours: deps.neighbours }),
  });
  const board = createBoard({
    contacts: interactions,
    agents,
    queues,
    router,
    day,
    clock,
    publisher,
    ...(deps.trunks === undefined ? {} : { trunks: deps.trunks }),
    ...(deps.engines === undefined ? {} : { engines: deps.engines }),
  });
  bindAgentEffects(interactions, agents);
  bindPublisher(interactions, agents, publisher, deps.contextNow ?? unknownContext);
  bindProtocolEffects(interactions, protocols);
  return {
    interactions,
    protocols,
    agents,
    queues,
    router,
    day,
    board,
    async start() {
      await queues.start();
      await agents.start({ sweepAll: deps.aloneOnStore });
      await interactions.start();
      await router.start();
      const companies = new Set(agents.all().map((agent) => agent.companyId));
      for (const companyId of companies) day.read(companyId);
      await day.idle();
      await protocols.start();
    },
    async idle() {
      // Each may give the others work: two quiet rounds are quiet.
      for (let round = 0; round < 3; round++) {
        await router.idle();
        await interactions.idle();
        await agents.idle();
      }
    },
    async stop() {
      board.stop();
      await router.stop();
      await interactions.stop();
      await agents.stop();
    },
  };
}

/** What contacts teach about the demand. */
function bindProtocolEffects(interactions: Interactions, protocols: Protocols): void {
  interactions.onEffect('protocol.typed', (effect, { companyId, protocol }) =>
    protocols.learn(companyId, protocol, { type: effect.type }),
  );
  interactions.onEffect('protocol.customer', async (_effect, { companyId, protocol, customer }) => {
    if (customer !== null) await protocols.learn(companyId, protocol, { customer });
  });
}

/** Without a customers' room nothing is known. */
function unknownContext(): CustomerContext {
  const state = 'failed' as const;
  return {
    customerId: null,
    candidates: [],
    sections: {
      customer: { state },
      contracts: { state },
      invoices: { state },
      connection: { state },
      tickets: { state },
      outage: { state },
    },
  };
}
