import { createDeadlines, remainingMs } from '../shared/deadlines.ts';
import type { Interaction, Waiting } from '../interactions/index.ts';
import { covers } from './domain/types.ts';
import type { RouterDeps } from './router.ts';
import type { Preference } from './slots.ts';

/** For how long a waiting contact is kept for somebody, or from somebody. */
export interface Patience {
  /** What holds at this instant; when it changes by itself, `fire` is told. */
  read(interaction: Interaction, waiting: Waiting): Preference;
  /** The operator's record refused a claim just now: not tried again at once. */
  refused(contactId: string, agentId: string): void;
  /** The operator's record changed: what it refused may fit now. Answers the contacts. */
  forgive(agentId: string): readonly string[];
  /** It waits no more, and is not on offer either. */
  forget(contactId: string): void;
  stop(): void;
}

/** After a claim that the operator's record refused, the pair is not tried again for this long. */
const REFUSED_MS = 100;
/** No queue's setting is longer. */
const LONGEST_MS = 600_000;

interface Moment {
  readonly mark: string;
  readonly inMs: number;
}

export function createPatience(deps: RouterDeps, fire: (contactId: string) => void): Patience {
  const { operators, queues, clock } = deps;
  const deadlines = createDeadlines(clock, (err, key) => deps.logger.error({ err, key }, 'routing failed'));
  /** contact → names of its deadlines */
  const names = new Map<string, Set<string>>();
  /** contact → operators whose record refused it */
  const refusals = new Map<string, Set<string>>();

  /** Whether this moment of the contact still lies ahead. */
  const ahead = (
    contactId: string,
    name: string,
    moment: Moment,
    run = (): void => fire(contactId),
  ): boolean => {
    const key = `${contactId} ${name}`;
    names.set(contactId, (names.get(contactId) ?? new Set()).add(key));
    deadlines.set(key, { ...moment, run });
    return deadlines.ahead(key);
  };
  const until = (at: Date, wholeMs: number): Moment => ({
    mark: String(at.getTime()),
    inMs: remainingMs(at, clock.now(), wholeMs),
  });

  /** A preference is one among those who may take it: there, of the queue, with what is asked for, and with a phone for a call. */
  const mayTake = (
    { companyId, channel }: Interaction,
    { queue, skills }: Waiting,
    agentId: string,
  ): boolean => {
    const agent = operators.get(companyId, agentId);
    if (agent?.active !== true || agent.presence.state !== 'available') return false;
    if (channel === 'voice' && !agent.softphone.up) return false;
    return agent.queues.includes(queue) && covers(agent.skills, skills);
  };
  /** Whom a colleague named in a transfer need not be of the queue, but must be there. */
  const isThere = ({ companyId }: Interaction, agentId: string): boolean =>
    operators.get(companyId, agentId)?.presence.state === 'available';

  /** A named target (transfer) first, else the last operator or the owner of the portfolio for the queue's time. */
  const reservedFor = (interaction: Interaction, waiting: Waiting): string | null => {
    const { id, preferredAgent } = interaction;
    const { sticky, queuedAt } = waiting;
    if (sticky !== null) {
      const { agentId } = sticky;
      const waits = ahead(id, 'sticky', until(sticky.until, LONGEST_MS));
      return waits && isThere(interaction, agentId) ? agentId : null;
    }
    const { stickyMs } = queues.settings(interaction.companyId, waiting.queue);
    if (preferredAgent === null || stickyMs <= 0 || waiting.preferenceOver === true) return null;
    const dueAt = new Date(queuedAt.getTime() + stickyMs);
    const waits = ahead(id, 'preferred', until(dueAt, stickyMs));
    return waits && mayTake(interaction, waiting, preferredAgent) ? preferredAgent : null;
  };

  return {
    read(interaction, waiting) {
      const { id } = interaction;
      const avoid = waiting.avoid
        .filter((entry) => ahead(id, `avoid ${entry.agentId}`, until(entry.until, LONGEST_MS)))
        .map((entry) => entry.agentId);
      return {
        reservedFor: reservedFor(interaction, waiting),
        avoid: [...avoid, ...(refusals.get(id) ?? [])],
      };
    },
    refused(contactId, agentId) {
      const agents = (refusals.get(contactId) ?? new Set()).add(agentId);
      refusals.set(contactId, agents);
      const moment = { mark: String(clock.steady()), inMs: REFUSED_MS };
      ahead(contactId, 'refused', moment, () => {
        refusals.delete(contactId);
        fire(contactId);
      });
    },
    forgive(agentId) {
      const free: string[] = [];
      for (const [contactId, agents] of refusals) {
        if (!agents.delete(agentId)) continue;
        free.push(contactId);
        if (agents.size === 0) refusals.delete(contactId);
      }
      return free;
    },
    forget(contactId) {
      for (const key of names.get(contactId) ?? []) deadlines.set(key, null);
      names.delete(contactId);
      refusals.delete(contactId);
    },
    stop: () => deadlines.stop(),
  };
}
