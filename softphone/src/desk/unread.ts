import { z } from 'zod';
import { readStored } from '../ui/stored.ts';
import type { Unread } from './work.ts';

const stored = z.record(
  z.string(),
  z.object({
    count: z.number(),
    words: z.string(),
    since: z.number(),
    ids: z.array(z.string()).optional(),
    failed: z.boolean().optional(),
  }),
);
const keyOf = (userId: string): string => `ramal.unread.${userId}`;

/** What was not read before F5. */
export function readUnread(memory: Storage | undefined, userId: string): Readonly<Record<string, Unread>> {
  return readStored(memory, keyOf(userId), stored) ?? {};
}

export function writeUnread(
  memory: Storage | undefined,
  userId: string,
  unread: Readonly<Record<string, Unread>>,
): void {
  memory?.setItem(keyOf(userId), JSON.stringify(unread));
}

export const unreadCount = (unread: Readonly<Record<string, Unread>>): number =>
  Object.values(unread).reduce((sum, one) => sum + one.count, 0);
