import type { Connection } from 'mongoose';
import { auditKindOf } from '../../../contracts/audit.ts';
import { inBatches } from './batches.ts';
import type { Migration } from './migrate.ts';

interface Line {
  readonly _id: string;
  readonly action: string;
}

/** Lines of the audit log know whether somebody only looked: what was done is found among many looks. */
export const auditKinds: Migration = {
  version: 5,
  name: 'lines of the audit log know whether somebody only looked',
  up(connection: Connection) {
    const lines = connection.collection<Line>('audits');
    return inBatches(lines, (rows) =>
      lines.bulkWrite(
        rows.map(({ _id, action }) => ({
          updateOne: { filter: { _id }, update: { $set: { kind: auditKindOf(action) } } },
        })),
      ),
    );
  },
};
