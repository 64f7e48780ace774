import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';

interface Entry {
  readonly action: string;
  readonly actor: { readonly name: string };
  readonly target: { readonly kind: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
}
interface Answer {
  readonly status: number;
  readonly body: { readonly code?: string; readonly id?: string; readonly dialing?: object };
}

const CALLS = '/api/v1/calls';
const COMPANY = '/api/v1/admin/company';

describe('what may be called, over HTTP', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  }, 60_000);
  afterAll(() => product.end());

  async function ask(user: string, method: string, path: string, body: object): Promise<Answer> {
    const answer = await fetch(product.url + path, {
      method,
      headers: {
        authorization: `Bearer ${await product.token(user)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  }
  const call = (user: string, to: string, more: object = {}): Promise<Answer> =>
    ask(user, 'POST', CALLS, { to, ...more });
  const rules = (dialing: object): Promise<Answer> => ask('admin', 'PATCH', COMPANY, { dialing });
  const lines = async (action: string): Promise<Entry[]> =>
    (await product.api<{ items: Entry[] }>('admin', 'GET', `/api/v1/admin/audit?limit=200&action=${action}`))
      .items;

  it('Brazil and no premium number by default; each try that was turned down is in the log with its reason', async () => {
    const tries = [
      ['+14155550123', {}, 'call.destinationNotAllowed', 'country'],
      ['190', {}, 'call.destinationNotAllowed', 'special'],
      ['0300 123 4567', {}, 'call.destinationNotAllowed', 'premium'],
      ['nao e numero', {}, 'call.badNumber', undefined],
      ['+5511987654321', { from: '+5511911112222' }, 'call.fromNotOwned', undefined],
      ['+5511987654321', { queue: 'nao-existe' }, 'queue.unknown', undefined],
    ] as const;
    for (const [to, more, code] of tries) {
      const { status, body } = await call('ana', to, more);
      expect({ to, status, code: body.code }).toEqual({ to, status: 422, code });
    }
    const told = await lines('call.refused');
    expect(
      told.map(({ target, data }) => [target.kind, target.id, data['code'], data['why']]).reverse(),
    ).toEqual(tries.map(([to, , code, why]) => ['number', to, code, why]));
    expect(told.every(({ actor }) => actor.name === 'Ana Lima')).toBe(true);
  });

  it('an administrator opens a country and caps the calls of a minute; whoever is none is turned down, and both are in the log', async () => {
    await product.api('admin', 'POST', '/api/v1/admin/trunks', {
      name: 'Saída',
      channels: 2,
      direction: 'outbound',
      outboundUri: 'sip:127.0.0.1:5999',
    });
    const open = { countries: ['+55', '+1'], premium: false, callsPerMinute: 2 };
    expect(await ask('supervisor', 'PATCH', COMPANY, { dialing: open })).toMatchObject({
      status: 403,
      body: { code: 'auth.forbidden' },
    });
    expect(await rules(open)).toMatchObject({ status: 200, body: { dialing: open } });
    // The rule lets it through: what stops it now is that nobody has a phone.
    const answers = [await call('bruno', '+14155550123'), await call('bruno', '+14155550123')];
    for (const { body } of answers)
      expect(['call.destinationNotAllowed', 'call.tooMany']).not.toContain(body.code);
    expect(await call('bruno', '+14155550123')).toMatchObject({
      status: 429,
      body: { code: 'call.tooMany' },
    });
    expect((await call('carla', '+14155550123')).body.code).not.toBe('call.tooMany');
    expect((await lines('company.update'))[0]).toMatchObject({
      actor: { name: 'Administrador' },
      target: { kind: 'company' },
      data: { dialing: open },
    });
    expect((await lines('access.refused')).map(({ target }) => target.id)).toContain(`PATCH ${COMPANY}`);
    expect((await lines('call.refused')).map(({ data }) => data['code'])).toContain('call.tooMany');
  });

  it('rules that could not be kept are refused', async () => {
    for (const dialing of [
      { countries: ['55'], premium: false, callsPerMinute: 1 },
      { countries: ['+55'], premium: 'yes', callsPerMinute: 1 },
      { countries: ['+55'], premium: false, callsPerMinute: 0 },
      { countries: ['+55'], premium: false, callsPerMinute: 1e9 },
    ])
      expect({ dialing, status: (await rules(dialing)).status }).toEqual({ dialing, status: 400 });
  });
});
