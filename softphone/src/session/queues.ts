import { z } from 'zod';
import { createStore, type ReadStore } from '../ui/store.ts';
import { listOf, type Api } from './api.ts';
import type { User } from './session.ts';

/** What the desk needs of a queue; the rest of each answer is not read. */
export const queueSchema = z.object({
  key: z.string(),
  name: z.string(),
  /** Total length of a wrap-up with all its prolongations, ms. */
  wrapUpMaxMs: z.number().optional(),
  /** Whether who serves the queue may take a waiting contact. */
  allowTake: z.boolean().optional(),
  /** What one text contact takes of a person, by channel, in units of 100. */
  weights: z.record(z.string(), z.number()).optional(),
});
export type Queue = z.infer<typeof queueSchema>;

/** The queues that this person may see, by name: people read names, not keys. */
export interface Queues {
  list: ReadStore<readonly Queue[]>;
  of: (key: string | null) => Queue | undefined;
  reload: () => Promise<void>;
}

export function createQueues(api: Api): Queues {
  const list = createStore<readonly Queue[]>([]);
  return {
    list,
    of: (key) => list.get().find((one) => one.key === key),
    reload: async () => {
      const answer = await api.get('/api/v1/queues', listOf(queueSchema)).catch(() => null);
      if (answer) list.set(answer.items);
    },
  };
}

/** The name of a queue; one that this person may not see is told by its key with a capital letter. */
export function queueName(queues: readonly Queue[], key: string | null): string {
  if (key === null) return '—';
  const known = queues.find((one) => one.key === key);
  return known?.name ?? key.charAt(0).toUpperCase() + key.slice(1).replaceAll('-', ' ');
}

/** The queue that a call of this person's may name: operators call for their own, a contact of another queue is called without. */
export const callingFor = (user: Pick<User, 'role' | 'queues'>, queue: string | null): string | null =>
  queue !== null && (user.role !== 'operator' || user.queues.includes(queue)) ? queue : null;
