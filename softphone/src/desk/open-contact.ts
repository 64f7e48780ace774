const keyOf = (userId: string): string => `ramal.open.${userId}`;

/** The contact that was open before F5, of this tab; what became of it meanwhile the list of the server says. */
export const readOpen = (memory: Storage | undefined, userId: string): string | null =>
  memory?.getItem(keyOf(userId)) ?? null;

export function writeOpen(memory: Storage | undefined, userId: string, id: string | null): void {
  if (id === null) memory?.removeItem(keyOf(userId));
  else memory?.setItem(keyOf(userId), id);
}
