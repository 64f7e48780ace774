import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';

/** What outsiders rely on and stands already, as method and path under /api/v1. */
const PROMISED = [
  'post /auth/login',
  'post /auth/logout',
  'post /auth/password',
  'get /me',
  'get /me/softphone',
  'put /me/presence',
  'get /interactions',
  'get /interactions/{id}',
  'post /interactions/{id}/accept',
  'post /interactions/{id}/reject',
  'post /interactions/{id}/close',
  'post /interactions/{id}/hangup',
  'post /interactions/{id}/hold',
  'post /interactions/{id}/resume',
  'post /interactions/{id}/dtmf',
  'post /interactions/{id}/notes',
  'post /interactions/{id}/messages',
  'post /interactions/{id}/transfer',
  'get /interactions/{id}/recording',
  'post /calls',
  'get /protocols',
  'get /protocols/{number}',
  'patch /protocols/{number}',
  'get /customers',
  'get /customers/{id}',
  'get /customers/{id}/context',
  'get /queues',
  'get /queues/{key}/live',
  'get /agents',
  'put /agents/{id}/presence',
  ...['users', 'queues', 'dids', 'trunks', 'mailboxes', 'calendars'].flatMap((what) => [
    `get /admin/${what}`,
    `post /admin/${what}`,
  ]),
];

describe('the contract as the product serves it', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  }, 60_000);
  afterAll(() => product.end());

  it('documents every route in OpenAPI 3.1', async () => {
    const response = await fetch(`${product.url}/api/openapi.json`);
    expect(response.status).toBe(200);
    const document = (await response.json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const missing = PROMISED.filter((route) => {
      const [method = '', path = ''] = route.split(' ');
      return document.paths[`/api/v1${path}`]?.[method] === undefined;
    });
    expect(missing).toEqual([]);
  });

  it('answers each documented GET without a session with 401, never with 500', async () => {
    const response = await fetch(`${product.url}/api/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, { get?: { security?: object[] } }> };
    const guarded = Object.entries(paths).filter(([, path]) => path.get?.security !== undefined);
    expect(guarded.length).toBeGreaterThan(15);
    for (const [path] of guarded) {
      const answer = await fetch(product.url + path.replace(/\{[^}]+\}/g, 'x'));
      expect({ path, status: answer.status }).toEqual({ path, status: 401 });
    }
  });
});
