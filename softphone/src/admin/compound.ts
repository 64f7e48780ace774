import type { FormRows, FormValue, Row } from './form.ts';
import type { Field } from './resources.ts';

/** Settings of several inputs: how the form holds them, and what the server takes. */
interface Compound {
  read: (value: unknown) => FormValue;
  /** null: none any more; undefined: what is stored stays. */
  write: (value: FormValue) => unknown;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

export const recordOf = (value: FormValue | undefined): Record<string, string> =>
  typeof value === 'object' && !Array.isArray(value) ? value : {};
export const rowsOf = (value: FormValue | undefined): FormRows =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object') : [];
export const textsIn = (value: FormValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Passwords are written and never read: an empty one leaves the stored one. */
const digest: Compound = {
  read: (value) => {
    const username = textOf((value as Row | undefined)?.['username']);
    return { username, stored: username, password: '' };
  },
  write: (value) => {
    const { username = '', stored = '', password = '' } = recordOf(value);
    if (username.trim() === '') return stored === '' ? undefined : null;
    return password === '' ? undefined : { username: username.trim(), password };
  },
};

/** What the server asks for where nobody says otherwise, seconds. */
const EXPIRES_S = 600;
const registration: Compound = {
  read: (value) => {
    const row = value as Row | undefined;
    const username = textOf(row?.['username']);
    return {
      on: row === undefined ? '' : 'on',
      registrar: textOf(row?.['registrar']),
      username,
      stored: username,
      password: '',
      expiresS: textOf(row?.['expiresS'] ?? EXPIRES_S),
    };
  },
  write: (value) => {
    const { on = '', registrar = '', username = '', password = '', expiresS = '' } = recordOf(value);
    if (on === '') return null;
    return {
      registrar: registrar.trim(),
      username: username.trim(),
      expiresS: Number(expiresS),
      ...(password === '' ? {} : { password }),
    };
  },
};

const prefixes: Compound = {
  read: (value) =>
    ((value ?? []) as Row[]).map((rule) => ({
      prefix: textOf(rule['prefix']),
      strip: textOf(rule['strip']),
      prepend: textOf(rule['prepend']),
    })),
  write: (value) => {
    const rules = rulesOf(rowsOf(value));
    return rules.length === 0 ? null : rules;
  },
};

/** Rules as the server takes them; what is left empty takes nothing and puts nothing. */
export const rulesOf = (rows: FormRows): { prefix: string; strip: number; prepend: string }[] =>
  rows.map(({ prefix = '', strip = '', prepend = '' }) => ({
    prefix: prefix.trim(),
    strip: Number(strip),
    prepend: prepend.trim(),
  }));

const choices: Compound = {
  read: (value) => (Array.isArray(value) ? value.map(textOf) : []),
  write: (value) => {
    const chosen = textsIn(value);
    return chosen.length === 0 ? null : chosen;
  },
};

const compounds = { digest, registration, prefixes, choices };
export type CompoundField = Extract<Field, { kind: keyof typeof compounds }>;

export const isCompound = (field: Field): field is CompoundField => field.kind in compounds;
export const readCompound = ({ kind }: CompoundField, value: unknown): FormValue =>
  compounds[kind].read(value);
export const writeCompound = ({ kind }: CompoundField, value: FormValue): unknown =>
  compounds[kind].write(value);

/** What of a value may be kept in the browser: all but passwords. */
export function withoutPassword(value: FormValue): FormValue {
  return typeof value === 'object' && !Array.isArray(value) && 'password' in value
    ? { ...value, password: '' }
    : value;
}
