import type { AgentId } from '../../shared/ids.ts';
import type { Interaction, Segment, SegmentOutcome } from './types.ts';

/** A stay in a queue begins. */
export function openSegment(segments: readonly Segment[], queue: string, at: Date): readonly Segment[] {
  return [
    ...segments,
    { queue, queuedAt: at, offeredAt: null, talkAt: null, endedAt: null, outcome: null, agentId: null },
  ];
}

function patchLast(segments: readonly Segment[], patch: (last: Segment) => Segment): readonly Segment[] {
  const last = segments.at(-1);
  return last === undefined || last.endedAt !== null ? segments : [...segments.slice(0, -1), patch(last)];
}

/** Keeps the first offer of the stay: what came later was our doing. */
export const markOffered = (segments: readonly Segment[], at: Date): readonly Segment[] =>
  patchLast(segments, (last) => ({ ...last, offeredAt: last.offeredAt ?? at }));

/** The first word counts once; that is also when the stay counts as answered. */
export const markTalk = (segments: readonly Segment[], agentId: AgentId, at: Date): readonly Segment[] =>
  patchLast(segments, (last) => ({ ...last, agentId, talkAt: last.talkAt ?? at, outcome: 'answered' }));

/** Taken, and lost before a word: nobody answered this stay. */
export const unmarkTalk = (segments: readonly Segment[]): readonly Segment[] =>
  patchLast(segments, (last) => ({ ...last, agentId: null, talkAt: null, outcome: null }));

export const endSegment = (
  segments: readonly Segment[],
  outcome: SegmentOutcome,
  at: Date,
): readonly Segment[] =>
  patchLast(segments, (last) => ({ ...last, endedAt: at, outcome: last.outcome ?? outcome }));

/** Ends a hold that is still on and adds it to the sum. */
export function settleHold(interaction: Interaction, at: Date): Pick<Interaction, 'holdMs' | 'heldSince'> {
  const { holdMs, heldSince } = interaction;
  return {
    holdMs: heldSince === null ? holdMs : holdMs + (at.getTime() - heldSince.getTime()),
    heldSince: null,
  };
}
