import type { Connection } from 'mongoose';
import { AppError } from '../../../shared/errors.ts';

export interface Migration {
  /** 1, 2, 3 … */
  readonly version: number;
  /** What changes, for the log and the reader. */
  readonly name: string;
  up(connection: Connection): Promise<void>;
}

interface Meta {
  readonly _id: string;
  readonly version: number;
}

/**
 * Brings the documents to the version that this program knows. Errors: `store.newer` when they are beyond it,
 * `store.migration` when a step fails (nothing after it ran; the next start goes on there).
 */
export async function migrate(connection: Connection, list: readonly Migration[]): Promise<void> {
  const meta = connection.collection<Meta>('meta');
  const known = list.at(-1)?.version ?? 0;
  const stored = (await meta.findOne({ _id: 'schema' }))?.version;
  if (stored !== undefined && stored > known)
    throw new AppError(
      'store.newer',
      500,
      `The data was written by a newer version of this program (schema ${stored}, this one knows ${known}). Start that version, or restore a backup of this one.`,
    );
  for (const step of list) {
    if (stored !== undefined && step.version <= stored) continue;
    try {
      await step.up(connection);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AppError(
        'store.migration',
        500,
        `Migration ${step.version} (${step.name}) failed: ${reason}`,
      );
    }
    // $max: two copies of the process may have run the same step.
    await meta.updateOne({ _id: 'schema' }, { $max: { version: step.version } }, { upsert: true });
  }
  if (stored === undefined && list.length === 0)
    await meta.updateOne({ _id: 'schema' }, { $setOnInsert: { version: 0 } }, { upsert: true });
}
