/** MongoDB's E11000, which both stores answer: a unique index holds the value already. */
export const isDuplicate = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;

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
