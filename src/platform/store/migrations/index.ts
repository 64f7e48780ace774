export { type Migration, migrate } from './migrate.ts';

import type { Migration } from './migrate.ts';
import { auditKinds } from './audit-kinds.ts';
import { lastQueued } from './last-queued.ts';
import { nameWords } from './name-words.ts';
import { narrowIndexes } from './narrow-indexes.ts';
import { protocolReach } from './protocol-reach.ts';

/**
 * Every change of stored documents, in order, numbered from 1 without a gap. Each must bear being run twice (a crash
 * in the middle, two copies of the process starting at once) and work on both engines. Never edit one that was
 * released: add the next.
 */
export const migrations: readonly Migration[] = [
  protocolReach,
  narrowIndexes,
  lastQueued,
  nameWords,
  auditKinds,
];
