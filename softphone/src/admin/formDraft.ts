import { z } from 'zod';
import { dropNamelessKeys } from '../session/nameless-keys.ts';
import type { Field } from './resources.ts';
import { withoutPassword } from './compound.ts';
import type { FormValues } from './form.ts';

/** What was typed into a form that was closed unsaved. Passwords are never kept. */
export interface FormDraft {
  read: () => FormValues | null;
  keep: (values: FormValues) => void;
  forget: () => void;
}

const stored = z.record(
  z.string(),
  z.union([
    z.string(),
    z.boolean(),
    z.array(z.string()),
    z.record(z.string(), z.string()),
    z.array(z.record(z.string(), z.string())),
  ]),
);

/** Of one person in one browser window; `name` is the section and the record. */
export function createFormDraft(
  storage: Storage,
  userId: string,
  name: string,
  fields: readonly Field[],
): FormDraft {
  dropNamelessKeys(storage, 'ramal.form.');
  const key = `ramal.forms.${userId}.${name}`;
  return {
    read: () => {
      try {
        const parsed = stored.safeParse(JSON.parse(storage.getItem(key) ?? 'null'));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },
    keep: (values) => {
      const kept = Object.fromEntries(
        fields.flatMap((field): [string, FormValues[string]][] => {
          const value = values[field.name];
          if (value === undefined || field.kind === 'secret') return [];
          return [[field.name, withoutPassword(value)]];
        }),
      );
      storage.setItem(key, JSON.stringify(kept));
    },
    forget: () => storage.removeItem(key),
  };
}
