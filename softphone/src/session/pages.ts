interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** All of a list, asked page by page; a server that always has another page ends at `most` of them. */
export async function allPages<T>(
  ask: (cursor: string | null) => Promise<Page<T>>,
  most: number,
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < most; page += 1) {
    const { items, nextCursor }: Page<T> = await ask(cursor);
    found.push(...items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return found;
}
