import { randomBytes } from 'node:crypto';
import { keptSecret, type Access } from '../access/index.ts';
import type { CompanyId } from '../shared/ids.ts';
import { isLoopback } from '../shared/loopback.ts';
import type { CompanyRoom } from './company.ts';
import { ALWAYS } from './domain/calendar.ts';

export const DEMO_COMPANY = 'exemplo';
export const DEMO_DID = '+551140004000';
export const DEMO_MAILBOX = 'suporte@exemplo.test';
const QUEUES = [
  { key: 'suporte', name: 'Suporte' },
  { key: 'financeiro', name: 'Financeiro' },
  { key: 'retencao', name: 'Retenção' },
  { key: 'ouvidoria', name: 'Ouvidoria' },
] as const;
const OPERATORS = [
  ['ana', 'Ana Lima'],
  ['bruno', 'Bruno Costa'],
  ['carla', 'Carla Nunes'],
] as const;

export interface DemoSeedDeps {
  readonly company: CompanyRoom;
  readonly access: Access;
  readonly dataDir: string;
  /** SEED_PASSWORD. */
  readonly password?: string | undefined;
  /** SIP_HOST: the demo trunk exists only while it is loopback. */
  readonly sipHost: string;
  /** Queues and mailboxes belong to other rooms. */
  createQueue(companyId: CompanyId, queue: { readonly key: string; readonly name: string }): Promise<void>;
  createMailbox(
    companyId: CompanyId,
    mailbox: { readonly address: string; readonly queue: string },
  ): Promise<void>;
  /** Whatever else belongs to a demo, after the company stands (subscribers of the sample ERP …). */
  also?(companyId: CompanyId): Promise<void>;
}

export interface DemoSeed {
  readonly companyId: CompanyId;
  /** False: there was data, nothing was changed. */
  readonly seeded: boolean;
  /** Of the demo users; undefined when the data did not come from this seed. */
  readonly password: string | undefined;
}

/** The password that demo users have: SEED_PASSWORD, or a random one kept in DATA_DIR/demo-password (0600). */
export function demoPassword(dataDir: string, given: string | undefined): string {
  return given ?? keptSecret(dataDir, 'demo-password', () => randomBytes(9).toString('base64url'));
}

/**
 * The demo company of contract.md. On existing data it changes nothing. The administrator is written last: a
 * start that dies half way is seen by his absence and finished by the next one.
 */
export async function seedDemo(deps: DemoSeedDeps): Promise<DemoSeed> {
  const existing = deps.company.directory.companies();
  const demo = existing.find((company) => company.key === DEMO_COMPANY);
  const complete = (await deps.access.users.byUsername('admin')) !== undefined;
  const first = existing[0];
  if (first !== undefined && (demo === undefined || complete)) {
    const password = demo === undefined ? undefined : demoPassword(deps.dataDir, deps.password);
    return { companyId: demo?._id ?? first._id, seeded: false, password };
  }
  const password = demoPassword(deps.dataDir, deps.password);
  const companyId = demo?._id ?? (await createDemoCompany(deps.company));
  for (const queue of QUEUES) await deps.createQueue(companyId, queue);
  await seedSettings(deps, companyId);
  await deps.createMailbox(companyId, { address: DEMO_MAILBOX, queue: 'suporte' });
  await deps.also?.(companyId);
  await seedUsers(deps, companyId, password);
  return { companyId, seeded: true, password };
}

async function createDemoCompany(company: CompanyRoom): Promise<CompanyId> {
  const made = await company.create({
    key: DEMO_COMPANY,
    name: 'Exemplo Internet',
    timeZone: 'America/Sao_Paulo',
    regime: 'ppp',
    locale: 'pt-BR',
    state: 'SP',
  });
  return made._id;
}

async function seedSettings(deps: DemoSeedDeps, companyId: CompanyId): Promise<void> {
  const { company } = deps;
  const none = { limit: 1 };
  if ((await company.calendars.list(companyId, none)).length === 0)
    await company.calendars.create(companyId, { key: 'sempre', name: '24 horas', ...ALWAYS });
  if ((await company.dids.list(companyId, none)).length === 0)
    await company.dids.create(companyId, {
      number: DEMO_DID,
      flow: 'principal.yaml',
      description: 'Número principal',
    });
  if (isLoopback(deps.sipHost) && (await company.trunks.list(companyId, none)).length === 0)
    await company.trunks.create(companyId, {
      name: 'Tronco de demonstração',
      peers: ['127.0.0.1'],
      channels: 60,
      direction: 'inbound',
      trustsAssertedIdentity: false,
    });
}

async function seedUsers(deps: DemoSeedDeps, companyId: CompanyId, password: string): Promise<void> {
  const queues = QUEUES.map((queue) => queue.key);
  const wishes = [
    ...OPERATORS.map(([username, name]) => ({ username, name, role: 'operator' as const, queues })),
    { username: 'supervisor', name: 'Sílvia Supervisora', role: 'supervisor' as const, queues },
    { username: 'admin', name: 'Administrador', role: 'admin' as const, queues: [] },
  ];
  for (const wish of wishes)
    if ((await deps.access.users.byUsername(wish.username)) === undefined)
      await deps.access.users.create({ ...wish, companyId, password }, { trusted: true });
}
