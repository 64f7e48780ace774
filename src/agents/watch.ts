import type { Clock, Timer } from '../shared/clock.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Logger } from '../platform/log/index.ts';
import { release, setPresence, type Agent, type Work } from './domain/agent.ts';
import type { Roster } from './roster.ts';

/** Decides about capacity that nobody confirmed: true when a contact stands behind it. */
export type HoldJudge = (agent: Agent, work: Work) => Promise<boolean>;

/** The timers of operators: a lost desk, a hold that ran out. */
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

export function createWatch({ roster, clock, logger, lostDeskMs }: WatchDeps): Watch {
  const timers = new Map<string, Timer>();
  let stopped = false;
  let judge: HoldJudge = () => Promise.resolve(true);
  const now = (): Date => new Date(clock.now());

  /** One timer per reason and operator; it dies with the change that makes it moot. */
  const setTimer = (key: string, at: Date | null, run: () => Promise<unknown>): void => {
    timers.get(key)?.cancel();
    timers.delete(key);
    if (at === null || stopped) return;
    const fire = (): void => {
      timers.delete(key);
      void run().catch((error: unknown) => logger.error({ err: error, timer: key }, 'operator timer failed'));
    };
    timers.set(key, clock.after(Math.max(0, at.getTime() - clock.now()), fire));
  };

  const isExpired = (work: Work): boolean =>
    work.expiresAt !== null && work.expiresAt.getTime() < clock.now();

  const deskIsGone = (companyId: CompanyId, id: AgentId): Promise<Agent> =>
    roster.must(companyId, id, (agent) => {
      if (agent.lostAt === null || agent.lostAt.getTime() + lostDeskMs > clock.now()) return agent;
      const offline = setPresence(agent, 'offline', null, now());
      return { ...offline, desk: false };
    });

  const sweep = async (agent: Agent, suspect: (work: Work) => boolean): Promise<void> => {
    for (const work of agent.work) {
      if (!suspect(work)) continue;
      const stands = await judge(agent, work);
      await roster.change(agent.companyId, agent.id, (current) =>
        stands
          ? extend(current, work.token, new Date(clock.now() + HOLD_AGAIN_MS))
          : release(current, work.token, now()),
      );
    }
  };

  const watch = (agent: Agent): void => {
    const { companyId, id, lostAt } = agent;
    const offlineAt = lostAt === null ? null : new Date(lostAt.getTime() + lostDeskMs);
    setTimer(`lost:${id}`, offlineAt, () => deskIsGone(companyId, id));
    const expiries = agent.work.flatMap((work) => (work.expiresAt === null ? [] : [work.expiresAt]));
    const next = expiries.length === 0 ? null : new Date(Math.min(...expiries.map(Number)) + 1);
    setTimer(`hold:${id}`, next, () => sweep(agent, (work) => isExpired(work)));
  };

  roster.onChange(watch);
  return {
    judge(decide) {
      judge = decide;
    },
    sweep,
    isExpired,
    stop() {
      stopped = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
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
