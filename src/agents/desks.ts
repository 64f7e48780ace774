import { AppError } from '../shared/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { createDeadlines, RETRY_MS } from '../shared/deadlines.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Logger } from '../platform/log/index.ts';
import { unseenMeanwhile, type Agent } from './domain/agent.ts';
import type { Roster } from './roster.ts';

export interface Desks {
  deskOpened(companyId: CompanyId, id: AgentId): Promise<void>;
  deskClosed(companyId: CompanyId, id: AgentId): Promise<void>;
  /** One of its sockets said something, be it only that it is there. */
  deskAlive(companyId: CompanyId, id: AgentId): void;
  stop(): void;
}

/**
 * A desk that says nothing for so long is frozen or cut off, although its socket stands: two beats of the line
 * (`HEARTBEAT_MS`), so that one late answer is no loss, ms.
 */
const SILENT_MS = 10_000;

/** The sockets of one operator in this process. */
interface Desk {
  sockets: number;
  /** When it was heard last, by the steady clock; at first: the begin of this process. */
  heardAt: number;
  /** It has been heard, and now it says nothing. */
  isSilent: boolean;
  /** It was away for longer than F5 takes; what rang meanwhile was not seen. */
  wasAway: boolean;
}

/**
 * Sockets of desks: the last one that closes starts the time after which the operator is offline, and so does a silence. Nobody
 * waits for the answer of a socket, so what the store refuses is written when it takes it: a desk that is gone must not stay
 * available for ever.
 */
export function createDesks(deps: {
  readonly roster: Roster;
  readonly clock: Clock;
  readonly logger: Logger;
}): Desks {
  const { roster, clock, logger } = deps;
  const desks = new Map<AgentId, Desk>();
  const retries = createDeadlines(clock, (error, id) => refused(error, id));
  const silences = createDeadlines(clock, (error, id) => refused(error, id));
  const startedAt = clock.steady();
  let serial = 0;

  const deskOf = (id: AgentId): Desk => {
    const desk = desks.get(id) ?? { sockets: 0, heardAt: startedAt, isSilent: false, wasAway: false };
    desks.set(id, desk);
    return desk;
  };
  const refused = (error: unknown, id: string): void =>
    logger.warn({ err: error, agent: id }, 'whether a desk is open could not be stored; it is tried again');
  const isNobody = (error: unknown): boolean => error instanceof AppError && error.code === 'agent.notFound';
  /** As the sockets stand when its turn has come: another tab may be back, or gone, by then. */
  const stand =
    (desk: Desk) =>
    (agent: Agent): Agent => {
      const { lostAt } = agent;
      if (desk.sockets > 0 && !desk.isSilent) {
        if (agent.desk && lostAt === null) return agent;
        const work = lostAt !== null && desk.wasAway ? unseenMeanwhile(agent) : agent.work;
        return { ...agent, version: agent.version + 1, desk: true, lostAt: null, work };
      }
      return !agent.desk || agent.presence.state === 'offline' || lostAt !== null
        ? agent
        : { ...agent, version: agent.version + 1, lostAt: new Date(clock.now()) };
    };
  async function write(companyId: CompanyId, id: AgentId): Promise<void> {
    try {
      await roster.must(companyId, id, stand(deskOf(id)));
    } catch (error) {
      // Somebody who is no operator has no presence to keep.
      if (!isNobody(error)) throw error;
    }
  }
  const next = (): string => String((serial += 1));
  async function keep(companyId: CompanyId, id: AgentId): Promise<void> {
    retries.set(id, null);
    try {
      await write(companyId, id);
    } catch (error) {
      refused(error, id);
      retries.set(id, { mark: next(), inMs: RETRY_MS, run: () => write(companyId, id) });
    }
  }
  /** Answers whether this is news: it was silent. */
  const heard = (desk: Desk): boolean => {
    const { heardAt, isSilent } = desk;
    const now = clock.steady();
    desk.wasAway = now - heardAt >= SILENT_MS;
    desk.heardAt = now;
    desk.isSilent = false;
    return isSilent;
  };
  const fallsSilent = (companyId: CompanyId, id: AgentId): Promise<void> => {
    deskOf(id).isSilent = true;
    return write(companyId, id);
  };
  return {
    deskOpened(companyId, id) {
      const desk = deskOf(id);
      desk.sockets += 1;
      heard(desk);
      return keep(companyId, id);
    },
    async deskClosed(companyId, id) {
      const desk = deskOf(id);
      desk.sockets = Math.max(0, desk.sockets - 1);
      if (desk.sockets > 0) return;
      silences.set(id, null);
      await keep(companyId, id);
    },
    deskAlive(companyId, id) {
      const desk = deskOf(id);
      if (desk.sockets === 0) return;
      silences.set(id, { mark: next(), inMs: SILENT_MS, run: () => fallsSilent(companyId, id) });
      if (heard(desk)) void keep(companyId, id);
    },
    stop: () => {
      retries.stop();
      silences.stop();
    },
  };
}
