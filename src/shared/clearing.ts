/** What a store writes for a change in which null means: take this field away. */
export function setAndUnset(change: Readonly<Record<string, unknown>>): {
  $set?: Record<string, unknown>;
  $unset?: Record<string, ''>;
} {
  const gone = Object.keys(change).filter((name) => change[name] === null);
  const kept = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
  return {
    // An empty $set is fine where nothing else is said: the record is answered as it is.
    ...(Object.keys(kept).length > 0 || gone.length === 0 ? { $set: kept } : {}),
    ...(gone.length > 0 ? { $unset: Object.fromEntries(gone.map((name) => [name, '' as const])) } : {}),
  };
}
