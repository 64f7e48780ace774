import type { Connection } from 'mongoose';
import type { CompanyId, InteractionId } from '../shared/ids.ts';
import { type Stays, staysQuery, type StaysTurn } from './filters.ts';

/** Over the model of the contacts, which is registered already. No more is read of each than a count needs. */
export function staysOf(connection: Connection) {
  const contacts = connection.model('Interaction');
  return async (companyId: CompanyId, from: Date, turn: StaysTurn): Promise<readonly Stays[]> => {
    const docs = await contacts
      .find(staysQuery(companyId, from, turn))
      .sort({ lastQueuedAt: 1, _id: 1 })
      .limit(turn.limit)
      .select({ companyId: 1, channel: 1, segments: 1 })
      .lean<(Omit<Stays, 'id'> & { readonly _id: string })[]>();
    return docs.map(({ _id, ...rest }) => ({ id: _id as InteractionId, ...rest }));
  };
}
