import { Schema, type Connection } from 'mongoose';
import type { AuditKind } from '../contracts/audit.ts';
import { changedOrMade, inserted, removeInBatches, takeInBatches } from '../platform/store/index.ts';
import { AppError } from '../shared/errors.ts';
import { setAndUnset } from '../shared/clearing.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import { SLOW } from './domain/lockout.ts';
import type {
  ApiKeyRecord,
  AuditRecord,
  KnownAddress,
  LockRecord,
  SessionRecord,
  SipCredentialRecord,
  UserRecord,
} from './types.ts';

const text = { type: String, required: true } as const;
const date = { type: Date, required: true } as const;
const options = { versionKey: false, strict: true, minimize: false, autoIndex: false } as const;

/** A record as a Mongoose model sees it: brands and readonly are ours, not the driver's. */
type Row<T> = {
  -readonly [K in keyof T]: T[K] extends string ? string : T[K] extends readonly (infer I)[] ? I[] : T[K];
};

function auditSchema() {
  const audit = new Schema<Row<AuditRecord>>(
    {
      _id: text,
      companyId: text,
      at: date,
      actor: { type: Schema.Types.Mixed, required: true },
      action: text,
      kind: text,
      target: { type: Schema.Types.Mixed, required: true },
      data: { type: Schema.Types.Mixed, required: true },
    },
    options,
  );
  audit.index({ companyId: 1, _id: -1 });
  audit.index({ companyId: 1, action: 1, _id: -1 });
  audit.index({ companyId: 1, 'actor.id': 1, _id: -1 });
  audit.index({ companyId: 1, 'actor.id': 1, action: 1, _id: -1 });
  audit.index({ companyId: 1, 'target.id': 1, _id: -1 });
  audit.index({ companyId: 1, kind: 1, _id: -1 });
  audit.index({ companyId: 1, 'actor.id': 1, kind: 1, _id: -1 });
  audit.index({ companyId: 1, 'target.id': 1, kind: 1, _id: -1 });
  return audit;
}

function schemas() {
  const user = new Schema<Row<UserRecord>>(
    {
      _id: text,
      companyId: text,
      username: text,
      name: text,
      role: text,
      queues: [String],
      skills: { type: [Schema.Types.Mixed], default: undefined },
      language: text,
      email: String,
      active: { type: Boolean, required: true },
      passwordHash: text,
      createdAt: date,
    },
    options,
  );
  user.index({ username: 1 }, { unique: true });
  user.index({ companyId: 1, _id: -1 });
  user.index({ companyId: 1, role: 1, active: 1 });
  const session = new Schema<Row<SessionRecord>>(
    { _id: text, companyId: text, userId: text, createdAt: date, lastSeenAt: date },
    options,
  );
  session.index({ userId: 1 });
  session.index({ lastSeenAt: 1 });
  const apiKey = new Schema<Row<ApiKeyRecord>>(
    {
      _id: text,
      companyId: text,
      name: text,
      fingerprint: text,
      role: text,
      queues: [String],
      scopes: [String],
      active: { type: Boolean, required: true },
      createdAt: date,
      createdBy: text,
    },
    options,
  );
  apiKey.index({ fingerprint: 1 }, { unique: true });
  apiKey.index({ companyId: 1, _id: -1 });
  const audit = auditSchema();
  const sip = new Schema<Row<SipCredentialRecord>>(
    {
      _id: text,
      companyId: text,
      userId: text,
      sessionId: String,
      username: text,
      realm: text,
      ha1: text,
      expiresAt: date,
    },
    options,
  );
  sip.index({ username: 1, expiresAt: -1 });
  sip.index({ userId: 1 });
  sip.index({ sessionId: 1 });
  sip.index({ expiresAt: 1 });
  const lock = new Schema<Row<LockRecord>>(
    { _id: text, name: String, attempts: [Date], lockedUntil: Date, touchedAt: Date },
    options,
  );
  lock.index({ name: 1, lockedUntil: 1 });
  lock.index({ touchedAt: 1 });
  const known = new Schema<Row<KnownAddress>>({ _id: text, at: date }, options);
  known.index({ at: 1 });
  const setup = new Schema<{ _id: string; createdAt: Date }>({ _id: text, createdAt: date }, options);
  return { user, session, apiKey, audit, sip, lock, known, setup };
}

const older = (page: Page) => (page.before === undefined ? {} : { _id: { $lt: page.before } });

export interface Page {
  readonly limit: number;
  /** `_id` of the last item of the page before. */
  readonly before?: string | undefined;
}

export interface AuditFilter {
  readonly action?: string;
  /** Of every act; one that is named says it itself. */
  readonly kind?: AuditKind;
  readonly actorId?: string;
  readonly targetId?: string;
}

export type UserChange = Partial<
  Omit<UserRecord, '_id' | 'companyId' | 'createdAt' | 'username' | 'email'>
> & {
  /** null takes it away. */
  readonly email?: string | null;
};

/** The models, made on one connection; Mongoose infers their types from the schemas. */
function models(connection: Connection) {
  const all = schemas();
  return {
    users: connection.model('User', all.user),
    sessions: connection.model('Session', all.session),
    apiKeys: connection.model('ApiKey', all.apiKey),
    audits: connection.model('Audit', all.audit),
    sip: connection.model('SipCredential', all.sip),
    locks: connection.model('LoginLock', all.lock),
    known: connection.model('KnownAddress', all.known),
    setups: connection.model('SetupToken', all.setup),
  };
}

type UserModel = ReturnType<typeof models>['users'];
type SipModel = ReturnType<typeof models>['sip'];
type LockModel = ReturnType<typeof models>['locks'];

/** Mongoose models of this room; the functions are all that the use cases see. */
export function createAccessStore(connection: Connection) {
  const { users, sessions, apiKeys, audits, sip, locks, known, setups } = models(connection);
  return {
    users: userStore(users),
    sessions: {
      insert: async (record: SessionRecord): Promise<void> => {
        await sessions.insertMany([record]);
      },
      get: (id: string) => sessions.findOne({ _id: id }).lean<SessionRecord | null>(),
      touch: (id: string, at: Date) => sessions.updateOne({ _id: id }, { $set: { lastSeenAt: at } }),
      remove: (id: string) => sessions.deleteOne({ _id: id }),
      removeOfUser: (userId: string, except?: string) =>
        removeInBatches(sessions, {
          userId,
          ...(except === undefined ? {} : { _id: { $ne: except } }),
        }),
      idleSince: (at: Date, limit: number) =>
        sessions
          .find({ lastSeenAt: { $lt: at } })
          .sort({ lastSeenAt: 1 })
          .limit(limit)
          .lean<SessionRecord[]>(),
    },
    apiKeys: {
      insert: async (record: ApiKeyRecord): Promise<void> => {
        await apiKeys.insertMany([record]);
      },
      get: (companyId: CompanyId, id: string) =>
        apiKeys.findOne({ _id: id, companyId }).lean<ApiKeyRecord | null>(),
      byFingerprint: (fingerprint: string) => apiKeys.findOne({ fingerprint }).lean<ApiKeyRecord | null>(),
      list: (companyId: CompanyId, page: Page) =>
        apiKeys
          .find({ companyId, ...older(page) })
          .sort({ _id: -1 })
          .limit(page.limit)
          .lean<ApiKeyRecord[]>(),
      update: (
        companyId: CompanyId,
        id: string,
        change: Partial<Pick<ApiKeyRecord, 'name' | 'active' | 'scopes'>>,
      ) =>
        apiKeys
          .findOneAndUpdate({ _id: id, companyId }, { $set: change }, { returnDocument: 'after' })
          .lean<ApiKeyRecord | null>(),
    },
    audit: {
      insert: async (record: AuditRecord): Promise<void> => {
        await audits.insertMany([record]);
      },
      list: (companyId: CompanyId, filter: AuditFilter, page: Page) =>
        audits
          .find({
            companyId,
            ...older(page),
            // An act says its kind.
            ...(filter.action !== undefined
              ? { action: filter.action }
              : filter.kind === undefined
                ? {}
                : { kind: filter.kind }),
            ...(filter.actorId === undefined ? {} : { 'actor.id': filter.actorId }),
            ...(filter.targetId === undefined ? {} : { 'target.id': filter.targetId }),
          })
          .sort({ _id: -1 })
          .limit(page.limit)
          .lean<AuditRecord[]>(),
    },
    sip: sipStore(sip),
    locks: lockStore(locks),
    known: {
      get: (id: string) => known.findOne({ _id: id }).lean<KnownAddress | null>(),
      put: (id: string, at: Date) => known.updateOne({ _id: id }, { $set: { at } }, { upsert: true }),
      removeBefore: (at: Date) => removeInBatches(known, { at: { $lt: at } }),
    },
    setup: {
      insert: async (id: string, createdAt: Date): Promise<void> => {
        await setups.insertMany([{ _id: id, createdAt }]);
      },
      get: (id: string) => setups.findOne({ _id: id }).lean<{ _id: string; createdAt: Date } | null>(),
      /** True for the one caller that removed it. */
      take: async (id: string): Promise<boolean> => (await setups.deleteOne({ _id: id })).deletedCount === 1,
      clear: () => removeInBatches(setups, {}),
    },
  };
}

function userStore(users: UserModel) {
  return {
    count: () => users.countDocuments({}),
    get: (id: string) => users.findOne({ _id: id }).lean<UserRecord | null>(),
    byUsername: (username: string) => users.findOne({ username }).lean<UserRecord | null>(),
    list: (companyId: CompanyId, page: Page) =>
      users
        .find({ companyId, ...older(page) })
        .sort({ _id: -1 })
        .limit(page.limit)
        .lean<UserRecord[]>(),
    anotherAdmin: async (companyId: CompanyId, except: string): Promise<boolean> =>
      (await users.countDocuments({ companyId, role: 'admin', active: true, _id: { $ne: except } })) > 0,
    insert: async (record: UserRecord): Promise<void> => {
      if ((await inserted(() => users.insertMany([record]))) === 'duplicate')
        throw new AppError('user.exists', 409, 'This username is taken.', { fields: ['username'] });
    },
    update: (companyId: CompanyId, id: string, change: UserChange) =>
      users
        .findOneAndUpdate({ _id: id, companyId }, setAndUnset(change), { returnDocument: 'after' })
        .lean<UserRecord | null>(),
  };
}

function sipStore(sip: SipModel) {
  return {
    insert: async (record: SipCredentialRecord): Promise<void> => {
      await sip.insertMany([record]);
    },
    live: (username: string, at: Date) =>
      sip
        .find({ username, expiresAt: { $gt: at } })
        .sort({ expiresAt: -1 })
        .limit(8)
        .lean<SipCredentialRecord[]>(),
    /** What a session, or a user but for one session, asked for; taken out and answered. */
    take: async (
      of: { readonly sessionId: string } | { readonly userId: string; readonly except?: string },
    ) => {
      const filter =
        'sessionId' in of
          ? { sessionId: of.sessionId }
          : { userId: of.userId, ...(of.except === undefined ? {} : { sessionId: { $ne: of.except } }) };
      return takeInBatches<SipCredentialRecord>(sip, filter);
    },
    removeExpired: (at: Date) => removeInBatches(sip, { expiresAt: { $lt: at } }),
  };
}

function lockStore(locks: LockModel) {
  return {
    get: (id: string) => locks.findOne({ _id: id }).lean<LockRecord | null>(),
    /** Counts an attempt before it is judged; atomic, so parallel guesses see each other. */
    count: (id: string, name: string, at: Date) =>
      changedOrMade(
        () =>
          locks
            .findOneAndUpdate(
              { _id: id },
              { $set: { name, touchedAt: at }, $push: { attempts: { $each: [at], $slice: -SLOW.kept } } },
              { returnDocument: 'after' },
            )
            .lean<LockRecord | null>(),
        () => locks.insertMany([{ _id: id, name, touchedAt: at, attempts: [] }]),
      ),
    lock: (id: string, until: Date) =>
      locks.updateOne({ _id: id }, { $set: { lockedUntil: until, attempts: [] } }),
    clear: (id: string) => locks.deleteOne({ _id: id }),
    /** An attempt that was the owner's. */
    forget: (id: string, at: Date) => locks.updateOne({ _id: id }, { $pull: { attempts: at } }),
    /** Of these names: where each is locked now, and what is counted of it from anywhere. */
    standing: async (names: readonly string[], at: Date) => [
      ...(await locks.find({ name: { $in: names }, lockedUntil: { $gt: at } }).lean<LockRecord[]>()),
      ...(await locks.find({ _id: { $in: names } }).lean<LockRecord[]>()),
    ],
    /** Somebody may have guessed it from any number of addresses. */
    clearName: (name: string) => removeInBatches(locks, { name }),
    /** Strangers may have made any number of them: those alone are looked at that were not touched since. */
    removeBefore: (at: Date) =>
      removeInBatches(locks, {
        // One that an earlier release counted tells it by its attempts only.
        $or: [{ touchedAt: { $lt: at } }, { touchedAt: null }],
        $and: [{ $nor: [{ attempts: { $gt: at } }] }, { $nor: [{ lockedUntil: { $gt: at } }] }],
      }),
  };
}

export type AccessStore = ReturnType<typeof createAccessStore>;

/** Brands a text from the store or the wire. */
export const asAgentId = (id: string): AgentId => id as AgentId;
