import { err, ok, type Result } from '../../shared/result.ts';
import type {
  Change,
  InteractionEffect,
  InteractionEvent,
  TransitionError,
  TransitionErrorCode,
} from './events.ts';
import type { Actor, Interaction, InteractionState } from './types.ts';

export type Outcome = Result<Change, TransitionError>;

const SYSTEM: Actor = { kind: 'system' };

/** The next version of the aggregate with the journal line and the effects that belong to it. */
export function changed(
  from: Interaction,
  patch: Partial<Omit<Interaction, 'id' | 'version'>>,
  line: {
    readonly kind: string;
    readonly actor?: Actor | undefined;
    readonly data?: Readonly<Record<string, unknown>>;
  },
  effects: readonly InteractionEffect[] = [],
): Outcome {
  return ok({
    next: { ...from, ...patch, version: from.version + 1 },
    line: { kind: line.kind, actor: line.actor ?? SYSTEM, data: line.data ?? {} },
    effects,
  });
}

/** It had already happened: the same answer, nothing written (events come at least once). */
export const same = (interaction: Interaction): Outcome => ok({ next: interaction, line: null, effects: [] });

export function refuse(
  code: TransitionErrorCode,
  interaction: Interaction,
  event: InteractionEvent,
): Outcome {
  return err({ code, state: interaction.state.name, event: event.type });
}

const ENDS: ReadonlySet<InteractionState['name']> = new Set(['closed', 'abandoned', 'missed']);

export const isEnd = (state: InteractionState): boolean => ENDS.has(state.name);

/** The usual refusal: over, or meaningless here. */
export const illegal = (interaction: Interaction, event: InteractionEvent): Outcome =>
  refuse(
    isEnd(interaction.state) ? 'interaction.ended' : 'interaction.illegalTransition',
    interaction,
    event,
  );

export const isVoice = (interaction: Interaction): boolean => interaction.channel === 'voice';
