import type { Connection } from 'mongoose';
import { inBatches } from './batches.ts';
import type { Migration } from './migrate.ts';

interface Contact {
  readonly _id: string;
  readonly companyId: string;
  readonly protocol: string;
  readonly queue: string | null;
  readonly agent: { readonly id: string } | null;
}

/** Protocols learn where their contacts stand: what the list of an operator is found by. */
export const protocolReach: Migration = {
  version: 1,
  name: 'protocols know the queues and people of their contacts',
  up(connection: Connection) {
    return inBatches(connection.collection<Contact>('interactions'), (rows) =>
      Promise.all([...wordsOf(rows)].map(([id, words]) => add(connection, id, words))),
    );
  },
};

function wordsOf(rows: readonly Contact[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { companyId, protocol, queue, agent } of rows) {
    const id = `${companyId}:${protocol}`;
    const words = found.get(id) ?? [];
    if (queue !== null) words.push(`queue:${queue}`);
    if (agent !== null) words.push(`agent:${agent.id}`);
    found.set(id, words);
  }
  return found;
}

async function add(connection: Connection, id: string, words: readonly string[]): Promise<void> {
  await connection
    .collection<{ _id: string }>('protocols')
    .updateOne({ _id: id }, { $addToSet: { reach: { $each: [...new Set(words)] } } });
}
