import type { Connection } from 'mongoose';
import type { Secrets } from '../access/index.ts';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import { createIds } from '../shared/ids-factory.ts';
import type { Random } from '../shared/random.ts';
import { createDirectory, type Directory, trunkSeal } from './directory.ts';
import {
  type Clearing,
  type CompanyStore,
  createCompanyStore,
  type ListPage,
  type SettingStore,
} from './store.ts';
import type { Calendar, Company, Did, Trunk } from './types.ts';

type Wish<T> = Omit<T, '_id' | 'companyId' | 'createdAt' | 'active'> & { readonly active?: boolean };
type Patch<T> = Clearing<Omit<T, '_id' | 'companyId' | 'createdAt'>>;
export type TrunkWish = Omit<Wish<Trunk>, 'digest'> & {
  readonly digest?: { readonly username: string; readonly password: string };
};
export type TrunkPatch = Omit<Patch<Trunk>, 'digest'> & {
  /** Without a password the old one stays; null: none any more. */
  readonly digest?: { readonly username: string; readonly password?: string | undefined } | null;
};

/** One kind of setting: errors `<kind>.unknown` 404, `<kind>.exists` 409. */
export interface Settings<T, W = Wish<T>, P = Patch<T>> {
  create(companyId: CompanyId, wish: W): Promise<T>;
  update(companyId: CompanyId, id: string, patch: P): Promise<T>;
  get(companyId: CompanyId, id: string): Promise<T | null>;
  list(companyId: CompanyId, page: ListPage): Promise<T[]>;
}

export interface CompanyRoom {
  readonly directory: Directory;
  readonly dids: Settings<Did>;
  /** Also `trunk.peerTaken` 409: an address can tell one trunk only. */
  readonly trunks: Settings<Trunk, TrunkWish, TrunkPatch>;
  readonly calendars: Settings<Calendar>;
  /** Errors: company.exists 409. */
  create(wish: Omit<Company, '_id' | 'createdAt'>): Promise<Company>;
  update(id: CompanyId, change: Clearing<Omit<Company, '_id' | 'createdAt' | 'key'>>): Promise<Company>;
  /** For the first administrator: the oldest company, made when there is none. */
  ensureFirst(name: string): Promise<CompanyId>;
  exists(id: CompanyId): Promise<boolean>;
  stop(): void;
}

export interface CompanyDeps {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly onFault: (error: unknown) => void;
}

interface World {
  readonly store: CompanyStore;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly secrets: Secrets;
  reload(): Promise<void>;
}

/** Loads the directory before it resolves; the store must have its indexes by the first write. */
export async function createCompanyRoom(deps: CompanyDeps): Promise<CompanyRoom> {
  const { clock, secrets } = deps;
  const store = createCompanyStore(deps.connection);
  const directory = await createDirectory({ store, clock, secrets, onFault: deps.onFault });
  const newId = createIds(clock, deps.random);
  const world: World = { store, newId, clock, secrets, reload: () => directory.reload() };
  const create = (wish: Omit<Company, '_id' | 'createdAt'>) => createCompany(world, wish);
  return {
    directory,
    dids: settings(world, 'did', store.dids),
    trunks: trunkSettings(world),
    calendars: settings(world, 'calendar', store.calendars),
    create,
    update: async (id, change) => {
      const company = await store.companies.update(id, change);
      if (company === null) throw new AppError('company.unknown', 404, 'There is no such company.');
      await directory.reload();
      return company;
    },
    ensureFirst: async (name) => {
      const oldest = (await store.companies.all())[0];
      if (oldest !== undefined) return oldest._id;
      const key = 'principal';
      return (await create({ key, name, timeZone: 'America/Sao_Paulo', regime: 'ppp', locale: 'pt-BR' }))._id;
    },
    exists: async (id) => (await store.companies.get(id)) !== null,
    stop: () => directory.stop(),
  };
}

async function createCompany(world: World, wish: Omit<Company, '_id' | 'createdAt'>): Promise<Company> {
  const company: Company = {
    ...wish,
    _id: world.newId() as CompanyId,
    createdAt: new Date(world.clock.now()),
  };
  await unique('company', () => world.store.companies.insert(company));
  await world.reload();
  return company;
}

function settings<T extends Did | Trunk | Calendar>(
  world: World,
  kind: string,
  store: SettingStore<T>,
): Settings<T> {
  return {
    get: (companyId, id) => store.get(companyId, id),
    list: (companyId, page) => store.list(companyId, page),
    // A wish is the record without the four fields that stamp() adds: together they are the record.
    create: async (companyId, wish) =>
      insert(world, kind, store, stamp(world, companyId, wish) as unknown as T),
    update: (companyId, id, patch) => change(world, kind, store, companyId, id, patch as Clearing<T>),
  };
}

function stamp<W extends object>(world: World, companyId: CompanyId, wish: W) {
  const own = { _id: world.newId(), companyId, createdAt: new Date(world.clock.now()) };
  return { active: true, ...wish, ...own };
}

async function insert<T>(world: World, kind: string, store: SettingStore<T>, record: T): Promise<T> {
  await unique(kind, () => store.insert(record));
  await world.reload();
  return record;
}

async function change<T>(
  world: World,
  kind: string,
  store: SettingStore<T>,
  companyId: CompanyId,
  id: string,
  patch: Clearing<T>,
): Promise<T> {
  const record = await unique(kind, () => store.update(companyId, id, patch));
  if (record === null) throw new AppError(`${kind}.unknown`, 404, 'There is no such record.');
  await world.reload();
  return record;
}

async function unique<R>(kind: string, write: () => Promise<R>): Promise<R> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 11000)
      throw new AppError(`${kind}.exists`, 409, 'This name or number is taken.');
    throw error;
  }
}

function trunkSettings(world: World): Settings<Trunk, TrunkWish, TrunkPatch> {
  const store = world.store.trunks;
  const seal = (id: string, digest: { username: string; password: string }) => ({
    username: digest.username,
    sealedPassword: world.secrets.seal(digest.password, trunkSeal(id)),
  });
  return {
    get: (companyId, id) => store.get(companyId, id),
    list: (companyId, page) => store.list(companyId, page),
    create: async (companyId, wish) => {
      await assertPeersFree(store, wish.peers, undefined);
      const { digest, ...plain } = wish;
      const record: Trunk = stamp(world, companyId, plain);
      const sealed = digest === undefined ? record : { ...record, digest: seal(record._id, digest) };
      return insert(world, 'trunk', store, sealed);
    },
    update: async (companyId, id, patch) => {
      const before = await store.get(companyId, id);
      if (before === null) throw new AppError('trunk.unknown', 404, 'There is no such record.');
      if (patch.active ?? before.active) await assertPeersFree(store, patch.peers ?? before.peers, id);
      assertReachable(before, patch);
      const { digest, ...plain } = patch;
      if (digest === undefined) return change(world, 'trunk', store, companyId, id, plain);
      if (digest === null) return change(world, 'trunk', store, companyId, id, { ...plain, digest });
      const password = digest.password;
      const kept = before.digest?.sealedPassword;
      if (password === undefined && kept === undefined)
        throw new AppError('trunk.password', 422, 'A digest user needs a password.');
      const next =
        password === undefined
          ? { username: digest.username, sealedPassword: kept ?? '' }
          : seal(id, { username: digest.username, password });
      return change(world, 'trunk', store, companyId, id, { ...plain, digest: next });
    },
  };
}

/** What the trunk is known by may change, not vanish: nobody could call in, and we could not call out. */
function assertReachable(before: Trunk, patch: TrunkPatch): void {
  const left = (now: unknown, was: unknown): boolean =>
    now === undefined ? was !== undefined : now !== null;
  const peers = patch.peers ?? before.peers;
  if (peers.length > 0 || left(patch.digest, before.digest) || left(patch.outboundUri, before.outboundUri))
    return;
  throw new AppError(
    'trunk.unreachable',
    422,
    'A trunk needs addresses, digest credentials or an outbound URI.',
  );
}

async function assertPeersFree(
  store: SettingStore<Trunk>,
  peers: readonly string[],
  except: string | undefined,
): Promise<void> {
  for (const trunk of await store.all())
    if (trunk.active && trunk._id !== except && trunk.peers.some((peer) => peers.includes(peer)))
      throw new AppError('trunk.peerTaken', 409, 'One of these addresses belongs to another trunk.');
}
