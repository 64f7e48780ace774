import type { z } from 'zod';
import { createStore, type ReadStore } from '../ui/store.ts';
import { readStored } from '../ui/stored.ts';
import { dropNamelessKeys } from './nameless-keys.ts';

/** What somebody typed into a form and did not save. */
export interface Kept<T> {
  read: () => T | null;
  keep: (values: T) => void;
  forget: () => void;
}

/** Of one person in one browser window. Only what `schema` names is kept: a password stands in none. */
export function createKept<T>(storage: Storage, userId: string, name: string, schema: z.ZodType<T>): Kept<T> {
  dropNamelessKeys(storage, 'ramal.form.');
  const key = `ramal.forms.${userId}.${name}`;
  return {
    read: () => readStored(storage, key, schema) ?? null,
    keep: (values) => storage.setItem(key, JSON.stringify(schema.parse(values))),
    forget: () => storage.removeItem(key),
  };
}

export type Part<T> = { [Name in keyof T]?: T[Name] | undefined };

/** The values of an open form: what was typed and not saved comes back with it, whatever closed it. */
export interface Typed<T> {
  store: ReadStore<{ values: T; restored: boolean }>;
  /** Kept from the first key on: Esc, a click beside the form or F5 lose nothing. */
  set: (part: Part<T>) => void;
  /** The server has what was `sent`; what was typed meanwhile would still come back. */
  saved: (sent: T) => void;
  discard: () => void;
}

/** Only what differs from `original` is kept: the rest may be another by the time that it comes back. */
export function createTyped<T extends object>(kept: Kept<Part<T>>, original: T): Typed<T> {
  let base = original;
  const before = kept.read();
  const store = createStore({ values: { ...base, ...before }, restored: before !== null });
  const keep = (): void => {
    const changed = changedFrom(base, store.get().values);
    if (Object.keys(changed).length === 0) kept.forget();
    else kept.keep(changed);
  };
  return {
    store,
    set: (part) => {
      store.update((now) => ({ ...now, values: { ...now.values, ...part } }));
      keep();
    },
    saved: (sent) => {
      base = sent;
      store.update(({ values }) => ({ values, restored: false }));
      keep();
    },
    discard: () => {
      kept.forget();
      store.set({ values: base, restored: false });
    },
  };
}

function changedFrom<T extends object>(base: T, values: T): Part<T> {
  const names = Object.keys(values) as (keyof T)[];
  const changed: Part<T> = {};
  for (const name of names)
    if (JSON.stringify(values[name]) !== JSON.stringify(base[name])) changed[name] = values[name];
  return changed;
}
