import { ok } from '../../shared/result.ts';
import { changed, illegal, refuse, same, type Outcome } from './change.ts';
import type { InteractionEvent } from './events.ts';
import type { ClosingDraft, Interaction } from './types.ts';

type Of<T extends InteractionEvent['type']> = Extract<InteractionEvent, { type: T }>;

/** More time is counted from now, so that a late click gives as much as an early one; the queue's limit counts from the talk. */
export function wrapUpExtended(interaction: Interaction, event: Of<'wrapUpExtended'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name !== 'wrapUp') return illegal(interaction, event);
  const limit = state.endedAt.getTime() + event.maxMs;
  const deadline = new Date(Math.min(limit, at.getTime() + event.byMs));
  if (deadline.getTime() <= state.deadline.getTime()) return refuse('wrapUp.limit', interaction, event);
  return changed(
    interaction,
    { state: { ...state, deadline } },
    { kind: 'wrapUpExtended', actor: event.actor, data: { deadline } },
  );
}

/** Keystrokes are kept with the contact, not told in its journal. */
export function drafted(interaction: Interaction, event: Of<'drafted'>): Outcome {
  const { state } = interaction;
  if (state.name !== 'active' && state.name !== 'wrapUp') return illegal(interaction, event);
  if (isSame(state.draft, event.draft)) return same(interaction);
  const outcome = changed(interaction, { state: { ...state, draft: event.draft } }, { kind: 'drafted' });
  return outcome.ok ? ok({ ...outcome.value, unlogged: true }) : outcome;
}

const isSame = (a: ClosingDraft | undefined, b: ClosingDraft): boolean =>
  (a?.disposition ?? null) === b.disposition && (a?.note ?? null) === b.note;
