import { Schema, type Connection } from 'mongoose';
import { changedOrMade, inserted } from '../platform/store/index.ts';
import type { CompanyId, CustomerId, ProtocolNumber } from '../shared/ids.ts';
import type { Protocol, ProtocolStatus } from './domain/protocol.ts';

/** A number that was counted and never used, with why: the sequence has no silent hole. */
export interface Gap {
  readonly number: ProtocolNumber;
  readonly companyId: CompanyId;
  readonly at: Date;
  readonly reason: string;
}

export interface Counter {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly month: string;
  readonly kind: 'regular' | 'ombudsman';
  /** Numbers handed out so far. */
  readonly used: number;
}

export interface ProtocolFilter {
  readonly number?: string;
  readonly document?: string;
  readonly phone?: string;
  readonly status?: ProtocolStatus;
  readonly customerId?: string;
  /** Only those that stand at one of these places (access, `reachWords`). */
  readonly within?: readonly string[];
}

export interface ProtocolStore {
  /** Takes `count` numbers at once and answers the position of the first. */
  take(counter: Omit<Counter, 'used'>, count: number): Promise<number>;
  counters(): Promise<readonly Counter[]>;
  /** Unique on (company, number) and on (company, openKey). */
  insert(protocol: Protocol): Promise<'inserted' | 'duplicate'>;
  insertGap(gap: Gap): Promise<void>;
  /** Numbers between the two (inclusive) that have a record, gaps included. */
  numbersBetween(companyId: CompanyId, from: ProtocolNumber, to: ProtocolNumber): Promise<readonly string[]>;
  load(companyId: CompanyId, number: ProtocolNumber): Promise<Protocol | null>;
  byOpenKey(companyId: CompanyId, openKey: string): Promise<Protocol | null>;
  openOf(companyId: CompanyId, customerId: CustomerId, touchedSince: Date): Promise<readonly Protocol[]>;
  replace(fromVersion: number, next: Protocol): Promise<boolean>;
  /** Where its contacts stand now, for the lists of operators; no part of the record that `replace` compares. */
  stand(companyId: CompanyId, number: ProtocolNumber, reach: readonly string[]): Promise<void>;
  /** Newest first; `before` is the number of the last one seen. */
  search(
    companyId: CompanyId,
    filter: ProtocolFilter,
    page: { readonly limit: number; readonly before?: string },
  ): Promise<readonly Protocol[]>;
}

const { Mixed } = Schema.Types;
const options = { versionKey: false, autoIndex: false, minimize: false, strictQuery: true } as const;

function protocolSchema(): Schema {
  const schema = new Schema(
    {
      /** company + number: unique by itself. */
      _id: { type: String, required: true },
      number: { type: String, required: true },
      companyId: { type: String, required: true },
      version: { type: Number, required: true },
      /** A gap record keeps a number's place and is found by nobody. */
      gap: { type: String },
      kind: { type: String },
      template: { type: Number },
      openKey: { type: String },
      customer: { type: Mixed, default: null },
      document: { type: String, default: null },
      phones: { type: [String] },
      type: { type: String },
      subject: { type: String, default: null },
      status: { type: String },
      openedAt: { type: Date },
      deadline: { type: Date },
      lastTouchedAt: { type: Date },
      concludedAt: { type: Date, default: null },
      interactions: { type: Number },
      history: { type: [Mixed] },
      reach: { type: [String] },
    },
    { ...options, collection: 'protocols' },
  );
  schema.index(
    { companyId: 1, openKey: 1 },
    { unique: true, partialFilterExpression: { openKey: { $exists: true } } },
  );
  schema.index({ companyId: 1, number: 1 });
  schema.index({ companyId: 1, document: 1, number: -1 });
  schema.index({ companyId: 1, phones: 1, number: -1 });
  schema.index({ companyId: 1, 'customer.id': 1, number: -1 });
  schema.index({ companyId: 1, status: 1, number: -1 });
  schema.index({ companyId: 1, reach: 1, number: -1 });
  schema.index({ companyId: 1, reach: 1, status: 1, number: -1 });
  return schema;
}

function counterSchema(): Schema {
  return new Schema(
    {
      _id: { type: String, required: true },
      companyId: { type: String, required: true },
      month: { type: String, required: true },
      kind: { type: String, required: true },
      used: { type: Number, required: true },
    },
    { ...options, collection: 'protocolCounters' },
  );
}

type Doc = Protocol & { readonly _id: string; readonly gap?: string; readonly reach?: readonly string[] };

function fromDoc(doc: Doc | null): Protocol | null {
  if (doc === null) return null;
  const { _id, gap, reach: _reach, ...protocol } = doc;
  return gap === undefined ? protocol : null;
}

const keyOf = (companyId: string, number: string): string => `${companyId}:${number}`;

export function createProtocolStore(connection: Connection): ProtocolStore {
  const protocols = connection.model('Protocol', protocolSchema());
  const find = async (
    filter: Record<string, unknown>,
    limit = 0,
    sort: 1 | -1 = 1,
  ): Promise<readonly Protocol[]> => {
    const docs = await protocols.find(filter).sort({ number: sort }).limit(limit).lean<Doc[]>();
    return docs.flatMap((doc) => fromDoc(doc) ?? []);
  };
  return {
    ...counterFunctions(connection),
    async insert(protocol) {
      const doc = { _id: keyOf(protocol.companyId, protocol.number), ...protocol };
      return inserted(() => protocols.collection.insertOne(doc as never));
    },
    async insertGap({ number, companyId, at, reason }) {
      const doc = {
        _id: keyOf(companyId, number),
        number,
        companyId,
        version: 1,
        gap: reason,
        openedAt: at,
      };
      await inserted(() => protocols.collection.insertOne(doc as never));
    },
    async numbersBetween(companyId, from, to) {
      const docs = await protocols
        .find({ companyId, number: { $gte: from, $lte: to } }, { number: 1 })
        .lean<{ number: string }[]>();
      return docs.map((doc) => doc.number);
    },
    load: async (companyId, number) =>
      fromDoc(await protocols.findOne({ _id: keyOf(companyId, number) }).lean<Doc | null>()),
    byOpenKey: async (companyId, openKey) => (await find({ companyId, openKey }, 1))[0] ?? null,
    openOf: (companyId, customerId, touchedSince) =>
      find({
        companyId,
        'customer.id': customerId,
        status: 'open',
        lastTouchedAt: { $gte: touchedSince },
      }),
    async replace(fromVersion, next) {
      const result = await protocols.collection.updateOne(
        { _id: keyOf(next.companyId, next.number), version: fromVersion } as never,
        { $set: next },
      );
      return result.modifiedCount === 1;
    },
    async stand(companyId, number, reach) {
      await protocols.collection.updateOne({ _id: keyOf(companyId, number) } as never, { $set: { reach } });
    },
    search: (companyId, filter, page) =>
      find(
        {
          companyId,
          openKey: { $exists: true },
          ...(page.before === undefined ? {} : { number: { $lt: page.before } }),
          ...(filter.number === undefined ? {} : { _id: keyOf(companyId, filter.number) }),
          ...(filter.document === undefined ? {} : { document: filter.document }),
          ...(filter.phone === undefined ? {} : { phones: filter.phone }),
          ...(filter.status === undefined ? {} : { status: filter.status }),
          ...(filter.customerId === undefined ? {} : { 'customer.id': filter.customerId }),
          ...(filter.within === undefined ? {} : { reach: { $in: filter.within } }),
        },
        page.limit,
        -1,
      ),
  };
}

function counterFunctions(connection: Connection): Pick<ProtocolStore, 'take' | 'counters'> {
  const counters = connection.model('ProtocolCounter', counterSchema());
  return {
    async take({ id, companyId, month, kind }, count) {
      const doc = await changedOrMade(
        () =>
          counters
            .findOneAndUpdate({ _id: id }, { $inc: { used: count } }, { returnDocument: 'after' })
            .lean<{ used: number } | null>(),
        () => counters.collection.insertOne({ _id: id, companyId, month, kind, used: 0 } as never),
      );
      return doc.used - count;
    },
    async counters() {
      const docs = await counters.find({}).lean<(Counter & { _id: string })[]>();
      return docs.map(({ _id, ...rest }) => ({ ...rest, id: _id }));
    },
  };
}
