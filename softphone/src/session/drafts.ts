import { z } from 'zod';
import { createStore, type ReadStore } from '../ui/store.ts';

/** What somebody typed for one contact and has not sent: survives F5 and a closed lid, goes with the close. */
export const draftSchema = z.object({
  mode: z.enum(['reply', 'note']).catch('reply'),
  reply: z.string().catch(''),
  note: z.string().catch(''),
  subject: z.string().nullable().catch(null),
  reason: z.string().nullable().catch(null),
  followUp: z.string().catch('none'),
  closingNote: z.string().catch(''),
});
export type Draft = z.infer<typeof draftSchema>;

export const emptyDraft: Draft = draftSchema.parse({});

export interface Drafts {
  store: ReadStore<Readonly<Record<string, Draft>>>;
  of: (id: string) => Draft;
  change: (id: string, part: Partial<Draft>) => void;
  forget: (id: string) => void;
}

const prefix = 'ramal.draft.';

export function createDrafts(storage: Storage): Drafts {
  const store = createStore<Readonly<Record<string, Draft>>>(readAll(storage));
  const of = (id: string): Draft => store.get()[id] ?? emptyDraft;
  return {
    store,
    of,
    change: (id, part) => {
      const next = { ...of(id), ...part };
      storage.setItem(prefix + id, JSON.stringify(next));
      store.set({ ...store.get(), [id]: next });
    },
    forget: (id) => {
      storage.removeItem(prefix + id);
      const { [id]: _gone, ...rest } = store.get();
      store.set(rest);
    },
  };
}

function readAll(storage: Storage): Record<string, Draft> {
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
