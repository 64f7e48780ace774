import { z } from 'zod';
import { createKept, type Kept } from '../session/typed.ts';
import type { Field } from './resources.ts';
import { withoutPassword } from './compound.ts';
import type { FormValues } from './form.ts';

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

/** A form that was closed unsaved; `name` is the section and the record. Passwords are never kept. */
export function createFormDraft(
  storage: Storage,
  userId: string,
  name: string,
  fields: readonly Field[],
): Kept<FormValues> {
  const kept = createKept<FormValues>(storage, userId, name, stored);
  return {
    ...kept,
    keep: (values) =>
      kept.keep(
        Object.fromEntries(
          fields.flatMap((field): [string, FormValues[string]][] => {
            const value = values[field.name];
            if (value === undefined || field.kind === 'secret') return [];
            return [[field.name, withoutPassword(value)]];
          }),
        ),
      ),
  };
}
