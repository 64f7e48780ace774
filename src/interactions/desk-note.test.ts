import { expect, it } from 'vitest';
import { arrivingContact } from '../../tests/support/arriving.ts';
import type { Principal } from '../platform/http/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { createDesk, type DeskDeps } from './desk.ts';
import type { Interactions } from './interactions.ts';

const COMPANY = 'c1' as CompanyId;
const ID = 'i1' as InteractionId;
const person = (name: string): Principal => ({
  userId: name as AgentId,
  companyId: COMPANY,
  name,
  role: 'supervisor',
  queues: [],
  via: 'session',
  scopes: [],
  credentialId: 's1',
});

it('a note is one line for each person and key, and without a key one each time', async () => {
  const contact = arrivingContact(new Date(0), { id: ID, companyId: COMPANY });
  const keys: (string | undefined)[] = [];
  const interactions: Pick<Interactions, 'get' | 'record'> = {
    get: () => Promise.resolve(contact),
    record: (_company, _id, { key }) => Promise.resolve(void keys.push(key)),
  };
  const desk = createDesk({ interactions } as DeskDeps);
  const written = async (name: string, key?: string): Promise<string | undefined> => {
    await desk.note(person(name), ID, 'ligar amanhã', key);
    return keys.pop();
  };
  const first = await written('ana', 'k1');
  expect(first).toBeTypeOf('string');
  expect(await written('ana', 'k1')).toBe(first);
  expect(await written('ana', 'k2')).not.toBe(first);
  expect(await written('bia', 'k1')).not.toBe(first);
  expect(await written('ana')).toBeUndefined();
});
