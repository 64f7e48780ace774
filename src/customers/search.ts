import { parseDocument } from '../shared/br/documents.ts';
import { parsePhone } from '../shared/br/phone.ts';
import type { CustomerFacts, Customers } from './customers.ts';
import type { Customer } from './store.ts';

type Key = readonly [by: 'phone' | 'document' | 'email', value: string];

export interface SearchDeps {
  readonly customers: Pick<Customers, 'search' | 'upsert'>;
  readonly askErp: (
    companyId: string,
    by: Key[0],
    value: string,
  ) => Promise<readonly CustomerFacts[]> | undefined;
  readonly source: string;
  readonly onFault: (error: unknown) => void;
  /** Longest wait for the ERP, ms; its answer is kept for the next search all the same. */
  readonly waitMs?: number;
}

const WAIT_MS = 4_000;

/** What an ERP can be asked by: a whole document, phone or address. Words and codes are searched here only. */
function keyOf(text: string): Key | undefined {
  const query = text.trim();
  const document = parseDocument(query);
  if (document !== undefined) return ['document', document.value];
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(query)) return ['email', query.toLowerCase()];
  const phone = parsePhone(query);
  return phone?.callable === true ? ['phone', phone.value] : undefined;
}

/** The search box: what we know; when that is nobody and the words are a key, whom the ERP knows. A slow ERP is not waited for long. */
export function createSearch({ customers, askErp, source, onFault, waitMs = WAIT_MS }: SearchDeps) {
  async function learn(companyId: string, [by, value]: Key): Promise<void> {
    for (const facts of (await askErp(companyId, by, value)) ?? [])
      await customers.upsert(companyId, source, facts);
  }
  return async (companyId: string, text: string, limit: number): Promise<readonly Customer[]> => {
    const own = await customers.search(companyId, text, limit);
    const key = own.length > 0 ? undefined : keyOf(text);
    if (key === undefined) return own;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((done) => (timer = setTimeout(done, waitMs)));
    await Promise.race([learn(companyId, key).catch(onFault), enough]);
    clearTimeout(timer);
    return customers.search(companyId, text, limit);
  };
}
