import { documentLike, maskDocument } from '../shared/br/documents.ts';
import { maskPhone, parsePhone, phoneBeginnings } from '../shared/br/phone.ts';
import { fold, nameTokens } from '../shared/br/text.ts';
import type { Customer } from './store.ts';

export const matchedFields = [
  'document',
  'phone',
  'email',
  'key',
  'code',
  'name',
  'tradeName',
  'district',
  'address',
] as const;

/** Why a customer was found: by which field, and what stands there, masked as lists mask it. */
export interface Match {
  readonly field: (typeof matchedFields)[number];
  readonly text: string;
}

const startsOne = (words: readonly string[], asked: string): boolean =>
  words.some((word) => word.startsWith(asked));

/** The first field, in the order of what tells most, that answers the words. */
export function matchOf(customer: Customer, text: string): Match | undefined {
  const query = text.trim();
  return byKey(customer, query) ?? byWords(customer, query);
}

function byKey(customer: Customer, query: string): Match | undefined {
  if (customer.document !== '' && documentLike(query) === customer.document)
    return { field: 'document', text: maskDocument(customer.document) };
  const phone = phoneOf(customer, query);
  if (phone !== undefined) return { field: 'phone', text: maskPhone(phone) };
  const spelled = [query.toLowerCase(), fold(query)];
  const begun = (values: readonly string[]): string | undefined =>
    values.find((value) => spelled.some((one) => value === one)) ??
    values.find((value) => spelled.some((one) => one.length > 2 && value.startsWith(one)));
  const email = begun(customer.emails);
  if (email !== undefined) return { field: 'email', text: email };
  const key = begun(customer.keys);
  if (key !== undefined) return { field: 'key', text: key };
  return customer.externalId === query || (query.length > 2 && customer.externalId.startsWith(query))
    ? { field: 'code', text: customer.externalId }
    : undefined;
}

function phoneOf({ phones }: Customer, query: string): string | undefined {
  const asked = parsePhone(query);
  const begun = phoneBeginnings(query);
  return phones.find(
    (phone) =>
      (asked !== undefined && parsePhone(phone)?.tail === asked.tail) ||
      begun.some((beginning) => phone.startsWith(beginning)),
  );
}

/** The field with most of the words; of equals the first. */
function byWords(customer: Customer, query: string): Match | undefined {
  const asked = nameTokens(query);
  let best: { readonly match: Match; readonly hits: number } | undefined;
  for (const field of ['name', 'tradeName', 'district', 'address'] as const) {
    const text = customer[field];
    if (text === undefined) continue;
    const words = nameTokens(text);
    const hits = asked.filter((one) => startsOne(words, one)).length;
    if (hits > (best?.hits ?? 0)) best = { match: { field, text }, hits };
  }
  return best?.match;
}
