import type { Connection } from 'mongoose';
import { dropIndexes } from './indexes.ts';
import type { Migration } from './migrate.ts';

interface Contact {
  readonly _id: string;
  readonly segments: readonly { readonly queuedAt: Date }[];
  readonly timestamps: { readonly arrivedAt: Date };
}

const BATCH = 500;
/** Only the figures of today ask for it, and no conversation is counted that was quiet since before. */
const DAYS_MS = 7 * 24 * 3_600_000;

/** Contacts know when their last stay in a queue began, so that the figures of a day are found by one range. */
export const lastQueued: Migration = {
  version: 3,
  name: 'contacts know the begin of their last stay in a queue',
  async up(connection: Connection) {
    await dropIndexes(connection, 'interactions', [
      'companyId_1_timestamps.queuedAt_1__id_1',
      'state.name_1__id_1',
    ]);
    const contacts = connection.collection<Contact>('interactions');
    let [before, newestMs]: [string | undefined, number | undefined] = [undefined, undefined];
    for (;;) {
      const rows: Contact[] = await contacts
        .find(before === undefined ? {} : { _id: { $lt: before } }, { sort: { _id: -1 }, limit: BATCH })
        .toArray();
      if (rows.length > 0)
        await contacts.bulkWrite(
          rows.map(({ _id, segments }) => ({
            updateOne: {
              filter: { _id },
              update: { $set: { lastQueuedAt: segments.at(-1)?.queuedAt ?? null } },
            },
          })),
        );
      const last = rows.at(-1);
      newestMs ??= rows[0]?.timestamps.arrivedAt.getTime();
      if (last === undefined || (newestMs ?? 0) - last.timestamps.arrivedAt.getTime() > DAYS_MS) return;
      before = last._id;
    }
  },
};
