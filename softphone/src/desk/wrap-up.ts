import type { InteractionView } from '../../../src/contracts/interaction.ts';

/**
 * Whether a press would still lengthen the wrap-up: the deadline is not yet at the limit of the queue after the talk.
 * Where the limit is not known the server decides.
 */
export function mayExtend(
  { state, deadline, endedAt }: Pick<InteractionView, 'state' | 'deadline' | 'endedAt'>,
  maxMs: number | undefined,
  now: number,
): boolean {
  if (state !== 'wrapUp' || deadline === undefined || Date.parse(deadline) <= now) return false;
  if (endedAt === undefined || maxMs === undefined) return true;
  return Date.parse(deadline) < Date.parse(endedAt) + maxMs;
}
