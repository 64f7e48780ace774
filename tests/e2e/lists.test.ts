import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';

interface Line {
  id: string;
  name: string;
  phones: string[];
  documentMasked: string;
}

describe('lists and their lines', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  }, 90_000);
  afterAll(() => product.end());

  it('finds a customer by the words of an address, and masks phones until the one file is opened', async () => {
    const { items } = await product.api<{ items: Line[] }>('ana', 'GET', '/api/v1/customers?q=acacias%20120');
    const maria = items.find((one) => one.name === 'Maria Souza');
    expect(maria?.phones).toContain('+5511****4321');
    expect(JSON.stringify(items)).not.toMatch(/\+55\d{10}/);
    expect(maria?.documentMasked).toBe('***.982.247-**');
    const file = await product.api<Line>('ana', 'GET', `/api/v1/customers/${maria?.id ?? ''}`);
    expect(file.phones).toContain('+5511987654321');
  });

  it('says what is wrong with a request in one language: Portuguese, or English for who asks for it', async () => {
    const refused = async (language?: string) => {
      const answer = await fetch(`${product.url}/api/v1/admin/trunks`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await product.token('admin')}`,
          'content-type': 'application/json',
          ...(language === undefined ? {} : { 'accept-language': language }),
        },
        body: JSON.stringify({ name: 'x', channels: 'muitos', direction: 'both', peers: ['nenhum'] }),
      });
      const { status, code, detail, errors } = (await answer.json()) as Record<string, unknown>;
      return { status, code, detail, errors };
    };
    const portuguese = {
      status: 400,
      code: 'request.invalid',
      detail: 'A requisição não é válida.',
      errors: [
        { path: 'body.peers.0', message: 'Um endereço IP literal' },
        { path: 'body.channels', message: 'Entrada inválida: esperava um número, recebeu um texto' },
      ],
    };
    expect(await refused()).toEqual(portuguese);
    expect(await refused('pt-BR,pt;q=0.9,en;q=0.8')).toEqual(portuguese);
    expect(await refused('en-US,en;q=0.9,pt;q=0.5')).toEqual({
      status: 400,
      code: 'request.invalid',
      detail: 'The request is not valid.',
      errors: [
        { path: 'body.peers.0', message: 'A literal IP address' },
        { path: 'body.channels', message: 'Invalid input: expected number, received string' },
      ],
    });
  });
});
