/** What a former version kept without saying whose it is: it may be somebody else's, so nobody gets it (ADR 0009). */
export function dropNamelessKeys(storage: Storage, prefix: string): void {
  const keys = Array.from({ length: storage.length }, (_none, index) => storage.key(index));
  for (const key of keys) if (key?.startsWith(prefix)) storage.removeItem(key);
}
