import type { Channel } from '../../../src/contracts/common.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';

export interface WaitingFilter {
  channel: Channel | null;
  queue: string | null;
}

/** What of the waiting is shown; the order stays that of the list. */
export function filterWaiting(
  waiting: readonly InteractionView[],
  { channel, queue }: WaitingFilter,
): InteractionView[] {
  return waiting.filter(
    (one) => (channel === null || one.channel === channel) && (queue === null || one.queue === queue),
  );
}

/** Channels and queues of what waits, with how many each, so that a filter never leads to an empty list. */
export function countsOf(waiting: readonly InteractionView[]): {
  channels: readonly [Channel, number][];
  queues: readonly [string, number][];
} {
  const channels = new Map<Channel, number>();
  const queues = new Map<string, number>();
  for (const { channel, queue } of waiting) {
    channels.set(channel, (channels.get(channel) ?? 0) + 1);
    if (queue !== null) queues.set(queue, (queues.get(queue) ?? 0) + 1);
  }
  return { channels: [...channels], queues: [...queues] };
}
