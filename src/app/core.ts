import { z } from 'zod';
import { type Agents, createAgents, createAgentStore } from '../agents/index.ts';
import type { Access, User } from '../access/index.ts';
import type { Directory } from '../company/index.ts';
import { createInteractions, createInteractionStore, type Interactions } from '../interactions/index.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Copies, Publisher } from '../platform/realtime/index.ts';
import type { Store } from '../platform/store/index.ts';
import { createProtocols, createProtocolStore, type Protocols } from '../protocols/index.ts';
import {
  bindAgentEffects,
  bindPublisher,
  type ContextNow,
  createQueues,
  createQueueStore,
  createRouter,
  type Neighbours,
  type Queues,
  type Router,
} from '../queue/index.ts';
import type { Clock } from '../shared/clock.ts';
import { createIds } from '../shared/ids-factory.ts';
import type { Random } from '../shared/random.ts';
import { createDay, type Day } from '../supervision/index.ts';

export interface CoreDeps {
  readonly store: Store;
  /** The other copies of the process; none without Redis. */
  readonly copies: Copies | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly directory: Directory;
}

/** Contacts, their numbers, the operators and the queue: the rooms that everything else turns around. */
export interface Core {
  readonly protocols: Protocols;
  readonly interactions: Interactions;
  readonly agents: Agents;
  readonly queues: Queues;
  readonly router: Router;
  readonly day: Day;
  /** Live updates to the desks; after the realtime room exists. */
  publishTo(publisher: Publisher, contextNow: ContextNow): void;
  /** Reads everything back and goes on where the last process stopped. */
  start(access: Access): Promise<void>;
  stop(): Promise<void>;
}

const wordSchema = z.object({
  kind: z.enum(['agent', 'contact']),
  companyId: z.string(),
  id: z.string(),
  version: z.number().int(),
});

/** What is not a word of ours (another version of the program) is passed over: the store is the truth anyway. */
function neighboursOver(copies: Copies): Neighbours {
  return {
    tell: (word) => copies.tell(word),
    onTold: (listener) =>
      copies.onTold((raw) => {
        const word = wordSchema.safeParse(raw);
        if (word.success) listener(word.data);
      }),
  };
}

export function createCore(deps: CoreDeps): Core {
  const { store, copies, clock, random, logger, directory } = deps;
  const { connection } = store;
  const inOrder = store.kind === 'embedded';
  const timeZone = (companyId: string): string =>
    directory.company(companyId)?.timeZone ?? 'America/Sao_Paulo';
  const protocols = createProtocols({ store: createProtocolStore(connection), clock, timeZone });
  const interactions = createInteractions({
    store: createInteractionStore(connection, { inOrder }),
    clock,
    random,
    logger,
    protocols,
  });
  const agents = createAgents({
    store: createAgentStore(connection, { inOrder }),
    clock,
    logger,
  });
  const queues = createQueues(createQueueStore(connection));
  const day = createDay({
    contacts: interactions,
    settings: (companyId, queue) => queues.settings(companyId, queue),
    clock,
    timeZone,
    logger,
  });
  const router = createRouter({
    contacts: interactions,
    operators: agents,
    queues,
    clock,
    logger,
    ids: createIds(clock, random),
    day,
    ...(copies === undefined ? {} : { neighbours: neighboursOver(copies) }),
  });
  bindAgentEffects(interactions, agents);
  const ensure = async (user: User): Promise<void> => {
    const { presence } = await agents.ensure({
      id: user._id,
      companyId: user.companyId,
      name: user.name,
      queues: user.queues,
      skills: Object.fromEntries((user.skills ?? []).map(({ name, level }) => [name, level])),
      sipUser: user.username,
      active: user.active,
    });
    // Deactivated: out of the queues at once; offers and conversations in hand go to those who are there.
    if (!user.active && presence.state !== 'offline')
      await agents.setPresence(user.companyId, user._id, 'offline');
  };

  return {
    protocols,
    interactions,
    agents,
    queues,
    router,
    day,
    publishTo: (publisher, contextNow) => bindPublisher(interactions, agents, publisher, contextNow),
    async start(access) {
      await queues.start();
      await protocols.start();
      await agents.start({ sweepAll: copies === undefined });
      for (const company of directory.companies()) {
        for (const user of await access.users.list(company._id, { limit: 10_000 })) await ensure(user);
      }
      access.users.onChange(
        (user) =>
          void ensure(user).catch((error: unknown) =>
            logger.error({ err: error }, 'an operator could not be updated'),
          ),
      );
      await interactions.start();
      await router.start();
      for (const company of directory.companies()) day.read(company._id);
    },
    async stop() {
      day.stop();
      await day.idle();
      await router.stop();
      await interactions.stop();
      await agents.stop();
    },
  };
}
