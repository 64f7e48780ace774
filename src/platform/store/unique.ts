/** What a unique index says of a value that it holds already. */
interface Told {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** FerretDB 2.7.0 hands on PostgreSQL's words, with code 1, where `findOneAndUpdate` meets a unique index. */
const FERRET = /violates exclusion constraint "documents_rum_index_/;

/** MongoDB's E11000, which both stores answer: a unique index holds the value already. */
export const isDuplicate = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as Told;
  return code === 11000 || (code === 1 && typeof message === 'string' && FERRET.test(message));
};

/** An insert that may meet its twin. Rejects with whatever else the store says. */
export async function inserted(write: () => Promise<unknown>): Promise<'inserted' | 'duplicate'> {
  try {
    await write();
    return 'inserted';
  } catch (error) {
    if (isDuplicate(error)) return 'duplicate';
    throw error;
  }
}

/** How often a record is made that somebody else made, and nobody finds, before that is a fault. */
const MOST_TRIES = 5;

/**
 * Changes the record that stands, and makes it first where there is none; answers what `change` does. An upsert would be
 * both in one, but of two first ones at once MongoDB may answer E11000 to one, and FerretDB 2.7.0 loses one's part.
 * Rejects with the duplicate when what `make` meets is not what `change` looks for.
 */
export async function changedOrMade<T>(
  change: () => Promise<T | null>,
  make: () => Promise<unknown>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const changed = await change();
    if (changed !== null) return changed;
    try {
      await make();
    } catch (error) {
      if (!isDuplicate(error) || tries === MOST_TRIES) throw error;
    }
  }
}
