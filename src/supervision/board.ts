import type { Board, BoardDelta } from '../contracts/realtime.ts';
import type { Clock, Timer } from '../shared/clock.ts';
import type { Agents } from '../agents/index.ts';
import type { Interactions, Publisher } from '../interactions/index.ts';
import type { Queues, Router } from '../queue/index.ts';
import type { Day } from './day.ts';

/** The live board: a snapshot on demand, then deltas, at most two a second and company. */
export interface LiveBoard {
  snapshot(companyId: string): Board;
  /** Somebody looks, or stopped looking; without watchers nothing is sent. */
  watch(companyId: string, userId: string, on: boolean): void;
  /** Trunks or engines changed. */
  touch(companyId: string): void;
  stop(): void;
}

export interface BoardDeps {
  readonly contacts: Pick<Interactions, 'onChange'>;
  readonly agents: Pick<Agents, 'list' | 'onChange' | 'view'>;
  readonly queues: Pick<Queues, 'list' | 'onChange'>;
  readonly router: Pick<Router, 'live'>;
  readonly day: Pick<Day, 'onRead'>;
  readonly clock: Clock;
  readonly publisher: Publisher;
  /** Channels in use of bought, as last known. */
  readonly trunks?: (companyId: string) => Board['trunks'];
  /** The health of the server's engines, as last known; none for a company that is a guest on the server. */
  readonly engines?: (companyId: string) => Board['engines'];
}

const AT_MOST_EVERY_MS = 500;

interface Dirty {
  readonly queues: Set<string>;
  readonly people: Set<string>;
  rest: boolean;
}

export function createBoard(deps: BoardDeps): LiveBoard {
  const { agents, clock, router } = deps;
  const watchers = new Map<string, Set<string>>();
  const dirty = new Map<string, Dirty>();
  const timers = new Map<string, Timer>();
  const sentMs = new Map<string, number>();

  const flush = (companyId: string): void => {
    timers.delete(companyId);
    const changed = dirty.get(companyId);
    dirty.delete(companyId);
    if (changed === undefined) return;
    sentMs.set(companyId, clock.steady());
    const people = agents.list(companyId).filter((agent) => changed.people.has(agent.id));
    const delta: BoardDelta = {
      at: new Date(clock.now()).toISOString(),
      ...queueDelta(deps, companyId, changed.queues),
      ...(people.length === 0 ? {} : { people: people.map((agent) => agents.view(agent)) }),
      ...(changed.rest
        ? { trunks: deps.trunks?.(companyId) ?? [], engines: deps.engines?.(companyId) ?? [] }
        : {}),
    };
    deps.publisher.toSupervisors(companyId, 'board', delta);
  };

  const mark = (companyId: string, change: (dirty: Dirty) => void): void => {
    if ((watchers.get(companyId)?.size ?? 0) === 0) return;
    const marks = dirty.get(companyId) ?? { queues: new Set(), people: new Set(), rest: false };
    dirty.set(companyId, marks);
    change(marks);
    if (timers.has(companyId)) return;
    const waitMs = (sentMs.get(companyId) ?? -AT_MOST_EVERY_MS) + AT_MOST_EVERY_MS - clock.steady();
    timers.set(
      companyId,
      clock.after(Math.max(0, waitMs), () => flush(companyId)),
    );
  };

  deps.contacts.onChange(({ companyId, queue, segments }) => {
    mark(companyId, (marks) => {
      if (queue !== null) marks.queues.add(queue);
      const before = segments.at(-2)?.queue;
      if (before !== undefined) marks.queues.add(before);
    });
  });
  agents.onChange((agent, before) => {
    mark(agent.companyId, (marks) => {
      marks.people.add(agent.id);
      // Also the queue that somebody left: it may have nobody now for what waits there.
      for (const queue of [...agent.queues, ...(before?.queues ?? [])]) marks.queues.add(queue);
    });
    const view = agents.view(agent);
    deps.publisher.toSupervisors(agent.companyId, 'presence', view);
    deps.publisher.toUser(agent.companyId, agent.id, 'presence', view);
  });

  followQueues(deps, mark);

  return {
    snapshot(companyId) {
      return {
        at: new Date(clock.now()).toISOString(),
        queues: deps.queues
          .list(companyId)
          .filter((queue) => queue.active)
          .map((queue) => router.live(companyId, queue.key)),
        people: agents
          .list(companyId)
          .filter((agent) => agent.active)
          .map((agent) => agents.view(agent)),
        trunks: deps.trunks?.(companyId) ?? [],
        engines: deps.engines?.(companyId) ?? [],
      };
    },
    watch(companyId, userId, on) {
      const set = watchers.get(companyId) ?? new Set();
      watchers.set(companyId, set);
      if (on) set.add(userId);
      else set.delete(userId);
    },
    touch(companyId) {
      mark(companyId, (marks) => {
        marks.rest = true;
      });
    },
    stop() {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}

/** What was closed leaves the boards that are open, whatever marked it. */
function queueDelta(
  { queues, router }: Pick<BoardDeps, 'queues' | 'router'>,
  companyId: string,
  keys: ReadonlySet<string>,
): Pick<BoardDelta, 'queues' | 'closed'> {
  const inactive = queues.list(companyId).filter(({ key, active }) => !active && keys.has(key));
  const closed = inactive.map(({ key }) => key);
  const open = [...keys].filter((key) => !closed.includes(key));
  return {
    ...(open.length === 0 ? {} : { queues: open.map((key) => router.live(companyId, key)) }),
    ...(closed.length === 0 ? {} : { closed }),
  };
}

function followQueues(
  { queues, day }: Pick<BoardDeps, 'queues' | 'day'>,
  mark: (companyId: string, change: (dirty: Dirty) => void) => void,
): void {
  // The board shows what a queue promises: a new promise is told at once, not with the next contact.
  queues.onChange(({ companyId, key }) => {
    mark(companyId, (marks) => marks.queues.add(key));
  });
  day.onRead((companyId) => {
    mark(companyId, (marks) => {
      for (const { key } of queues.list(companyId)) marks.queues.add(key);
    });
  });
}
