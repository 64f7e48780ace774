import { describe, expect, it } from 'vitest';
import { allPages } from './pages.ts';

/** A list of `pages` pages, each with its number; `asked`: the cursors in their order. */
async function read(pages: number, most: number) {
  const asked: (string | null)[] = [];
  const found = await allPages((cursor) => {
    asked.push(cursor);
    const page = Number(cursor ?? 0);
    return Promise.resolve({ items: [page], nextCursor: page + 1 < pages ? String(page + 1) : null });
  }, most);
  return { asked, found };
}

describe('a list that is read whole', () => {
  it('is asked from its beginning, each page once, and in order', async () => {
    expect(await read(3, 5)).toEqual({ asked: [null, '1', '2'], found: [0, 1, 2] });
    expect(await read(1, 5)).toEqual({ asked: [null], found: [0] });
  });

  it('ends after so many pages, however many the server has', async () => {
    expect((await read(Infinity, 5)).asked).toHaveLength(5);
    expect((await read(5, 5)).found).toEqual([0, 1, 2, 3, 4]);
  });
});
