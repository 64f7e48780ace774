import { describe, expect, it } from 'vitest';
import { type AuditLine, type Principal, type RouteAnswer, tellAnswer } from '../platform/http/index.ts';
import type { Protocol } from './domain/protocol.ts';
import { protocolRoutes } from './http.ts';

const protocol = {
  number: '2026110000000001',
  companyId: 'c1',
  customer: null,
  document: '52998224725',
  phones: ['+5511987654321'],
  status: 'open',
  openedAt: new Date(0),
  deadline: new Date(0),
  lastTouchedAt: new Date(0),
  concludedAt: null,
  history: [],
};
const contacts = [
  { id: 'i1', queue: 'suporte', agent: { id: 'ana', name: 'Ana' } },
  { id: 'i2', queue: 'ouvidoria', agent: null },
];
const timeline = [
  { id: 't1', data: { interactionId: 'i1', text: 'do suporte' } },
  { id: 't2', data: { interactionId: 'i2', text: 'da ouvidoria' } },
];

const ana = { companyId: 'c1', userId: 'ana', role: 'operator', queues: [] as string[] };
const colleague = { ...ana, userId: 'bruno', queues: ['suporte'] };
const stranger = { ...ana, userId: 'carla', queues: ['financeiro'] };
const chief = { ...ana, userId: 'sil', role: 'supervisor' };

interface Told {
  readonly action: string;
  readonly data: unknown;
}

/** One route as this person: its answer, or the code of its refusal; and what the audit trail was told. */
async function ask(
  who: object,
  method: string,
  path: string,
  body: object = {},
): Promise<{ readonly answer: string; readonly told: readonly Told[]; readonly within: unknown }> {
  const told: Told[] = [];
  let within: unknown;
  const routes = protocolRoutes({
    protocols: {
      get: () => Promise.resolve(protocol),
      search: (_company: string, filter: { within?: unknown }) => {
        within = filter.within;
        return Promise.resolve({ items: [protocol], nextCursor: null });
      },
      patch: (_company: string, _number: string, patch: Partial<Protocol>) =>
        Promise.resolve({ ...protocol, ...patch }),
    } as never,
    contacts: () => Promise.resolve(contacts as never),
    timeline: () => Promise.resolve(timeline as never),
    now: () => new Date(0),
  });
  const tell = (_who: unknown, { action, data }: AuditLine): Promise<void> => {
    told.push({ action, data });
    return Promise.resolve();
  };
  const found = routes.find((route) => route.method === method && route.path === path);
  const given = { principal: who, params: { number: protocol.number }, query: { limit: 10 }, body };
  const answer = await found?.handle(given as never).catch((error: unknown) => error);
  if (found !== undefined && typeof answer === 'object' && answer !== null && 'status' in answer)
    await tellAnswer(
      { record: tell, once: tell },
      found,
      who as Principal,
      given,
      answer as RouteAnswer,
      () => {},
    );
  return { answer: JSON.stringify(answer), told, within };
}
const LIST = '/api/v1/protocols';
const ONE = `${LIST}/{number}`;

describe('phones of protocols (domain.md: masks in lists)', () => {
  it('are masked in the list', async () => {
    const { answer } = await ask(chief, 'get', LIST);
    expect(answer).toContain('+5511****4321');
    expect(answer).not.toContain('987654321');
  });
  it('are whole in the one that was opened', async () => {
    expect((await ask(chief, 'get', ONE)).answer).toContain('+5511987654321');
  });
});

describe('whose protocols they are', () => {
  it('a list asks the store for no more than the person may see', async () => {
    expect((await ask(colleague, 'get', LIST)).within).toEqual(['agent:bruno', 'queue:suporte']);
    expect((await ask(chief, 'get', LIST)).within).toBeUndefined();
  });
  it('one of other queues is not there: neither read, nor its dossier, nor changed', async () => {
    for (const [method, path] of [
      ['get', ONE],
      ['get', `${ONE}/dossier`],
      ['patch', ONE],
    ] as const) {
      const { answer, told } = await ask(stranger, method, path, { status: 'closed' });
      expect(answer).toContain('protocol.notFound');
      expect(told).toEqual([]);
    }
  });
  it('of one that went through several queues each sees the contacts of the own, and how many are withheld', async () => {
    const { answer, told } = await ask(ana, 'get', `${ONE}/dossier`);
    expect(answer).toContain('do suporte');
    expect(answer).not.toContain('ouvidoria');
    expect(answer).toContain('"withheld":1');
    expect(told).toEqual([{ action: 'protocol.dossier', data: {} }]);
    expect((await ask(chief, 'get', `${ONE}/dossier`)).answer).toContain('da ouvidoria');
  });
  it('is changed by whoever has it in hand, cancelled by a supervisor, and both are audited', async () => {
    expect((await ask(colleague, 'patch', ONE, { subject: 'x' })).answer).toContain('protocol.notYours');
    const cancel = { status: 'cancelled', reason: 'engano' };
    const refused = await ask(ana, 'patch', ONE, cancel);
    expect(refused.answer).toContain('protocol.cancelForbidden');
    expect(refused.told).toEqual([]);
    expect((await ask(ana, 'patch', ONE, { status: 'closed' })).told).toEqual([
      { action: 'protocol.update', data: { fields: ['status'], from: 'open', to: 'closed' } },
    ]);
    expect((await ask(chief, 'patch', ONE, cancel)).told).toMatchObject([{ action: 'protocol.update' }]);
  });
});
