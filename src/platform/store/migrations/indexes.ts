import type { Collection, Connection } from 'mongoose';

/** What nobody asks any more would still be written with every document. The new ones are built from the schemas. */
export async function dropIndexes(
  connection: Connection,
  name: string,
  outdated: readonly string[],
): Promise<void> {
  const collection = connection.collection(name);
  const known = new Set((await indexesOf(collection)).map((index) => index.name));
  for (const index of outdated) if (known.has(index)) await collection.dropIndex(index);
}

/** MongoDB answers NamespaceNotFound (26) for a collection that has no document yet. */
async function indexesOf(collection: Collection): Promise<readonly { readonly name?: string }[]> {
  try {
    return (await collection.listIndexes().toArray()) as { readonly name?: string }[];
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 26) return [];
    throw error;
  }
}
