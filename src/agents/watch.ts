import type { Clock } from '../shared/clock.ts';
import { createDeadlines, remainingMs, type Deadline } from '../shared/deadlines.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Logger } from '../platform/log/index.ts';
import { deskGone, release, type Agent, type Work } from './domain/agent.ts';
import type { Roster } from './roster.ts';

/** Decides about capacity that nobody confirmed: true when a contact stands behind it. */
export type HoldJudge = (agent: Agent, work: Work) => Promise<boolean>;

/** The deadlines of operators: a lost desk, a hold that ran out. */
export interface Watch {
  judge(decide: HoldJudge): void;
  /** Gives back what no contact stands behind, of the work that `suspect` names. */
  sweep(agent: Agent, suspect: (work: Work) => boolean): Promise<void>;
  isExpired(work: Work): boolean;
  stop(): void;
}

export interface WatchDeps {
  readonly roster: Roster;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lostDeskMs: number;
}

/** No offer is held longer than this: the longest ring of a queue, and the grace of its hold. */
const LONGEST_HOLD_MS = 310_000;

export function createWatch({ roster, clock, logger, lostDeskMs }: WatchDeps): Watch {
  const deadlines = createDeadlines(clock, (error, key) =>
    logger.error({ err: error, timer: key }, 'operator timer failed'),
  );
  let judge: HoldJudge = () => Promise.resolve(true);
  const now = (): Date => new Date(clock.now());

  const isExpired = (work: Work): boolean =>
    work.expiresAt !== null && work.expiresAt.getTime() < clock.now();

  /** The time of this very loss is over: the wall clock is not asked again, for it may have been set meanwhile. */
  const deskIsGone = (companyId: CompanyId, id: AgentId, lostAtMs: number): Promise<Agent> =>
    roster.must(companyId, id, (agent) =>
      agent.lostAt?.getTime() === lostAtMs ? deskGone(agent, lostDeskMs, now()) : agent,
    );

  const sweep = async (agent: Agent, suspect: (work: Work) => boolean): Promise<void> => {
    for (const work of agent.work) {
      if (!suspect(work)) continue;
      const stands = await judge(agent, work);
      const swept = await roster.change(agent.companyId, agent.id, (current) =>
        stands
          ? extend(current, work.token, new Date(clock.now() + HOLD_AGAIN_MS))
          : release(current, work.token, now()),
      );
      if (!swept.ok && swept.error === 'agent.conflict') throw new Error('the hold could not be looked at');
    }
  };

  const lostDesk = ({ companyId, id, lostAt }: Agent, inThisProcess: boolean): Deadline | null => {
    if (lostAt === null) return null;
    const lostAtMs = lostAt.getTime();
    const dueAt = new Date(lostAtMs + lostDeskMs);
    return {
      mark: String(lostAtMs),
      inMs: inThisProcess ? lostDeskMs : remainingMs(dueAt, clock.now(), lostDeskMs),
      run: () => deskIsGone(companyId, id, lostAtMs),
    };
  };
  const holdEnds = (agent: Agent, { token, expiresAt }: Work): Deadline | null =>
    expiresAt === null
      ? null
      : {
          mark: String(expiresAt.getTime()),
          inMs: remainingMs(expiresAt, clock.now(), LONGEST_HOLD_MS) + 1,
          run: () => sweep(agent, (work) => work.token === token),
        };

  /** Each deadline dies with the change that makes it moot. */
  const watch = (agent: Agent, before: Agent | undefined): void => {
    const key = (work: Work): string => `hold:${agent.id}:${work.token}`;
    deadlines.set(`lost:${agent.id}`, lostDesk(agent, before !== undefined));
    for (const work of agent.work) deadlines.set(key(work), holdEnds(agent, work));
    for (const work of before?.work ?? [])
      if (!agent.work.some((current) => current.token === work.token)) deadlines.set(key(work), null);
  };

  roster.onChange(watch);
  return {
    judge(decide) {
      judge = decide;
    },
    sweep,
    isExpired,
    stop: () => deadlines.stop(),
  };
}

/** A hold that outlived its time although the contact stands behind it is looked at again after this. */
const HOLD_AGAIN_MS = 30_000;

function extend(agent: Agent, token: string, expiresAt: Date): Agent {
  if (!agent.work.some((work) => work.token === token && work.phase === 'hold')) return agent;
  return {
    ...agent,
    version: agent.version + 1,
    work: agent.work.map((work) => (work.token === token ? { ...work, expiresAt } : work)),
  };
}
