import { Schema, type Connection, type Model } from 'mongoose';
import { setAndUnset } from '../shared/clearing.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { Calendar, Company, Did, Trunk } from './types.ts';

const text = { type: String, required: true } as const;
const flag = { type: Boolean, required: true } as const;
const date = { type: Date, required: true } as const;
const mixed = { type: Schema.Types.Mixed } as const;
const options = { versionKey: false, minimize: false, autoIndex: false } as const;
const configured = { _id: text, companyId: text, active: flag, createdAt: date } as const;

export interface ListPage {
  readonly limit: number;
  readonly before?: string | undefined;
}

/** A change of some fields; null takes an optional one away. */
export type Clearing<T> = { readonly [K in keyof T]?: T[K] | null };

/** What every kind of setting can do. Lists are newest first; `all` is for the directory in memory. */
export interface SettingStore<T> {
  insert(record: T): Promise<void>;
  get(companyId: CompanyId, id: string): Promise<T | null>;
  update(companyId: CompanyId, id: string, change: Clearing<T>): Promise<T | null>;
  list(companyId: CompanyId, page: ListPage): Promise<T[]>;
  all(): Promise<T[]>;
}

// The models are typed by their records at this one place: rows come and go as lean objects.
function settingStore<T extends { readonly _id: string }>(model: Model<{ _id: string }>): SettingStore<T> {
  return {
    insert: async (record) => {
      await model.insertMany([record]);
    },
    get: async (companyId, id) => (await model.findOne({ _id: id, companyId }).lean()) as T | null,
    update: async (companyId, id, change) =>
      (await model
        .findOneAndUpdate({ _id: id, companyId }, setAndUnset(change), { returnDocument: 'after' })
        .lean()) as T | null,
    list: async (companyId, page) =>
      (await model
        .find({ companyId, ...(page.before === undefined ? {} : { _id: { $lt: page.before } }) })
        .sort({ _id: -1 })
        .limit(page.limit)
        .lean()) as unknown as T[],
    all: async () => (await model.find({}).sort({ _id: 1 }).lean()) as unknown as T[],
  };
}

function schemas() {
  const company = new Schema(
    {
      _id: text,
      key: text,
      name: text,
      timeZone: text,
      regime: text,
      locale: text,
      state: String,
      dialing: mixed,
      createdAt: date,
    },
    options,
  );
  company.index({ key: 1 }, { unique: true });
  const did = new Schema({ ...configured, number: text, flow: text, description: { type: String } }, options);
  did.index({ number: 1 }, { unique: true });
  did.index({ companyId: 1, _id: -1 });
  const trunk = new Schema(
    {
      ...configured,
      name: text,
      peers: [String],
      channels: { type: Number, required: true },
      direction: text,
      digest: mixed,
      registration: mixed,
      outboundUri: String,
      proxy: String,
      prefixes: mixed,
      userPhone: Boolean,
      callerId: String,
      callerIds: { type: [String], default: undefined },
      order: Number,
      reserve: Number,
      transports: { type: [String], default: undefined },
      trustsAssertedIdentity: flag,
    },
    options,
  );
  trunk.index({ companyId: 1, _id: -1 });
  const calendar = new Schema(
    { ...configured, key: text, name: text, weekly: mixed, specialDays: mixed, closedOnHolidays: flag },
    options,
  );
  calendar.index({ companyId: 1, key: 1 }, { unique: true });
  return { company, did, trunk, calendar };
}

export function createCompanyStore(connection: Connection) {
  const all = schemas();
  // Mongoose infers a document type of its own from each schema; lean rows are typed by SettingStore instead.
  const model = (name: string, schema: Schema) =>
    connection.model(name, schema) as unknown as Model<{ _id: string }>;
  const companies = model('Company', all.company);
  return {
    companies: {
      insert: async (company: Company): Promise<void> => {
        await companies.insertMany([company]);
      },
      get: async (id: string) => (await companies.findOne({ _id: id }).lean()) as Company | null,
      remove: (id: CompanyId) => companies.deleteOne({ _id: id }),
      all: async () => (await companies.find({}).sort({ _id: 1 }).lean()) as unknown as Company[],
      update: async (id: CompanyId, change: Clearing<Company>) =>
        (await companies
          .findOneAndUpdate({ _id: id }, setAndUnset(change), { returnDocument: 'after' })
          .lean()) as Company | null,
    },
    dids: settingStore<Did>(model('Did', all.did)),
    trunks: settingStore<Trunk>(model('Trunk', all.trunk)),
    calendars: settingStore<Calendar>(model('Calendar', all.calendar)),
  };
}

export type CompanyStore = ReturnType<typeof createCompanyStore>;
