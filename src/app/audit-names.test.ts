import { describe, expect, it } from 'vitest';
import type { CompanyId, CustomerId, ProtocolNumber } from '../shared/ids.ts';
import { type AuditNamesDeps, createAuditNames } from './audit-names.ts';

const HOME = 'c1' as CompanyId;
const OTHER = 'c2' as CompanyId;

/** Rooms that know one thing each, of one company. */
const only =
  <T>(thing: T) =>
  (companyId: CompanyId, id: string): T | null =>
    companyId === HOME && id === 'x' ? thing : null;

const deps: AuditNamesDeps = {
  person: only({ name: 'Ana Ribeiro' }),
  apiKey: only({ name: 'Importador do ERP' }),
  queue: only({ name: 'Suporte técnico' }),
  customer: only({ name: 'Maria Souza' }),
  contact: (companyId, id) =>
    Promise.resolve(
      only({
        contact: { address: '+5511987654321' },
        customer: { id: 'x' as CustomerId, name: 'Maria Souza' },
        protocol: '2026110000000123' as ProtocolNumber,
      })(companyId, id),
    ),
  did: only({ number: '+551140004000' }),
  trunk: only({ name: 'Operadora Um' }),
  calendar: only({ name: 'Comercial' }),
  company: (id) => (id === HOME ? { name: 'Exemplo' } : { name: 'Vizinha' }),
  first: () => HOME,
};

describe('names of what the audit log is about', () => {
  const names = createAuditNames(deps);

  it.each([
    ['user', 'Ana Ribeiro'],
    ['agent', 'Ana Ribeiro'],
    ['apiKey', 'Importador do ERP'],
    ['queue', 'Suporte técnico'],
    ['customer', 'Maria Souza'],
    ['interaction', 'Maria Souza · 2026110000000123'],
    ['did', '+551140004000'],
    ['trunk', 'Operadora Um'],
    ['calendar', 'Comercial'],
  ])('%s: %s, in its own company only', async (kind, name) => {
    expect(await names(HOME, { kind, id: 'x' })).toBe(name);
    expect(await names(OTHER, { kind, id: 'x' })).toBeUndefined();
    expect(await names(HOME, { kind, id: 'gone' })).toBeUndefined();
  });

  it('a company has its name; lists, and things whose id is their name, have none', async () => {
    expect(await names(HOME, { kind: 'company', id: 'c1' })).toBe('Exemplo');
    expect(await names(OTHER, { kind: 'company', id: 'c2' })).toBe('Vizinha');
    // The others are told to whoever installed the server, and to nobody else.
    expect(await names(HOME, { kind: 'company', id: 'c2' })).toBe('Vizinha');
    expect(await names(OTHER, { kind: 'company', id: 'c1' })).toBeUndefined();
    for (const target of [
      { kind: 'interaction', id: '-' },
      { kind: 'protocol', id: '2026110000000123' },
      { kind: 'mailbox', id: 'suporte@exemplo.test' },
      { kind: 'fax', id: 'x' },
    ])
      expect(await names(HOME, target)).toBeUndefined();
  });
});
