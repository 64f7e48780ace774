import { AppError } from '../shared/errors.ts';
import type { TransferTarget } from './domain/events.ts';
import type { Interaction } from './domain/types.ts';
import type { TransferTargets } from './ports.ts';

/** A call of our own that no queue has seen falls back to the colleague's, when that one does not take it. */
export function queueAfter(
  targets: TransferTargets,
  { companyId, queue }: Interaction,
  to: TransferTarget,
): string | undefined {
  if (to.type !== 'agent' || queue !== null) return undefined;
  const theirs = targets.queueOf(companyId, to.id);
  if (theirs === undefined)
    throw new AppError('transfer.unavailable', 409, 'This operator works in no queue that could take it.');
  return theirs;
}

export function checkTarget(targets: TransferTargets, interaction: Interaction, to: TransferTarget): void {
  const { companyId } = interaction;
  if (to.type === 'queue' && !targets.queueExists(companyId, to.id))
    throw new AppError('transfer.unknownTarget', 422, 'There is no such queue.');
  if (to.type !== 'agent') return;
  const why = targets.refusal(interaction, to.id);
  if (why === undefined) throw new AppError('transfer.unknownTarget', 422, 'There is no such operator.');
  if (why !== null || to.id === interaction.agent?.id)
    throw new AppError('transfer.unavailable', 409, 'This operator cannot take it now.', why ? { why } : {});
}
