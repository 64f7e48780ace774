import type { Connection } from 'mongoose';
import { nameTokens } from '../../../shared/br/text.ts';
import { inBatches } from './batches.ts';
import type { Migration } from './migrate.ts';

interface Customer {
  readonly _id: string;
  readonly name: string;
  readonly tradeName?: string;
}

/** Customers know the words of their names apart from those of their addresses: a search gives names first. */
export const nameWords: Migration = {
  version: 4,
  name: 'customers know the words of their names',
  up(connection: Connection) {
    const customers = connection.collection<Customer>('customers');
    return inBatches(customers, (rows) =>
      customers.bulkWrite(
        rows.map(({ _id, name, tradeName }) => ({
          updateOne: { filter: { _id }, update: { $set: { nameWords: nameTokens(name, tradeName) } } },
        })),
      ),
    );
  },
};
