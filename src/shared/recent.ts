/** A map that keeps what was set last, and forgets the rest. */
export interface Recent<V> {
  get(key: string): V | undefined;
  /** Counts as new again, also when the key is there. */
  set(key: string, value: V): void;
}

/** `most`: entries kept; one more drives out the one that was set longest ago. */
export function createRecent<V>(most: number): Recent<V> {
  const kept = new Map<string, V>();
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const oldest = kept.size > most ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    },
  };
}
