import { systemClock, type Timer } from '../shared/clock.ts';
import { parseDocument } from '../shared/br/documents.ts';
import { parsePhone } from '../shared/br/phone.ts';
import { createTurns } from '../shared/turns.ts';
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
/** Searches that read our own customers at once, of all people: a storm of them must not fill the main loop, where calls are led. */
const AT_ONCE = 4;

/** Who searches; `signal` says that they no longer wait for the answer. */
export interface Asker {
  readonly companyId: string;
  readonly userId: string;
  readonly signal: AbortSignal;
}

/** What an ERP can be asked by: a whole document, phone or address. Words and codes are searched here only. */
function keyOf(text: string): Key | undefined {
  const query = text.trim();
  const document = parseDocument(query);
  if (document !== undefined) return ['document', document.value];
  if (/^[^\s@]+@[^\s@][^\s@.]*\.[^\s@]+$/.test(query)) return ['email', query.toLowerCase()];
  const phone = parsePhone(query);
  return phone?.callable === true ? ['phone', phone.value] : undefined;
}

/** The search box: what we know; when that is nobody and the words are a key, whom the ERP knows. A slow ERP is not waited for long; one person's searches are read one after another. */
export function createSearch({ customers, askErp, source, onFault, waitMs = WAIT_MS }: SearchDeps) {
  async function learn(companyId: string, [by, value]: Key): Promise<void> {
    for (const facts of (await askErp(companyId, by, value)) ?? [])
      await customers.upsert(companyId, source, facts);
  }
  const turns = createTurns(AT_ONCE);
  /** Waits for its turn; the ERP's answer is waited for outside of it. */
  const searchOwn = (asker: Asker, text: string, limit: number): Promise<readonly Customer[]> =>
    turns.run(`${asker.companyId} ${asker.userId}`, () =>
      asker.signal.aborted ? Promise.resolve([]) : customers.search(asker.companyId, text, limit),
    );
  return async (asker: Asker, text: string, limit: number): Promise<readonly Customer[]> => {
    const { companyId, signal } = asker;
    const own = await searchOwn(asker, text, limit);
    const key = own.length > 0 || signal.aborted ? undefined : keyOf(text);
    if (key === undefined) return own;
    let timer: Timer | undefined;
    const enough = new Promise<void>((done) => (timer = systemClock.after(waitMs, done)));
    await Promise.race([learn(companyId, key).catch(onFault), enough]);
    timer?.cancel();
    return searchOwn(asker, text, limit);
  };
}
