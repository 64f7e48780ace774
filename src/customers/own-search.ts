import { documentLike } from '../shared/br/documents.ts';
import { parsePhone, phoneBeginnings } from '../shared/br/phone.ts';
import { fold, nameTokens } from '../shared/br/text.ts';
import type { BeginningOf, Customer, CustomerStore } from './store.ts';

const MIN_WORD = 2;
/** A shorter beginning of a login or an address means anybody. */
const MIN_BEGINNING = 3;

type Find = () => Promise<readonly Customer[]>;

interface Asked {
  readonly store: CustomerStore;
  readonly companyId: string;
  readonly query: string;
  readonly limit: number;
}

/** As it is stored, in lower case, and without the accents that a keyboard put there. */
const spellings = (query: string): readonly string[] => [...new Set([query.toLowerCase(), fold(query)])];

function exactKeys({ store, companyId, query, limit }: Asked): readonly Find[] {
  const document = documentLike(query);
  const phone = parsePhone(query);
  return [
    ...(document === undefined ? [] : [() => store.byKey(companyId, { document }, limit)]),
    ...(phone === undefined ? [] : [() => store.byKey(companyId, { phoneTails: phone.tail }, limit)]),
    ...spellings(query).flatMap((text) => [
      () => store.byKey(companyId, { emails: text }, limit),
      () => store.byKey(companyId, { keys: text }, limit),
    ]),
    () => store.byExternalId(companyId, query),
  ];
}

function beginnings({ store, companyId, query, limit }: Asked): readonly Find[] {
  const by =
    (of: BeginningOf, text: string): Find =>
    () =>
      store.byBeginning(companyId, of, text, limit);
  const phones = phoneBeginnings(query).map((text) => by('phones', text));
  if (query.length < MIN_BEGINNING) return phones;
  const keys = spellings(query).map((text) => by('keys', text));
  const emails = spellings(query).map((text) => by('emails', text));
  return [
    ...phones,
    ...(query.includes('@') ? [...emails, ...keys] : [...keys, ...emails]),
    by('externalId', query),
  ];
}

function words({ store, companyId, query, limit }: Asked): readonly [names: Find[], places: Find[]] {
  const asked = nameTokens(query).filter((word) => word.length >= MIN_WORD);
  if (asked.length === 0) return [[], []];
  const by = (of: 'nameWords' | 'nameTokens'): Find[] => [() => store.byWords(companyId, of, asked, limit)];
  return [by('nameWords'), by('nameTokens')];
}

/** In the order of the finds, each once; nothing more is asked when there are enough. */
async function gather(steps: readonly (readonly Find[])[], limit: number): Promise<Map<string, Customer>> {
  const found = new Map<string, Customer>();
  for (const finds of steps) {
    if (found.size >= limit) break;
    for (const customer of (await Promise.all(finds.map((find) => find()))).flat())
      if (found.size < limit && !found.has(customer._id)) found.set(customer._id, customer);
  }
  return found;
}

/**
 * One box: whole keys first (document, phone, e-mail, code, login, contract, serial); then what begins so, and words: of a name
 * before those of an address. What looks like a word is looked for among the names before the logins, a number the other way round.
 */
export async function searchOwn(
  store: CustomerStore,
  companyId: string,
  text: string,
  limit: number,
): Promise<Customer[]> {
  const query = text.trim();
  if (query === '') return [];
  const asked = { store, companyId, query, limit };
  const exact = await gather([exactKeys(asked)], limit);
  // A whole key is who was meant; a word may be somebody's login and many people's name.
  const word = /^[\p{L}\s]+$/u.test(query);
  if (exact.size > 0 && !word) return [...exact.values()];
  const [names, places] = words(asked);
  const begin = beginnings(asked);
  const rest = await gather(/[\d@]/.test(query) ? [begin, names, places] : [names, begin, places], limit);
  return [...new Map([...exact, ...rest]).values()].slice(0, limit);
}
