import type { Clock, Timer } from '../shared/clock.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Interaction, InteractionEvent } from '../interactions/index.ts';
import type { Contacts } from './ports.ts';

/** Ring and wrap-up deadlines of every contact in this process. */
export interface Deadlines {
  /** Sets the timer that the state asks for and cancels the one that it made moot. */
  sync(interaction: Interaction): void;
  /** The same for what an earlier process left. */
  resume(interaction: Interaction): void;
  readonly size: number;
  stop(): void;
}

const RETRY_MS = 1_000;
/** Desks need about this long to come back after a restart; an offer that ends earlier could not be answered, ms. */
const DESKS_BACK_MS = 5_000;

export function createDeadlines(deps: {
  readonly contacts: Pick<Contacts, 'apply'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Deadlines {
  const timers = new Map<string, Timer>();
  let stopped = false;

  const fire = (interaction: Interaction, event: InteractionEvent): void => {
    timers.delete(interaction.id);
    deps.contacts.apply(interaction.companyId, interaction.id, event).then(
      // A refusal is the normal end of a race: somebody accepted or closed in the same instant.
      () => undefined,
      (error: unknown) => {
        deps.logger.error({ err: error, interactionId: interaction.id }, 'deadline not carried out');
        set(interaction, event, RETRY_MS);
      },
    );
  };

  const set = (interaction: Interaction, event: InteractionEvent, delayMs: number): void => {
    if (stopped) return;
    timers.get(interaction.id)?.cancel();
    timers.set(
      interaction.id,
      deps.clock.after(Math.max(0, delayMs), () => fire(interaction, event)),
    );
  };

  const sync = (interaction: Interaction): void => {
    const { state } = interaction;
    timers.get(interaction.id)?.cancel();
    timers.delete(interaction.id);
    if (state.name !== 'offered' && state.name !== 'wrapUp') return;
    const event: InteractionEvent =
      state.name === 'offered'
        ? { type: 'offerTimedOut', hold: state.claim.hold }
        : { type: 'wrapUpExpired', hold: state.claim.hold };
    set(interaction, event, state.deadline.getTime() - deps.clock.now());
  };

  return {
    sync,
    resume(interaction) {
      const { state } = interaction;
      if (state.name !== 'offered' || state.deadline.getTime() > deps.clock.now() + DESKS_BACK_MS) {
        sync(interaction);
        return;
      }
      // Nobody could answer while the server was down: that is no reason for a pause, so it is offered anew.
      set(interaction, { type: 'offerRevoked', hold: state.claim.hold, reason: 'serverRestart' }, 0);
    },
    get size() {
      return timers.size;
    },
    stop() {
      stopped = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
