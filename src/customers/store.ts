import { type Connection, Schema } from 'mongoose';
import { changedOrMade } from '../platform/store/index.ts';
import { nameTokens } from '../shared/br/text.ts';
import { parsePhone } from '../shared/br/phone.ts';

/** A subscriber or prospect: who somebody is. What they owe or how their line is stays in the ERP. */
export interface Customer {
  readonly _id: string;
  readonly companyId: string;
  /** Which ERP told it, and its id there; unique together per company. */
  readonly source: string;
  readonly externalId: string;
  readonly name: string;
  readonly tradeName?: string | undefined;
  /** Unmasked, uppercase. */
  readonly document: string;
  readonly personType: 'PF' | 'PJ';
  /** E.164. */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  /** Logins, contracts, serials, MACs: exact keys, in lower case. */
  readonly keys: readonly string[];
  readonly address?: string | undefined;
  readonly district?: string | undefined;
  readonly since?: string | undefined;
  readonly updatedAt: Date;
}

interface Indexed {
  phoneTails: string[];
  nameTokens: string[];
  nameWords: string[];
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    companyId: { type: String, required: true },
    source: { type: String, required: true },
    externalId: { type: String, required: true },
    name: { type: String, required: true },
    tradeName: String,
    document: { type: String, default: '' },
    personType: { type: String, enum: ['PF', 'PJ'], required: true },
    phones: [String],
    phoneTails: [String],
    emails: [String],
    keys: [String],
    nameTokens: [String],
    nameWords: [String],
    address: String,
    district: String,
    since: String,
    updatedAt: { type: Date, required: true },
  },
  { versionKey: false, collection: 'customers', minimize: false },
);
schema.index({ companyId: 1, source: 1, externalId: 1 }, { unique: true });
schema.index({ companyId: 1, externalId: 1 });
schema.index({ companyId: 1, document: 1 });
schema.index({ companyId: 1, phoneTails: 1 });
schema.index({ companyId: 1, emails: 1 });
schema.index({ companyId: 1, keys: 1 });
schema.index({ companyId: 1, nameTokens: 1 });
schema.index({ companyId: 1, nameWords: 1 });
schema.index({ companyId: 1, phones: 1 });

/** Derived search fields, computed at each write so that look-ups are exact keys of an index. */
function indexed(customer: Customer): Indexed {
  return {
    phoneTails: customer.phones.flatMap((phone) => parsePhone(phone)?.tail ?? []),
    nameTokens: nameTokens(customer.name, customer.tradeName, customer.district, customer.address),
    nameWords: nameTokens(customer.name, customer.tradeName),
  };
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export type CustomerKey =
  | { readonly document: string }
  | { readonly phoneTails: string }
  | { readonly emails: string }
  | { readonly keys: string };

/** What a typed beginning is looked for in. */
export type BeginningOf = 'phones' | 'emails' | 'keys' | 'externalId';

/** Customers of all companies; every call names its company. */
export function createCustomerStore(connection: Connection) {
  const model = connection.model<Customer & Indexed>('Customer', schema);
  return {
    /** Writes what an ERP told, keyed by (company, source, externalId); the first write chooses the id. */
    async upsert(customer: Customer): Promise<void> {
      const { _id, companyId, source, externalId, ...facts } = customer;
      const told = { ...facts, ...indexed(customer) };
      await changedOrMade(
        async () => {
          const { matchedCount } = await model.updateOne({ companyId, source, externalId }, { $set: told });
          return matchedCount > 0 ? true : null;
        },
        // ERPs hold customers without a name, too.
        () => new model({ _id, companyId, source, externalId, ...told }).save({ validateBeforeSave: false }),
      );
    },
    get: (companyId: string, id: string): Promise<Customer | null> =>
      model.findOne({ companyId, _id: id }).lean<Customer>().exec(),
    byExternalId: (companyId: string, externalId: string): Promise<Customer[]> =>
      model.find({ companyId, externalId }).limit(5).lean<Customer[]>().exec(),
    byKey: (companyId: string, key: CustomerKey, limit = 10): Promise<Customer[]> =>
      model
        .find({ companyId, ...key })
        .limit(limit)
        .lean<Customer[]>()
        .exec(),
    byBeginning: (companyId: string, of: BeginningOf, text: string, limit: number): Promise<Customer[]> =>
      model
        .find({ companyId, [of]: { $regex: `^${escape(text)}` } })
        .limit(limit)
        .lean<Customer[]>()
        .exec(),
    /** Every word must begin a word: of the name and trade name, or of those, the district and the address. */
    byWords: (
      companyId: string,
      of: 'nameWords' | 'nameTokens',
      words: readonly string[],
      limit: number,
    ): Promise<Customer[]> =>
      model
        .find({ companyId, $and: words.map((word) => ({ [of]: { $regex: `^${escape(word)}` } })) })
        .limit(limit)
        .lean<Customer[]>()
        .exec(),
    count: (companyId: string): Promise<number> => model.countDocuments({ companyId }).exec(),
  };
}
export type CustomerStore = ReturnType<typeof createCustomerStore>;
