import { Schema, type Connection } from 'mongoose';
import { inserted } from '../platform/store/index.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Agent } from './domain/agent.ts';

export interface AgentStore {
  /**
   * No other process writes, and writes take effect in the order in which they were asked for, also with those of other
   * stores of this process (embedded). Then a contact's write may follow a hold's without waiting for its answer (ADR 0005).
   */
  readonly inOrder: boolean;
  load(companyId: CompanyId, id: AgentId): Promise<Agent | null>;
  /** Unique on the id. */
  insert(agent: Agent): Promise<'inserted' | 'duplicate'>;
  /** True when `fromVersion` still stood. */
  replace(fromVersion: number, next: Agent): Promise<boolean>;
  all(): Promise<readonly Agent[]>;
}

const { Mixed } = Schema.Types;

type Doc = Omit<Agent, 'id'> & { readonly _id: string };

function agentSchema(): Schema {
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      companyId: { type: String, required: true },
      version: { type: Number, required: true },
      name: { type: String, default: '' },
      active: { type: Boolean, required: true },
      queues: { type: [String], required: true },
      skills: { type: Mixed, required: true },
      sipUser: { type: String, default: null },
      softphone: { type: Mixed, required: true },
      presence: { type: Mixed, required: true },
      desk: { type: Boolean, required: true },
      lostAt: { type: Date, default: null },
      callReturnedAt: { type: Date, default: null },
      work: { type: [Mixed], required: true },
      idleSince: { type: Date, required: true },
      turn: { type: Number, required: true },
      presenceLog: { type: [Mixed], required: true },
    },
    {
      versionKey: false,
      autoIndex: false,
      minimize: false,
      strictQuery: true,
      collection: 'agents',
    },
  );
  schema.index({ companyId: 1 });
  return schema;
}

function fromDoc(doc: Doc): Agent {
  const { _id, ...rest } = doc;
  // What was stored was an Agent; the brand comes back here.
  return { id: _id as AgentId, ...rest };
}

/** `inOrder`: the connection is of the embedded engine. */
export function createAgentStore(
  connection: Connection,
  options: { readonly inOrder?: boolean } = {},
): AgentStore {
  const agents = connection.model('Agent', agentSchema());
  return {
    inOrder: options.inOrder === true,
    async load(companyId, id) {
      const doc = await agents.findOne({ _id: id, companyId }).lean<Doc | null>();
      return doc === null ? null : fromDoc(doc);
    },
    async insert({ id, ...rest }) {
      return inserted(() => agents.collection.insertOne({ _id: id, ...rest } as never));
    },
    async replace(fromVersion, { id, ...rest }) {
      const result = await agents.collection.updateOne({ _id: id, version: fromVersion }, { $set: rest });
      return result.modifiedCount === 1;
    },
    async all() {
      return (await agents.find({}).lean<Doc[]>()).map(fromDoc);
    },
  };
}
