import { Schema, type Connection } from 'mongoose';
import { inserted } from '../platform/store/index.ts';
import type { CompanyId, InteractionId, ProtocolNumber } from '../shared/ids.ts';
import type { InteractionEffect, JournalLine } from './domain/events.ts';
import type { Actor, Channel, Interaction, StateName } from './domain/types.ts';
import {
  inStatesQuery,
  listIndexes,
  listQuery,
  type ListFilter,
  type ListPage,
  type Stays,
  type StaysTurn,
} from './filters.ts';
import { isEnd } from './domain/change.ts';
import { createMessageStore, type MessageStore, renamed } from './message-store.ts';
import { staysOf } from './stays-store.ts';

/** What a transition wrote beside the new state, until the relay has carried it out. */
export interface OutboxEntry {
  readonly version: number;
  readonly at: Date;
  readonly line: JournalLine;
  readonly effects: readonly { readonly index: number; readonly effect: InteractionEffect }[];
  /** The line is in the journal; only effects are left. */
  readonly journaled?: boolean;
}

/** The stored aggregate: the contact, what makes it unique, and its outbox. */
export interface StoredInteraction {
  readonly interaction: Interaction;
  readonly idempotencyKey: string;
  readonly outbox: readonly OutboxEntry[];
}

export interface JournalEntry extends JournalLine {
  /** `<interaction>:<version>` for a transition: a second copy of the same line cannot exist. */
  readonly id: string;
  readonly companyId: CompanyId;
  readonly interactionId: InteractionId;
  readonly protocol: ProtocolNumber;
  readonly at: Date;
  readonly actor: Actor;
}

/** All that the room asks of a store; the tests' in-memory one and Mongoose (embedded or MongoDB) both implement it. */
export interface InteractionStore extends MessageStore {
  /** As of AgentStore: no other process writes (embedded), so what this process committed last is what stands. */
  readonly inOrder: boolean;
  /** Unique on (company, idempotency key) and on (company, thread) while not ended. */
  insert(stored: StoredInteraction): Promise<'inserted' | 'duplicate'>;
  load(companyId: CompanyId, id: InteractionId): Promise<StoredInteraction | null>;
  byKey(companyId: CompanyId, idempotencyKey: string): Promise<Interaction | null>;
  byOpenThread(companyId: CompanyId, thread: string): Promise<Interaction | null>;
  lastOfThread(companyId: CompanyId, thread: string): Promise<Interaction | null>;
  /** The contact of this address that an operator took last. */
  lastServed(companyId: CompanyId, address: string): Promise<Interaction | null>;
  byProtocol(companyId: CompanyId, protocol: ProtocolNumber): Promise<readonly Interaction[]>;
  /** The compare-and-set of a transition: true when `fromVersion` still stood. */
  replace(fromVersion: number, next: Interaction, entry: OutboxEntry): Promise<boolean>;
  /** Replaces the outbox if the version still stands. */
  settle(id: InteractionId, version: number, outbox: readonly OutboxEntry[]): Promise<boolean>;
  unsettled(): Promise<readonly Interaction[]>;
  inStates(states: readonly StateName[], channel?: Channel): Promise<readonly Interaction[]>;
  /** Contacts whose last stay in a queue began at or after this instant, by that instant and id. */
  staysSince(companyId: CompanyId, from: Date, turn: StaysTurn): Promise<readonly Stays[]>;
  list(companyId: CompanyId, filter: ListFilter, page: ListPage): Promise<readonly Interaction[]>;
  insertJournal(entries: readonly JournalEntry[]): Promise<void>;
  journal(companyId: CompanyId, ids: readonly InteractionId[]): Promise<readonly JournalEntry[]>;
}

type Doc = Omit<Interaction, 'id'> & {
  readonly _id: string;
  readonly idempotencyKey: string;
  readonly openThread?: string;
  /** Begin of the last stay in a queue: whoever counts a day asks by it. */
  readonly lastQueuedAt: Date | null;
  readonly outbox: readonly OutboxEntry[];
  readonly pending: boolean;
};
type JournalDoc = Omit<JournalEntry, 'id'> & { readonly _id: string };

const { Mixed } = Schema.Types;
const options = { versionKey: false, autoIndex: false, minimize: false, strictQuery: true } as const;

function interactionSchema(): Schema {
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      companyId: { type: String, required: true },
      version: { type: Number, required: true },
      channel: { type: String, required: true },
      direction: { type: String, required: true },
      contact: { type: Mixed, required: true },
      to: { type: String, default: null },
      subject: { type: String, default: null },
      thread: { type: String, default: null },
      openThread: { type: String },
      lastQueuedAt: { type: Date, default: null },
      customer: { type: Mixed, default: null },
      identity: { type: String, required: true },
      protocol: { type: String, required: true },
      protocolType: { type: String, default: null },
      preferredAgent: { type: String, default: null },
      state: { type: Mixed, required: true },
      queue: { type: String, default: null },
      priority: { type: Number, required: true },
      agent: { type: Mixed, default: null },
      segments: { type: [Mixed], required: true },
      timestamps: { type: Mixed, required: true },
      disposition: { type: String, default: null },
      recording: { type: Boolean, required: true },
      holdMs: { type: Number, required: true },
      heldSince: { type: Date, default: null },
      voided: { type: [String], required: true },
      idempotencyKey: { type: String, required: true },
      outbox: { type: [Mixed], required: true },
      pending: { type: Boolean, required: true },
    },
    { ...options, collection: 'interactions' },
  );
  schema.index({ companyId: 1, idempotencyKey: 1 }, { unique: true });
  schema.index(
    { companyId: 1, openThread: 1 },
    { unique: true, partialFilterExpression: { openThread: { $exists: true } } },
  );
  for (const index of listIndexes) schema.index(index);
  schema.index({ companyId: 1, thread: 1, _id: -1 });
  schema.index({ companyId: 1, 'contact.address': 1, 'timestamps.acceptedAt': -1 });
  schema.index({ companyId: 1, lastQueuedAt: 1, _id: 1 });
  schema.index({ 'state.name': 1, channel: 1, _id: 1 });
  // Only what is under way stands in this index, so that a start after a crash finds it at once.
  schema.index({ pending: 1, _id: 1 }, { partialFilterExpression: { pending: true } });
  return schema;
}

function journalSchema(): Schema {
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      companyId: { type: String, required: true },
      interactionId: { type: String, required: true },
      protocol: { type: String, required: true },
      at: { type: Date, required: true },
      kind: { type: String, required: true },
      actor: { type: Mixed, required: true },
      data: { type: Mixed, required: true },
    },
    { ...options, collection: 'journal' },
  );
  schema.index({ companyId: 1, interactionId: 1, at: 1, _id: 1 });
  schema.index({ companyId: 1, interactionId: 1, direction: 1, at: 1, _id: 1 });
  return schema;
}

const openThreadOf = ({ thread, state }: Interaction): string | undefined =>
  thread === null || isEnd(state) ? undefined : thread;

const lastQueuedAtOf = ({ segments }: Interaction): Date | null => segments.at(-1)?.queuedAt ?? null;

function toDoc(stored: StoredInteraction): Doc {
  const { id, ...rest } = stored.interaction;
  const openThread = openThreadOf(stored.interaction);
  return {
    _id: id,
    ...rest,
    idempotencyKey: stored.idempotencyKey,
    ...(openThread === undefined ? {} : { openThread }),
    lastQueuedAt: lastQueuedAtOf(stored.interaction),
    outbox: stored.outbox,
    pending: stored.outbox.length > 0,
  };
}

function fromDoc(doc: Doc): StoredInteraction {
  const {
    _id,
    idempotencyKey,
    openThread: _open,
    lastQueuedAt: _last,
    outbox,
    pending: _pending,
    ...rest
  } = doc;
  // What was stored was an Interaction: the schema keeps its fields, the brand comes back here.
  return { interaction: { id: _id as InteractionId, ...rest }, idempotencyKey, outbox };
}

/** `inOrder`: the connection is of the embedded engine. */
export function createInteractionStore(
  connection: Connection,
  options: { readonly inOrder?: boolean } = {},
): InteractionStore {
  const contacts = connection.model('Interaction', interactionSchema());
  const journal = connection.model('JournalEntry', journalSchema());
  const one = async (
    filter: Record<string, unknown>,
    sort: Record<string, 1 | -1> = {},
  ): Promise<StoredInteraction | null> => {
    const doc = await contacts.findOne(filter).sort(sort).lean<Doc | null>();
    return doc === null ? null : fromDoc(doc);
  };
  const only = async (filter: Record<string, unknown>, sort: Record<string, 1 | -1> = {}) =>
    (await one(filter, sort))?.interaction ?? null;
  const many = async (
    filter: Record<string, unknown>,
    sort: Record<string, 1 | -1> = { _id: 1 },
  ): Promise<readonly Interaction[]> =>
    (await contacts.find(filter).sort(sort).lean<Doc[]>()).map((doc) => fromDoc(doc).interaction);
  return {
    inOrder: options.inOrder === true,
    async insert(stored) {
      return inserted(() => contacts.collection.insertOne(toDoc(stored) as never));
    },
    load: (companyId, id) => one({ _id: id, companyId }),
    byKey: (companyId, idempotencyKey) => only({ companyId, idempotencyKey }),
    byOpenThread: (companyId, thread) => only({ companyId, openThread: thread }),
    lastOfThread: (companyId, thread) => only({ companyId, thread }, { _id: -1 }),
    lastServed: (companyId, address) =>
      only(
        { companyId, 'contact.address': address, 'timestamps.acceptedAt': { $gt: new Date(0) } },
        { 'timestamps.acceptedAt': -1 },
      ),
    byProtocol: (companyId, protocol) => many({ companyId, protocol }),
    async replace(fromVersion, next, entry) {
      const { id, ...fields } = next;
      const openThread = openThreadOf(next);
      const set = {
        ...fields,
        lastQueuedAt: lastQueuedAtOf(next),
        pending: true,
        ...(openThread === undefined ? {} : { openThread }),
      };
      const result = await contacts.collection.updateOne({ _id: id, version: fromVersion }, {
        $set: set,
        $push: { outbox: entry },
        ...(openThread === undefined ? { $unset: { openThread: '' } } : {}),
      } as never);
      return result.modifiedCount === 1;
    },
    async settle(id, version, outbox) {
      const result = await contacts.collection.updateOne(
        { _id: id, version },
        { $set: { outbox, pending: outbox.length > 0 } },
      );
      return result.matchedCount === 1;
    },
    unsettled: () => many({ pending: true }),
    inStates: (states, channel) => many(inStatesQuery(states, channel)),
    staysSince: staysOf(connection),
    async list(companyId, filter, page) {
      const docs = await contacts
        .find(listQuery(companyId, filter, page))
        .sort({ _id: page.order === 'newest' ? -1 : 1 })
        .limit(page.limit)
        .lean<Doc[]>();
      return docs.map((doc) => fromDoc(doc).interaction);
    },
    async insertJournal(entries) {
      for (const { id, ...rest } of entries)
        await inserted(() => journal.collection.insertOne({ _id: id, ...rest } as never));
    },
    async journal(companyId, ids) {
      const docs = await journal
        .find({ companyId, interactionId: { $in: ids } })
        .sort({ at: 1, _id: 1 })
        .lean<JournalDoc[]>();
      return docs.map(renamed);
    },
    ...createMessageStore(connection),
  };
}
