import type { Dictionary } from '../i18n/index.ts';
import { ApiError } from '../session/api.ts';
import { errorText } from '../ui/errors.ts';
import type { FormValues } from './form.ts';
import type { Field } from './resources.ts';

/** Why the server refused what was typed, by the place of it: `registration.registrar`, `peers.1`. */
export type Faults = ReadonlyMap<string, string>;

/** A refusal with a code of its own names the fields that it is about; the words are those of the code. */
export function faultsOf(t: Dictionary, error: unknown): Faults {
  if (!(error instanceof ApiError)) return new Map();
  return new Map([
    ...error.at.map((path): [string, string] => [path, errorText(t, error)]),
    ...error.fields.map(({ path, message }): [string, string] => [path.replace(/^body\./, ''), message]),
  ]);
}

export const fieldAt = (path: string): string => path.split('.')[0] ?? path;

/** What is said at an input that stands for itself: of what it holds, too. */
export function faultOf(faults: Faults, name: string): string | null {
  for (const [path, message] of faults) if (path === name || path.startsWith(`${name}.`)) return message;
  return null;
}

/** What is said at the field as a whole; of one item of a list, which one. */
export function faultAt(field: Field, faults: Faults, values: FormValues): string | null {
  for (const [path, message] of faults) {
    const [name, index] = path.split('.');
    if (name !== field.name) continue;
    const typed = values[field.name];
    const item =
      field.kind === 'list' && typeof typed === 'string'
        ? typed.split(',')[Number(index)]?.trim()
        : undefined;
    return item === undefined ? message : `${item}: ${message}`;
  }
  return null;
}
