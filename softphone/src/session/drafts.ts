import { z } from 'zod';
import { createStore, type ReadStore } from '../ui/store.ts';
import { readStored } from '../ui/stored.ts';
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

/** A store of the browser that all tabs of this person share; a change here is heard by the others. */
export interface Drafts {
  store: ReadStore<Readonly<Record<string, Draft>>>;
  /** What is kept by now, of whichever tab. */
  of: (id: string) => Draft;
  change: (id: string, part: Partial<Draft>) => void;
  /** How many files of a contact are on their way up; they arrive in its draft whatever the desk shows meanwhile. */
  rising: ReadStore<Readonly<Record<string, number>>>;
  rise: (id: string, file: Promise<DraftFile>) => Promise<void>;
  /** The key of this sending (Idempotency-Key): another content is another message. */
  keyOf: (id: string, what: string) => string;
  /** What stands as it was `seen` goes; what was typed since, in any tab, stays. */
  forget: (id: string, seen: Draft) => void;
  /** The contact is over: what the server has is forgotten, what it has not is kept. */
  settle: (id: string) => void;
  stop: () => void;
}

/** Also where the page has no secure origin, and with it no `randomUUID`. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

interface Options {
  newKey?: () => string;
  /** Told when another tab writes; null: all of it went. */
  onStorage?: (listener: (key: string | null) => void) => () => void;
}

export function createDrafts(storage: Storage, userId: string, options: Options = {}): Drafts {
  const { newKey = randomKey, onStorage } = options;
  dropNamelessKeys(storage, 'ramal.draft.');
  const kept = createKept(storage, userId);
  const store = createStore<Readonly<Record<string, Draft>>>(
    Object.fromEntries(kept.ids().map((id) => [id, kept.read(id)])),
  );
  const shown = (id: string): Draft => store.get()[id] ?? emptyDraft;
  const show = (id: string, draft: Draft): void => {
    if (fieldNames.every((name) => same(name, draft, shown(id)))) return;
    const { [id]: _before, ...others } = store.get();
    const isEmpty = fieldNames.every((name) => same(name, draft, emptyDraft));
    store.set(isEmpty ? others : { ...others, [id]: draft });
  };
  const of = (id: string): Draft => {
    // The mode is of the tab: a note must not become a reply under somebody's hands.
    show(id, { ...kept.read(id), mode: shown(id).mode });
    return shown(id);
  };
  const change = (id: string, part: Partial<Draft>): void => {
    const before = shown(id);
    const now = of(id);
    const next = draftSchema.parse({ ...now, ...part, ...typedOver(before, now, part) });
    kept.write(id, next, part);
    show(id, next);
  };
  const forget = (id: string, seen: Draft): void => {
    kept.forget(id, seen);
    show(id, kept.read(id));
  };
  const rising = createStore<Readonly<Record<string, number>>>({});
  const count = (id: string, more: number): void =>
    rising.update((now) => ({ ...now, [id]: (now[id] ?? 0) + more }));
  const unlisten = onStorage?.((key) => {
    const ids = key === null ? Object.keys(store.get()) : [idOf(kept.prefix, key)];
    for (const id of ids) if (id !== null) of(id);
  });
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
      const now = of(id);
      if (unsentTexts(now).length === 0) forget(id, now);
    },
    stop: () => unlisten?.(),
  };
}

type FieldName = keyof Draft;
const fieldNames = draftSchema.keyof().options;
const same = (name: FieldName, a: Draft, b: Draft): boolean =>
  JSON.stringify(a[name]) === JSON.stringify(b[name]);

/** Text that another tab wrote and this one had not heard of when somebody typed here: both stay. */
function typedOver(before: Draft, now: Draft, part: Partial<Draft>): Partial<Draft> {
  const texts = (['reply', 'note', 'closingNote'] as const).flatMap((name) => {
    const typed = part[name];
    return typed === undefined ? [] : [[name, bothOf(before[name], now[name], typed)]];
  });
  return Object.fromEntries(texts) as Partial<Draft>;
}

function bothOf(before: string, now: string, typed: string): string {
  if (now === before || now === typed) return typed;
  if (before !== '' && typed.startsWith(before)) return now + typed.slice(before.length);
  return [now, typed].filter((text) => text !== '').join('\n');
}

/** The contact of a key, null for a key of something else. */
function idOf(prefix: string, key: string): string | null {
  const dot = key.indexOf('.', prefix.length);
  return key.startsWith(prefix) && dot > 0 ? key.slice(dot + 1) : null;
}

/** A key for each field, of each person (an id is of one person of one company): a tab writes only what was changed in it. */
function createKept(storage: Storage, userId: string) {
  const prefix = `ramal.drafts.${userId}.`;
  const keyOf = (id: string, name: FieldName): string => `${prefix}${name}.${id}`;
  const readField = (id: string, name: FieldName): unknown =>
    readStored(storage, keyOf(id, name), z.unknown());
  const read = (id: string): Draft =>
    draftSchema.parse(Object.fromEntries(fieldNames.map((name) => [name, readField(id, name)])));
  return {
    prefix,
    read,
    ids: (): string[] => {
      const keys = Array.from({ length: storage.length }, (_none, index) => storage.key(index) ?? '');
      return [...new Set(keys.flatMap((key) => idOf(prefix, key) ?? []))];
    },
    write: (id: string, draft: Draft, part: Partial<Draft>): void => {
      for (const name of fieldNames.filter((one) => one in part)) {
        if (same(name, draft, emptyDraft)) storage.removeItem(keyOf(id, name));
        else storage.setItem(keyOf(id, name), JSON.stringify(draft[name]));
      }
    },
    forget: (id: string, seen: Draft): void => {
      const now = read(id);
      for (const name of fieldNames)
        if (name === 'mode' || name === 'saved' || same(name, now, seen)) storage.removeItem(keyOf(id, name));
    },
  };
}
