import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../tests/support/arriving.ts';
import type { Principal } from '../platform/http/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { createDesk, type DeskDeps } from './desk.ts';
import type { Interactions } from './interactions.ts';
import type { Message } from './ports.ts';
import { undeliveredRoutes } from './undelivered.http.ts';

const COMPANY = 'c1' as CompanyId;
const person = (name: string, role: Principal['role'], ...queues: string[]): Principal => ({
  userId: name as AgentId,
  companyId: COMPANY,
  name,
  role,
  queues,
  via: 'session',
  scopes: [],
  credentialId: 's1',
});
const contactOf = (id: string, queue: string) =>
  arrivingContact(new Date(0), {
    ...{ id: id as InteractionId, companyId: COMPANY, queue },
    agent: { id: 'ana' as AgentId, name: 'Ana' },
    state: { name: 'closed', closedAt: new Date(0), cause: null },
  });

/** Two contacts, with one undelivered reply in the first; `put`: what was put aside. */
function desk() {
  const contacts = [contactOf('i1', 'suporte'), contactOf('i2', 'suporte')];
  const message = { id: 'm1', interactionId: 'i1', undelivered: true } as unknown as Message;
  const put: string[] = [];
  const interactions: Pick<Interactions, 'get' | 'messages' | 'acknowledge'> = {
    get: (_company, id) => Promise.resolve(contacts.find((one) => one.id === id) ?? null),
    messages: (_company, { id }) => Promise.resolve(id === message.id ? [message] : []),
    acknowledge: (_company, id) => {
      put.push(id);
      return Promise.resolve(put.length === 1 ? { ...message, undelivered: false } : null);
    },
  };
  return { put, acknowledge: createDesk({ interactions } as DeskDeps).acknowledge };
}

describe('an undelivered reply', () => {
  it('is put aside by who may see its contact, and twice is fine', async () => {
    const { put, acknowledge } = desk();
    expect(await acknowledge(person('bia', 'operator', 'suporte'), 'i1', 'm1')).toMatchObject({ id: 'm1' });
    expect(await acknowledge(person('sofia', 'supervisor'), 'i1', 'm1')).toMatchObject({ id: 'm1' });
    expect(put).toEqual(['m1', 'm1']);
  });

  it.each([
    [
      'by nobody of another queue',
      person('caio', 'operator', 'financeiro'),
      'i1',
      'm1',
      'interaction.notFound',
    ],
    ['under no other contact', person('sofia', 'supervisor'), 'i2', 'm1', 'message.notFound'],
    ['when there is none', person('sofia', 'supervisor'), 'i1', 'm2', 'message.notFound'],
  ])('is put aside %s', async (_what, principal, id, messageId, code) => {
    const { put, acknowledge } = desk();
    await expect(acknowledge(principal, id, messageId)).rejects.toMatchObject({ code, status: 404 });
    expect(put).toEqual([]);
  });

  it('is listed for the queues of who asks and for who wrote it; for who leads them, all are', async () => {
    const asked: unknown[] = [];
    const routes = undeliveredRoutes({
      desk: desk(),
      interactions: {
        undelivered: (_company, page) => {
          asked.push(page);
          return Promise.resolve({ items: [], nextCursor: null });
        },
      },
    });
    const list = routes.find(({ method }) => method === 'get');
    for (const principal of [person('ana', 'operator', 'suporte'), person('sofia', 'supervisor')])
      await list?.handle({ principal, query: { limit: 5 } } as never);
    expect(asked).toEqual([
      { limit: 5, within: ['agent:ana', 'queue:suporte'] },
      { limit: 5, within: undefined },
    ]);
  });
});
