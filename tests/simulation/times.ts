import type { Interaction } from '../../src/interactions/index.ts';
import { QUEUE_DEFAULTS } from '../../src/queue/index.ts';
import type { World } from './world.ts';

/** An operation may be on its way while time passes; alarms are up to 30 % late. */
const LATE = 1.3;
const SLACK_MS = 65_000;
const LOST_DESK_MS = 60_000;

interface Running {
  readonly sinceMs: number;
  readonly mark: string;
}

/** What runs out by itself, and what it is called: an offer and a wrap-up by their hold. */
function deadlineOf({ state }: Interaction): { readonly mark: string; readonly wholeMs: number } | undefined {
  if (state.name === 'offered')
    return { mark: `offered ${state.claim.hold}`, wholeMs: QUEUE_DEFAULTS.ringMs };
  if (state.name === 'wrapUp') return { mark: `wrapUp ${state.claim.hold}`, wholeMs: state.claim.wrapUpMs };
  return undefined;
}

/**
 * Offers, wrap-ups and lost desks end by themselves after their time on the steady clock, never sooner, and never stand on
 * much longer, whatever the alarms and the wall clock do. After a crash the wall clock is all that is left: not checked then.
 */
export function watchTimes(world: World): { see(): void; atRest(): void; crashed(): void } {
  const contacts = new Map<string, Running>();
  const desks = new Map<string, Running>();
  /** Left by a process that died. */
  const inherited = new Set<string>();

  const follow = (
    running: Map<string, Running>,
    id: string,
    now: { readonly mark: string; readonly wholeMs: number } | undefined,
    endedByItself: boolean,
    wholeMs: number,
  ): void => {
    const before = running.get(id);
    if (before !== undefined && before.mark === now?.mark) return;
    const tookMs = before === undefined ? Infinity : world.clock.steady() - before.sinceMs;
    if (endedByItself && tookMs < wholeMs - 0.001)
      throw new Error(`${id}: ${before?.mark ?? ''} ran out after ${tookMs} of ${wholeMs} ms`);
    running.delete(id);
    if (now !== undefined && !inherited.has(`${id} ${now.mark}`))
      running.set(id, { sinceMs: world.clock.steady(), mark: now.mark });
  };

  return {
    see() {
      for (const contact of world.contacts()) {
        const last = world.disk.interactions.get(contact.id)?.outbox.at(-1)?.line;
        const lapsed =
          last?.kind === 'offerTimedOut' ||
          (last?.kind === 'offerRevoked' && last.data['reason'] === 'deskLost');
        const byItself = lapsed || (last?.kind === 'closed' && last.data['wrapUpExpired'] === true);
        const wholeMs = lapsed ? QUEUE_DEFAULTS.ringMs : QUEUE_DEFAULTS.wrapUpMs;
        follow(contacts, contact.id, deadlineOf(contact), byItself, wholeMs);
      }
      for (const agent of world.disk.agents.values()) {
        const lost =
          agent.lostAt === null
            ? undefined
            : { mark: `lost ${agent.lostAt.getTime()}`, wholeMs: LOST_DESK_MS };
        const byItself = agent.presence.state === 'offline' && !agent.desk;
        follow(desks, agent.id, lost, byItself, LOST_DESK_MS);
      }
    },
    atRest() {
      const nowMs = world.clock.steady();
      for (const [id, { sinceMs, mark }] of [...contacts, ...desks])
        if (nowMs - sinceMs > LOST_DESK_MS * LATE + SLACK_MS)
          throw new Error(`${id}: ${mark} stands since ${nowMs - sinceMs} ms and nothing ends it`);
    },
    crashed() {
      for (const running of [contacts, desks]) {
        for (const [id, { mark }] of running) inherited.add(`${id} ${mark}`);
        running.clear();
      }
    },
  };
}
