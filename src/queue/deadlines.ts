import type { Clock } from '../shared/clock.ts';
import { createDeadlines, remainingMs } from '../shared/deadlines.ts';
import { unheard } from '../agents/index.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Claim, Interaction, InteractionEvent } from '../interactions/index.ts';
import type { Contacts, Operators } from './ports.ts';

/** Ring and wrap-up deadlines of every contact in this process. */
export interface ContactDeadlines {
  /** Sets the deadline that the state asks for and ends the one that it made moot. */
  sync(interaction: Interaction): void;
  /** The same for what an earlier process left. */
  resume(interaction: Interaction): void;
  readonly size: number;
  stop(): void;
}

/** Desks need about this long to come back after a restart; an offer that ends earlier could not be answered, ms. */
const DESKS_BACK_MS = 5_000;

export function createContactDeadlines(deps: {
  readonly contacts: Pick<Contacts, 'apply'>;
  readonly operators: Pick<Operators, 'get'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): ContactDeadlines {
  const deadlines = createDeadlines(deps.clock, (error, interactionId) =>
    deps.logger.error({ err: error, interactionId }, 'deadline not carried out'),
  );

  const carryOut = async ({ companyId, id }: Interaction, event: InteractionEvent): Promise<void> => {
    const done = await deps.contacts.apply(companyId, id, event);
    // Any other refusal is the normal end of a race: somebody accepted or closed in the same instant.
    if (!done.ok && done.error.code === 'interaction.conflict')
      throw new Error('the contact changed too often at once');
  };

  /** Nobody answered. Whoever could not see or hear it is not asked why: the contact goes on without a word about the person. */
  const lapse = ({ companyId }: Interaction, { agentId, hold }: Claim): InteractionEvent => {
    const agent = deps.operators.get(companyId, agentId);
    const work = agent?.work.find(({ token }) => token === hold);
    const reason = agent === undefined || work === undefined ? undefined : unheard(agent, work);
    return reason === undefined ? { type: 'offerTimedOut', hold } : { type: 'offerRevoked', hold, reason };
  };

  const resumed = (at: Date, wholeMs: number): number => remainingMs(at, deps.clock.now(), wholeMs);

  /** `decidedNow`: the state is new at this instant, and its whole time lies ahead, whatever the wall clock says meanwhile. */
  const follow = (interaction: Interaction, decidedNow: boolean): void => {
    const { id, state } = interaction;
    if (state.name !== 'offered' && state.name !== 'wrapUp') {
      deadlines.set(id, null);
      return;
    }
    const { deadline, claim } = state;
    const type = state.name === 'offered' ? 'offerTimedOut' : 'wrapUpExpired';
    const since = state.name === 'offered' ? state.offeredAt : state.endedAt;
    const wholeMs = Math.max(0, deadline.getTime() - since.getTime());
    const name = `${type} ${claim.hold} `;
    const moved = deadlines.mark(id)?.startsWith(name) === true;
    deadlines.set(id, {
      mark: name + String(deadline.getTime()),
      inMs: decidedNow && !moved ? wholeMs : resumed(deadline, wholeMs),
      run: () =>
        carryOut(
          interaction,
          state.name === 'offered' ? lapse(interaction, claim) : { type: 'wrapUpExpired', hold: claim.hold },
        ),
    });
  };

  return {
    sync: (interaction) => follow(interaction, true),
    resume(interaction) {
      const { id, state } = interaction;
      if (state.name !== 'offered' || resumed(state.deadline, Infinity) > DESKS_BACK_MS) {
        follow(interaction, false);
        return;
      }
      // Nobody could answer while the server was down: that is no reason for a pause, so it is offered anew.
      const { hold } = state.claim;
      deadlines.set(id, {
        mark: `offerRevoked ${hold}`,
        inMs: 0,
        run: () => carryOut(interaction, { type: 'offerRevoked', hold, reason: 'serverRestart' }),
      });
    },
    get size() {
      return deadlines.size;
    },
    stop: () => deadlines.stop(),
  };
}
