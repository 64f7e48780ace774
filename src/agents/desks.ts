import { AppError } from '../shared/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { createDeadlines, RETRY_MS } from '../shared/deadlines.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Agent } from './domain/agent.ts';
import type { Roster } from './roster.ts';

export interface Desks {
  deskOpened(companyId: CompanyId, id: AgentId): Promise<void>;
  deskClosed(companyId: CompanyId, id: AgentId): Promise<void>;
  stop(): void;
}

/**
 * Sockets of desks: the last one that closes starts the time after which the operator is offline. Nobody waits for the answer
 * of a socket, so what the store refuses is written when it takes it: a desk that is gone must not stay available for ever.
 */
export function createDesks(deps: {
  readonly roster: Roster;
  readonly clock: Clock;
  readonly logger: Logger;
}): Desks {
  const { roster, clock, logger } = deps;
  const sockets = new Map<AgentId, number>();
  const count = (id: AgentId): number => sockets.get(id) ?? 0;
  const retries = createDeadlines(clock, (error, id) => refused(error, id));
  let tried = 0;

  const refused = (error: unknown, id: string): void =>
    logger.warn({ err: error, agent: id }, 'whether a desk is open could not be stored; it is tried again');
  const isNobody = (error: unknown): boolean => error instanceof AppError && error.code === 'agent.notFound';
  /** As the sockets stand when its turn has come: another tab may be back, or gone, by then. */
  const stand =
    (id: AgentId) =>
    (agent: Agent): Agent => {
      if (count(id) > 0)
        return agent.desk && agent.lostAt === null
          ? agent
          : { ...agent, version: agent.version + 1, desk: true, lostAt: null };
      return !agent.desk || agent.presence.state === 'offline' || agent.lostAt !== null
        ? agent
        : { ...agent, version: agent.version + 1, lostAt: new Date(clock.now()) };
    };
  async function write(companyId: CompanyId, id: AgentId): Promise<void> {
    try {
      await roster.must(companyId, id, stand(id));
    } catch (error) {
      // Somebody who is no operator has no presence to keep.
      if (!isNobody(error)) throw error;
    }
  }
  async function keep(companyId: CompanyId, id: AgentId): Promise<void> {
    retries.set(id, null);
    try {
      await write(companyId, id);
    } catch (error) {
      refused(error, id);
      tried += 1;
      retries.set(id, { mark: String(tried), inMs: RETRY_MS, run: () => write(companyId, id) });
    }
  }
  return {
    deskOpened(companyId, id) {
      sockets.set(id, count(id) + 1);
      return keep(companyId, id);
    },
    async deskClosed(companyId, id) {
      sockets.set(id, Math.max(0, count(id) - 1));
      if (count(id) === 0) await keep(companyId, id);
    },
    stop: () => retries.stop(),
  };
}
