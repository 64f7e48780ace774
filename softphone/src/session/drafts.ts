import { z } from 'zod';
import { createStore, type ReadStore } from '../ui/store.ts';
import { dropNamelessKeys } from './nameless-keys.ts';

/** What somebody typed for one contact and has not sent: survives F5 and a closed lid, goes with the close. */
export const draftSchema = z.object({
  mode: z.enum(['reply', 'note']).catch('reply'),
  reply: z.string().catch(''),
  note: z.string().catch(''),
  /** Files that are up and go with the reply. */
  files: z.array(z.object({ id: z.string(), filename: z.string(), sizeBytes: z.number() })).catch([]),
  /** The sending that was tried last: the same again is the same message, whatever became of the answer. */
  sending: z.object({ what: z.string(), key: z.string() }).nullable().catch(null),
  /** Who gets a copy; null: everybody of the customer's last mail. */
  cc: z.array(z.string()).nullable().catch(null),
  subject: z.string().nullable().catch(null),
  reason: z.string().nullable().catch(null),
  followUp: z.string().catch('none'),
  closingNote: z.string().catch(''),
  /** What of it the server keeps already (`signature`). */
  saved: z.string().catch(''),
});
export type Draft = z.infer<typeof draftSchema>;

export const emptyDraft: Draft = draftSchema.parse({});

/** What the server is told while somebody writes up a call: the same signature, nothing new. */
export const signature = ({ subject, reason, followUp, closingNote, note }: Draft): string =>
  [subject ?? '', reason ?? '', followUp, closingNote.trim(), note.trim()].join('\u0000');

const NOTHING = signature(emptyDraft);

/** Texts that nobody but this browser has; a choice alone is no text. */
export function unsentTexts(draft: Draft): string[] {
  const isKept = signature(draft) === draft.saved;
  return [draft.reply, ...(isKept ? [] : [draft.note, draft.closingNote])]
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

/** Whether the server should be told of it. */
export const isNews = (draft: Draft): boolean =>
  signature(draft) !== draft.saved && !(draft.saved === '' && signature(draft) === NOTHING);

export type DraftFile = Draft['files'][number];

/** What is left in the field when `sent` has gone out: words typed meanwhile stay. */
export const leftOf = (now: string, sent: string): string =>
  now.trimStart().startsWith(sent) ? now.trimStart().slice(sent.length).trimStart() : now;

export interface Drafts {
  store: ReadStore<Readonly<Record<string, Draft>>>;
  of: (id: string) => Draft;
  change: (id: string, part: Partial<Draft>) => void;
  /** How many files of a contact are on their way up; they arrive in its draft whatever the desk shows meanwhile. */
  rising: ReadStore<Readonly<Record<string, number>>>;
  rise: (id: string, file: Promise<DraftFile>) => Promise<void>;
  /** The key of this sending (Idempotency-Key): another content is another message. */
  keyOf: (id: string, what: string) => string;
  forget: (id: string) => void;
  /** The contact is over: what the server has is forgotten, what it has not is kept. */
  settle: (id: string) => void;
}

/** Of each person (an id is of one person of one company): a browser has several, one after the other. */
const prefixOf = (userId: string): string => `ramal.drafts.${userId}.`;

/** Also where the page has no secure origin, and with it no `randomUUID`. */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

export function createDrafts(storage: Storage, userId: string, newKey = randomKey): Drafts {
  dropNamelessKeys(storage, 'ramal.draft.');
  const prefix = prefixOf(userId);
  const store = createStore<Readonly<Record<string, Draft>>>(readAll(storage, prefix));
  const of = (id: string): Draft => store.get()[id] ?? emptyDraft;
  const forget = (id: string): void => {
    storage.removeItem(prefix + id);
    const { [id]: _gone, ...rest } = store.get();
    store.set(rest);
  };
  const change = (id: string, part: Partial<Draft>): void => {
    const next = { ...of(id), ...part };
    storage.setItem(prefix + id, JSON.stringify(next));
    store.set({ ...store.get(), [id]: next });
  };
  const rising = createStore<Readonly<Record<string, number>>>({});
  const count = (id: string, more: number): void =>
    rising.update((now) => ({ ...now, [id]: (now[id] ?? 0) + more }));
  return {
    store,
    of,
    change,
    rising,
    rise: async (id, file) => {
      count(id, 1);
      try {
        const made = await file;
        change(id, { files: [...of(id).files, made] });
      } finally {
        count(id, -1);
      }
    },
    keyOf: (id, what) => {
      const { sending } = of(id);
      if (sending?.what === what) return sending.key;
      const key = newKey();
      change(id, { sending: { what, key } });
      return key;
    },
    forget,
    settle: (id) => {
      if (unsentTexts(of(id)).length === 0) forget(id);
    },
  };
}

function readAll(storage: Storage, prefix: string): Record<string, Draft> {
  const found: Record<string, Draft> = {};
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (!key?.startsWith(prefix)) continue;
    try {
      const parsed = draftSchema.safeParse(JSON.parse(storage.getItem(key) ?? ''));
      if (parsed.success) found[key.slice(prefix.length)] = parsed.data;
    } catch {
      // A draft that another version wrote is not worth an error on the desk.
    }
  }
  return found;
}
