import type { Connection } from 'mongoose';
import { isDuplicate } from '../platform/store/index.ts';
import type { Secrets } from '../access/index.ts';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import { createIds } from '../shared/ids-factory.ts';
import type { Random } from '../shared/random.ts';
import { createDirectory, type Directory, registrationSeal, trunkSeal } from './directory.ts';
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
type Registers = Omit<NonNullable<Trunk['registration']>, 'sealedPassword'>;
interface User {
  readonly username: string;
}
type WithPassword<T> = T & { readonly password: string };
/** Without a password the old one stays; null: none any more. */
type MaybePassword<T> = (T & { readonly password?: string | undefined }) | null;
export type TrunkWish = Omit<Wish<Trunk>, 'digest' | 'registration'> & {
  readonly digest?: WithPassword<User>;
  readonly registration?: WithPassword<Registers>;
};
export type TrunkPatch = Omit<Patch<Trunk>, 'digest' | 'registration'> & {
  readonly digest?: MaybePassword<User>;
  readonly registration?: MaybePassword<Registers>;
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
  /** Also `trunk.peerTaken` and `trunk.userTaken` 409: an address or a digest user can tell one trunk only, whatever the company. */
  readonly trunks: Settings<Trunk, TrunkWish, TrunkPatch>;
  readonly calendars: Settings<Calendar>;
  /** Errors: company.exists 409. */
  create(wish: Omit<Company, '_id' | 'createdAt'>): Promise<Company>;
  update(id: CompanyId, change: Clearing<Omit<Company, '_id' | 'createdAt' | 'key'>>): Promise<Company>;
  /** For the first administrator: the oldest company, made when there is none. */
  ensureFirst(name: string): Promise<CompanyId>;
  exists(id: CompanyId): Promise<boolean>;
  /** The oldest: its administrators installed the server. */
  first(): CompanyId | undefined;
  /** A company that never came to be: nobody was in it yet. */
  discard(id: CompanyId): Promise<void>;
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
    first: () => directory.companies()[0]?._id,
    discard: async (id) => {
      await store.companies.remove(id);
      await directory.reload();
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

/** The field that no two records may share: a number and a company's key on the server, a calendar's key in its company. */
const UNIQUE: Readonly<Record<string, string>> = { company: 'key', did: 'number', calendar: 'key' };

async function unique<R>(kind: string, write: () => Promise<R>): Promise<R> {
  try {
    return await write();
  } catch (error) {
    if (isDuplicate(error))
      throw new AppError(`${kind}.exists`, 409, 'This name or number is taken.', {
        fields: [UNIQUE[kind] ?? 'name'],
      });
    throw error;
  }
}

function trunkSettings(world: World): Settings<Trunk, TrunkWish, TrunkPatch> {
  const store = world.store.trunks;
  return {
    get: (companyId, id) => store.get(companyId, id),
    list: (companyId, page) => store.list(companyId, page),
    create: async (companyId, wish) => {
      await assertPeersFree(store, wish.peers, undefined);
      await assertUserFree(store, wish.digest?.username, undefined);
      const { digest, registration, ...plain } = wish;
      const record: Trunk = stamp(world, companyId, plain);
      return insert(world, 'trunk', store, {
        ...record,
        ...(digest && { digest: sealed(world, 'digest', record._id, digest, undefined) }),
        ...(registration && {
          registration: sealed(world, 'registration', record._id, registration, undefined),
        }),
      });
    },
    update: async (companyId, id, patch) => {
      const before = await store.get(companyId, id);
      if (before === null) throw new AppError('trunk.unknown', 404, 'There is no such record.');
      await assertStillFree(store, before, patch);
      assertReachable(before, patch);
      const { digest, registration, ...plain } = patch;
      return change(world, 'trunk', store, companyId, id, {
        ...plain,
        ...(digest !== undefined && {
          digest: digest && sealed(world, 'digest', id, digest, before.digest),
        }),
        ...(registration !== undefined && {
          registration: registration && sealed(world, 'registration', id, registration, before.registration),
        }),
      });
    },
  };
}

const seals = { digest: trunkSeal, registration: registrationSeal };

/** The settings with their password sealed; without one the kept one stays. */
function sealed<T extends { readonly password?: string | undefined }>(
  { secrets }: World,
  field: keyof typeof seals,
  trunkId: string,
  wish: T,
  kept: { readonly sealedPassword: string } | undefined,
): Omit<T, 'password'> & { readonly sealedPassword: string } {
  const { password, ...plain } = wish;
  const sealedPassword =
    password === undefined ? kept?.sealedPassword : secrets.seal(password, seals[field](trunkId));
  if (sealedPassword === undefined)
    throw new AppError('trunk.password', 422, 'A digest user needs a password.', {
      fields: [`${field}.password`],
    });
  return { ...plain, sealedPassword };
}

/** What the trunk is known by may change, not vanish: nobody could call in, and we could not call out. */
function assertReachable(before: Trunk, patch: TrunkPatch): void {
  const left = (now: unknown, was: unknown): boolean =>
    now === undefined ? was !== undefined : now !== null;
  const peers = patch.peers ?? before.peers;
  if (
    peers.length > 0 ||
    left(patch.digest, before.digest) ||
    left(patch.registration, before.registration) ||
    left(patch.outboundUri, before.outboundUri)
  )
    return;
  throw new AppError(
    'trunk.unreachable',
    422,
    'A trunk needs addresses, digest credentials or an outbound URI.',
    { fields: ['peers'] },
  );
}

/** Of a trunk in use, or put back into use. */
async function assertStillFree(store: SettingStore<Trunk>, before: Trunk, patch: TrunkPatch): Promise<void> {
  if (!(patch.active ?? before.active)) return;
  const digest = patch.digest === undefined ? before.digest : patch.digest;
  await assertPeersFree(store, patch.peers ?? before.peers, before._id);
  await assertUserFree(store, digest?.username, before._id);
}

async function assertPeersFree(
  store: SettingStore<Trunk>,
  peers: readonly string[],
  except: string | undefined,
): Promise<void> {
  for (const trunk of await store.all())
    if (trunk.active && trunk._id !== except && trunk.peers.some((peer) => peers.includes(peer)))
      throw new AppError('trunk.peerTaken', 409, 'One of these addresses belongs to another trunk.', {
        fields: ['peers'],
      });
}

async function assertUserFree(
  store: SettingStore<Trunk>,
  username: string | undefined,
  except: string | undefined,
): Promise<void> {
  if (username === undefined) return;
  for (const trunk of await store.all())
    if (trunk.active && trunk._id !== except && trunk.digest?.username === username)
      throw new AppError('trunk.userTaken', 409, 'This user belongs to another trunk.', {
        fields: ['digest.username'],
      });
}
