import { describe, expect, it } from 'vitest';
import { interactionOf } from '../../../tests/e2e/desk-world.ts';
import type { Api } from '../session/api.ts';
import { createDeskLists } from './desk-lists.ts';

/** Answers each list by its query: what is in hand in pages of one, nobody waits. */
function apiWith(mine: readonly string[]) {
  const asked: URLSearchParams[] = [];
  const get = (url: string) => {
    const search = new URL(url, 'http://desk').searchParams;
    asked.push(search);
    if (search.get('state') === 'queued') return Promise.resolve({ items: [], nextCursor: null });
    const at = mine.indexOf(search.get('cursor') ?? '') + 1;
    const items = mine.slice(at, at + 1).map((id) => interactionOf({ id }));
    return Promise.resolve({ items, nextCursor: at + 1 < mine.length ? mine[at] : null });
  };
  return { api: { get } as unknown as Pick<Api, 'get'>, asked };
}

const ana = { id: 'u1', role: 'operator' } as const;

describe('the lists of a desk', () => {
  it('ask for the own work alone, and for all of it, however many pages', async () => {
    const { api, asked } = apiWith(['i3', 'i2', 'i1']);
    const { interactions } = await createDeskLists(api, () => ana).all();
    expect(interactions.map((one) => one.id)).toEqual(['i3', 'i2', 'i1']);
    const inHand = asked.filter((search) => search.get('state') === 'offered,active,wrapUp');
    expect(inHand.map((search) => search.get('agent'))).toEqual(['u1', 'u1', 'u1']);
  });

  it.each(['supervisor', 'admin'] as const)(
    'ask for everything that is in hand when the board needs it: %s',
    async (role) => {
      const { api, asked } = apiWith(['i3', 'i2', 'i1']);
      const { interactions } = await createDeskLists(api, () => ({ id: 'u9', role })).all();
      expect(interactions.map((one) => one.id)).toEqual(['i3', 'i2', 'i1']);
      expect(asked.every((search) => search.get('agent') === null)).toBe(true);
    },
  );

  it('end with a server that always has another page', async () => {
    const endless = {
      get: () => Promise.resolve({ items: [interactionOf({ id: 'i1' })], nextCursor: 'i1' }),
    } as unknown as Pick<Api, 'get'>;
    expect((await createDeskLists(endless, () => ana).all()).more).toBe(true);
  });
});
