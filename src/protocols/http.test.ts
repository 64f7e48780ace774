import { describe, expect, it } from 'vitest';
import { protocolRoutes } from './http.ts';

const protocol = {
  number: '2026110000000001',
  companyId: 'c1',
  customer: null,
  document: '52998224725',
  phones: ['+5511987654321'],
  openedAt: new Date(0),
  deadline: new Date(0),
  lastTouchedAt: new Date(0),
  concludedAt: null,
  history: [],
};

/** The answer of one route, asked by an operator. */
async function answer(path: string): Promise<string> {
  const routes = protocolRoutes({
    protocols: {
      get: () => Promise.resolve(protocol),
      search: () => Promise.resolve({ items: [protocol], nextCursor: null }),
    } as never,
    story: () => Promise.resolve({ interactions: [], timeline: [] }),
    now: () => new Date(0),
  });
  const found = routes.find((route) => route.method === 'get' && route.path === path);
  const given = { principal: { companyId: 'c1' }, params: { number: protocol.number }, query: { limit: 10 } };
  return JSON.stringify(await found?.handle(given as never));
}

describe('phones of protocols (domain.md: masks in lists)', () => {
  it('are masked in the list', async () => {
    const list = await answer('/api/v1/protocols');
    expect(list).toContain('+5511****4321');
    expect(list).not.toContain('987654321');
  });
  it('are whole in the one that was opened', async () => {
    expect(await answer('/api/v1/protocols/{number}')).toContain('+5511987654321');
  });
});
